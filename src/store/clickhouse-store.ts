/**
 * The one client of the store: `@clickhouse/client` over HTTP, to a server's address or to the embedded server's
 * socket.
 */
import http from 'node:http';
import { Readable } from 'node:stream';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { invariant } from '../core/errors.ts';
import { BUFFERED_ANSWER_BYTES_MAX, INSERT_BYTES_MAX, INSERT_ROWS_MAX, STORE_IDLE_MS_MAX } from '../core/limits.ts';
import { wholeAnswer } from './answer-stream.ts';
import { errorOfAnswer, storeErrorOf } from './errors.ts';
import type { QueryOptions, RowBinaryInsert, Settings, Store } from './store.ts';
import { StoreError } from './store.ts';

export interface ClickHouseOptions {
  /** `http(s)://host:port`; with a socket path only its scheme counts. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly database?: string;
  /** A Unix socket in place of the host and port. */
  readonly socketPath?: string;
  /** The role of `role: 'reader'`; `''` where the server has none and `readonly=1` alone must do. */
  readonly readerRole?: string;
  /** More settings of every insert, such as those of {@link CLUSTER_INSERT_SETTINGS}. */
  readonly insertSettings?: Settings;
  /** How long a connection may be silent, in ms. */
  readonly idleMsMax?: number;
  /** PEM of the authority that signed the server's certificate, where the system does not know it. */
  readonly caCertificate?: Buffer;
  /** gzip on the wire: worth it over a network, not on a socket. */
  readonly compression?: boolean;
}

export const READER_ROLE = 'keytrail_reader';
/** Who reads the tables for the dictionaries: named in their statements, and known to the server. */
export const DICTIONARY_USER = 'keytrail_dictionaries';

/** What makes an insert durable and a repeat harmless; `checkDurability` holds a server to the same list. */
export const INSERT_SETTINGS: Settings = Object.freeze({
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 1,
  // Equal rows of a block may stay until the merge: FINAL reads are the same, and sorting them out costs a quarter of
  // an insert.
  optimize_on_insert: 0,
  // A block that the engine cuts gets several tokens, and another cut on a retry would be another set of rows.
  max_insert_block_size: INSERT_ROWS_MAX + 1,
  min_insert_block_size_rows: INSERT_ROWS_MAX + 1,
  min_insert_block_size_bytes: INSERT_BYTES_MAX * 4,
});

/** On a cluster an insert counts when a quorum of replicas has it, not when this node's outbox has. */
export const CLUSTER_INSERT_SETTINGS: Settings = Object.freeze({
  insert_quorum: 'auto',
  insert_quorum_parallel: 1,
  distributed_foreground_insert: 1,
});

/** Answers look the same whatever the server's own defaults are. */
export const ANSWER_SETTINGS: Settings = Object.freeze({
  output_format_json_quote_64bit_integers: 1,
  session_timezone: 'UTC',
});

/** Below the three seconds after which the oldest servers close an idle connection. */
const IDLE_SOCKET_MS_MAX = 2_000;
const CONNECTIONS_MAX = 64;

interface Call {
  readonly query: string;
  readonly settings: Settings;
  readonly options: QueryOptions;
  readonly values?: Readable;
  /** It must not be sent twice. An insert may: it has a token. */
  readonly isChange?: boolean;
}

interface Answer {
  readonly body: Readable;
  /** Of a failure after the first byte; `''` where the server does not mark one. */
  readonly tag: string;
}

export function openClickHouseStore(options: ClickHouseOptions): Store {
  if (options.socketPath === undefined) {
    const client = clientOf(options);
    return new ClickHouseStore({ asking: client, changing: client }, options);
  }
  const agentOf = (keepAlive: boolean) => new http.Agent({ keepAlive, ...{ socketPath: options.socketPath } });
  // Whoever serves a socket may hand the store on. A change on a connection that was idle cannot know then whether it
  // was taken; on one of its own it can, for that is either never accepted or answered.
  const [kept, own] = [agentOf(true), agentOf(false)];
  return new ClickHouseStore({ asking: clientOf(options, kept), changing: clientOf(options, own) }, options, [
    kept,
    own,
  ]);
}

function clientOf(options: ClickHouseOptions, agent?: http.Agent): ClickHouseClient {
  return createClient({
    url: options.url,
    username: options.username ?? 'default',
    password: options.password ?? '',
    database: options.database ?? 'default',
    application: 'keytrail',
    request_timeout: options.idleMsMax ?? STORE_IDLE_MS_MAX,
    max_open_connections: CONNECTIONS_MAX,
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS_MAX },
    compression: { request: options.compression ?? false, response: options.compression ?? false },
    log: { LoggerClass: SilentLogger },
    ...(options.caCertificate === undefined ? {} : { tls: { ca_cert: options.caCertificate } }),
    ...(agent === undefined ? {} : { http_agent: agent }),
  });
}

/** One for what can be sent twice, and one for changes; they may be the same. */
interface Clients {
  readonly asking: ClickHouseClient;
  readonly changing: ClickHouseClient;
}

class ClickHouseStore implements Store {
  readonly #clients: Clients;
  readonly #readerRole: string;
  readonly #insertSettings: Settings;
  readonly #agents: readonly http.Agent[];

