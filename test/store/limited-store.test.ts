import { beforeAll, expect, test } from 'vitest';
import { READER_RESULT_ROWS_MAX } from '../../src/core/limits.ts';
import { accountSettings, limitedTo } from '../../src/store/limited-store.ts';
import type { Store } from '../../src/store/store.ts';
import { sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';

const HOSTILE = "1'; DROP TABLE ledger; --\\";
let store: Store;

beforeAll(async () => {
  store = (await temporaryStore()).store;
  const source = 'redis-cloud/system-log';
  await takeIn(
    store,
    [1, 2, 3].map((id) => systemLogEntry(id)),
    { stream: 'a', source, accountId: 'A' },
  );
  await takeIn(
    store,
    [4, 5].map((id) => systemLogEntry(id, { apiKeyName: 'of-b' })),
    { stream: 'b', source, accountId: 'B' },
  );
  // A request in A with a key that only B ever had.
  await takeIn(store, [systemLogEntry(6, { apiKeyName: 'of-b' })], { stream: 'a2', source, accountId: 'A' });
  await takeIn(store, ['{"id":'], { stream: 'bad', source, accountId: 'B' });
  const says = { state: 'active', owner: 'owner@b.example', app: 'secret-app' } as const;
  await sayToRegistry(store, [{ kind: 'key', id: ['B', 'of-b'], validFrom: 0, says }]);
});

test('a reader of all accounts sees all of them, and changes nothing', async () => {
  const all = limitedTo(store, []);
  expect(await all.rows('SELECT account_id, count() AS n FROM activity GROUP BY 1 ORDER BY 1')).toEqual([
    { account_id: 'A', n: '4' },
    { account_id: 'B', n: '2' },
  ]);
  await expect(all.command('DROP TABLE ledger')).rejects.toThrow();
});

test('a reader of one account sees nothing of another one, in whatever a table stands', async () => {
  const mine = limitedTo(store, ['A']);
  const accounts = (sql: string) => mine.rows<{ account_id: string }>(sql);
  for (const sql of [
    'SELECT DISTINCT account_id FROM activity',
    'SELECT DISTINCT account_id FROM audit_events',
    'SELECT DISTINCT account_id FROM default.audit_events FINAL',
    'SELECT DISTINCT b.account_id AS account_id FROM audit_events a JOIN audit_events b ON 1 = 1',
    'SELECT DISTINCT account_id FROM (SELECT * FROM activity UNION ALL SELECT * FROM activity)',
    'WITH t AS (SELECT account_id FROM audit_events) SELECT DISTINCT account_id FROM t',
    "SELECT 'A' AS account_id FROM numbers(1) WHERE (SELECT uniqExact(account_id) FROM audit_events) = 1",
    "SELECT 'A' AS account_id FROM numbers(1) WHERE (SELECT count() FROM audit_events) = 4",
    'SELECT max(account_id) AS account_id FROM audit_events',
  ]) {
    expect(await accounts(sql), sql).toEqual([{ account_id: 'A' }]);
  }
  for (const table of ['dead_letters', 'registry_keys', 'registry_key_versions', 'ledger', 'access_tokens']) {
    expect(await mine.rows(`SELECT * FROM ${table}`), table).toEqual([]);
  }
});

test('what the registry says of a key of another account is left out of an event that names it', async () => {
  const sql =
    "SELECT account_id, key_account_id, owner, app, verdict FROM activity WHERE key_id = 'of-b' ORDER BY account_id";
  expect(await limitedTo(store, []).rows(sql)).toMatchObject(
    [
      { account_id: 'A', key_account_id: 'B', owner: 'owner@b.example', app: 'secret-app' },
      { account_id: 'B', key_account_id: 'B', owner: 'owner@b.example', app: 'secret-app' },
    ].flatMap((row) => (row.account_id === 'B' ? [row, row] : [row])),
  );
  expect(await limitedTo(store, ['A']).rows(sql)).toEqual([
    { account_id: 'A', key_account_id: '', owner: '', app: '', verdict: 'unknown-key' },
  ]);
});

test('the filter cannot be set aside by the statement, and a hostile name of an account is a text', async () => {
  const mine = limitedTo(store, ['A']);
  await expect(
    mine.rows('SELECT count() FROM audit_events SETTINGS additional_table_filters = {}'),
  ).rejects.toMatchObject({
    code: 164,
  });
  expect(await limitedTo(store, [HOSTILE, 'B']).rows('SELECT count() AS n FROM audit_events')).toEqual([{ n: '2' }]);
  expect(await limitedTo(store, [HOSTILE]).rows('SELECT count() AS n FROM audit_events')).toEqual([{ n: '0' }]);
  expect(accountSettings([])).toEqual({});
});

test('a file may be longer than an answer, and holds to the accounts all the same', async () => {
  const rows = async (reads: 'answers' | 'files') => {
    let bytes = 0;
    const sql = `SELECT 1 FROM numbers(${READER_RESULT_ROWS_MAX + 1})`;
    for await (const chunk of limitedTo(store, ['A'], reads).stream(sql, 'TSV')) bytes += chunk.byteLength;
    return bytes / 2;
  };
  await expect(rows('answers')).rejects.toMatchObject({ code: 396 });
  expect(await rows('files')).toBe(READER_RESULT_ROWS_MAX + 1);
  const seen = 'SELECT DISTINCT account_id FROM activity';
  expect(await limitedTo(store, ['A'], 'files').rows(seen)).toEqual([{ account_id: 'A' }]);
  await expect(limitedTo(store, [], 'files').command('DROP TABLE ledger')).rejects.toThrow();
});

test('who is held to some accounts can be held to fewer of them, and to no other', async () => {
  const both = limitedTo(store, ['A', 'B']);
  const seen = 'SELECT DISTINCT account_id FROM activity';
  expect(await limitedTo(both, ['B']).rows(seen)).toEqual([{ account_id: 'B' }]);
  expect(() => limitedTo(both, [])).toThrow();
  expect(() => limitedTo(both, ['A', 'C'])).toThrow();
  expect(await limitedTo(limitedTo(store, []), ['A']).rows(seen)).toEqual([{ account_id: 'A' }]);
});
