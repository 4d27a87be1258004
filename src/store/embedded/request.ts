/** A request of ClickHouse's HTTP protocol, parsed. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import {
  READER_MEMORY_BYTES_MAX,
  READER_RESULT_BYTES_MAX,
  READER_RESULT_ROWS_MAX,
  READER_SECONDS_MAX,
  STATEMENT_BYTES_MAX,
} from '../../core/limits.ts';
import { type Prepared, SESSION_BASELINE } from './engine.ts';
import { Refusal } from './failure.ts';
import { insertHead, oneStatement } from './sql-text.ts';

/** Parameters of the protocol itself; everything else in the URL is a setting. */
const TRANSPORT: ReadonlySet<string> = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'user',
  'password',
  'role',
  'quota_key',
  'compress',
  'decompress',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_write_exception_in_output_format',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'add_http_cors_header',
]);

/** Ceilings for statements of a role: a request may ask for less. */
const READER_LIMITS: ReadonlyMap<string, number> = new Map([
  ['max_execution_time', READER_SECONDS_MAX],
  ['max_memory_usage', READER_MEMORY_BYTES_MAX],
  ['max_result_rows', READER_RESULT_ROWS_MAX],
  ['max_result_bytes', READER_RESULT_BYTES_MAX],
]);

export interface StatementRequest {
  readonly sql: string;
  /** What must be set on a session for it; `undefined`: nothing. */
  readonly prepared: Prepared | undefined;
  readonly settings: ReadonlyMap<string, string>;
  readonly database: string;
  readonly role: string | undefined;
  readonly format: string;
  /** Hold the answer until it is whole. */
  readonly wait: boolean;
  readonly gzip: boolean;
  /** The rest of the body, when the statement stands in the URL. */
  readonly body: Readable | undefined;
}

export async function statementRequest(message: IncomingMessage, url: URL): Promise<StatementRequest> {
  const search = url.searchParams;
  const body = decoded(message);
  const inUrl = search.get('query');
  const hasData = inUrl !== null && insertHead(inUrl) !== undefined;
  // Whatever follows a statement of the URL belongs to it, but for the data of an insert, which may be large.
  const written = hasData ? inUrl : [...(inUrl === null ? [] : [inUrl]), await textOf(body)].join('\n');
  const sql = oneStatement(written);
  if (sql === undefined) throw new Refusal(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed');
  const parameters = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of search) {
    if (name.startsWith('param_')) parameters.set(word(name.slice('param_'.length)), value);
    else if (!TRANSPORT.has(name) && SESSION_BASELINE[name] !== value) settings.set(word(name), value);
  }
  const role = search.get('role') ?? undefined;
  if (role !== undefined) limit(settings);
  const database = search.get('database') ?? headerOf(message, 'x-clickhouse-database') ?? 'default';
  const plain = role === undefined && settings.size === 0 && parameters.size === 0 && database === 'default';
  const prepared = { settings, parameters, database, ...(role === undefined ? {} : { role: word(role) }) };
  return {
    sql,
    prepared: plain ? undefined : prepared,
    settings,
    database,
    role,
    format: word(search.get('default_format') ?? headerOf(message, 'x-clickhouse-format') ?? 'TabSeparated'),
    wait: search.get('wait_end_of_query') === '1',
    gzip: search.get('enable_http_compression') === '1' && /\bgzip\b/.test(headerOf(message, 'accept-encoding') ?? ''),
    body: hasData ? body : undefined,
  };
}

function limit(settings: Map<string, string>): void {
  for (const [name, ceiling] of READER_LIMITS) {
    const asked = Number(settings.get(name) ?? 0);
    settings.set(name, String(asked > 0 ? Math.min(asked, ceiling) : ceiling));
  }
  settings.set('result_overflow_mode', 'throw');
  settings.set('timeout_overflow_mode', 'throw');
}

/** Names reach SQL as they are, so they must be words. */
function word(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Refusal(36, 'BAD_ARGUMENTS', `Not a name: ${name.slice(0, 100)}`);
  return name;
}

function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function decoded(message: IncomingMessage): Readable {
  const encoding = headerOf(message, 'content-encoding') ?? 'identity';
  if (encoding === 'identity') return message;
  const decoder = { gzip: zlib.createGunzip, deflate: zlib.createInflate, br: zlib.createBrotliDecompress }[encoding];
  if (decoder === undefined) throw new Refusal(48, 'NOT_IMPLEMENTED', `Unknown Content-Encoding ${encoding}`);
  const stream = decoder();
  message.once('error', (cause) => stream.destroy(cause));
  return message.pipe(stream);
}

async function textOf(body: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    parts.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > STATEMENT_BYTES_MAX)
      throw new Refusal(307, 'TOO_MANY_BYTES', `A statement has more than ${STATEMENT_BYTES_MAX} bytes`);
  }
  return Buffer.concat(parts).toString('utf8');
}
