/** A change and a request at the very same millisecond: ranges are half-open, so the change is there already. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents } from '../ask/fixture.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const CHANGE = Date.UTC(2026, 5, 1, 12, 0, 0, 500);
/** Before, at and after the change, as a clock of milliseconds and one of whole seconds tell it. */
const OFFSETS: Readonly<Record<number, readonly number[]>> = { 1: [-1, 0, 1], 1000: [-1_500, -500, 500] };
const ADDRESS = '203.0.113.9';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
  const key = (name: string, before: Said['says'], after: Said['says']): Said[] => [
    { kind: 'key', id: ['1', name], validFrom: 0, says: { state: 'active', allowList: [], ...before } },
    { kind: 'key', id: ['1', name], validFrom: CHANGE, says: after },
  ];
  await sayToRegistry(store, [
    ...key('owner', { owner: 'ada@x', app: 'orders' }, { owner: 'ben@x', app: 'billing' }),
    ...key('deleted', {}, { state: 'deleted' }),
    ...key('narrowed', {}, { allowList: ['198.51.100.0/24'] }),
    ...key('reused', { owner: 'ada@x' }, { state: 'deleted' }),
    { kind: 'key', id: ['1', 'reused'], validFrom: CHANGE + 1, says: { state: 'active', owner: 'ben@x' } },
    { kind: 'key', id: ['disabled', 'any'], validFrom: 0, says: { state: 'active', allowList: [] } },
    { kind: 'account', id: ['disabled'], validFrom: 0, says: { accountKey: 'valid' } },
    { kind: 'account', id: ['disabled'], validFrom: CHANGE, says: { accountKey: 'invalid' } },
    {
      kind: 'network',
      id: ['home'],
      validFrom: 0,
      says: { state: 'active', kind: 'office', cidrs: [`${ADDRESS}/32`] },
    },
    { kind: 'network', id: ['home'], validFrom: CHANGE, says: { state: 'ended' } },
    {
      kind: 'network',
      id: ['cloud'],
      validFrom: CHANGE,
      says: { state: 'active', kind: 'cloud', cidrs: [`${ADDRESS}/32`] },
    },
  ]);
  const keys = [...['owner', 'deleted', 'narrowed', 'reused'].map((name) => ['1', name]), ['disabled', 'any']];
  const events = [1, 1_000].flatMap((time_precision_ms) =>
    keys.flatMap(([account_id = '', key_id = '']) =>
      (OFFSETS[time_precision_ms] ?? []).map((offset) =>
        eventRow({
          ...{ account_id, key_id, time_precision_ms, auth_result: 'success', source_ip: `::ffff:${ADDRESS}` },
          event_id: `${key_id} ${offset} ${time_precision_ms}`,
          event_time: new Date(CHANGE + offset).toISOString(),
        }),
      ),
    ),
  );
  await insertEvents(
    store,
    events.map((event, number) => ({ ...event, content_hash: String(number).padStart(32, '0') })),
  );
});

const COLUMNS = 'owner, app, key_state, rule_keys, rule_source_ip, network, verdict, verdict_missing';

/** What the view says of the events just before, at and just after the change. */
function around(key: string, precisionMs = 1): Promise<Record<string, unknown>[]> {
  return store.rows(
    `SELECT ${COLUMNS} FROM activity WHERE key_id = {key:String} AND time_precision_ms = {precision:UInt32} ORDER BY event_time`,
    { parameters: { key, precision: precisionMs } },
  );
}

describe('a change at the millisecond of a request', () => {
  it('of owner and app is there already', async () => {
    const before = { owner: 'ada@x', app: 'orders' };
    const after = { owner: 'ben@x', app: 'billing' };
    expect(await around('owner')).toMatchObject([before, after, after]);
  });

  it('of state, allow list and account key is there already', async () => {
    const failed = 'allowed-but-should-be-denied';
    const deleted = { key_state: 'deleted', rule_keys: 'fail', verdict: failed };
    expect(await around('deleted')).toMatchObject([{ key_state: 'active', verdict: 'consistent' }, deleted, deleted]);
    const narrowed = { rule_source_ip: 'fail', verdict: failed };
    expect(await around('narrowed')).toMatchObject([{ verdict: 'consistent' }, narrowed, narrowed]);
    const disabled = { rule_keys: 'fail', verdict: failed };
    expect(await around('any')).toMatchObject([{ verdict: 'consistent' }, disabled, disabled]);
  });

  it('of a name that is deleted and given away one millisecond later finds each of its keys', async () => {
    expect(await around('reused')).toMatchObject([
      { owner: 'ada@x', key_state: 'active', verdict: 'consistent' },
      { owner: 'ada@x', key_state: 'deleted', verdict: 'allowed-but-should-be-denied' },
      // The new key inherits no allow list: nobody has said that it has none.
      { owner: 'ben@x', key_state: 'active', rule_source_ip: 'unknown', verdict_missing: ['allow-list'] },
    ]);
  });

  it('of a network is there already', async () => {
    expect((await around('owner')).map(({ network }) => network)).toEqual(['home', 'cloud', 'cloud']);
  });

  it('is on neither side of an event whose clock tells only the second in which it happened', async () => {
    const unclear = { verdict: 'not-evaluable', verdict_missing: ['clock'] };
    for (const key of ['deleted', 'narrowed', 'any']) {
      const failed = { verdict: 'allowed-but-should-be-denied' };
      expect(await around(key, 1_000), key).toMatchObject([{ verdict: 'consistent' }, unclear, failed]);
    }
  });
});
