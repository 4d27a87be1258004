import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { PRODUCTION, STAGING, started } from '../examples/redis-cloud/support.ts';
import { temporaryStore } from '../support/store.ts';
import { collectOnce, servedRows, storedRows } from './support.ts';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});
afterEach(async () => {
  for (const table of ['audit_events', 'dead_letters', 'collector_log', 'ledger'])
    await store.command(`TRUNCATE TABLE ${table}`);
});

describe('what the API has', () => {
  test('is stored whole, of all accounts and both logs, and a second look adds nothing', async () => {
    const { standIn, clock, accounts: state } = await started({ rows: 2_500, sessions: 250 });
    const first = await collectOnce({ store, standIn, clock, state });
    expect(first).toMatchObject({ rowsNew: 5_500, rowsLate: 0, gaps: 0, failing: [] });
    for (const account of [PRODUCTION, STAGING]) {
      expect(await storedRows(store, account)).toEqual(servedRows(standIn, account));
      expect(await storedRows(store, account, 'session-log')).toEqual(servedRows(standIn, account, 'session-log'));
    }
    expect(await collectOnce({ store, standIn, clock, state })).toMatchObject({ rowsNew: 0, gaps: 0 });
    expect(await storedRows(store, PRODUCTION)).toEqual(servedRows(standIn, PRODUCTION));
  });
});
