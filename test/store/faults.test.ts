/** Retries with a token over a bad network and a bad server: every row once, whatever happened to which request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse-store.ts';
import { type RetryNotice, type RetryOptions, withRetry } from '../../src/store/retry.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { type Fault, FaultProxy } from '../support/fault-proxy.ts';
import { temporaryStore } from '../support/store.ts';
import { countOf, makeTable, numbered } from './contract.ts';

const isInsert = (url: string): boolean => url.includes('INSERT');
const quick: RetryOptions = { sleep: async () => {} };

let direct: Store;
let proxied: Store;
/** Gives an answer up that does not come. Only what never comes is asked for by it: what comes may take a while. */
let impatient: Store;
let proxy: FaultProxy;

beforeAll(async () => {
  const embedded = await temporaryStore('child');
  direct = embedded.store;
  proxy = await FaultProxy.open({ socketPath: embedded.socketPath });
  proxied = openClickHouseStore({ url: proxy.url });
  impatient = openClickHouseStore({ url: proxy.url, idleMsMax: 2_000 });
});
afterAll(async () => {
  await Promise.all([proxied?.close(), impatient?.close()]);
  await proxy?.close();
});

const HEALING: readonly Fault[] = [
  { kind: 'refuse' },
  { kind: 'cut-after' },
  { kind: 'silence' },
  { kind: 'silence-after' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 502 },
  { kind: 'half-answer-after' },
  { kind: 'code', code: 202 },
  { kind: 'code', code: 241 },
  { kind: 'code-after', code: 159 },
  { kind: 'code-after', code: 319 },
];

describe('an insert that is retried with its token', () => {
  test.each(HEALING.map((fault, index) => ({ fault, index })))(
    'is there once after $fault.kind ($index)',
    async ({ fault, index }) => {
      const table = `fault_${index}`;
      await makeTable(direct, table);
      proxy.script([fault, fault, { kind: 'pass' }], isInsert);
      const notices: number[] = [];
      const insert = numbered(table, [1, 2, 3], `token-${index}`);
      const storeFor = (attempt: number) => (fault.kind.startsWith('silence') && attempt < 3 ? impatient : proxied);
      const onRetry = (notice: RetryNotice) => notices.push(notice.failures);
      await withRetry((attempt) => storeFor(attempt).insert(insert), { ...quick, onRetry });
      expect([notices, proxy.done]).toEqual([
        [1, 2],
        [fault.kind, fault.kind, 'pass'],
      ]);
      expect(await countOf(direct, table)).toEqual({ rows: 3, distinct: 3 });
    },
  );

  test('is there once among many others, whatever happens to each', async () => {
    await makeTable(direct, 'fault_many');
    const faults = Array.from({ length: 4 }, () => HEALING.filter((fault) => !fault.kind.startsWith('silence'))).flat();
    proxy.script(faults, isInsert);
    const blocks = Array.from({ length: 20 }, (_, block) => Array.from({ length: 50 }, (_, row) => block * 50 + row));
    await Promise.all(
      blocks.map((rows, block) =>
        withRetry(() => proxied.insert(numbered('fault_many', rows, `many-${block}`)), quick),
      ),
    );
    expect(proxy.done.length).toBeGreaterThan(faults.length);
    expect(await countOf(direct, 'fault_many')).toEqual({ rows: 1000, distinct: 1000 });
  });
});

test('an error that cannot heal is told at once: fatal codes, data codes, refusals of a proxy', async () => {
  await makeTable(direct, 'fault_fatal');
  for (const [fault, kind] of [
    [{ kind: 'code', code: 60 }, 'fatal'],
    [{ kind: 'code', code: 516 }, 'fatal'],
    [{ kind: 'code', code: 4_711 }, 'fatal'],
    [{ kind: 'code', code: 117 }, 'data'],
    [{ kind: 'status', status: 403 }, 'fatal'],
  ] as const) {
    proxy.script([fault], isInsert);
    const insert = withRetry(() => proxied.insert(numbered('fault_fatal', [1], 'fatal')), quick);
    await expect(insert).rejects.toMatchObject({ name: 'StoreError', kind });
    expect(proxy.done).toEqual([fault.kind]);
  }
});

test('a question meets half an answer: it fails, and never answers with the half', async () => {
  proxy.script([{ kind: 'half-answer-after' }]);
  const asked = proxied.rows('SELECT number FROM numbers(1000)');
  await expect(asked).rejects.toMatchObject({ name: 'StoreError', kind: 'retriable' });
  expect((await proxied.rows('SELECT number FROM numbers(1000)')).length).toBe(1000);
});

test('an error that may be permanent is given up after its attempts, and says so', async () => {
  proxy.script(Array.from({ length: 20 }, () => ({ kind: 'code', code: 241 }) as const));
  const asked = withRetry(() => proxied.rows('SELECT 1'), { ...quick, attemptsMaxFor: () => 3 });
  await expect(asked).rejects.toSatisfy(
    (error) =>
      error instanceof StoreError && error.kind === 'fatal' && error.code === 241 && /3 attempts/.test(error.message),
  );
  expect(proxy.done.length).toBe(3);
  proxy.script([]);
});

test('nobody listens: the connection fails, and the error says to wait', async () => {
  const nowhere = openClickHouseStore({ url: 'http://127.0.0.1:1' });
  await expect(nowhere.rows('SELECT 1')).rejects.toMatchObject({ kind: 'retriable', code: 0 });
  await nowhere.close();
});
