/** Rows written straight into a store's tables, so that answers are tested without the way in. */
import { fileURLToPath } from 'node:url';
import type { Question } from '../../schemas/questions.ts';
import type { Cell } from '../../src/ask/answer.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { columnDifferences, type GivenParameters, runQuestion } from '../../src/ask/runner.ts';
import { READER_SECONDS_MAX } from '../../src/core/limits.ts';
import type { QueryOptions, Store } from '../../src/store/store.ts';

export const QUERIES = fileURLToPath(new URL('../../queries', import.meta.url));
export const NOW = new Date('2026-11-23T12:00:00.000Z');

export interface EventRow {
  source: string;
  account_id: string;
  event_id: string;
  content_hash: string;
  event_time: string;
  ingested_at: string;
  key_id: string;
  principal_kind: string;
  principal_name: string;
  principal_email: string;
  action: string;
  activity: string;
  resource_type: string;
  resource_id: string;
  resource_name: string;
  description: string;
  source_ip: string;
  source_host: string;
  latitude: number | null;
  longitude: number | null;
  network_edition: string;
  request_id: string;
  http_method: string;
  url_path: string;
  status_code: number;
  user_agent: string;
  outcome: string;
  auth_result: string;
  auth_reason: string;
  time_precision_ms: number;
  asn: number;
  as_name: string;
  country: string;
  block_id: string;
  raw: string;
}

const EMPTY: EventRow = {
  source: 'gateway/request',
  account_id: 'a1',
  event_id: 'e1',
  content_hash: '0'.repeat(32),
  event_time: '2026-11-20T00:00:00.000Z',
  ingested_at: '2026-11-23T00:00:00.000Z',
  key_id: '',
  principal_kind: 'unknown',
  principal_name: '',
  principal_email: '',
  action: '',
  activity: 'other',
  resource_type: '',
  resource_id: '',
  resource_name: '',
  description: '',
  source_ip: '',
  source_host: '',
  latitude: null,
  longitude: null,
  network_edition: '',
  request_id: '',
  http_method: '',
  url_path: '',
  status_code: 0,
  user_agent: '',
  outcome: 'unknown',
  auth_result: 'unknown',
  auth_reason: '',
  time_precision_ms: 1,
  asn: 0,
  as_name: '',
  country: '',
  block_id: '00000000-0000-4000-8000-000000000000',
  raw: '{}',
};

export const eventRow = (fields: Partial<EventRow>): EventRow => ({ ...EMPTY, ...fields });

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** One part per call: rows of two calls are merged by nobody but FINAL. */
export async function insertRows(store: Store, table: string, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return;
  const structure = names.map((name) => `${name} ${typeOf(name)}`).join(', ');
  const data = literal(rows.map((row) => JSON.stringify(row)).join('\n'));
  const columns = names.map(readAs).join(', ');
  const from = `format(JSONEachRow, ${literal(structure)}, ${data})`;
  await store.command(`INSERT INTO ${table} (${names.join(', ')}) SELECT ${columns} FROM ${from}`, {
    settings: { date_time_input_format: 'best_effort', max_query_size: 1_048_576 },
  });
}

/** Rows of one statement: their JSON stays well below what a statement may be long. */
const ROWS_AT_ONCE = 400;

export async function insertEvents(store: Store, events: readonly EventRow[]): Promise<void> {
  for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
    const some = events.slice(from, from + ROWS_AT_ONCE);
    await insertRows(
      store,
      'audit_events',
      some.map((event) => ({ ...event })),
    );
  }
}

const BYTES = ['content_hash', 'text_digest', 'block_digest', 'previous_digest', 'row_digest'];
const TIMES = ['event_time', 'ingested_at', 'event_time_min', 'event_time_max', 'received_at', 'recorded_at', 'at'];
const NUMBERS =
  /^(?:stream_(?:partition|offset|end)|position_(?:from|to)|received|dead_letters|chain_index|status_code|asn|time_precision_ms)$/;

function typeOf(name: string): string {
  if (TIMES.includes(name)) return "DateTime64(3, 'UTC')";
  if (name === 'replayable') return 'Bool';
  if (name === 'latitude' || name === 'longitude') return 'Nullable(Float32)';
  return NUMBERS.test(name) ? 'UInt64' : 'String';
}

function readAs(name: string): string {
  if (BYTES.includes(name)) return `unhex(${name})`;
  return name === 'source_ip' ? "toIPv6(if(source_ip = '', '::', source_ip))" : name;
}

export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export async function question(id: string): Promise<Question> {
  const found = (await loadQuestions([QUERIES])).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no question ${id}`);
  return found;
}

export type AnswerRow = Record<string, Cell>;

/** Rows as objects; an answer whose columns are not those that the question declares is an error. */
export async function ask(
  store: Store,
  id: string,
  given: GivenParameters = {},
  now: Date = NOW,
): Promise<AnswerRow[]> {
  const asked = await question(id);
  const answer = await runQuestion(store, asked, given, { now });
  const differences = columnDifferences(asked, answer);
  if (differences.length > 0) throw new Error(`${id}: ${differences.join('; ')}`);
  const rows: AnswerRow[] = [];
  for await (const row of answer.rows) {
    rows.push(Object.fromEntries(answer.columns.map((column, index) => [column.name, row[index] ?? null])));
  }
  return rows;
}

/** What takes seconds to be counted is left out of an answer: a busy machine is given all the time of a reader. */
export function patient(store: Store): Store {
  const lasting = (options: QueryOptions = {}): QueryOptions =>
    Number(options.settings?.max_execution_time ?? READER_SECONDS_MAX) >= READER_SECONDS_MAX
      ? options
      : { ...options, settings: { ...options.settings, max_execution_time: READER_SECONDS_MAX } };
  return {
    rows: (sql, options) => store.rows(sql, lasting(options)),
    stream: (sql, format, options) => store.stream(sql, format, options),
    command: (sql, options) => store.command(sql, options),
    insert: (insert) => store.insert(insert),
    close: () => store.close(),
  };
}
