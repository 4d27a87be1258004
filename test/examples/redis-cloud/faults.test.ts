import { describe, expect, test } from 'vitest';
import { headersFor } from '../../../examples/redis-cloud/example-accounts.ts';
import type { Fault } from '../../../examples/redis-cloud/faults.ts';
import { accountOf, PRODUCTION, receive, STAGING, START, started } from './support.ts';

const first = (fault: Fault) => ({ rows: 5, faults: [{ fault, requests: [1] }] });

describe('a fault', () => {
  test('429 comes with the headers that it was given, and without the others', async () => {
    const fault = { kind: 'status', status: 429 } as const;
    const { get } = await started({
      faults: [
        { fault: { ...fault, remaining: 0, retryAfter: '7' }, requests: [1] },
        { fault: { ...fault, remaining: 0 }, requests: [2] },
        { fault: { ...fault, retryAfter: 'Fri, 20 Nov 2026 08:00:30 GMT' }, requests: [3] },
        { fault, requests: [4] },
      ],
    });
    const seen = [];
    for (let count = 0; count < 4; count += 1) {
      const { status, headers } = await get('/v1/logs');
      seen.push([status, headers.get('x-rate-limit-remaining'), headers.get('retry-after')]);
    }
    expect(seen).toEqual([
      [429, '0', '7'],
      [429, '0', null],
      [429, null, 'Fri, 20 Nov 2026 08:00:30 GMT'],
      [429, null, null],
    ]);
    expect((await get('/v1/logs')).status).toBe(200);
  });

  test.each([
    [401, 'text/html'],
    [403, 'application/json'],
    [412, 'application/json'],
    [500, 'application/json'],
    [503, 'text/html'],
  ])('of status %i is of the type %s, unless it is told to be the other', async (status, type) => {
    const other = type === 'text/html' ? 'json' : 'nginx';
    const { get } = await started({
      faults: [
        { fault: { kind: 'status', status }, requests: [1] },
        { fault: { kind: 'status', status, body: other }, requests: [2] },
      ],
    });
    const [usual, forced] = [await get('/v1/logs'), await get('/v1/logs')];
    expect([usual.status, forced.status]).toEqual([status, status]);
    expect(usual.headers.get('content-type')).toBe(type);
    expect(forced.headers.get('content-type')).not.toBe(type);
    expect(() => JSON.parse((type === 'text/html' ? usual : forced).text)).toThrow();
  });

  test('gives a page for people with status 200', async () => {
    const { get } = await started(first({ kind: 'html' }));
    const { status, text, headers } = await get('/v1/logs');
    expect([status, headers.get('content-type'), text.slice(0, 6)]).toEqual([200, 'text/html', '<html>']);
  });

  test('ends the JSON in the middle of a whole answer', async () => {
    const { get } = await started(first({ kind: 'truncated-json' }));
    const broken = await get('/v1/logs');
    const whole = await get('/v1/logs');
    expect(broken.status).toBe(200);
    expect(broken.text.length).toBe(Math.floor(whole.text.length / 2));
    expect(whole.text.startsWith(broken.text)).toBe(true);
    expect(() => broken.json()).toThrow();
  });

  test('gives JSON of another shape', async () => {
    const { get } = await started(first({ kind: 'other-shape', value: [{ logs: 1 }] }));
    expect(JSON.parse((await get('/v1/logs')).text)).toEqual([{ logs: 1 }]);
  });

  test('leads to the same path and query of another host, which a client that follows would ask', async () => {
    const other = await started();
    const { get } = await started(first({ kind: 'redirect', to: other.standIn.url }));
    const { status, headers } = await get('/v1/logs?limit=7');
    expect([status, headers.get('location')]).toEqual([302, `${other.standIn.url}/v1/logs?limit=7`]);
    expect(other.standIn.requests).toEqual([]);
  });

  test.each(['cut', 'reset'] as const)('%s ends the connection, and the next request has a new one', async (kind) => {
    const { get, standIn } = await started(first({ kind }));
    await expect(get('/v1/logs')).rejects.toThrow();
    expect((await get('/v1/logs')).status).toBe(200);
    expect(standIn.requests.map(({ fault, status }) => [fault, status])).toEqual([
      [kind, kind === 'cut' ? 200 : undefined],
      [undefined, 200],
    ]);
  });

  test('cuts in the middle of the body, after the head', async () => {
    const { standIn, accounts } = await started(first({ kind: 'cut' }));
    const headers = headersFor(accountOf(accounts, PRODUCTION));
    const response = await fetch(`${standIn.url}/v1/logs`, { headers });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test('slow answers tell of the moment of the request', async () => {
    const { get, standIn } = await started({ ...first({ kind: 'slow', ms: 30 }), rows: 0 });
    const slow = get('/v1/logs');
    await expect.poll(() => standIn.requests).toHaveLength(1);
    standIn.account(PRODUCTION).append([{}]);
    expect((await slow).json().entries).toEqual([]);
    expect((await get('/v1/logs')).json().entries).toHaveLength(1);
  });

  test('silence lasts until somebody hangs up', async () => {
    const { standIn, accounts } = await started(first({ kind: 'silence' }));
    const controller = new AbortController();
    const headers = headersFor(accountOf(accounts, PRODUCTION));
    const request = fetch(`${standIn.url}/v1/logs`, { headers, signal: controller.signal });
    await expect.poll(() => standIn.requests).toHaveLength(1);
    controller.abort();
    await expect(request).rejects.toThrow();
    expect(standIn.requests[0]).toMatchObject({ fault: 'silence', status: undefined });
  });
});

describe('a rule of faults', () => {
  test('holds for its path, its account, its requests and its time', async () => {
    const status = (code: number): Fault => ({ kind: 'status', status: code });
    const { standIn, accounts, clock } = await started({
      faults: [
        { fault: status(500), path: '/v1/users', requests: [2] },
        { fault: status(503), accountId: STAGING, since: START + 10, until: START + 20 },
      ],
    });
    const ask = async (id: number, path: string) =>
      (await receive(standIn.url + path, headersFor(accountOf(accounts, id)))).status;
    expect([await ask(PRODUCTION, '/v1/users'), await ask(PRODUCTION, '/v1/logs')]).toEqual([200, 200]);
    expect([await ask(PRODUCTION, '/v1/users'), await ask(PRODUCTION, '/v1/users')]).toEqual([500, 200]);
    const seen = [];
    for (const at of [9, 10, 19, 20]) {
      clock.set(START + at);
      seen.push([await ask(STAGING, '/v1/logs'), await ask(PRODUCTION, '/v1/logs')]);
    }
    expect(seen.map(([staging]) => staging)).toEqual([200, 503, 503, 200]);
    expect(seen.map(([, production]) => production)).toEqual([200, 200, 200, 200]);
  });

  test('that is left to chance strikes its share of requests, and the same ones for the same seed', async () => {
    const strikes = async (seed: number, before = 0) => {
      const { get, standIn, accounts } = await started({
        ...{ seed, requestsPerMinute: 1_000 },
        faults: [{ fault: { kind: 'status', status: 500 }, chance: 0.25 }],
      });
      const staging = headersFor(accountOf(accounts, STAGING));
      // What another account asks in between changes nothing.
      for (let count = 0; count < before; count += 1) await receive(`${standIn.url}/v1/logs`, staging);
      const statuses: number[] = [];
      for (let count = 0; count < 200; count += 1) statuses.push((await get('/v1/logs?limit=1')).status);
      return statuses;
    };
    const [one, again, other] = [await strikes(1), await strikes(1, 7), await strikes(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const share = one.filter((status) => status === 500).length / one.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
  });
});

test('connections are refused while the stand-in does not listen, and it comes back on the same port', async () => {
  const { get, standIn } = await started({ rows: 3 });
  const { url } = standIn;
  await standIn.stopListening();
  await expect(get('/v1/logs')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  standIn.account(PRODUCTION).append([{}]);
  await standIn.listenAgain();
  expect(standIn.url).toBe(url);
  expect((await get('/v1/logs')).json().entries).toHaveLength(4);
});
