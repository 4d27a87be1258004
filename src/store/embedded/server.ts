/** The embedded server: ClickHouse's HTTP protocol over the engine, on a Unix socket that only this user can reach. */
import { chmod, rm } from 'node:fs/promises';
import http from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { CLOSE_MS_MAX, GUARDED_AT_ONCE, INSERTS_AT_ONCE, READERS_AT_ONCE } from '../../core/limits.ts';
import { pause } from '../retry.ts';
import { sendAnswer } from './answer.ts';
import { Engine, type TaggedSession } from './engine.ts';
import { failureOf, Refusal } from './failure.ts';
import { Inserts } from './insert.ts';
import type { EmbeddedPaths } from './paths.ts';
import { Pipes } from './pipes.ts';
import { type StatementRequest, statementRequest } from './request.ts';
import { selected } from './select.ts';
import { SessionPool } from './session-pool.ts';
import { ANSWERING_WORDS, firstWord, hasWords, type InsertHead, insertHead, STREAMED_WORDS } from './sql-text.ts';

/** Above the client's own limit, so that it is always the client who closes an idle connection. */
const KEEP_ALIVE_MS = 30_000;
/** Parameters travel in the URL. */
const HEADER_BYTES_MAX = 1_048_576;

export class EmbeddedServer {
  readonly #paths: EmbeddedPaths;
  readonly #engine: Engine;
  readonly #inserts: Inserts;
  readonly #pipes: Pipes;
  readonly #writers: SessionPool;
  readonly #readers: SessionPool;
  readonly #guarded: SessionPool;
  readonly #version: string;
  readonly #http: http.Server;
  /** Connections that have not asked anything yet. */
  readonly #fresh = new Set<Socket>();

  private constructor(paths: EmbeddedPaths, engine: Engine, version: string) {
    this.#paths = paths;
    this.#engine = engine;
    this.#version = version;
    this.#inserts = new Inserts(paths.spool);
    this.#pipes = new Pipes(paths.spool);
    this.#writers = new SessionPool(engine, INSERTS_AT_ONCE);
    this.#readers = new SessionPool(engine, READERS_AT_ONCE);
    this.#guarded = new SessionPool(engine, GUARDED_AT_ONCE);
    this.#http = http.createServer({
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
      requestTimeout: 0,
    });
    this.#http.on('request', (request, response) => {
      this.#fresh.delete(request.socket);
      void this.#respond(request, response);
    });
    this.#http.on('connection', (socket: Socket) => {
      this.#fresh.add(socket);
      socket.once('close', () => this.#fresh.delete(socket));
    });
  }

  /** Opens the engine and listens. @throws EngineRefused when another process has the engine */
  static async open(paths: EmbeddedPaths): Promise<EmbeddedServer> {
    const engine = await Engine.open(paths);
    const server = new EmbeddedServer(paths, engine, await engine.version());
    await server.#inserts.empty();
    await server.#listen();
    return server;
  }

  async #listen(): Promise<void> {
    // Whoever has the engine may remove the socket: nobody else can be listening on it.
    await rm(this.#paths.socket, { force: true });
    const before = process.umask(0o177);
    try {
      this.#http.listen(this.#paths.socket);
    } finally {
      process.umask(before);
    }
    await new Promise<void>((resolve, reject) => {
      this.#http.once('listening', resolve);
      this.#http.once('error', reject);
    });
    await chmod(this.#paths.socket, 0o600);
  }

  /**
   * Statements under way end by themselves, up to a limit; then the lock on the engine is free. Nobody can connect any
   * more, and whoever has connected is answered: a change that is sent on a connection of its own is made, or was never
   * sent.
   */
  async close(): Promise<void> {
    const deadline = performance.now() + CLOSE_MS_MAX;
    await rm(this.#paths.socket, { force: true });
    // Whoever was connecting is accepted in this turn of the loop.
    do await pause(1);
    while (this.#fresh.size > 0 && performance.now() < deadline);
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeIdleConnections();
    const late = setTimeout(() => this.#http.closeAllConnections(), deadline - performance.now());
    await closed;
    clearTimeout(late);
    await Promise.all([this.#writers.close(), this.#readers.close(), this.#guarded.close()]);
    await this.#pipes.close();
    await this.#engine.close();
  }

  async #respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('X-ClickHouse-Server-Display-Name', 'keytrail');
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id')?.replace(/[^\w-]/g, '') ?? '');
    response.setHeader('X-Keytrail-Pid', String(process.pid));
    if (url.pathname === '/ping' || (request.method === 'GET' && !url.searchParams.has('query'))) {
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=UTF-8' }).end('Ok.\n');
      return;
    }
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(new Error('the client went away'));
    });
    try {
      await this.#run(await statementRequest(request, url), response, gone.signal);
    } catch (cause) {
      this.#fail(response, cause);
    } finally {
      // A body that nobody read would keep the connection from its next request.
      request.resume();
    }
  }

  #fail(response: http.ServerResponse, cause: unknown): void {
    if (response.destroyed) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, code, text } = failureOf(cause, this.#version);
    response
      .writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8', 'X-ClickHouse-Exception-Code': code })
      .end(`${text}\n`);
  }

  async #run(request: StatementRequest, response: http.ServerResponse, gone: AbortSignal): Promise<void> {
    const head = request.role === undefined ? insertHead(request.sql) : undefined;
    if (head !== undefined) return this.#insert(request, head, response, gone);
    const pool = request.role === undefined ? this.#readers : this.#guarded;
    const word = firstWord(request.sql);
    if (request.role !== undefined) refuseForReader(request.sql, word);
    await pool.use(request.prepared, gone, async (session) => {
      const end = (): void => void this.#engine.kill(session.tag);
      // A statement that changes something runs to its end: half a change is worse than an unread answer.
      if (ANSWERING_WORDS.has(word)) gone.addEventListener('abort', end, { once: true });
      try {
        const selects = STREAMED_WORDS.has(word);
        const chunks = selects ? selected(session, request, this.#pipes) : buffered(session, request);
        await sendAnswer(response, chunks, { ...request, version: this.#version }, gone);
      } finally {
        gone.removeEventListener('abort', end);
        if (!ANSWERING_WORDS.has(word)) this.#inserts.forget();
      }
    });
  }

  async #insert(
    request: StatementRequest,
    named: InsertHead,
    response: http.ServerResponse,
    gone: AbortSignal,
  ): Promise<void> {
    const head = named.database === '' ? { ...named, database: request.database } : named;
    const body = await this.#inserts.spool(head, request.body ?? Readable.from([]));
    try {
      // An insert of no bytes has no rows, and some formats refuse an empty file.
      if (body.bytes > 0) {
        await this.#writers.use(undefined, gone, (session) => this.#inserts.run(session, head, body, request.settings));
      }
    } finally {
      await rm(body.file, { force: true });
    }
    await sendAnswer(response, nothing(), { ...request, version: this.#version }, gone);
  }
}

/**
 * `readonly=1` and the role's grants leave these open; the check of a person's statement stands before this, and is
 * stricter.
 */
function refuseForReader(sql: string, word: string): void {
  if (!ANSWERING_WORDS.has(word)) throw new Refusal(164, 'READONLY', `A reader may not ${word}`);
  if (hasWords(sql, /\bINTO\s+OUTFILE\b/i)) throw new Refusal(164, 'READONLY', 'A reader may not write a file');
}

async function* buffered({ session }: TaggedSession, request: StatementRequest): AsyncGenerator<Uint8Array> {
  const bytes = (await session.queryAsync(request.sql, { format: request.format })).bytes();
  if (bytes.byteLength > 0) yield bytes;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
