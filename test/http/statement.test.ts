import { expect, test } from 'vitest';
import { parseStatement } from '../../src/http/sql/statement.ts';

test.each([
  ['SELECT 1;', { kind: 'select', sql: 'SELECT 1' }],
  ['(SELECT 1) FORMAT JSON', { sql: '(SELECT 1)', format: 'JSON' }],
  ["SELECT 1 SETTINGS max_block_size = 5, a = 'x' FORMAT CSV;", { sql: 'SELECT 1', format: 'CSV' }],
  ['SELECT t.name FROM system.tables AS t', { sql: 'SELECT t.name FROM catalog_tables AS t' }],
  ['select`a`from/**/`system`."columns"', { sql: 'select`a`from catalog_columns' }],
  ['SELECT * FROM default.activity', { sql: 'SELECT * FROM activity' }],
  ["SELECT 'system.tables', x.system.tables FROM x", { sql: "SELECT 'system.tables', x.system.tables FROM x" }],
  ['SELECT * FROM system.settings', { sql: 'SELECT * FROM system.settings' }],
  ['DESCRIBE TABLE `activity`', { kind: 'describe-table', sql: 'activity' }],
  ['DESC (SELECT 1 AS one)', { kind: 'describe-select', sql: 'SELECT 1 AS one' }],
  ['SELECT format FROM x', { sql: 'SELECT format FROM x', format: undefined }],
] as const)('%s', (text, expected) => {
  expect(parseStatement(text)).toMatchObject(expected);
});

test.each([
  'INSERT INTO x VALUES (1)',
  'SET readonly = 0',
  '',
  ';',
  'SHOW CREATE TABLE activity',
  'EXPLAIN SELECT 1',
  'USE system',
])('refuses %s', (text) => {
  expect(() => parseStatement(text)).toThrow(expect.objectContaining({ code: 164 }));
});

test('a text or comment without an end is no statement', () => {
  for (const text of ["SELECT '", 'SELECT 1 /*']) {
    expect(() => parseStatement(text)).toThrow(expect.objectContaining({ code: 62 }));
  }
});
