/**
 * One GET over HTTP or HTTPS, to the configured host and to no other: redirects are answers like others, and are not
 * followed, because the headers hold secrets.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { ACCOUNTS_AT_ONCE, API_ANSWER_BYTES_MAX, API_ANSWER_MS_MAX } from '../core/limits.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

export interface Transport {
  /** @throws Error with the code of the network or TLS failure; its message holds no header */
  get(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  close(): void;
}

export interface TransportOptions {
  /** Certificates (PEM) that the server's is checked against, in place of the system's. */
  readonly ca?: Buffer;
  readonly answerMsMax?: number;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
}

export function openTransport({ ca, answerMsMax = API_ANSWER_MS_MAX, signal }: TransportOptions = {}): Transport {
  // A connection for each account that is asked: one that gets no answer keeps no other one waiting.
  const secure = new HttpsAgent({ keepAlive: true, maxSockets: ACCOUNTS_AT_ONCE, ...(ca === undefined ? {} : { ca }) });
  const plain = new HttpAgent({ keepAlive: true, maxSockets: ACCOUNTS_AT_ONCE });
  return {
    get: async (url, headers) => {
      const limits = [AbortSignal.timeout(answerMsMax), ...(signal === undefined ? [] : [signal])];
      const response = await answerTo(
        url,
        headers,
        AbortSignal.any(limits),
        url.protocol === 'https:' ? secure : plain,
      );
      return { status: response.statusCode ?? 0, header: headerOf(response), body: await bodyOf(response) };
    },
    close: () => {
      secure.destroy();
      plain.destroy();
    },
  };
}

function answerTo(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  agent: HttpAgent | HttpsAgent,
): Promise<IncomingMessage> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = open(url, { method: 'GET', headers: { ...headers, accept: 'application/json' }, agent, signal });
    request.once('response', resolve).once('error', reject).end();
  });
}

function headerOf({ headers }: IncomingMessage): (name: string) => string | undefined {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > API_ANSWER_BYTES_MAX) {
      response.destroy();
      throw Object.assign(new Error(`an answer of more than ${API_ANSWER_BYTES_MAX} bytes`), { code: 'TOO_LARGE' });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
