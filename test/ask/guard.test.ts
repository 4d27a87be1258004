import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGGREGATE_FUNCTIONS, namesOf, SCALAR_FUNCTIONS } from '../../src/ask/allowed-functions.ts';
import type { Cell } from '../../src/ask/answer.ts';
import { guardSelect } from '../../src/ask/guard.ts';
import { runSql } from '../../src/ask/run-sql.ts';
import { EXIT, UserError } from '../../src/core/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { eventRow, insertEvents } from './fixture.ts';

const OUTFILE = path.join(tmpdir(), `keytrail-guard-${process.pid}.csv`);
const SECRET = path.join(tmpdir(), `keytrail-guard-${process.pid}.txt`);
let connections = 0;
const listener = http.createServer((_, response) => {
  connections++;
  response.end('1\n');
});
let port = 0;
let store: Store;

beforeAll(async () => {
  store = (await temporaryStore()).store;
  await insertEvents(store, [eventRow({ key_id: 'ci', action: 'read', source_ip: '203.0.113.7' })]);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  listener.close();
  await Promise.all([rm(OUTFILE, { force: true }), rm(SECRET, { force: true })]);
});

async function rowsOf(sql: string): Promise<(readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const row of (await runSql(store, sql)).rows) rows.push(row);
  return rows;
}

async function codeOf(sql: string): Promise<string> {
  try {
    await rowsOf(sql);
  } catch (error) {
    return error instanceof UserError ? error.code : `not a UserError: ${String(error)}`;
  }
  return 'allowed';
}

describe('what a reader may ask', () => {
  it.each([
    ['SELECT 1', [[1]]],
    ['select count() from activity;', [[1]]],
    ['-- why\nSELECT key_id /* who */ FROM activity FINAL', [['ci']]],
    ["SELECT source_ip FROM activity WHERE source_ip = toIPv6('203.0.113.7')", [['203.0.113.7']]],
    ['SELECT * EXCEPT (raw, content_hash) FROM activity LIMIT 0', []],
    ['SELECT COLUMNS(key_id, action), * REPLACE (upper(key_id) AS key_id) FROM activity LIMIT 0', []],
    ['WITH keys AS (SELECT key_id AS keys FROM activity) SELECT * FROM keys', [['ci']]],
    ['WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT a.x, b.x FROM a, b', [[1, 2]]],
    ['WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT max(x) FROM n', [[3]]],
    ['WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT x + 1 FROM a ORDER BY x', [[1], [2]]],
    ['SELECT * FROM (WITH a AS (SELECT 7 AS x) SELECT x FROM a)', [[7]]],
    ['SELECT sum(number) FROM numbers(4)', [[6]]],
    ["SELECT key_id IN ('ci', 'x'), action IN (SELECT action FROM activity) FROM activity", [[1, 1]]],
    [
      'SELECT arrayMap(x -> x + 1, [1, 2]), quantile(0.5)(number), sumIf(number, number > 0) FROM numbers(3)',
      [[[2, 3], 1, 3]],
    ],
    ['SELECT row_number() OVER (PARTITION BY key_id ORDER BY event_time) AS n FROM activity QUALIFY n = 1', [[1]]],
    ['SELECT key_id AS `the key`, count() FROM activity GROUP BY ALL WITH TOTALS ORDER BY ALL', [['ci', 1]]],
    ['SELECT toStartOfInterval(event_time, INTERVAL 1 DAY) AS d FROM activity GROUP BY d', [['2026-11-20T00:00:00Z']]],
    [
      'SELECT a.key_id FROM activity AS a LEFT JOIN activity AS b USING (event_id) ORDER BY 1 LIMIT 1 BY key_id',
      [['ci']],
    ],
    ["SELECT JSONExtractString(raw, 'x'), CAST(status_code AS String) FROM audit_events", [['', '0']]],
    ['SELECT content_hash FROM activity', [['0'.repeat(32)]]],
    ['SELECT z FROM activity ARRAY JOIN [1, 2] AS z ORDER BY z', [[1], [2]]],
    ['SELECT count() FROM dead_letters, ledger, dead_letter_log', [[0]]],
    ["SELECT 'file(''/etc/passwd'') FROM system.one'", [["file('/etc/passwd') FROM system.one"]]],
    ['SELECT 18446744073709551615, 9007199254740991', [['18446744073709551615', 9007199254740991]]],
  ])('%s', async (sql, expected) => {
    expect(await rowsOf(sql)).toEqual(expected);
  });
});

