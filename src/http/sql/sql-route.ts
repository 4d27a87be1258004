/**
 * `/sql`: ClickHouse's HTTP protocol for reading. The statement is judged by the guard of `keytrail sql`, and run by
 * the reader's role with `readonly=1` and limits, in the store as the caller may see it.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { Caller } from '../../access/token-book.ts';
import { READABLE_TABLES } from '../../ask/allowed-functions.ts';
import { type GuardRules, guardSelect, PLAIN_RULES } from '../../ask/guard.ts';
import { messageOf } from '../../core/errors.ts';
import { ACCESS_DETAIL_CHARS_MAX, BUFFERED_ANSWER_BYTES_MAX, SQL_BODY_BYTES_MAX } from '../../core/limits.ts';
import { failureBlock } from '../../store/answer-stream.ts';
import { limitedTo } from '../../store/limited-store.ts';
import type { QueryOptions, Settings } from '../../store/store.ts';
import { requireAbility } from '../access.ts';
import { bodyOf } from '../body.ts';
import { addressOf, type HttpContext, type HttpServices } from '../context.ts';
import type { Turnstile } from '../turnstile.ts';
import { SqlRefusal, sqlFailureOf } from './refusal.ts';
import { allowedSettings } from './settings.ts';
import { CATALOG_TABLES, parseStatement, type SqlStatement } from './statement.ts';

/** Parameters of the protocol itself. A token in an address would stand in logs: `password` is refused. */
const TRANSPORT = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'user',
  'role',
  'compress',
  'decompress',
  'session_id',
  'session_timeout',
  'session_check',
  'client_protocol_version',
  'quota_key',
]);

/** Formats that need nothing but the rows. */
const FORMATS =
  /^(?:JSON\w*|CSV\w*|TSV\w*|TabSeparated\w*|TSKV|RowBinary\w*|Native|Parquet|Arrow|ArrowStream|Pretty\w*|Vertical|Values|Markdown|XML|Null|LineAsString|NDJSON)$/;

/** What programs ask when they connect; constants, and what fails on purpose. */
const CONNECTING = ['version', 'timezone', 'servertimezone', 'currentdatabase', 'database', 'currentuser', 'user'];
const MORE_FUNCTIONS = [...CONNECTING, 'throwif', 'ignore', 'blocknumber', 'equals'];
/** Tables of no account: who is held to some gets nothing of them. */
const COMMON = ['ledger', 'registry_imports', 'app_rules', 'registry_networks', 'registry_network_versions'];

export class SqlRoute {
  readonly #services: HttpServices;
  readonly #turnstile: Turnstile;

  constructor(services: HttpServices, turnstile: Turnstile) {
    this.#services = services;
    this.#turnstile = turnstile;
  }

  async answer(c: HttpContext): Promise<Response> {
    const caller = c.get('caller');
    let sql = '';
    let status = 200;
    let leave: (() => void) | undefined;
    try {
      requireAbility(caller, 'sql');
      const url = new URL(c.req.url);
      if (c.req.method === 'GET' && !url.searchParams.has('query'))
        return c.text('Ok.\n', 200, headersOf(c, 'TabSeparated'));
      sql = await textOf(c, url);
      const parsed = parseStatement(sql);
      leave = await this.#turnstile.enter(caller.tokenId, c.get('signal'));
      const response = await this.#run(c, url, parsed, leave);
      leave = undefined;
      return response;
    } catch (error) {
      const refused = this.#refuse(c, error);
      status = refused.status;
      return refused;
    } finally {
      leave?.();
      this.#note(c, caller, sql, status);
    }
  }

  async #run(c: HttpContext, url: URL, parsed: SqlStatement, leave: () => void): Promise<Response> {
    const caller = c.get('caller');
    const { store, options, statement } = await this.#judged(url, parsed, caller, c.get('signal'));
    const format = formatOf(c, url, parsed);
    const chunks = store.stream(statement, format, options);
    const wait = url.searchParams.get('wait_end_of_query') === '1';
    return wait ? whole(c, chunks, format, leave) : flowing(c, chunks, format, leave);
  }

  async #judged(url: URL, parsed: SqlStatement, caller: Caller, signal: AbortSignal) {
    const store = limitedTo(this.#services.store, caller.accounts);
    const { parameters, settings } = givenBy(url, parsed);
    const options: QueryOptions = { role: 'reader', settings: { ...settings, ...parameters }, signal };
    const rules = rulesOf(caller, parameters);
    if (parsed.kind === 'describe-table') {
      if (!rules.tables.has(parsed.sql)) throw new SqlRefusal(60, 'UNKNOWN_TABLE', `Unknown table ${parsed.sql}`);
      return { store, options, statement: `DESCRIBE TABLE ${parsed.sql}` };
    }
    const judged = await guardSelect(this.#services.store, parsed.sql, rules);
    return { store, options, statement: parsed.kind === 'select' ? judged : `DESCRIBE TABLE (${judged})` };
  }

  #refuse(c: HttpContext, error: unknown): Response {
    const { status, code, text } = sqlFailureOf(error);
    if (status >= 500) {
      this.#services.log.error({ requestId: c.get('requestId'), reason: messageOf(error) }, 'a statement failed');
    }
    return c.body(`${text}\n`, status as 400, {
      ...headersOf(c, 'TabSeparated'),
      'Content-Type': 'text/plain; charset=UTF-8',
      'X-ClickHouse-Exception-Code': String(code),
    });
  }

  #note(c: HttpContext, caller: Caller, sql: string, status: number): void {
    const detail = sql.slice(0, ACCESS_DETAIL_CHARS_MAX);
    c.set('detail', detail);
    this.#services.note({
      action: 'sql',
      target: '/sql',
      caller,
      requestId: c.get('requestId'),
      address: addressOf(c),
      status,
      detail,
    });
  }
}

