/** Runs a SELECT as a reader and turns the bytes that come back into columns and rows. */
import {
  ANSWER_COLUMNS_ENTRIES_MAX,
  ANSWER_ROWS_MAX,
  ANSWER_SPILL_BYTES,
  READER_MEMORY_BYTES_MAX,
  READER_RESULT_BYTES_MAX,
  READER_SECONDS_MAX,
} from '../core/limits.ts';
import { wholeOf } from '../store/limited-store.ts';
import type { Parameters, QueryOptions, Settings, Store } from '../store/store.ts';
import type { Answer, AnswerColumn, Cell } from './answer.ts';
import { cellKind, cellReader, holdsBytes } from './cells.ts';
import { explainStoreError, type StatementOrigin, tooManyRows } from './store-errors.ts';

const FORMAT = 'JSONCompactEachRow';

/** Limits, and how values are written; what a reader may not change, since it runs with `readonly=1`. */
export const ANSWER_SETTINGS: Settings = {
  max_execution_time: READER_SECONDS_MAX,
  max_memory_usage: READER_MEMORY_BYTES_MAX,
  max_result_rows: ANSWER_ROWS_MAX,
  max_result_bytes: READER_RESULT_BYTES_MAX,
  result_overflow_mode: 'throw',
  max_bytes_before_external_group_by: ANSWER_SPILL_BYTES,
  max_bytes_before_external_sort: ANSWER_SPILL_BYTES,
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 1,
  output_format_json_named_tuples_as_objects: 1,
};

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whose fault a statement is that the store refuses; without it, a file's. */
  readonly origin?: StatementOrigin;
}

/**
 * @param sql one SELECT
 * @returns when the first bytes are there: an error before them rejects here, a later one rejects the rows
 */
export async function readAnswer(
  store: Store,
  sql: string,
  parameters: Parameters = {},
  { signal, origin }: ReadOptions = {},
): Promise<Answer> {
  const options: QueryOptions = {
    role: 'reader',
    parameters,
    settings: ANSWER_SETTINGS,
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    const columns = await columnsOf(store, sql, options);
    const lines = linesOf(store.stream(sql, FORMAT, options));
    const first = await lines.next();
    return { columns, rows: rowsOf(first, lines, columns, origin) };
  } catch (cause) {
    throw explainStoreError(cause, origin);
  }
}

/** What statements give, by store and text: finding it out costs as much as planning the statement. */
const columnsKnown = new WeakMap<Store, Map<string, readonly AnswerColumn[]>>();

/**
 * The types are asked for apart: the formats that would tell them begin with a header, and a store that streams an
 * answer block by block may begin each block with one. They follow from the text alone, so each is asked for once.
 */
async function columnsOf(store: Store, sql: string, options: QueryOptions): Promise<readonly AnswerColumn[]> {
  const whole = wholeOf(store);
  const known = columnsKnown.get(whole) ?? new Map<string, readonly AnswerColumn[]>();
  columnsKnown.set(whole, known);
  const before = known.get(sql);
  if (before !== undefined) return before;
  const described = await store.rows<{ name: string; type: string }>(`DESCRIBE TABLE (${sql}\n)`, {
    ...options,
    settings: {},
  });
  const columns = described.map(({ name, type }) => ({ name, type, kind: cellKind(type) }));
  const [oldest] = known.keys();
  if (known.size >= ANSWER_COLUMNS_ENTRIES_MAX && oldest !== undefined) known.delete(oldest);
  known.set(sql, columns);
  return columns;
}

async function* rowsOf(
  first: IteratorResult<Buffer, undefined>,
  rest: AsyncGenerator<Buffer, undefined>,
  columns: readonly AnswerColumn[],
  origin: StatementOrigin | undefined,
): AsyncIterable<readonly Cell[]> {
  const latin1 = columns.some((column) => holdsBytes(column.type));
  const readers = columns.map((column) => cellReader(column.type, latin1));
  let count = 0;
  try {
    for (let next = first; next.done !== true; next = await rest.next()) {
      // The engine holds each of its blocks against the limit, and not what they add up to.
      if (++count > ANSWER_ROWS_MAX) throw tooManyRows();
      const values = JSON.parse(next.value.toString(latin1 ? 'latin1' : 'utf8')) as unknown[];
      yield readers.map((read, index) => read(values[index]));
    }
  } catch (cause) {
    throw explainStoreError(cause, origin);
  } finally {
    await rest.return(undefined);
  }
}

/** Lines without their ends; a line may come in any number of pieces. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      rest.push(bytes.subarray(start, end));
      const line = rest.length === 1 ? rest[0] : Buffer.concat(rest);
      if (line !== undefined && line.length > 0) yield line;
      rest = [];
      start = end + 1;
    }
    if (start < bytes.length) rest.push(Buffer.from(bytes.subarray(start)));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
  return undefined;
}
