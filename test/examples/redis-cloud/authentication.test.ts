import { describe, expect, test } from 'vitest';
import type { Role } from '../../../examples/redis-cloud/accounts.ts';
import { headersFor } from '../../../examples/redis-cloud/example-accounts.ts';
import { accountOf, PRODUCTION, STAGING, started } from './support.ts';

const PATHS = ['/v1/', '/v1/logs', '/v1/session-logs', '/v1/users'] as const;
const CI = 'ci-deploy';

describe('a request is let in', () => {
  test('with the account key, a user key of that account, and an address of its list', async () => {
    const { get, accounts } = await started({ addressOf: () => '198.51.100.70' });
    const answer = await get('/v1/', headersFor(accountOf(accounts, PRODUCTION), CI));
    expect(answer.status).toBe(200);
    expect(answer.json().account).toMatchObject({
      id: PRODUCTION,
      key: {
        ...{ name: CI, accountId: PRODUCTION, accountName: 'Northwind Production', httpSourceIp: '198.51.100.70' },
        allowedSourceIps: ['198.51.100.64/28', '203.0.113.0/28'],
        owner: { name: 'Ben Okafor', email: 'ben@northwind.example' },
      },
    });
  });

  test.each([
    ['127.0.0.1', ['127.0.0.0/8'], 200],
    ['127.0.0.1', ['127.0.0.1'], 200],
    ['127.0.0.1', ['127.0.0.2/32'], 403],
    ['127.0.0.1', [], 200],
    ['::ffff:198.51.100.9', ['198.51.100.0/28'], 200],
    ['198.51.100.16', ['198.51.100.0/28'], 403],
    ['2001:db8::1', ['2001:db8::/64', '198.51.100.0/28'], 200],
    ['2001:db8:0:1::1', ['2001:db8::/64'], 403],
    ['2001:db8::1', ['0.0.0.0/0'], 200],
  ])('or not: %s with the list %j is answered %i', async (address, allowedSourceIps, status) => {
    const { get, standIn } = await started({ addressOf: () => address });
    const [own] = standIn.account(PRODUCTION).state.keys;
    if (own !== undefined) own.allowedSourceIps = allowedSourceIps;
    expect((await get('/v1/logs')).status).toBe(status);
  });
});

describe('a request is refused', () => {
  const wrong: Readonly<Record<string, readonly [Readonly<Record<string, string>>, number, string]>> = {
    'without an account key': [{ 'x-api-secret-key': 'x' }, 401, 'account-key-missing'],
    'with an account key that nobody has': [{ 'x-api-key': 'x', 'x-api-secret-key': 'x' }, 401, 'account-key-unknown'],
  };

  test.each(Object.entries(wrong))('%s', async (_, [headers, status, refusal]) => {
    const { get, standIn } = await started();
    const answer = await get('/v1/', headers);
    expect(answer.status).toBe(status);
    expect(standIn.requests[0]).toMatchObject({
      refusal,
      accountId: undefined,
      userKey: expect.not.stringMatching('right'),
    });
  });

  test('without a user key, with one that nobody has, and with one of another account', async () => {
    const { get, standIn, accounts } = await started();
    const { 'x-api-key': key = '' } = headersFor(accountOf(accounts, PRODUCTION));
    const { 'x-api-secret-key': foreign = '' } = headersFor(accountOf(accounts, STAGING));
    const secrets = [undefined, 'nobody has this', foreign];
    for (const secret of secrets) {
      const answer = await get('/v1/', {
        'x-api-key': key,
        ...(secret !== undefined && { 'x-api-secret-key': secret }),
      });
      expect(answer.status).toBe(401);
    }
    expect(standIn.requests.map(({ refusal }) => refusal)).toEqual([
      ...['user-key-missing', 'user-key-unknown', 'user-key-of-another-account'],
    ]);
    expect(standIn.requests.map(({ userKey }) => userKey)).toEqual(['missing', 'wrong', 'wrong']);
  });

  test('with the page that nginx was seen to give, byte for byte, and no word of a limit', async () => {
    const { get } = await started();
    const { text, headers } = await get('/v1/logs', {});
    expect(text).toBe(
      '<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401 Authorization ' +
        'Required</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
    );
    expect(headers.get('content-type')).toBe('text/html');
    expect(headers.has('x-rate-limit-remaining')).toBe(false);
  });

  test('with 412 on every path while the API is not enabled', async () => {
    const { get, standIn } = await started();
    standIn.account(PRODUCTION).state.apiEnabled = false;
    for (const path of PATHS) expect((await get(path)).status).toBe(412);
    expect(standIn.requests.map(({ refusal }) => refusal)).toEqual(PATHS.map(() => 'api-not-enabled'));
  });

  test('from the moment at which its key was revoked, or the owner of its key has left', async () => {
    const { get, standIn, clock } = await started();
    const account = standIn.account(PRODUCTION);
    expect((await get('/v1/')).status).toBe(200);
    clock.advance(1);
    account.revoke('keytrail-collector');
    expect((await get('/v1/')).status).toBe(401);
    clock.set(clock.now() - 1);
    expect((await get('/v1/')).status).toBe(200);
    account.state.users.splice(0);
    expect((await get('/v1/')).status).toBe(401);
    expect(standIn.requests.map(({ refusal }) => refusal)).toEqual([
      ...[undefined, 'user-key-revoked', undefined, 'owner-gone'],
    ]);
  });
});

