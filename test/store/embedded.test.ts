/** What the embedded server does beyond the contract: the protocol as other clients speak it, and work side by side. */

import { execFile } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedStore } from '../../src/store/embedded/open.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { countOf, makeTable, numbered } from './contract.ts';

const run = promisify(execFile);
let opened: EmbeddedStore;
beforeAll(async () => {
  opened = await temporaryStore();
});

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As any HTTP client would ask, without the client library. */
function ask(
  search: Record<string, string>,
  body: string | Buffer = '',
  headers: http.OutgoingHttpHeaders = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const url = `/?${new URLSearchParams(search)}`;
    const request = http.request(
      { socketPath: opened.socketPath, path: url, method: 'POST', headers, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
        response.once('error', reject);
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

describe('the protocol', () => {
  test('a statement in the URL or in the body is answered in the format that is asked for', async () => {
    expect((await ask({ query: 'SELECT 1, 2' })).body.toString()).toBe('1\t2\n');
    expect((await ask({ default_format: 'JSONCompactEachRow' }, 'SELECT 1, 2;\n')).body.toString()).toBe('[1, 2]\n');
    expect((await ask({}, 'SELECT 1 AS a FORMAT CSVWithNames -- so\n')).status).toBe(200);
    const document = await ask({}, 'SELECT number FROM numbers(100000) FORMAT JSON');
    expect(JSON.parse(document.body.toString()).rows).toBe(100_000);
    const commented = await ask(
      {},
      "SELECT number AS n FROM numbers(200000) FORMAT CSVWithNames SETTINGS log_comment = 'FORMAT' -- so\n",
    );
    expect(commented.body.toString().match(/"n"/g)).toEqual(['"n"']);
    expect((await ask({ query: 'SELECT' }, '1 + 1')).body.toString()).toBe('2\n');
    expect((await ask({}, "SHOW TABLES LIKE 'ledger'")).body.toString()).toBe('ledger\n');
  });

  test('a failure has a status, a code in a header, and a text', async () => {
    const reply = await ask({}, 'SELECT * FROM nowhere');
    expect([reply.status, reply.headers['x-clickhouse-exception-code']]).toEqual([404, '60']);
    expect(reply.body.toString()).toMatch(/^Code: 60\. DB::Exception: .*\(version /s);
  });

  test('gzip goes both ways', async () => {
    const asked = gzipSync("SELECT repeat('a', 1000)");
    const reply = await ask({ enable_http_compression: '1' }, asked, {
      'Content-Encoding': 'gzip',
      'Accept-Encoding': 'gzip',
    });
    expect(reply.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(reply.body).toString()).toBe(`${'a'.repeat(1000)}\n`);
    expect((await ask({}, 'x', { 'Content-Encoding': 'gzip' })).status).toBe(500);
    expect((await ask({}, 'x', { 'Content-Encoding': 'zstd' })).status).toBe(501);
  });

  test('two statements are refused, however the second is hidden', async () => {
    for (const sql of [
      'SELECT 1; SELECT 2',
      'SELECT 1;;DROP TABLE ledger',
      "SELECT ';' ; SELECT 2",
      "SELECT 1 # it's one\n; SELECT 2 # it's two",
      'SHOW TABLES /* ; */ ; SELECT 2',
      'SET max_threads = 1; SET readonly = 0',
    ]) {
      const reply = await ask({}, sql);
      expect([sql, reply.status, reply.headers['x-clickhouse-exception-code']]).toEqual([sql, 400, '62']);
    }
    for (const sql of ["SELECT ';'", 'SELECT 1; -- end', 'SELECT 1 ; /* end */ ', "SELECT 'it''s; \\'; ' AS `;`"]) {
      expect([sql, (await ask({}, sql)).status]).toEqual([sql, 200]);
    }
  });

  test('names that are no names never reach SQL', async () => {
    for (const search of [
      { 'param_a = 1, readonly': '0' },
      { 'max_threads = 1, log_comment': 'x' },
      { role: 'a, b' },
      { default_format: "X' " },
    ]) {
      expect((await ask(search as Record<string, string>, 'SELECT 1')).headers['x-clickhouse-exception-code']).toBe(
        '36',
      );
    }
  });

  test('the unmodified client inserts and reads in its own formats', async () => {
    const agent = new http.Agent({ keepAlive: true, ...{ socketPath: opened.socketPath } });
    const client = createClient({
      url: 'http://localhost',
      http_agent: agent,
      compression: { request: true, response: false },
      log: { level: ClickHouseLogLevel.OFF },
    });
    expect((await client.ping()).success).toBe(true);
    await client.command({
      query:
        'CREATE TABLE people (name LowCardinality(Nullable(String)), age UInt8, at DateTime64(3)) ENGINE = MergeTree ORDER BY age',
    });
    const values = [
      { name: 'Ann', age: 1, at: '2026-01-02 03:04:05.678' },
      { name: null, age: 2, at: '2026-01-02 03:04:05.678' },
    ];
    await client.insert({ table: 'people', values, format: 'JSONEachRow' });
    await client.insert({
      table: 'people',
      values: [['Bob', 3]],
      columns: ['name', 'age'],
      format: 'JSONCompactEachRow',
    });
    await client.command({ query: "INSERT INTO people (name, age) VALUES ('C;D', 4)" });
    const settled =
      "INSERT INTO people (name, age) SETTINGS insert_deduplication_token = 'a FORMAT b', async_insert = 0 FORMAT CSV";
    expect((await ask({ query: settled }, '"F",6\n')).status).toBe(200);
    expect((await ask({ query: 'INSERT INTO people (name, age) VALUES' }, "('G', 7)")).status).toBe(200);
    await client.command({ query: 'INSERT INTO people (name, age) FORMAT JSONEachRow {"name":"E","age":5}' });
    const result = await client.query({
      query: 'SELECT name, age FROM people ORDER BY age',
      format: 'JSONCompactEachRow',
    });
    expect(await result.json()).toEqual([
      ['Ann', 1],
      [null, 2],
      ['Bob', 3],
      ['C;D', 4],
      ['E', 5],
      ['F', 6],
      ['G', 7],
    ]);
    const nowhere = client.insert({ table: 'people', values: [{ age: 'no number' }], format: 'JSONEachRow' });
    await expect(nowhere).rejects.toMatchObject({ code: '27' });
    await client.close();
    agent.destroy();
    // Pipes stay for the next answers; they hold nothing.
    const left = await readdir(path.join(opened.dataDir, 'spool'));
    expect(left.filter((name) => !name.endsWith('.pipe'))).toEqual([]);
  });

  test('what is known of a table is forgotten when the table changes', async () => {
    const { store } = opened;
    await makeTable(store, 'changing');
    await store.insert(numbered('changing', [1], 'a'));
    await store.command('DROP TABLE changing');
    await store.command('CREATE TABLE changing (n String, text String) ENGINE = MergeTree ORDER BY n');
    await store.insert({
      table: 'changing',
      columns: ['n', 'text'],
      body: [new Uint8Array([1, 65, 1, 66])],
      rows: 1,
      token: 'b',
    });
    expect(await store.rows('SELECT n, text FROM changing')).toEqual([{ n: 'A', text: 'B' }]);
  });
});

describe('side by side', () => {
  test('inserts finish while a question runs that would take minutes', async () => {
    const { store } = opened;
    await makeTable(store, 'meanwhile');
    const asking = new AbortController();
    let answered = false;
    const question = store
      .rows('SELECT count() FROM numbers_mt(1000000000000) WHERE sipHash64(number) = 1', {
        settings: { max_execution_time: 300 },
        signal: asking.signal,
      })
      .catch((cause) => cause)
      .finally(() => {
        answered = true;
      });
    let finished = 0;
    for (let block = 0; block < 8; block++) {
      const rows = Array.from({ length: 10_000 }, (_, row) => block * 10_000 + row);
      await store.insert(numbered('meanwhile', rows, `m-${block}`));
      if (!answered) finished++;
    }
    expect(finished).toBeGreaterThanOrEqual(5);
    asking.abort();
    await question;
    expect(await countOf(store, 'meanwhile')).toEqual({ rows: 80_000, distinct: 80_000 });
  });

  test('nobody waits for a question that runs a subquery before it begins', async () => {
    const { store } = opened;
    // The subquery reads a pipe: it is under way when that can be opened for writing, and lasts until that is closed.
    const file = path.join(await temporaryDirectory(), 'pipe.tsv');
    await run('mkfifo', [file]);
    const order: string[] = [];
    const slow = (async () => {
      const sql = `SELECT number + (SELECT sum(n) FROM file('${file}', 'TSV', 'n UInt8')) AS n FROM numbers(2)`;
      for await (const chunk of store.stream(sql, 'TSV')) order.push(`slow: ${Buffer.from(chunk).toString().length}`);
    })();
    const pipe = await open(file, 'w');
    expect(await store.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    order.push('quick');
    await pipe.write('8\n');
    await pipe.close();
    await slow;
    expect(order).toEqual(['quick', 'slow: 4']);
  });

  test('a mutation is carried out, and a month can be dropped and merged, with one merge thread', async () => {
    const { store } = opened;
    await store.command('ALTER TABLE meanwhile DELETE WHERE n >= 40000', { settings: { mutations_sync: 2 } });
    await store.command('OPTIMIZE TABLE meanwhile FINAL');
    expect(await countOf(store, 'meanwhile')).toEqual({ rows: 40_000, distinct: 40_000 });
  });

  test('more questions than sessions are all answered', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    const answers = await Promise.all(
      numbers.map((n) =>
        opened.store.rows<{ n: number }>('SELECT {n:UInt8} AS n', {
          parameters: { n },
          ...(n % 2 ? { role: 'reader' as const } : {}),
        }),
      ),
    );
    expect(answers.flat().map((row) => row.n)).toEqual(numbers);
  });

  test('a limit of the reader holds, and a request cannot raise it', async () => {
    const asked = opened.store.rows('SELECT number FROM numbers(2000000)', {
      role: 'reader',
      settings: { max_result_rows: 0 },
    });
    await expect(asked).rejects.toMatchObject({ code: 396 });
    const fewer = opened.store.rows('SELECT number FROM numbers(20)', {
      role: 'reader',
      settings: { max_result_rows: 10 },
    });
    await expect(fewer).rejects.toMatchObject({ code: 396 });
  });
});
