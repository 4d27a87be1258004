/** The HTTP server as a part of the daemon: it listens, and ends in order. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { UserError } from '../core/errors.ts';
import {
  HTTP_CONNECTIONS_AT_ONCE,
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MS_MAX,
  HTTP_KEEP_ALIVE_MS,
  HTTP_REQUEST_MS_MAX,
  HTTP_STOP_MS_MAX,
} from '../core/limits.ts';
import type { Part, PartLife } from '../supervisor/part.ts';
import type { HttpEnv } from './context.ts';
import type { Listening } from './hosts.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Paths of PEM files; absent: no TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export interface HttpPartOptions {
  readonly listen: ListenOptions;
  /** Makes the app once it is known where it listens: port 0 asks for any. */
  readonly app: (listening: Omit<Listening, 'names'>, stopping: AbortSignal) => Hono<HttpEnv>;
  readonly onListening: (url: string) => void;
}

type Server = http.Server | https.Server;

/** How often sockets are looked at that take too long for their headers or their request. */
const CHECK_MS = 1_000;

export class HttpPart implements Part {
  readonly name = 'http';
  readonly #options: HttpPartOptions;
  #server: Server | undefined;
  #stopping = new AbortController();

  constructor(options: HttpPartOptions) {
    this.#options = options;
  }

  async start(life: PartLife): Promise<void> {
    const { listen } = this.#options;
    this.#stopping = new AbortController();
    let app: Hono<HttpEnv> | undefined;
    const server = createAdaptorServer({
      fetch: (request, env) => (app === undefined ? new Response(null, { status: 503 }) : app.fetch(request, env)),
      ...(await transport(listen)),
    }) as Server;
    server.maxConnections = HTTP_CONNECTIONS_AT_ONCE;
    this.#server = server;
    server.listen(listen.port, listen.host.replace(/^\[|\]$/g, ''));
    try {
      await once(server, 'listening');
    } catch (cause) {
      throw notListening(listen, cause);
    }
    server.once('error', (error) => life.failed(error));
    const { port } = server.address() as AddressInfo;
    const isTls = listen.tls !== undefined;
    app = this.#options.app({ host: listen.host, port, isTls }, this.#stopping.signal);
    this.#options.onListening(`${isTls ? 'https' : 'http'}://${listen.host}:${port}`);
  }

  /** What is under way ends by itself, up to a limit; what lasts is ended. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || !server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const soon = setTimeout(() => this.#stopping.abort(new Error('the daemon stops')), HTTP_STOP_MS_MAX / 2);
    const late = setTimeout(() => server.closeAllConnections(), HTTP_STOP_MS_MAX);
    await closed;
    clearTimeout(soon);
    clearTimeout(late);
  }
}

async function transport({ tls }: ListenOptions) {
  const serverOptions = {
    maxHeaderSize: HTTP_HEADER_BYTES_MAX,
    headersTimeout: HTTP_HEADERS_MS_MAX,
    requestTimeout: HTTP_REQUEST_MS_MAX,
    keepAliveTimeout: HTTP_KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
  if (tls === undefined) return { createServer: http.createServer, serverOptions };
  const [cert, key] = await Promise.all([readFile(tls.certFile), readFile(tls.keyFile)]);
  return { createServer: https.createServer, serverOptions: { ...serverOptions, cert, key } };
}

function notListening({ host, port }: ListenOptions, cause: unknown): UserError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new UserError(
    'LISTEN_FAILED',
    `keytrail cannot listen on ${host}:${port}`,
    {
      got: code === 'EADDRINUSE' ? 'another program listens there' : code,
      expected: 'an address of this machine and a free port',
      next: 'choose another one with --listen or http.listen',
    },
    { cause },
  );
}
