/** An answer as a file that programs read. */
import { PARQUET_GROUP_ROWS } from '../core/limits.ts';
import type { Parameters, Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { formatCsv } from './format/csv.ts';
import { formatNdjson } from './format/json.ts';
import { ANSWER_SETTINGS } from './read-answer.ts';
import { explainStoreError } from './store-errors.ts';

export const EXPORTED_FORMATS = ['csv', 'ndjson', 'parquet'] as const;
export type ExportedFormat = (typeof EXPORTED_FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<ExportedFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** @returns the text in pieces; an answer can be read once */
export function exportedText(answer: Answer, format: 'csv' | 'ndjson'): AsyncIterable<string> {
  return format === 'csv' ? formatCsv(answer) : formatNdjson(answer);
}

/** The store writes this format itself, with its own types. */
export async function* exportedParquet(
  store: Store,
  sql: string,
  parameters: Parameters,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const settings = { ...ANSWER_SETTINGS, output_format_parquet_row_group_size: PARQUET_GROUP_ROWS };
  try {
    yield* store.stream(sql, 'Parquet', { role: 'reader', parameters, settings, signal });
  } catch (cause) {
    throw explainStoreError(cause);
  }
}