describe('what the owner of a key may read, the key may read:', () => {
  const allowed: Readonly<Record<Role, readonly number[]>> = {
    Owner: [200, 200, 200, 200],
    Viewer: [200, 200, 200, 200],
    'Logs Viewer (API use only)': [403, 200, 403, 403],
    'Billing Admin': [403, 403, 403, 403],
    Manager: [403, 403, 403, 403],
    Member: [403, 403, 403, 403],
  };

  test.each(Object.entries(allowed))('%s', async (role, statuses) => {
    const { get, standIn } = await started();
    const user = standIn.account(PRODUCTION).state.users.find(({ email }) => email.startsWith('keytrail@'));
    if (user !== undefined) user.role = role as Role;
    const answers = await Promise.all(PATHS.map((path) => get(path)));
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });
});

describe('users', () => {
  test('are listed with role, second factor, and whether they have a key; each alone is the same', async () => {
    const { get, standIn } = await started();
    const { users } = (await get('/v1/users')).json();
    expect(users).toHaveLength(7);
    expect(users.at(-1)).toEqual({
      ...{ id: 100_106, name: 'Keytrail Service', email: 'keytrail@northwind.example', role: 'Viewer' },
      ...{ userType: 'Local', hasApiKey: true },
      options: { billing: false, emailAlerts: false, operationalEmails: false, mfaEnabled: false },
    });
    for (const user of users) expect((await get(`/v1/users/${user.id}`)).json()).toEqual(user);
    standIn.account(PRODUCTION).revoke('keytrail-collector');
    const { 'x-api-key': key = '' } = headersFor(standIn.account(PRODUCTION).state);
    const other = standIn.account(PRODUCTION).state.keys.find(({ name }) => name === 'terraform-prod');
    const later = await get('/v1/users/100106', { 'x-api-key': key, 'x-api-secret-key': other?.secret ?? '' });
    expect(JSON.parse(later.text)).toMatchObject({ hasApiKey: false });
  });

  test.each([
    ['/v1/users/1', 404],
    ['/v1/users/ada', 400],
    ['/v1/users/', 404],
    ['/v1/subscriptions', 404],
    ['/v1', 404],
    ['/', 404],
    ['//', 404],
    ['/v1/logs/', 404],
  ])('and other paths that there are not: %s is answered %i, in JSON', async (path, status) => {
    const { get } = await started();
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ status, path, timestamp: '2026-11-20T08:00:00.000+00:00' });
  });

  test('cannot be changed: every method but GET is answered 404', async () => {
    const { standIn, accounts } = await started();
    const headers = headersFor(accountOf(accounts, PRODUCTION), 'terraform-prod');
    for (const method of ['PUT', 'DELETE', 'POST']) {
      const { status } = await fetch(`${standIn.url}/v1/users/100106`, { method, headers });
      expect(status).toBe(404);
    }
    expect(standIn.requests.map(({ method }) => method)).toEqual(['PUT', 'DELETE', 'POST']);
  });
});
