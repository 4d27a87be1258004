import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { PUSH_BYTES_MAX } from '../../src/core/limits.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_B, request } from './world.ts';

let store: Store;
let served: Served;
let token: string;

beforeAll(async () => {
  store = (await temporaryStore()).store;
  served = await serveForTest(store);
  token = await served.token('push', { source: 'redis-cloud/system-log', accounts: ['100'] });
});

interface Sent {
  readonly body: string | Buffer;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly to?: Served;
}

async function push({ body, headers = {}, to = served, ...sent }: Sent) {
  const response = await fetch(`${to.url}/v1/events`, {
    method: 'POST',
    body: body as string,
    headers: { authorization: `Bearer ${sent.token ?? token}`, 'content-type': 'application/x-ndjson', ...headers },
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const lines = (ids: readonly number[], more = {}) => `${ids.map((id) => systemLogEntry(id, more)).join('\n')}\n`;
const stored = async (): Promise<number> => {
  const [row] = await store.rows<{ n: string }>('SELECT count() AS n FROM activity');
  return Number(row?.n);
};

describe('a push', () => {
  test('is answered when its records are stored, and says what they were', async () => {
    expect(await push({ body: lines([1, 2, 3]) })).toMatchObject({
      status: 202,
      body: { received: 3, new: 3, already_known: 0, dead_letters: 0, dead_letters_by_reason: {} },
    });
    expect(await stored()).toBe(3);
    const [row] = await store.rows('SELECT account_id, stream FROM activity LIMIT 1');
    expect(row).toMatchObject({ account_id: '100', stream: expect.stringMatching(/^push:[0-9a-f]{16}$/) });
  });

  test('that is repeated changes nothing and says so, in whatever form it comes', async () => {
    for (const [body, headers] of [
      [lines([1, 2, 3]), {}],
      [
        `[${[1, 2, 3].map((id) => systemLogEntry(id)).join(',')}]`,
        { 'content-type': 'application/json; charset=utf-8' },
      ],
      [gzipSync(lines([1, 2, 3])), { 'content-encoding': 'gzip' }],
    ] as const) {
      expect(await push({ body, headers })).toMatchObject({
        status: 202,
        body: { received: 3, new: 0, already_known: 3 },
      });
    }
    expect(await stored()).toBe(3);
  });

  test('with bad lines among good ones: the good ones are stored, and the bad ones are letters', async () => {
    const body = `${lines([10])}{"id": 11,\n\u0000\n${lines([12])}[1, 2]\n${lines([13], { time: 'yesterday' })}`;
    const answer = await push({ body });
    expect(answer).toMatchObject({ status: 202, body: { new: 2, already_known: 0 } });
    const {
      received,
      dead_letters: letters,
      dead_letters_by_reason: reasons,
    } = answer.body as {
      received: number;
      dead_letters: number;
      dead_letters_by_reason: Record<string, number>;
    };
    expect(received).toBe(2 + letters);
    expect(reasons['time-invalid']).toBe(1);
    expect(await push({ body })).toMatchObject({ body: { new: 0, already_known: 2, dead_letters: letters } });
  });

  test('whose compression breaks in the middle: what came out before is stored', async () => {
    const whole = gzipSync(lines(Array.from({ length: 2_000 }, (_, at) => 1_000 + at)), { level: 1 });
    const cut = await push({ body: whole.subarray(0, whole.length - 200), headers: { 'content-encoding': 'gzip' } });
    expect(cut.status).toBe(202);
    expect(cut.body.dead_letters_by_reason).toEqual({ 'container-truncated': 1 });
    expect(cut.body.new as number).toBeGreaterThan(1_000);
    const rest = await push({ body: whole, headers: { 'content-encoding': 'gzip' } });
    expect(rest.body).toMatchObject({
      received: 2_000,
      already_known: cut.body.new,
      new: 2_000 - (cut.body.new as number),
    });
    const nonsense = await push({ body: 'no gzip at all', headers: { 'content-encoding': 'gzip' } });
    expect(nonsense).toMatchObject({
      status: 202,
      body: { received: 1, dead_letters_by_reason: { 'container-damaged': 1 } },
    });
  });

  test('of nothing is nothing', async () => {
    for (const body of ['', '\n\n  \n']) {
      expect(await push({ body })).toMatchObject({ status: 202, body: { received: 0, new: 0, dead_letters: 0 } });
    }
  });

  test('of several clients at once is counted for each apart', async () => {
    const answers = await Promise.all(
      [0, 1, 2, 3].map((at) => push({ body: lines([20_000 + at, 20_000 + at, 5_000_000]) })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const sum = (name: string) => answers.reduce((total, { body }) => total + (body[name] as number), 0);
    expect({ received: sum('received'), new: sum('new'), known: sum('already_known') }).toEqual({
      received: 12,
      new: 5,
      known: 7,
    });
  });
});

describe('a token that pushes', () => {
  test('brings records of its own account alone', async () => {
    const own = await served.token('push', { source: 'gateway/request', accounts: ['mine'] });
    const body = [request(ACCOUNT_B, '2026-05-01T00:00:00.000Z'), request('mine', '2026-05-01T00:00:00.000Z')].join(
      '\n',
    );
    expect(await push({ body, token: own })).toMatchObject({
      status: 202,
      body: { new: 1, dead_letters_by_reason: { 'account-not-allowed': 1 } },
    });
    expect(await store.rows(`SELECT count() AS n FROM activity WHERE account_id = '${ACCOUNT_B}'`)).toEqual([
      { n: '0' },
    ]);
  });

  test('reads nothing, and one that reads pushes nothing', async () => {
    expect((await served.get('/api/v1/events', token)).status).toBe(403);
    expect((await push({ body: lines([1]), token: await served.token('analyst') })).status).toBe(403);
    const limited = await served.token('admin', { accounts: ['100'] });
    const response = await fetch(`${served.url}/v1/events?source=redis-cloud/system-log&account=200`, {
      method: 'POST',
      body: lines([1]),
      headers: { authorization: `Bearer ${limited}`, 'content-type': 'application/x-ndjson' },
    });
    expect(response.status).toBe(403);
  });
});

/** So many mebibytes, of which nobody says beforehand how many they are. */
function endless(mebibytes: number): ReadableStream<Uint8Array> {
  let left = mebibytes;
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new Uint8Array(1_048_576));
      if (--left === 0) controller.close();
    },
  });
}

describe('what is not taken', () => {
  test('too much: nothing of it, and the connection lives on', async () => {
    const large = Buffer.alloc(PUSH_BYTES_MAX + 1, 0x20);
    expect(await push({ body: large })).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
    expect(await push({ body: bomb, headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 413 });
    const streamed = await fetch(`${served.url}/v1/events`, {
      method: 'POST',
      duplex: 'half',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: endless(20),
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  test('what is no record, or compressed otherwise', async () => {
    expect(await push({ body: 'x', headers: { 'content-type': 'text/csv' } })).toMatchObject({ status: 415 });
    expect(await push({ body: 'x', headers: { 'content-encoding': 'br' } })).toMatchObject({ status: 415 });
  });

  test('anything while the intake has no room, is away, or the store does not answer', async () => {
    const away = await serveForTest(store, { push: () => undefined });
    const own = await away.token('push', { source: 'redis-cloud/system-log', accounts: ['100'] });
    const answer = await push({ body: lines([1]), token: own, to: away });
    expect(answer).toMatchObject({ status: 503, body: { code: 'INTAKE_BUSY' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const full = await serveForTest(store, { heldBytesMax: 0 });
    expect((await push({ body: lines([1]), token: own, to: full })).status).toBe(503);
  });

  test('more than some pushes of one token at once', async () => {
    let letGo = (): void => undefined;
    const refused = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = await serveForTest(store, {
      store: (inner) => ({
        rows: (sql, options) => inner.rows(sql, options),
        stream: (sql, format, options) => inner.stream(sql, format, options),
        command: (sql, options) => inner.command(sql, options),
        // However far apart the pushes come: nothing is stored before one of them was refused.
        insert: async (insert) => {
          await refused;
          return inner.insert(insert);
        },
        close: () => inner.close(),
      }),
    });
    const own = await slow.token('push', { source: 'redis-cloud/system-log', accounts: ['100'] });
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => {
        const answer = await push({ body: lines([90_000 + at]), token: own, to: slow });
        if (answer.status !== 202) letGo();
        return answer;
      }),
    );
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
    expect(answers.filter(({ status }) => status === 429).every(({ headers }) => headers.has('retry-after'))).toBe(
      true,
    );
  });
});
