import { describe, expect, test } from 'vitest';
import { headersFor } from '../../../examples/redis-cloud/example-accounts.ts';
import { mostInAMinute } from '../../../examples/redis-cloud/rate-window.ts';
import { accountOf, PRODUCTION, receive, STAGING, started } from './support.ts';

describe('the limit', () => {
  test('lets 400 requests a minute pass, tells how many are left, and counts again after 60 s', async () => {
    const { get, clock, standIn } = await started();
    for (let left = 399; left >= 0; left -= 1) {
      const { status, headers } = await get('/v1/logs');
      expect([status, headers.get('x-rate-limit-remaining')]).toEqual([200, String(left)]);
      clock.advance(100);
    }
    clock.set(clock.now() - 400 * 100 + 59_999);
    const refused = await get('/v1/logs');
    expect([refused.status, refused.headers.get('x-rate-limit-remaining')]).toEqual([429, '0']);
    clock.advance(1);
    expect((await get('/v1/logs')).status).toBe(200);
    expect(standIn.busiestMinute(PRODUCTION)).toBe(401);
  });

  test('is one for all user keys of an account, and another for each account', async () => {
    const { standIn, accounts } = await started({ requestsPerMinute: 2 });
    const production = accountOf(accounts, PRODUCTION);
    const ask = async (headers: Readonly<Record<string, string>>) =>
      (await receive(`${standIn.url}/v1/logs`, headers)).status;
    expect(await ask(headersFor(production))).toBe(200);
    expect(await ask(headersFor(production, 'platform-admin'))).toBe(200);
    expect(await ask(headersFor(production, 'terraform-prod'))).toBe(429);
    expect(await ask(headersFor(accountOf(accounts, STAGING)))).toBe(200);
  });

  test('is shared with whoever else uses the account key', async () => {
    const { get, standIn, clock } = await started();
    standIn.spend(PRODUCTION, 398);
    expect((await get('/v1/')).headers.get('x-rate-limit-remaining')).toBe('1');
    standIn.spend(PRODUCTION, 5);
    expect((await get('/v1/')).status).toBe(429);
    clock.advance(60_000);
    expect((await get('/v1/')).headers.get('x-rate-limit-remaining')).toBe('399');
  });

  test('counts requests that were refused or met a fault as well', async () => {
    const { get, accounts } = await started({
      requestsPerMinute: 3,
      faults: [{ fault: { kind: 'status', status: 500 }, requests: [1] }],
    });
    const { 'x-api-key': key = '' } = headersFor(accountOf(accounts, PRODUCTION));
    expect((await get('/v1/logs')).status).toBe(500);
    expect((await get('/v1/logs', { 'x-api-key': key })).status).toBe(401);
    expect((await get('/v1/logs')).headers.get('x-rate-limit-remaining')).toBe('0');
    expect((await get('/v1/logs')).status).toBe(429);
  });

  test('is not used up by a key that no account has', async () => {
    const { get, standIn } = await started({ requestsPerMinute: 1 });
    await get('/v1/', { 'x-api-key': 'nobody has this' });
    expect((await get('/v1/')).status).toBe(200);
    expect(standIn.busiestMinute(PRODUCTION)).toBe(1);
  });
});

test('the busiest minute is any 60 s, wherever they begin', () => {
  expect(mostInAMinute([])).toBe(0);
  expect(mostInAMinute([0, 59_999, 60_000, 119_998])).toBe(3);
  expect(mostInAMinute([60_000, 0])).toBe(1);
  expect(mostInAMinute([5, 5, 5])).toBe(3);
});
