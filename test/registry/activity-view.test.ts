/** What the view says of an event comes from the registry's current generation, and from the right account of it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents } from '../ask/fixture.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const ENABLED = Date.UTC(2026, 5, 1, 12, 0, 0, 500);
const OWNER = 'ada@x';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
  const user = (account: string, name: string): Said => ({
    ...{ kind: 'user', id: [account, OWNER], validFrom: 0 },
    says: { name, role: 'owner', active: true },
  });
  const key = (account: string, name: string): Said => ({
    ...{ kind: 'key', id: [account, name], validFrom: 0 },
    says: { state: 'active', owner: OWNER, allowList: [] },
  });
  await sayToRegistry(store, [
    ...[user('1', 'Ada of one'), user('2', 'Ada of two')],
    ...[key('1', 'of-one'), key('enabled', 'any')],
    { kind: 'account', id: ['enabled'], validFrom: 0, says: { accountKey: 'valid', apiEnabledSince: ENABLED } },
  ]);
  const events = [
    { account_id: '1', key_id: 'of-one' },
    { account_id: '2', key_id: 'of-one' },
    ...[-1, 0].map((ms) => ({
      ...{ account_id: 'enabled', key_id: 'any', auth_result: 'success' },
      event_time: new Date(ENABLED + ms).toISOString(),
    })),
    { account_id: '3', key_id: '', source_ip: '::ffff:10.1.2.3' },
  ];
  await insertEvents(
    store,
    events.map((event, number) =>
      eventRow({ ...event, event_id: `e${number}`, content_hash: String(number).padStart(32, '0') }),
    ),
  );
});

const seen = (columns: string, account: string): Promise<Record<string, unknown>[]> =>
  store.rows(`SELECT ${columns} FROM activity WHERE account_id = {account:String} ORDER BY event_time`, {
    parameters: { account },
  });

describe('the view', () => {
  it("names the owner as the key's own account does, where the key is shown to another one", async () => {
    expect(await seen('key_account_id, owner_name', '1')).toEqual([{ key_account_id: '1', owner_name: 'Ada of one' }]);
    expect(await seen('key_account_id, owner_name', '2')).toEqual([{ key_account_id: '1', owner_name: 'Ada of one' }]);
  });

  it('takes the API for enabled from the very millisecond of it', async () => {
    expect(await seen('rule_keys, verdict', 'enabled')).toEqual([
      { rule_keys: 'fail', verdict: 'allowed-but-should-be-denied' },
      { rule_keys: 'pass', verdict: 'consistent' },
    ]);
  });

  it('forgets what an earlier generation said of an address', async () => {
    const network = (name: string, cidr: string, more: Partial<Said> = {}): Said => ({
      ...{ kind: 'network', id: [name], validFrom: 0 },
      says: { state: 'active', kind: 'office', cidrs: [cidr] },
      ...more,
    });
    await sayToRegistry(store, [network('office', '10.1.2.0/24'), network('site', '10.1.0.0/16')]);
    expect(await seen('network', '3')).toEqual([{ network: 'office' }]);
    await sayToRegistry(store, [network('office', '10.1.2.0/24', { retracts: true, says: {} })]);
    expect(await seen('network', '3')).toEqual([{ network: 'site' }]);
  });
});
