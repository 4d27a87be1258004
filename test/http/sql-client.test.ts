/**
 * The reading half of the store's contract, by an unmodified client over HTTP with a token; the writing half is
 * refused.
 */
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse-store.ts';
import type { Store } from '../../src/store/store.ts';
import { numbered, readingContract } from '../store/contract.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, fillWorld } from './world.ts';

let served: Served;
let client: ClickHouseClient;
let store: Store;

beforeAll(async () => {
  const opened = await temporaryStore();
  await fillWorld(opened.store);
  served = await serveForTest(opened.store);
  const password = await served.token('analyst');
  client = createClient({
    url: served.url,
    pathname: '/sql',
    username: 'anyone',
    password,
    request_timeout: 600_000,
    log: { level: ClickHouseLogLevel.OFF },
  });
  store = openClickHouseStore({ url: served.url, username: 'anyone', password, readerRole: '' });
});
afterAll(async () => {
  await client.close();
  await store.close();
});

readingContract('the SQL endpoint', async () => {
  const opened = await temporaryStore('child');
  const other = await serveForTest(opened.store);
  const password = await other.token('analyst');
  return openClickHouseStore({ url: other.url, username: 'anyone', password, readerRole: '' });
});

describe('the unmodified client', () => {
  test('connects, and asks with parameters in the formats that it knows', async () => {
    expect(await client.ping({ select: true })).toEqual({ success: true });
    const query =
      'SELECT account_id, count() AS events FROM activity WHERE account_id = {account:String} GROUP BY account_id';
    for (const format of ['JSON', 'JSONEachRow', 'JSONCompact', 'JSONCompactEachRow', 'JSONStringsEachRow'] as const) {
      const answer = await client.query({ query, format, query_params: { account: ACCOUNT_A } });
      expect(JSON.stringify(await answer.json()), format).toContain(ACCOUNT_A);
    }
    const csv = await client.query({ query: 'SELECT 1 AS a', format: 'CSVWithNames' });
    expect(await csv.text()).toBe('"a"\n1\n');
  });

  test('gets a parameter back as it gave it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer(), async (text, number) => {
        const query = 'SELECT {text:String} AS text, {number:Int32} AS number, {list:Array(String)} AS list';
        const query_params = { text, number, list: [text, "it's", '\\N'] };
        const answer = await client.query({ query, format: 'JSONEachRow', query_params });
        expect(await answer.json()).toEqual([{ text, number, list: [text, "it's", '\\N'] }]);
      }),
      { numRuns: 30 },
    );
  });

  test('is told what there is, and of nothing else', async () => {
    const names = async (query: string) => {
      const rows = await (await client.query({ query, format: 'JSONEachRow' })).json<{ name: string }>();
      return rows.map(({ name }) => name);
    };
    expect(await names('SHOW DATABASES')).toEqual(['default']);
    expect(await names('SHOW TABLES FROM default')).toContain('activity');
    expect(await names('SHOW TABLES')).not.toContain('access_tokens');
    expect(await names("SELECT name FROM system.databases WHERE name NOT IN ('system')")).toEqual(['default']);
    expect(await names('SELECT t.name FROM system.tables AS t')).not.toContain('schema_migrations');
    expect(await names("SELECT name FROM `system`.`columns` WHERE table = 'activity'")).toContain('verdict');
    expect(await names("SELECT name FROM system.functions WHERE name = 'count'")).toEqual(['count']);
    expect(await names('DESCRIBE TABLE default.activity')).toContain('owner');
    expect(await names('DESC (SELECT 1 AS one)')).toEqual(['one']);
    await expect(names('SELECT name FROM system.settings')).rejects.toMatchObject({ code: '497' });
    await expect(names('DESCRIBE TABLE access_tokens')).rejects.toMatchObject({ code: '60' });
  });

  test('cannot write, and is told so', async () => {
    const insert = client.insert({ table: 'ledger', values: [{ stream: 'x' }], format: 'JSONEachRow' });
    await expect(insert).rejects.toMatchObject({ code: '164' });
    for (const query of [
      'CREATE TABLE x (a UInt8) ENGINE = Memory',
      'DROP TABLE ledger',
      'ALTER TABLE ledger DELETE WHERE 1',
      'TRUNCATE TABLE ledger',
      'OPTIMIZE TABLE ledger FINAL',
      'SET readonly = 0',
      'KILL QUERY WHERE 1',
      'GRANT ALL ON *.* TO default',
      'SYSTEM FLUSH LOGS',
    ]) {
      await expect(client.command({ query }), query).rejects.toMatchObject({ code: '164', type: 'READONLY' });
    }
    await expect(store.insert(numbered('ledger', [1], 'x'))).rejects.toMatchObject({ code: 164 });
  });

  test('is refused without a token, and with a wrong one', async () => {
    for (const password of ['', 'kt_0000000000000000_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']) {
      const stranger = createClient({
        url: served.url,
        pathname: '/sql',
        username: 'anyone',
        password,
        log: { level: ClickHouseLogLevel.OFF },
      });
      await expect(stranger.query({ query: 'SELECT 1' })).rejects.toThrow();
      await stranger.close();
    }
  });
});