const BREAK_OUTS: readonly (readonly [string, string])[] = [
  // The table of attempts that role, limits and readonly=1 leave open, or stop only some of.
  ["SELECT * FROM file('/etc/passwd')", 'SQL_FUNCTION'],
  ['SELECT * FROM `/etc/passwd`', 'SQL_TABLE'],
  ["SELECT * FROM '/etc/passwd'", 'SQL_TABLE'],
  ["SELECT file('/etc/passwd')", 'SQL_FUNCTION'],
  ["SELECT FILE('/etc/passwd')", 'SQL_FUNCTION'],
  ["SELECT `file`('/etc/passwd')", 'SQL_FUNCTION'],
  ['SELECT * APPLY file FROM (SELECT 1)', 'SQL_NODE'],
  ['SELECT * APPLY(x -> file(x)) FROM activity', 'SQL_NODE'],
  ["SELECT COLUMNS('key') APPLY file FROM activity", 'SQL_NODE'],
  [`SELECT 1 INTO OUTFILE '${OUTFILE}'`, 'SQL_NOT_A_SELECT'],
  [`SELECT 1 INTO OUTFILE '${OUTFILE}' FORMAT CSV`, 'SQL_NOT_A_SELECT'],
  [`INSERT INTO FUNCTION file('${OUTFILE}') SELECT 1`, 'SQL_NOT_A_SELECT'],
  ["SELECT * FROM url('http://127.0.0.1:PORT/', CSV, 'a String')", 'SQL_FUNCTION'],
  ["SELECT * FROM remote('127.0.0.1:PORT', 'system', 'one')", 'SQL_FUNCTION'],
  ["SELECT * FROM s3('http://127.0.0.1:PORT/b/k', 'CSV')", 'SQL_FUNCTION'],
  ["SELECT * FROM mysql('127.0.0.1:PORT', 'd', 't', 'u', 'p')", 'SQL_FUNCTION'],
  ['INSERT INTO audit_events (event_id) VALUES (1)', 'SQL_NOT_A_SELECT'],
  ['DROP TABLE audit_events', 'SQL_NOT_A_SELECT'],
  ['ALTER TABLE audit_events DELETE WHERE 1', 'SQL_NOT_A_SELECT'],
  ['CREATE TEMPORARY TABLE t (a Int8)', 'SQL_NOT_A_SELECT'],
  ['CREATE FUNCTION f AS x -> x', 'SQL_NOT_A_SELECT'],
  ['TRUNCATE TABLE ledger', 'SQL_NOT_A_SELECT'],
  ['SET readonly = 0', 'SQL_NOT_A_SELECT'],
  ['SELECT 1 SETTINGS readonly = 0', 'SQL_NODE'],
  ['SELECT 1 SETTINGS max_memory_usage = 0', 'SQL_NODE'],
  ['SELECT * FROM (SELECT 1 SETTINGS max_execution_time = 0)', 'SQL_NODE'],
  ['SET ROLE keytrail_writer', 'SQL_NOT_A_SELECT'],
  ["KILL QUERY WHERE query_id = 'x'", 'SQL_NOT_A_SELECT'],
  ['USE system', 'SQL_NOT_A_SELECT'],
  ['EXPLAIN SELECT 1', 'SQL_FUNCTION'],
  ['SELECT * FROM (EXPLAIN SELECT 1)', 'SQL_FUNCTION'],
  ['SHOW TABLES', 'SQL_NOT_A_SELECT'],
  ['SELECT * FROM system.processes', 'SQL_TABLE'],
  ['SELECT * FROM system.disks', 'SQL_TABLE'],
  ['SELECT * FROM system.settings', 'SQL_TABLE'],
  ['SELECT * FROM system.stack_trace', 'SQL_TABLE'],
  ['SELECT * FROM `system`.`one`', 'SQL_TABLE'],
  ['SELECT * FROM SYSTEM.one', 'SQL_TABLE'],
  ['SELECT * FROM information_schema.tables', 'SQL_TABLE'],
  ['SELECT hostName()', 'SQL_FUNCTION'],
  // Others: other ways to the same, and ways to deceive a reader of the tree.
  ['SELECT 1; SELECT 2', 'SQL_INVALID'],
  ['', 'SQL_INVALID'],
  ['SELECT 1) UNION ALL (SELECT 2', 'SQL_INVALID'],
  ['SELECT 1 FORMAT JSON', 'SQL_NOT_A_SELECT'],
  ['DESCRIBE TABLE activity', 'SQL_NOT_A_SELECT'],
  ['SELECT 1 PARALLEL WITH SELECT 2', 'SQL_NOT_A_SELECT'],
  ['SELECT {a:String}', 'SQL_NAME'],
  ['SELECT * FROM {t:Identifier}', 'SQL_NAME'],
  ['SELECT key_id IN system.one FROM activity', 'SQL_TABLE'],
  ['SELECT in(key_id, system.one) FROM activity', 'SQL_TABLE'],
  ['SELECT key_id NOT IN (`/etc/passwd`) FROM activity', 'SQL_TABLE'],
  ['SELECT key_id GLOBAL IN system.one FROM activity', 'SQL_TABLE'],
  ['SELECT key_id IN Dockerfile FROM activity', 'SQL_TABLE'],
  ['SELECT key_id IN file FROM activity', 'SQL_TABLE'],
  ["SELECT key_id IN file('/etc/passwd') FROM activity", 'SQL_FUNCTION'],
  ["SELECT arrayMap(x -> file(x), ['/etc/passwd'])", 'SQL_FUNCTION'],
  ["WITH (x -> file(x)) AS f SELECT f('/etc/passwd')", 'SQL_FUNCTION'],
  ["SELECT * REPLACE (file('/etc/passwd') AS key_id) FROM activity", 'SQL_FUNCTION'],
  ["SELECT 1 ORDER BY file('/etc/passwd')", 'SQL_FUNCTION'],
  ["SELECT 1 LIMIT length(file('/etc/passwd'))", 'SQL_FUNCTION'],
  ["SELECT count() FROM activity HAVING file('/etc/passwd') != ''", 'SQL_FUNCTION'],
  ["SELECT a FROM activity ARRAY JOIN [file('/etc/passwd')] AS a", 'SQL_FUNCTION'],
  ["SELECT 1 FROM activity AS a JOIN activity AS b ON a.raw = file('/etc/passwd')", 'SQL_FUNCTION'],
  ["SELECT sum(1) OVER (ORDER BY file('/etc/passwd')) FROM activity", 'SQL_FUNCTION'],
  ["SELECT number FROM numbers(length(file('/etc/passwd')))", 'SQL_FUNCTION'],
  ['SELECT `x\\n  TableIdentifier activity` FROM activity', 'SQL_NAME'],
  ['SELECT 1 AS `a) (children 1)\\nFunction count`', 'SQL_NAME'],
  ['SELECT * FROM `activity (alias x)`', 'SQL_NAME'],
  ['SELECT * FROM "act\\\\ivity"', 'SQL_NAME'],
  ['WITH `/etc/passwd` AS (SELECT 1) SELECT * FROM `/etc/passwd`', 'SQL_TABLE'],
  ['WITH a AS (SELECT 1) SELECT 1 UNION ALL SELECT * FROM (SELECT * FROM b)', 'SQL_TABLE'],
  ['SELECT * FROM Dockerfile, (WITH Dockerfile AS (SELECT 1) SELECT * FROM Dockerfile)', 'SQL_TABLE'],
  ['WITH Dockerfile AS (SELECT * FROM Dockerfile) SELECT * FROM Dockerfile', 'SQL_TABLE'],
  ['SELECT 1 UNION ALL WITH d AS (SELECT 1) SELECT * FROM d UNION ALL SELECT * FROM d', 'SQL_TABLE'],
  ['SELECT key_id IN d FROM activity, (WITH d AS (SELECT 1) SELECT 1)', 'SQL_TABLE'],
  ['SELECT * FROM default.store_facts', 'SQL_TABLE'],
  ['SELECT * FROM store_facts', 'SQL_TABLE'],
  ["SELECT * FROM merge('system', '.*')", 'SQL_FUNCTION'],
  ["SELECT * FROM cluster('default', system.one)", 'SQL_FUNCTION'],
  ["SELECT * FROM executable('x', CSV, 'a String')", 'SQL_FUNCTION'],
  ["SELECT * FROM dictionary('x')", 'SQL_FUNCTION'],
  ['SELECT * FROM view(SELECT 1)', 'SQL_FUNCTION'],
  ["SELECT * FROM format(CSV, 'a')", 'SQL_FUNCTION'],
  ["SELECT * FROM eval('SELECT 1')", 'SQL_FUNCTION'],
  ["SELECT * FROM input('a String')", 'SQL_FUNCTION'],
  ["SELECT * FROM null('a Int8')", 'SQL_FUNCTION'],
  ["SELECT * FROM filesystem('/etc')", 'SQL_FUNCTION'],
  ['SELECT * FROM generateRandom()', 'SQL_FUNCTION'],
  ["SELECT joinGet('activity', 'raw', 1)", 'SQL_FUNCTION'],
  ["SELECT hasColumnInTable('system', 'one', 'dummy')", 'SQL_FUNCTION'],
  ["SELECT getSetting('max_threads'), getServerSetting('x')", 'SQL_FUNCTION'],
  ['SELECT @@version', 'SQL_FUNCTION'],
  ['SELECT version(), currentUser(), serverUUID()', 'SQL_FUNCTION'],
  ['SELECT sleep(3)', 'SQL_FUNCTION'],
  ['SELECT sleepEachRow(1) FROM numbers(10)', 'SQL_FUNCTION'],
  ["SELECT throwIf(1, 'x')", 'SQL_FUNCTION'],
  ["SELECT arrayReduce('sumState', [1])", 'SQL_FUNCTION'],
  ["SELECT initializeAggregation('sumState', 1)", 'SQL_FUNCTION'],
  ['SELECT sumState(1)', 'SQL_FUNCTION'],
  ['SELECT sumMerge(1)', 'SQL_FUNCTION'],
  ["SELECT CAST(unhex('00'), 'AggregateFunction(sum, UInt8)')", 'SQL_TYPE'],
  ["SELECT CAST(unhex('00'), concat('Aggregate', 'Function(sum, UInt8)'))", 'SQL_TYPE'],
  ["SELECT catboostEvaluate('/etc/passwd', 1)", 'SQL_FUNCTION'],
  ['SELECT addressToLine(1)', 'SQL_FUNCTION'],
  ["SELECT aiGenerate('x')", 'SQL_FUNCTION'],
  ["SELECT getClientHTTPHeader('x')", 'SQL_FUNCTION'],
  ['SELECT 1 FROM activity SAMPLE 1 / 2', 'SQL_NODE'],
  [`SELECT '${'x'.repeat(70_000)}'`, 'SQL_TOO_LONG'],
];

