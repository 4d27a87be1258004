import { expect, test } from 'vitest';
import { headersFor } from '../../../examples/redis-cloud/example-accounts.ts';
import { accountOf, PRODUCTION, START, started } from './support.ts';

test('each request is remembered: when, what, from where, with which headers, and what came of it', async () => {
  const { get, standIn, clock } = await started({ addressOf: () => '203.0.113.9' });
  await get('/v1/logs?limit=5&offset=2');
  clock.advance(500);
  await get('/v1/nothing', {});
  expect(standIn.requests).toMatchObject([
    {
      ...{ number: 1, at: START, method: 'GET', path: '/v1/logs', query: '?limit=5&offset=2' },
      ...{ accountId: PRODUCTION, accountKey: 'right', userKey: 'right', isSecretElsewhere: false },
      ...{ address: '203.0.113.9', status: 200, fault: undefined, refusal: undefined },
      headers: expect.arrayContaining(['x-api-key', 'x-api-secret-key', 'host']),
    },
    {
      ...{ number: 2, at: START + 500, path: '/v1/nothing', query: '', accountId: undefined },
      ...{ accountKey: 'missing', userKey: 'missing', status: 401, refusal: 'account-key-missing' },
    },
  ]);
});

test('no secret is remembered, and one that stands where it does not belong is told', async () => {
  const { get, standIn, accounts } = await started();
  const headers = headersFor(accountOf(accounts, PRODUCTION));
  const { 'x-api-key': accountKey = '', 'x-api-secret-key': userKey = '' } = headers;
  const escaped = userKey.replace(/./g, (digit) => `%${digit.charCodeAt(0).toString(16)}`);
  await get(`/v1/logs?key=${userKey}`);
  await get(`/v1/logs?key=${escaped}`);
  await get(`/v1/users/${accountKey}`);
  await get('/v1/', { ...headers, 'user-agent': `collector ${userKey}` });
  await get('/v1/', { 'x-api-key': userKey, 'x-api-secret-key': userKey });
  await get('/v1/', { 'x-api-key': accountKey, 'x-api-secret-key': accountKey });
  await get('/v1/?%zz', headers);
  expect(standIn.requests.map(({ isSecretElsewhere }) => isSecretElsewhere)).toEqual([
    ...[true, true, true, true, true, true, false],
  ]);
  expect(standIn.requests.map(({ query, path }) => path + query).slice(0, 3)).toEqual([
    ...['/v1/logs?key=[secret]', '/v1/logs?key=[secret]', '/v1/users/[secret]'],
  ]);
  const remembered = JSON.stringify(standIn.requests);
  for (const secret of [accountKey, userKey, escaped]) expect(remembered).not.toContain(secret);
});
