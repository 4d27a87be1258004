/**
 * Stands between a client and a store, and does to each request what its script says: a bad network and a bad server.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** `-after` faults happen when the store has done its part: the client cannot know it. */
export type Fault =
  | { readonly kind: 'pass' }
  /** The connection is reset before the request reaches the store. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'cut-after' }
  /** The request is swallowed, and no answer ever comes. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'silence-after' }
  /** A proxy's own answer. */
  | { readonly kind: 'status'; readonly status: number }
  /** The answer's head, half of its body, and then nothing. */
  | { readonly kind: 'half-answer-after' }
  /** A ClickHouse error, before or after the store did its part. */
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'code-after'; readonly code: number };

export interface FaultTarget {
  readonly socketPath?: string;
  readonly url?: string;
}

interface Whole {
  readonly status: number;
  readonly body: Buffer;
}

export class FaultProxy {
  readonly #server: http.Server;
  readonly #target: FaultTarget;
  readonly #script: Fault[] = [];
  #matches: (url: string) => boolean = () => true;
  /** What happened to each request that the script was about, in order. */
  readonly done: Fault['kind'][] = [];

  private constructor(target: FaultTarget) {
    this.#target = target;
    this.#server = http.createServer((request, response) => void this.#handle(request, response));
    // It is always the client who closes an idle connection: to be cut off is a fault that only the script may bring.
    this.#server.keepAliveTimeout = 0;
  }

  static async open(target: FaultTarget): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests meet these faults, one each; those after them pass. */
  script(faults: readonly Fault[], matches: (url: string) => boolean = () => true): void {
    this.#script.splice(0, this.#script.length, ...faults);
    this.#matches = matches;
    this.done.length = 0;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const scripted = this.#matches(request.url ?? '');
    const fault: Fault = (scripted ? this.#script.shift() : undefined) ?? { kind: 'pass' };
    if (scripted) this.done.push(fault.kind);
    try {
      await this.#apply(fault, request, response);
    } catch {
      response.destroy();
    }
  }

  async #apply(fault: Fault, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (fault.kind === 'refuse') return void request.socket.resetAndDestroy();
    if (fault.kind === 'status') return answer(request, response, fault.status, 'the upstream is away\n', {});
    if (fault.kind === 'code') return answerCode(request, response, fault.code);
    if (fault.kind === 'silence') return void request.resume();
    if (fault.kind === 'pass') return this.#pass(request, response);
    const whole = await this.#whole(request);
    switch (fault.kind) {
      case 'cut-after':
        request.socket.resetAndDestroy();
        return;
      case 'silence-after':
        return;
      case 'code-after':
        return answerCode(request, response, fault.code);
      case 'half-answer-after':
        response.writeHead(whole.status, { 'Content-Length': whole.body.length + 64 });
        response.write(whole.body.subarray(0, Math.ceil(whole.body.length / 2)), () =>
          request.socket.resetAndDestroy(),
        );
        return;
    }
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const upstream = this.#upstream(request, (incoming) => {
      response.writeHead(incoming.statusCode ?? 0, withoutHops(incoming.headers));
      incoming.once('error', () => response.destroy());
      incoming.pipe(response);
    });
    upstream.once('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
  }

  #whole(request: http.IncomingMessage): Promise<Whole> {
    return new Promise((resolve, reject) => {
      const upstream = this.#upstream(request, (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.once('error', reject);
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(parts) }));
      });
      upstream.once('error', reject);
    });
  }

  #upstream(request: http.IncomingMessage, onAnswer: (incoming: http.IncomingMessage) => void): http.ClientRequest {
    const options: http.RequestOptions = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: withoutHops(request.headers),
      agent: false,
      ...(this.#target.socketPath === undefined ? {} : { socketPath: this.#target.socketPath }),
    };
    const upstream =
      this.#target.url === undefined
        ? http.request(options, onAnswer)
        : http.request(new URL(request.url ?? '/', this.#target.url), options, onAnswer);
    request.pipe(upstream);
    return upstream;
  }
}

/** Headers that speak of one connection and not of the message. */
function withoutHops(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...others } = headers;
  return others;
}

function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  status: number,
  text: string,
  headers: http.OutgoingHttpHeaders,
): void {
  request.resume();
  request.once('end', () => response.writeHead(status, headers).end(text));
}

function answerCode(request: http.IncomingMessage, response: http.ServerResponse, code: number): void {
  const text = `Code: ${code}. DB::Exception: scripted. (SCRIPTED) (version 0.0.0.0)\n`;
  if (request.readableEnded) {
    response.writeHead(500, { 'X-ClickHouse-Exception-Code': code }).end(text);
  } else {
    answer(request, response, 500, text, { 'X-ClickHouse-Exception-Code': code });
  }
}