function rulesOf(caller: Caller, parameters: Settings): GuardRules {
  const isLimited = caller.accounts.length > 0;
  const tables = [...READABLE_TABLES, ...CATALOG_TABLES].filter((table) => !isLimited || !COMMON.includes(table));
  // Dictionaries hold all accounts, and know no reader.
  const functions = [...PLAIN_RULES.functions, ...MORE_FUNCTIONS].filter(
    (name) => !isLimited || !/^dict(?:get|has)/.test(name),
  );
  return { tables: new Set(tables), functions: new Set(functions), mayHaveValues: true, parameters };
}

/** Parameters go on as the client wrote them: another client that escaped them once more would make others of them. */
function givenBy(url: URL, parsed: SqlStatement): { parameters: Settings; settings: Settings } {
  const parameters: Record<string, string> = {};
  const given: [string, string][] = [...parsed.settings];
  for (const [name, value] of url.searchParams) {
    if (/^param_\w+$/.test(name)) parameters[name] = value;
    else if (!TRANSPORT.has(name)) given.push([name, value]);
  }
  if (url.searchParams.get('compress') === '1' || url.searchParams.get('decompress') === '1') {
    throw new SqlRefusal(
      48,
      'NOT_IMPLEMENTED',
      'The block compression of ClickHouse is not spoken here: turn it off (compress=0; in JDBC compress=false)',
    );
  }
  return { parameters, settings: allowedSettings(given) };
}

function formatOf(c: HttpContext, url: URL, { format }: SqlStatement): string {
  const wanted =
    format ?? url.searchParams.get('default_format') ?? c.req.header('x-clickhouse-format') ?? 'TabSeparated';
  if (FORMATS.test(wanted)) return wanted;
  throw new SqlRefusal(73, 'UNKNOWN_FORMAT', `The format ${wanted.slice(0, 100)} is not written here`);
}

function headersOf(c: HttpContext, format: string): Record<string, string> {
  const queryId = c.req.query('query_id')?.replace(/[^\w-]/g, '') || c.get('requestId');
  return {
    'X-ClickHouse-Server-Display-Name': 'keytrail',
    'X-ClickHouse-Timezone': 'UTC',
    'X-ClickHouse-Query-Id': queryId,
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Summary': '{"read_rows":"0","read_bytes":"0","written_rows":"0","written_bytes":"0"}',
    'Content-Type': /^JSON/.test(format) ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
  };
}

async function whole(
  c: HttpContext,
  chunks: AsyncIterable<Uint8Array>,
  format: string,
  leave: () => void,
): Promise<Response> {
  try {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of chunks) {
      parts.push(part);
      bytes += part.byteLength;
      if (bytes > BUFFERED_ANSWER_BYTES_MAX) throw new SqlRefusal(396, 'TOO_MANY_ROWS_OR_BYTES', 'Stream this answer');
    }
    return c.body(Buffer.concat(parts), 200, headersOf(c, format));
  } finally {
    leave();
  }
}

/**
 * A failure before the first byte is a status of its own; one behind it stands at the end, where clients look for it.
 */
async function flowing(
  c: HttpContext,
  chunks: AsyncIterable<Uint8Array>,
  format: string,
  leave: () => void,
): Promise<Response> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next().catch((error: unknown) => {
    leave();
    throw error;
  });
  const tag = randomBytes(8).toString('hex');
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } catch (error) {
      yield failureBlock(tag, sqlFailureOf(error).text);
    } finally {
      leave();
      await iterator.return?.();
    }
  }
  const isGzip =
    c.req.query('enable_http_compression') === '1' && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  const plain = Readable.from(body());
  const out = isGzip ? plain.pipe(zlib.createGzip({ level: 1 })) : plain;
  c.get('signal').addEventListener('abort', () => plain.destroy(), { once: true });
  return c.body(Readable.toWeb(out) as ReadableStream, 200, {
    ...headersOf(c, format),
    'X-ClickHouse-Exception-Tag': tag,
    ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
}

async function textOf(c: HttpContext, url: URL): Promise<string> {
  const inUrl = url.searchParams.get('query');
  const inBody = c.req.method === 'POST' ? await statementBody(c) : '';
  return [...(inUrl === null ? [] : [inUrl]), ...(inBody === '' ? [] : [inBody])].join('\n');
}

async function statementBody(c: HttpContext): Promise<string> {
  const body = await bodyOf(c.env.incoming, SQL_BODY_BYTES_MAX);
  if (body === undefined) {
    throw new SqlRefusal(307, 'TOO_MANY_BYTES', `A statement has more than ${SQL_BODY_BYTES_MAX} bytes`);
  }
  const encoding = c.req.header('content-encoding') ?? 'identity';
  if (encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip')
    throw new SqlRefusal(48, 'NOT_IMPLEMENTED', `Unknown Content-Encoding ${encoding.slice(0, 50)}`);
  try {
    return zlib.gunzipSync(body, { maxOutputLength: SQL_BODY_BYTES_MAX }).toString('utf8');
  } catch {
    throw new SqlRefusal(354, 'CANNOT_DECOMPRESS', 'The body is no gzip, or expands beyond its bound');
  }
}
