/**
 * Events out of the store, in a stable order and constant memory: month by month, and within a month by account, key,
 * time, source and identity – the order in which the engine keeps them, so that nothing has to be sorted.
 */
import { z } from 'zod';
import { timeParameter } from '../ask/time-range.ts';
import { EXPORT_BLOCK_ROWS, PARQUET_GROUP_ROWS } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Settings, Store } from '../store/store.ts';
import { type ExportSlice, slicesOf } from './months.ts';
import { ocsfLines } from './ocsf-lines.ts';
import { ParquetJoin } from './parquet-join.ts';

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet', 'ocsf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRequest {
  readonly store: Store;
  readonly format: ExportFormat;
  /** Half-open, ms since 1970 UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal?: AbortSignal;
  /** About how many events are out, of how many: told when a month is done. */
  readonly onProgress?: (events: number, total: number) => void;
}

/** One thread and small blocks: the engine then holds one block of each part of a month, and is no slower. */
const READING: Settings = { max_threads: 1, max_block_size: EXPORT_BLOCK_ROWS };
const TEXT: Settings = {
  ...READING,
  date_time_output_format: 'iso',
  // Positions are within 2^53, and people expect numbers.
  output_format_json_quote_64bit_integers: 0,
  output_format_json_escape_forward_slashes: 0,
  output_format_csv_crlf_end_of_line: 1,
  format_csv_null_representation: '',
};
const PARQUET: Settings = {
  ...READING,
  output_format_parquet_row_group_size: PARQUET_GROUP_ROWS,
  output_format_parquet_compression_method: 'zstd',
  output_format_parquet_string_as_string: 1,
  // Both hold offsets of their own, and joining files would have to move those as well.
  output_format_parquet_write_page_index: 0,
  output_format_parquet_write_bloom_filter: 0,
};
const monthRow = z.object({ month: z.number(), rows: z.number() });

/** The bytes of the whole export; whoever stops taking them stops the store's statement. */
export async function* exportEvents(request: ExportRequest): AsyncGenerator<Uint8Array> {
  const slices = await slicesIn(request);
  const total = slices.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  const reading = async function* (format: string, settings: Settings, name = 'export-events') {
    // Without events there are still a header, or the schema of a file.
    const head = { fromMs: request.fromMs, toMs: request.fromMs, rows: 0 };
    for (const slice of slices.length === 0 ? [head] : slices) {
      yield sliceBytes(request, slice, format, settings, name);
      done += slice.rows;
      request.onProgress?.(done, total);
    }
  };
  switch (request.format) {
    case 'ndjson':
      for await (const rows of reading('JSONEachRow', TEXT)) yield* rows;
      return;
    case 'ocsf':
      for await (const rows of reading('JSONEachRow', TEXT)) yield* ocsfLines(rows);
      return;
    case 'csv':
      yield* joinedCsv(reading('CSVWithNames', TEXT, 'export-events-csv'));
      return;
    case 'parquet':
      yield* joinedParquet(reading('Parquet', PARQUET));
  }
}

async function slicesIn({ store, fromMs, toMs }: ExportRequest): Promise<ExportSlice[]> {
  const parameters = { from: timeParameter(fromMs), to: timeParameter(toMs) };
  const months = z.array(monthRow).parse(await store.rows(statement('export-months'), { parameters }));
  return slicesOf(months, fromMs, toMs);
}

function sliceBytes(
  { store, signal }: ExportRequest,
  slice: ExportSlice,
  format: string,
  settings: Settings,
  name: string,
): AsyncIterable<Uint8Array> {
  return store.stream(statement(name), format, {
    parameters: { from: timeParameter(slice.fromMs), to: timeParameter(slice.toMs) },
    settings,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The header of the first month is that of all; its line ends where the others' do. */
async function* joinedCsv(months: AsyncIterable<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const rows of months) {
    let inHeader = !first;
    first = false;
    for await (const chunk of rows) {
      const end = inHeader ? chunk.indexOf(LINE_FEED) : -1;
      if (inHeader && end < 0) continue;
      inHeader = false;
      if (end + 1 < chunk.length) yield chunk.subarray(end + 1);
    }
  }
}

const LINE_FEED = 10;

async function* joinedParquet(months: AsyncIterable<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  const join = new ParquetJoin();
  for await (const file of months) yield* join.add(file);
  yield join.end();
}
