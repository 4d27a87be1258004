/** Ways out of a read-only statement, each tried by HTTP with a token that may ask: none leads anywhere. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { fillWorld } from './world.ts';

let served: Served;
let token: string;
let outside: string;

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  served = await serveForTest(store);
  token = await served.token('analyst');
  outside = path.join(await temporaryDirectory(), 'outside');
});

async function ask(sql: string, query: Record<string, string> = {}) {
  const response = await fetch(`${served.url}/sql?${new URLSearchParams(query)}`, {
    method: 'POST',
    body: sql.replaceAll('OUTSIDE', outside),
    headers: { authorization: `Bearer ${token}` },
  });
  return {
    status: response.status,
    code: Number(response.headers.get('x-clickhouse-exception-code') ?? 0),
    text: await response.text(),
  };
}

const STATEMENTS = [
  // Files and addresses, by table function, table name and scalar.
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  'SELECT * FROM `/etc/passwd`',
  "SELECT * FROM VALUES ('a String', 'b')",
  "SELECT * FROM VALUES ('a String DEFAULT file(''/etc/passwd'')', ('b'))",
  "SELECT * FROM VALUES (concat('a String DEFAULT ', 'file(1)'), ('b'))",
  "SELECT * FROM VALUES ((file('/etc/passwd'), 1))",
  "SELECT * FROM VALUES ((1, 2), (file('/etc/passwd'), 1))",
  'SELECT * FROM VALUES ((SELECT digest FROM access_tokens LIMIT 1), (1))',
  'SELECT * FROM "/etc/passwd"',
  "SELECT file('/etc/passwd')",
  "SELECT FILE('/etc/passwd')",
  "SELECT `file`('/etc/passwd')",
  "SELECT * APPLY file FROM (SELECT '/etc/passwd' AS a)",
  "SELECT COLUMNS('a') APPLY(file) FROM (SELECT '/etc/passwd' AS a)",
  "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
  "SELECT 1 INTO OUTFILE 'OUTSIDE'",
  "SELECT 1 INTO/**/OUTFILE 'OUTSIDE' TRUNCATE",
  "(SELECT 1) INTO OUTFILE 'OUTSIDE' FORMAT CSV",
  "INSERT INTO FUNCTION file('OUTSIDE', 'CSV', 'a UInt8') VALUES (1)",
  "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
  "SELECT * FROM urlCluster('default', 'http://127.0.0.1:1/', 'LineAsString')",
  "SELECT * FROM remote('127.0.0.1', 'system', 'one')",
  "SELECT * FROM remoteSecure('127.0.0.1', 'system', 'one')",
  "SELECT * FROM cluster('default', 'system', 'one')",
  "SELECT * FROM s3('http://127.0.0.1:1/x', 'CSV')",
  "SELECT * FROM gcs('http://127.0.0.1:1/x', 'CSV')",
  "SELECT * FROM hdfs('hdfs://127.0.0.1:1/x', 'CSV')",
  "SELECT * FROM azureBlobStorage('x', 'y', 'z')",
  "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
  "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
  "SELECT * FROM mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'e String')",
  "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')",
  "SELECT * FROM sqlite('OUTSIDE', 'x')",
  "SELECT * FROM odbc('DSN=x', 'a', 'b')",
  "SELECT * FROM jdbc('x', 'a', 'b')",
  "SELECT * FROM iceberg('http://127.0.0.1:1/x')",
  "SELECT * FROM deltaLake('http://127.0.0.1:1/x')",
  "SELECT * FROM executable('x.sh', 'CSV', 'a String')",
  "SELECT * FROM input('a String')",
  "SELECT * FROM format(CSV, '1')",
  "SELECT * FROM values('a String', 'x')",
  'SELECT * FROM view(SELECT * FROM system.processes)',
  "SELECT * FROM merge('system', '.*')",
  "SELECT * FROM merge(REGEXP('.*'), '.*')",
  "SELECT * FROM dictionary('registry_key_at')",
  "SELECT * FROM generateRandom('a String')",
  'SELECT * FROM loop(audit_events)',
  "SELECT * FROM mergeTreeIndex('default', 'audit_events')",
  "SELECT * FROM mergeTreeProjection('default', 'audit_events', 'x')",
  "SELECT * FROM fuzzQuery('SELECT 1')",
  // Tables that are nobody's business.
  'SELECT * FROM system.processes',
  'SELECT * FROM system.settings',
  'SELECT * FROM system.disks',
  'SELECT * FROM system.parts',
  'SELECT * FROM system.stack_trace',
  'SELECT * FROM system.users',
  'SELECT * FROM system.dictionaries',
  'SELECT * FROM system.one',
  'SELECT * FROM `system`.`processes`',
  'SELECT * FROM SYSTEM.processes',
  'SELECT * FROM information_schema.tables',
  'SELECT * FROM INFORMATION_SCHEMA.COLUMNS',
  'SELECT * FROM access_tokens',
  'SELECT * FROM default.access_tokens',
  'SELECT * FROM store_facts',
  'SELECT * FROM schema_migrations',
  'SELECT * FROM reader_scope',
  'SELECT 1 IN access_tokens',
  'SELECT 1 IN system.processes',
  'SELECT * FROM activity WHERE 1 IN (SELECT 1 FROM access_tokens)',
  'WITH access_tokens AS (SELECT 1) SELECT * FROM default.access_tokens',
  'SELECT (SELECT digest FROM access_tokens LIMIT 1)',
  'SELECT * FROM activity ARRAY JOIN (SELECT groupArray(digest) FROM access_tokens) AS d',
  'SELECT * FROM {t:Identifier}',
  'SELECT {f:Identifier}(1)',
  // Functions that tell or do something.
  'SELECT hostName()',
  'SELECT sleep(3)',
  'SELECT sleepEachRow(1)',
  "SELECT getSetting('max_threads')",
  "SELECT getServerSetting('max_connections')",
  "SELECT getMacro('x')",
  'SELECT showCertificate()',
  'SELECT uptime()',
  'SELECT filesystemAvailable()',
  'SELECT serverUUID()',
  "SELECT joinGet('x', 'y', 1)",
  "SELECT catboostEvaluate('/etc/passwd', 1)",
  "SELECT modelEvaluate('x', 1)",
  'SELECT addressToLine(1)',
  "SELECT initializeAggregation('sumState', 1)",
  "SELECT arrayReduce('sum', [1])",
  "SELECT finalizeAggregation(CAST('x', 'AggregateFunction(sum, UInt8)'))",
  "SELECT CAST(unhex('00'), 'AggregateFunction(groupArray, String)')",
  'SELECT {s:AggregateFunction(sum, UInt8)}',
  'SELECT evalMLMethod(1, 2)',
  "SELECT hasColumnInTable('default', 'access_tokens', 'digest')",
  'SELECT currentProfiles()',
  "SELECT structureToProtobufSchema('a UInt8')",
  "SELECT logTrace('x')",
  'SELECT tcpPort()',
  'SELECT connectionId()',
  'SELECT queryID()',
  'SELECT fqdn()',
  // Other statements, alone and behind one that is allowed.
  'SELECT 1; DROP TABLE ledger',
  'SELECT 1;; SELECT 2',
  'SET readonly = 0',
  'SET ROLE keytrail_writer',
  'USE system',
  'EXPLAIN SELECT 1',
  'EXPLAIN AST SELECT 1',
  'SHOW GRANTS',
  'SHOW PROCESSLIST',
  'SHOW CREATE TABLE access_tokens',
  'SHOW TABLES FROM system',
  'DESCRIBE TABLE access_tokens',
  'DESCRIBE TABLE system.processes',
  "DESCRIBE TABLE file('/etc/passwd')",
  "DESC (SELECT * FROM file('/etc/passwd'))",
  'EXISTS TABLE access_tokens',
  'KILL QUERY WHERE 1',
  "BACKUP TABLE ledger TO Disk('x', 'y')",
  'ATTACH TABLE x',
  'DETACH TABLE ledger',
  'RENAME TABLE ledger TO x',
  'EXCHANGE TABLES ledger AND activity',
  'SYSTEM SHUTDOWN',
  'CREATE FUNCTION f AS x -> x',
  "CREATE USER x IDENTIFIED BY 'y'",
  'EXECUTE AS default SELECT 1',
  'CHECK TABLE ledger',
  'WATCH x',
  'PARALLEL WITH SELECT 1',
  // Settings, in every place.
  'SELECT 1 SETTINGS readonly = 0, max_memory_usage = 0, additional_table_filters = {}',
  'SELECT 1 SETTINGS allow_ddl = 1',
  'SELECT * FROM (SELECT 1 SETTINGS max_threads = 1)',
  "SELECT 1 SETTINGS log_comment = 'x', param_a = 'b'",
  "SELECT 1 SETTINGS additional_result_filter = '0'",
  // What looks like something else.
  'SELECT 1 AS `a\n  TableIdentifier activity`',
  'SELECT 1 FORMAT CSV FORMAT JSON',
  '/* SELECT */ DROP TABLE ledger',
  '-- SELECT 1\nDROP TABLE ledger',
  'SELECT $$x$$; DROP TABLE ledger',
  'SELECT ‘x’; DROP TABLE ledger',
];

