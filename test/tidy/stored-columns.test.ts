/**
 * Deduplicated reading is exact because a filter may act on a row before its duplicates are merged: that holds for
 * columns
 * that the record alone decides, and for no others. This test reads the tables and the questions for the others.
 */
import { describe, expect, test } from 'vitest';
import { eventFieldsSchema } from '../../schemas/audit-event.ts';
import { filesOf, read } from './source.ts';

/** Columns of audit_events that two arrivals of one record may hold differently. */
const OF_THE_ARRIVAL = [
  'ingested_at',
  'arrival_order',
  'stream',
  'stream_partition',
  'stream_offset',
  'record_index',
  'block_id',
  'asn',
  'as_name',
  'country',
  'city',
  'latitude',
  'longitude',
  'network_edition',
];

const TABLES = filesOf('schemas/clickhouse/*.sql').map((file) => ({ file, sql: withoutComments(read(file)) }));
const QUESTIONS = filesOf('queries/**/*.sql').map((file) => ({ file, sql: withoutComments(read(file)) }));
const REPLACING = TABLES.filter(({ sql }) => /ENGINE\s*=\s*\w*ReplacingMergeTree/.test(sql));

function withoutComments(sql: string): string {
  return sql.replace(/\/\*[\s\S]*?\*\//g, '').replace(/--.*$/gm, '');
}

const names = (text: string) => OF_THE_ARRIVAL.filter((column) => new RegExp(`\\b${column}\\b`).test(text));

/** What follows PREWHERE, up to the next clause. */
function prewheres(sql: string): string[] {
  const clause = /\bPREWHERE\b([\s\S]*?)(?=\b(?:WHERE|GROUP|ORDER|LIMIT|SETTINGS|HAVING|UNION|WINDOW|FORMAT)\b|$)/gi;
  return [...sql.matchAll(clause)].map((match) => match[1] ?? '');
}

/** Skip indexes and projections: what prunes before the merge. */
function pruners(sql: string): string[] {
  return sql.split('\n').filter((line) => /^\s*(?:INDEX|PROJECTION)\b|\bADD\s+(?:INDEX|PROJECTION)\b/i.test(line));
}

test('every column of the events is either of the record or of the arrival', () => {
  const events = TABLES.find(({ file }) => file.endsWith('audit-events.sql'))?.sql ?? '';
  const added = TABLES.flatMap(({ sql }) => [
    ...sql.matchAll(/ALTER TABLE audit_events\s+ADD COLUMN IF NOT EXISTS ([a-z_]+)/g),
  ]);
  const columns = [...events.matchAll(/^ {4}([a-z_]+) +(?!TYPE)[A-Z]/gm), ...added].map((match) => match[1] ?? '');
  const ofTheRecord = [
    ...Object.keys(eventFieldsSchema.shape).map((name) =>
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    ),
    ...['source', 'content_hash', 'schema_version', 'time_precision_ms', 'raw'],
  ];
  // A new column belongs to one of the two lists: to that of the arrival unless the same bytes always give the same
  // value.
  expect(columns.toSorted()).toEqual([...OF_THE_ARRIVAL, ...ofTheRecord].toSorted());
});

describe('a column of the arrival', () => {
  test('has no skip index and no projection', () => {
    expect(
      TABLES.flatMap(({ file, sql }) => pruners(sql).flatMap((line) => names(line).map((name) => [file, name]))),
    ).toEqual([]);
  });

  test('stands in no sorting, primary or partition key of a table that keeps one of several rows', () => {
    expect(REPLACING.map(({ file }) => file)).toContain('schemas/clickhouse/001-audit-events.sql');
    const keys = REPLACING.flatMap(({ file, sql }) =>
      [...sql.matchAll(/\b(?:ORDER|PARTITION|PRIMARY)\s+(?:BY|KEY)\s+(.*)$/gm)].map((match) => ({
        file,
        key: match[1] ?? '',
      })),
    );
    expect(keys.filter(({ key }) => names(key).length > 0)).toEqual([]);
  });

  test('stands in no PREWHERE of a question or a view', () => {
    const found = [...QUESTIONS, ...TABLES].flatMap(({ file, sql }) =>
      prewheres(sql).flatMap((clause) => names(clause).map((name) => `${file}: ${name}`)),
    );
    expect(found).toEqual([]);
  });

  test('is found where it stands', () => {
    expect(names(prewheres('SELECT 1 FROM a PREWHERE block_id = 1 AND asn > 2 WHERE stream = 3')[0] ?? '')).toEqual([
      'block_id',
      'asn',
    ]);
    expect(pruners('    INDEX i ingested_at TYPE minmax').flatMap(names)).toEqual(['ingested_at']);
  });
});

test('the sorting key of the events ends in the content hash, so that rows that collapse are equal', () => {
  const events = TABLES.find(({ file }) => file.endsWith('audit-events.sql'))?.sql ?? '';
  expect(events).toMatch(/ORDER BY \(.*\bsource\b.*\bevent_id, content_hash\)/);
});

test('questions read the view, which removes duplicates, and not the table under it', () => {
  expect(QUESTIONS.filter(({ sql }) => /\baudit_events\b/.test(sql)).map(({ file }) => file)).toEqual([]);
  const overriding =
    /\b(?:use_skip_indexes_if_final_exact_mode|optimize_move_to_prewhere_if_final|do_not_merge_across_partitions_select_final)\b/;
  expect(QUESTIONS.filter(({ sql }) => overriding.test(sql)).map(({ file }) => file)).toEqual([]);
});
