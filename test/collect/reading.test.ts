/** What the registry knows after a reading, in the engine. */
import { beforeAll, expect, test } from 'vitest';
import { OWN_KEY } from '../../examples/redis-cloud/example-accounts.ts';
import type { Store } from '../../src/store/store.ts';
import { PRODUCTION, started } from '../examples/redis-cloud/support.ts';
import { temporaryStore } from '../support/store.ts';
import { collectOnce } from './support.ts';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

const users = (email: string) =>
  store.rows<Record<string, unknown>>(
    `SELECT role, active, has_api_key, mfa, origin, valid_to IS NULL AS is_current FROM registry_user_versions
     WHERE account_id = '1001' AND email = {email:String} ORDER BY valid_from`,
    { parameters: { email } },
  );
const keys = () =>
  store.rows<Record<string, unknown>>(
    `SELECT key_id, owner, allow_list, created_by FROM registry_key_versions
     WHERE account_id = '1001' AND valid_to IS NULL ORDER BY key_id`,
  );

test('users and the own key are known from the reading on, and what a log entry tells from its own time', async () => {
  const { standIn, clock, accounts: state } = await started();
  await collectOnce({ store, standIn, clock, state });
  expect(await users('ada@northwind.example')).toMatchObject([
    { role: 'owner', active: true, has_api_key: true, mfa: true, origin: 'redis-cloud 1001 GET /v1/users' },
  ]);
  expect(await keys()).toMatchObject([
    { key_id: OWN_KEY, owner: 'keytrail@northwind.example', allow_list: ['0.0.0.0/0'] },
  ]);

  clock.advance(60_000);
  const account = standIn.account(PRODUCTION);
  account.state.users.splice(
    account.state.users.findIndex(({ email }) => email === 'elif@northwind.example'),
    1,
  );
  const by = { originator: 'Ada Byron (ada@northwind.example)', type: 'Account' };
  account.append([{ ...by, description: 'API key nightly-report was created for Ada Byron (ada@northwind.example)' }]);
  await collectOnce({ store, standIn, clock, state });
  expect((await users('elif@northwind.example')).map(({ active }) => active)).toEqual([true, false]);
  expect(await keys()).toContainEqual(
    expect.objectContaining({
      key_id: 'nightly-report',
      owner: 'ada@northwind.example',
      created_by: 'ada@northwind.example',
    }),
  );

  // A key cannot have one owner and another at the same instant: the newest entry stands, and all else is taken.
  const other = { ...by, description: 'API key other-report was created for Ada Byron (ada@northwind.example)' };
  const odd = (owner: string) => ({
    ...by,
    description: `API key odd-report was created for ${owner}@northwind.example`,
  });
  account.append([odd('ada'), odd('ben'), other]);
  await collectOnce({ store, standIn, clock, state });
  const owners = new Map((await keys()).map(({ key_id, owner }) => [key_id, owner]));
  expect(owners.get('other-report')).toBe('ada@northwind.example');
  expect(owners.has('nightly-report')).toBe(true);
  expect(owners.get('odd-report')).toBe('ben@northwind.example');

  const before = await store.rows('SELECT count() FROM registry_users');
  clock.advance(7_200_000);
  await collectOnce({ store, standIn, clock, state });
  expect(await store.rows('SELECT count() FROM registry_users'), 'a reading without news records nothing').toEqual(
    before,
  );
});
