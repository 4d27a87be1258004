/**
 * Which settings a client of the SQL endpoint may send, and how far. What is not named here is refused, or means
 * nothing.
 */
import {
  READER_MEMORY_BYTES_MAX,
  READER_RESULT_BYTES_MAX,
  READER_RESULT_ROWS_MAX,
  READER_SECONDS_MAX,
} from '../../core/limits.ts';
import type { Settings } from '../../store/store.ts';
import { SqlRefusal } from './refusal.ts';

/** A statement may ask for less of these, and never for more. */
const CEILINGS: Readonly<Record<string, number>> = {
  max_execution_time: READER_SECONDS_MAX,
  max_memory_usage: READER_MEMORY_BYTES_MAX,
  max_result_rows: READER_RESULT_ROWS_MAX,
  max_result_bytes: READER_RESULT_BYTES_MAX,
};

/** How an answer is written, and nothing of how it is come by. */
const HARMLESS = new Set([
  'date_time_output_format',
  'session_timezone',
  'extremes',
  'join_use_nulls',
  'group_by_use_nulls',
  'max_block_size',
  'max_threads',
  'result_overflow_mode',
  'output_format_json_quote_64bit_integers',
  'output_format_json_quote_64bit_floats',
  'output_format_json_quote_denormals',
  'output_format_json_named_tuples_as_objects',
  'output_format_json_escape_forward_slashes',
  'output_format_json_array_of_rows',
  'output_format_write_statistics',
  'output_format_decimal_trailing_zeros',
  'output_format_pretty_max_rows',
  'output_format_pretty_color',
  'output_format_csv_crlf_end_of_line',
  'output_format_parquet_string_as_string',
  'output_format_parquet_row_group_size',
  'output_format_native_encode_types_in_binary_format',
  'output_format_binary_write_json_as_string',
  'format_csv_null_representation',
  'format_csv_delimiter',
]);

/** What clients send by themselves, and what only concerns how they are talked to. */
const WITHOUT_MEANING = new Set([
  'readonly',
  'async_insert',
  'wait_for_async_insert',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_write_exception_in_output_format',
  'cancel_http_readonly_queries_on_client_close',
  'buffer_size',
  'add_http_cors_header',
  'date_time_input_format',
  'allow_experimental_analyzer',
  'log_comment',
  'max_query_size',
]);

const VALUE = /^[\w .,/:+-]{0,100}$/;

/** @throws SqlRefusal */
export function allowedSettings(given: Iterable<readonly [string, string]>): Settings {
  const settings: Record<string, string | number> = { ...CEILINGS, result_overflow_mode: 'throw' };
  for (const [name, value] of given) {
    const ceiling = CEILINGS[name];
    if (ceiling !== undefined) {
      const asked = Number(value);
      if (!Number.isFinite(asked) || asked < 0) throw refused(name);
      settings[name] = asked > 0 ? Math.min(asked, ceiling) : ceiling;
    } else if (HARMLESS.has(name)) {
      if (!VALUE.test(value)) throw refused(name);
      settings[name] = name === 'result_overflow_mode' ? 'throw' : value;
    } else if (!WITHOUT_MEANING.has(name)) throw refused(name);
  }
  return settings;
}

function refused(name: string): SqlRefusal {
  return new SqlRefusal(164, 'READONLY', `Cannot modify '${name.slice(0, 100)}' setting in readonly mode`);
}