  constructor(clients: Clients, options: ClickHouseOptions, agents: readonly http.Agent[] = []) {
    this.#clients = clients;
    this.#readerRole = options.readerRole ?? READER_ROLE;
    this.#insertSettings = { ...INSERT_SETTINGS, ...options.insertSettings };
    this.#agents = agents;
  }

  async rows<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    // The server holds the answer until it is whole, so that a failure comes as a status and never as a shorter list.
    const settings = { ...ANSWER_SETTINGS, ...options.settings, wait_end_of_query: 1 };
    const answer = await this.#call({ query: `${bare(sql)}\nFORMAT JSONEachRow`, settings, options });
    return rowsOf<Row>(await textOf(answer, options.signal));
  }

  async *stream(sql: string, format: string, options: QueryOptions = {}): AsyncIterable<Uint8Array> {
    invariant(/^\w+$/.test(format), 'a format is a word');
    const settings = { ...ANSWER_SETTINGS, ...options.settings };
    const answer = await this.#call({ query: `${bare(sql)}\nFORMAT ${format}`, settings, options });
    try {
      yield* chunksOf(answer, options.signal);
    } finally {
      answer.body.destroy();
    }
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    const settings = { ...options.settings, wait_end_of_query: 1 };
    await drained(await this.#call({ query: bare(sql), settings, options, isChange: true }));
  }

  async insert(insert: RowBinaryInsert): Promise<void> {
    invariant(insert.rows > 0 && insert.rows <= INSERT_ROWS_MAX, 'an insert has from 1 to INSERT_ROWS_MAX rows');
    const bytes = insert.body.reduce((sum, piece) => sum + piece.byteLength, 0);
    invariant(bytes <= INSERT_BYTES_MAX, 'an insert has at most INSERT_BYTES_MAX bytes');
    const columns = insert.columns.map((column) => `\`${column}\``).join(', ');
    const call: Call = {
      query: `INSERT INTO ${insert.table} (${columns}) FORMAT RowBinary`,
      settings: { ...this.#insertSettings, insert_deduplication_token: insert.token },
      values: Readable.from(insert.body),
      options: {},
    };
    await drained(await this.#call(call));
  }

  async close(): Promise<void> {
    for (const client of new Set(Object.values(this.#clients))) await client.close();
    for (const agent of this.#agents) agent.destroy();
  }

  async #call(call: Call): Promise<Answer> {
    const { parameters, role, signal } = call.options;
    signal?.throwIfAborted();
    const reader = role === 'reader';
    const params = {
      query: call.query,
      query_params: { ...parameters },
      clickhouse_settings: { ...call.settings, ...(reader ? { readonly: '1' } : {}) },
      ignore_error_response: true,
      ...(reader && this.#readerRole !== '' ? { role: this.#readerRole } : {}),
      ...(signal === undefined ? {} : { abort_signal: signal }),
    };
    try {
      const client = call.isChange === true ? this.#clients.changing : this.#clients.asking;
      const values = call.values;
      const result = await (values === undefined ? client.exec(params) : client.exec({ ...params, values }));
      const status = result.http_status_code ?? 0;
      const code = Number(header(result.response_headers, 'x-clickhouse-exception-code') || 0);
      if (status !== 200 || code > 0) throw errorOfAnswer(status, code, await errorTextOf(result.stream));
      return { body: result.stream, tag: header(result.response_headers, 'x-clickhouse-exception-tag') };
    } catch (cause) {
      throw signal?.aborted ? signal.reason : storeErrorOf(cause);
    }
  }
}

function header(headers: Record<string, string | string[] | undefined>, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** Without the semicolon that would end it before its FORMAT. */
function bare(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}

async function* chunksOf(answer: Answer, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = (): void => void answer.body.destroy(new Error('aborted'));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    yield* wholeAnswer(answer.body, answer.tag);
  } catch (cause) {
    throw signal?.aborted ? signal.reason : storeErrorOf(cause);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function textOf(answer: Answer, signal?: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(answer, signal)) {
    parts.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > BUFFERED_ANSWER_BYTES_MAX) {
      answer.body.destroy();
      throw new StoreError('fatal', 396, `the answer has more than ${BUFFERED_ANSWER_BYTES_MAX} bytes: stream it`);
    }
  }
  return Buffer.concat(parts).toString('utf8');
}

function rowsOf<Row>(text: string): Row[] {
  const rows: Row[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    if (to > from) rows.push(JSON.parse(text.slice(from, to)));
    from = to + 1;
  }
  return rows;
}

async function drained(answer: Answer): Promise<void> {
  for await (const _ of chunksOf(answer)) {
    // An answer that is not read to its end keeps its connection busy, and its end is where a late failure stands.
  }
}

const ERROR_TEXT_BYTES_MAX = 65_536;

async function errorTextOf(body: Readable): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    if (text.length < ERROR_TEXT_BYTES_MAX) text += String(chunk);
  }
  return text;
}

/**
 * The store's failures reach people through errors; the client's own log would repeat statements and their parameters.
 */
class SilentLogger {
  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
