/** The program as people run it, against the stand-in of the API. */
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Account } from '../../examples/redis-cloud/accounts.ts';
import { exampleAccounts, headersFor, OWN_KEY } from '../../examples/redis-cloud/example-accounts.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../../examples/redis-cloud/stand-in.ts';
import { PRODUCTION, STAGING } from '../examples/redis-cloud/support.ts';
import { ask } from '../support/answers.ts';
import { type Finished, rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

interface World {
  readonly standIn: StandIn;
  readonly accounts: readonly Account[];
  readonly dataDir: string;
  collect(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
}

let folder: string;
let worlds = 0;
beforeAll(async () => {
  folder = await temporaryDirectory();
});

async function world(given: Partial<StandInOptions> = {}): Promise<World> {
  const accounts = given.accounts ?? exampleAccounts({ seed: 5, end: Date.now(), rows: 300, sessions: 40 });
  const standIn = await startStandIn({ seed: 5, now: Date.now, accounts, ...given });
  onTestFinished(() => standIn.close());
  worlds += 1;
  const dataDir = path.join(folder, `store-${worlds}`);
  const keys = Object.fromEntries(accounts.flatMap((account) => Object.entries(variablesOf(account))));
  return {
    ...{ standIn, accounts, dataDir },
    collect: async (args, env = {}) => {
      const finished = await runKeytrail(['collect', 'redis-cloud', '--data-dir', dataDir, ...args], {
        env: {
          KEYTRAIL_COLLECT_REDIS_CLOUD_BASE_URL: `${standIn.url}/v1`,
          KEYTRAIL_COLLECT_REDIS_CLOUD_ACCOUNTS: accounts.map(({ id }) => id).join(),
          KEYTRAIL_LOG_LEVEL: 'trace',
          ...keys,
          ...env,
        },
      });
      for (const secret of secretsOf(accounts)) expect(finished.stdout + finished.stderr).not.toContain(secret);
      return finished;
    },
  };
}

function variablesOf(account: Account, keyName = OWN_KEY): Record<string, string> {
  const { 'x-api-key': accountKey = '', 'x-api-secret-key': userKey = '' } = headersFor(account, keyName);
  const name = `KEYTRAIL_REDIS_CLOUD_${account.id}`;
  return { [`${name}_ACCOUNT_KEY`]: accountKey, [`${name}_USER_KEY`]: userKey };
}

function secretsOf(accounts: readonly Account[]): string[] {
  return accounts.flatMap(({ accountKey, keys }) => [accountKey, ...keys.map(({ secret }) => secret)]);
}

const one = <Row>(rows: readonly Row[], holds: (row: Row) => boolean): Row | undefined => rows.find(holds);

describe('keytrail collect redis-cloud', () => {
  test('stores both logs of every account, and the registry learns of users and of the key itself', async () => {
    const { collect, standIn, dataDir } = await world();
    const first = await collect(['--once', '--format', 'json']);
    expect(first.code, first.stderr).toBe(0);
    expect(rowsOf(first)).toEqual([{ cycles: 2, rows_new: 680, rows_late: 0, gaps: 0, failing_accounts: '' }]);
    const usage = await ask(dataDir, 'account-usage');
    expect(usage.map(({ account_id }) => account_id)).toEqual(['1001', '2002']);
    const status = await ask(dataDir, 'collector-status');
    expect(status.map(({ account_id, resource, failure }) => [account_id, resource, failure])).toEqual(
      [PRODUCTION, STAGING].flatMap((id) =>
        ['account', 'session-log', 'system-log'].map((log) => [String(id), log, '']),
      ),
    );
    expect(one(status, ({ resource }) => resource === 'system-log')).toMatchObject({
      rows_new: 300,
      gaps: 0,
      budget: 100,
    });
    const keys = await runKeytrail(['keys', 'list', '--data-dir', dataDir, '--format', 'json']);
    expect(rowsOf(keys)).toContainEqual(
      expect.objectContaining({
        account_id: '1001',
        key_id: OWN_KEY,
        owner: 'keytrail@northwind.example',
        state: 'active',
      }),
    );
    const asked = standIn.requests.length;
    const again = await collect(['--once', '--format', 'json', '--account', '1001']);
    expect(rowsOf(again)).toMatchObject([{ rows_new: 0 }]);
    expect(standIn.requests.slice(asked).map((request) => request.path)).toEqual([
      ...['/v1/', '/v1/users', '/v1/logs', '/v1/session-logs'],
    ]);
  });

  test('tells of a key that was revoked, goes on with the other accounts, and says what to do', async () => {
    const { collect, standIn, dataDir } = await world();
    standIn.account(PRODUCTION).revoke(OWN_KEY);
    const finished = await collect(['--once', '--format', 'json']);
    expect(finished.code).toBe(1);
    expect(rowsOf(finished)).toMatchObject([{ rows_new: 340, failing_accounts: '1001' }]);
    expect(finished.stderr).toContain('KEYS_REFUSED');
    expect(finished.stderr).toContain('--check');
    const status = await ask(dataDir, 'collector-status');
    expect(status.map(({ account_id, failure }) => [account_id, failure])).toEqual([
      ...['1001', '1001', '1001'].map((id) => [id, 'KEYS_REFUSED']),
      ...['2002', '2002', '2002'].map((id) => [id, '']),
    ]);
  });

  test('stores nothing under an account whose keys are those of another one', async () => {
    const { collect, accounts, dataDir } = await world();
    const [production, staging] = accounts;
    if (production === undefined || staging === undefined) throw new Error('there are two accounts');
    const wrong = Object.entries(variablesOf(staging)).map(([name, value]) => [name.replace('2002', '1001'), value]);
    const finished = await collect(['--once', '--format', 'json'], Object.fromEntries(wrong));
    expect(finished.stderr).toContain('WRONG_ACCOUNT');
    expect((await ask(dataDir, 'account-usage')).map(({ account_id }) => account_id)).toEqual(['2002']);
  });

  test('asks for the keys of each account by the names of their variables', async () => {
    const { collect } = await world();
    const finished = await collect(['--once'], { KEYTRAIL_REDIS_CLOUD_2002_USER_KEY: '' });
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('KEYTRAIL_REDIS_CLOUD_2002_USER_KEY');
  });
});

describe('--check', () => {
  const results = (finished: Finished, account = '1001') =>
    Object.fromEntries(
      rowsOf(finished)
        .filter(({ account_id }) => account_id === account)
        .map(({ condition, result }) => [condition, result]),
    );
  const check = ({ collect }: World, env: Readonly<Record<string, string>> = {}) =>
    collect(['--check', '--format', 'json'], env);

  test('says that all is well, and which address the API sees', async () => {
    const finished = await check(await world());
    expect(finished.code, finished.stderr).toBe(0);
    expect(new Set(Object.values(results(finished)))).toEqual(new Set(['ok']));
    expect(finished.stdout).toContain('127.0.0.1');
  });

  test('knows an API that is not enabled', async () => {
    const started = await world();
    started.standIn.account(PRODUCTION).state.apiEnabled = false;
    const finished = await check(started);
    expect(finished.code).toBe(1);
    expect(results(finished)).toMatchObject({ 'api-enabled': 'failed', 'account-key': 'ok', 'user-key': 'unknown' });
    expect(results(finished, '2002')).toMatchObject({ 'api-enabled': 'ok' });
  });

  test('cannot tell which of two keys is wrong, and says so', async () => {
    const finished = await check(await world(), { KEYTRAIL_REDIS_CLOUD_1001_ACCOUNT_KEY: 'no-such-key' });
    expect(results(finished)).toMatchObject({
      'account-key': 'failed',
      'user-key': 'failed',
      'source-address': 'unknown',
    });
  });

  test('finds a user key of another account that is configured too', async () => {
    const started = await world();
    const staging = started.accounts.find(({ id }) => id === STAGING);
    if (staging === undefined) throw new Error('there is an account');
    const userKey = variablesOf(staging).KEYTRAIL_REDIS_CLOUD_2002_USER_KEY ?? '';
    const finished = await check(started, { KEYTRAIL_REDIS_CLOUD_1001_USER_KEY: userKey });
    expect(results(finished)).toMatchObject({ 'user-key': 'failed', 'account-key': 'unknown' });
    expect(finished.stdout).toContain('2002');
  });

  test('names the address that the API saw before, when it is not allowed any more', async () => {
    const started = await world();
    await started.collect(['--once']);
    const key = started.standIn.account(PRODUCTION).state.keys.find(({ name }) => name === OWN_KEY);
    if (key === undefined) throw new Error('there is a key');
    key.allowedSourceIps = ['203.0.113.0/24'];
    const finished = await check(started);
    expect(results(finished)).toMatchObject({ 'user-key': 'ok', 'source-address': 'failed' });
    expect(finished.stdout).toContain('127.0.0.1');
  });

  test('tells a role that is too small from an address that is not allowed', async () => {
    const started = await world();
    const user = started.standIn.account(PRODUCTION).state.users.find(({ email }) => email.startsWith('keytrail@'));
    if (user === undefined) throw new Error('there is a user');
    user.role = 'Logs Viewer (API use only)';
    const finished = await check(started);
    expect(results(finished)).toMatchObject({
      ...{ 'source-address': 'ok', 'read-account': 'failed', 'read-system-log': 'ok', 'read-session-log': 'failed' },
    });
  });
});