describe('what a reader may not ask', () => {
  it.each(BREAK_OUTS)('%s', async (sql, code) => {
    await expect(rowsOf(sql.replaceAll('PORT', String(port)))).rejects.toMatchObject({
      code,
      exitCode: EXIT.usage,
      explanation: { got: expect.any(String), expected: expect.any(String), next: expect.any(String) },
    });
  });

  it('nothing was connected to or written by any of them, and the next answer is its own', async () => {
    expect(connections).toBe(0);
    expect(existsSync(OUTFILE)).toBe(false);
    expect(await rowsOf('SELECT count() FROM audit_events')).toEqual([[1]]);
    expect(await readFile('/etc/passwd', 'utf8')).toContain(':');
  });

  it('an error names what is not allowed', async () => {
    await expect(guardSelect(store, 'SELECT hostName()')).rejects.toMatchObject({
      code: 'SQL_FUNCTION',
      explanation: { got: 'hostName' },
    });
  });

  it('an answer beyond its limits is refused and does not spoil the next', async () => {
    expect(await codeOf('SELECT number FROM numbers(1000001)')).toBe('ANSWER_TOO_LONG');
    expect(await rowsOf('SELECT 7')).toEqual([[7]]);
  });
});

describe('the lists', () => {
  it('hold only functions that the engine has', async () => {
    const rows = await store.rows<{ name: string }>('SELECT lower(name) AS name FROM system.functions');
    const known = new Set(rows.map((row) => row.name));
    // Syntax that the engine writes as a function and resolves by itself.
    for (const name of ['lambda', 'exists', 'grouping', 'untuple', 'minmap', 'maxmap', 'summap', 'median'])
      known.add(name);
    const named = [...namesOf(SCALAR_FUNCTIONS), ...namesOf(AGGREGATE_FUNCTIONS)];
    expect(named.filter((name) => !known.has(name.toLowerCase()))).toEqual([]);
  });
});