test.each(STATEMENTS)('%s', async (sql) => {
  const { status, code, text } = await ask(sql, { param_t: 'access_tokens', param_f: 'hostName', param_s: 'x' });
  expect(status, text.slice(0, 300)).toBeGreaterThanOrEqual(400);
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  expect(code, text).toBeGreaterThan(0);
  expect(text).not.toMatch(/root:|kt_|[0-9a-f]{64}/);
  expect(existsSync(outside)).toBe(false);
});

test('settings in the address are refused like those in the statement', async () => {
  for (const query of [
    { additional_table_filters: '{}' },
    { allow_ddl: '1' },
    { max_execution_time: '-1' },
    { max_execution_time: '1e999' },
    { date_time_output_format: "iso', readonly = '0" },
    { password: token },
    { compress: '1' },
    { default_format: 'Template' },
    { default_format: "CSV SETTINGS format_schema = 'x'" },
  ]) {
    const { status, code } = await ask('SELECT 1', query as unknown as Record<string, string>);
    expect({ query, refused: status >= 400 && status < 502 && code > 0 }).toEqual({ query, refused: true });
  }
  expect(await ask('SELECT 1', { max_execution_time: '5', readonly: '0', wait_end_of_query: '1' })).toMatchObject({
    status: 200,
  });
});

test('a statement takes no more time, memory and rows than it may', async () => {
  const slow = await ask('SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1', {
    max_execution_time: '1',
  });
  expect(slow).toMatchObject({ code: 159 });
  const large = await ask('SELECT groupArray(number) FROM numbers(100000000)', { max_memory_usage: '10000000' });
  expect(large).toMatchObject({ code: 241 });
  const long = await ask('SELECT number FROM numbers(2000)', { max_result_rows: '100' });
  expect(long).toMatchObject({ code: 396 });
  expect(await ask(`SELECT '${'x'.repeat(300_000)}'`)).toMatchObject({ status: 413 });
});

test('a client that goes away takes its statement along', async () => {
  const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';
  const gone = fetch(`${served.url}/sql`, {
    method: 'POST',
    body: endless,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(500),
  });
  await expect(gone).rejects.toThrow();
  const left = async () => {
    const [row] = await served.store.rows<{ n: string }>(
      "SELECT toString(count()) AS n FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'",
    );
    return row?.n;
  };
  await expect.poll(left).toBe('0');
});
