/**
 * One POST, to an address that was checked: names are resolved here, and the connection is made to what was checked, so
 * that a name which answers differently a moment later leads nowhere else. Redirects are answers, and not followed.
 */
import { lookup as resolveName } from 'node:dns/promises';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { retryAfterMs } from '../core/alerts/backoff.ts';
import { clean } from '../core/alerts/message.ts';
import { refusalOf, type TargetRules } from '../core/alerts/targets.ts';
import { ALERT_ANSWER_BYTES_MAX, ALERT_DETAIL_CHARS_MAX } from '../core/limits.ts';
import type { Sent } from './channel.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface HttpOptions {
  readonly rules: TargetRules;
  /** Certificates (PEM) that the receiver's is checked against, in place of the system's. */
  readonly ca?: Buffer;
  readonly resolve?: Resolve;
  readonly now?: () => number;
}

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
}

class TargetRefused extends Error {}

/** @param isTaken whether an answer with a status of 2xx means what it should */
export async function post(
  { url, headers, body }: Post,
  { rules, ca, resolve = resolveAll, now = Date.now }: HttpOptions,
  signal: AbortSignal,
  isTaken: (answer: HttpAnswer) => boolean = () => true,
): Promise<Sent> {
  try {
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    // For an address in place of a name, nothing would be resolved and so nothing checked.
    if (isIP(literal) !== 0) check(literal, literal, rules);
    const options = { method: 'POST', signal, agent: false, lookup: checkedLookup(rules, resolve) } as const;
    const length = { 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'keytrail' };
    const all = { ...options, headers: { ...headers, ...length }, ...(ca === undefined ? {} : { ca }) };
    return sentBy(await answerTo(url, all, body), now(), isTaken);
  } catch (error) {
    return failed(error);
  }
}

const resolveAll: Resolve = (host) => resolveName(host, { all: true });

function check(host: string, address: string, rules: TargetRules): void {
  const refusal = refusalOf(address, rules);
  if (refusal === undefined) return;
  const shown = host === address ? address : `${host}, which is ${address}`;
  throw new TargetRefused(`${shown}: ${refusal}; alerts.allow_targets would allow it`);
}

/** One address that may not be reached refuses the name: which of several is taken is not for the name to say. */
function checkedLookup(rules: TargetRules, resolve: Resolve): LookupFunction {
  return (host, options, done) => {
    resolve(host)
      .then((addresses) => {
        for (const { address } of addresses) check(host, address, rules);
        const [first] = addresses;
        if (first === undefined) throw new Error(`${host} has no address`);
        if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      })
      .catch((error: NodeJS.ErrnoException) => done(error, '', 0));
  };
}

async function answerTo(url: URL, options: RequestOptions, body: string): Promise<HttpAnswer> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    open(url, options).once('response', resolve).once('error', reject).end(body);
  });
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    // What came so far says enough; an answer without an end must not fill the memory.
    if (bytes >= ALERT_ANSWER_BYTES_MAX) break;
  }
  response.destroy();
  const text = Buffer.concat(pieces).subarray(0, ALERT_ANSWER_BYTES_MAX).toString();
  const { location, 'retry-after': retryAfter } = response.headers;
  return { status: response.statusCode ?? 0, body: text, retryAfter, location };
}

function sentBy(answer: HttpAnswer, now: number, isTaken: (answer: HttpAnswer) => boolean): Sent {
  const { status, body } = answer;
  const detail = clean(`${status} ${body}`, ALERT_DETAIL_CHARS_MAX);
  if (status >= 200 && status < 300) {
    return isTaken(answer) ? { kind: 'delivered', detail } : { kind: 'retry', detail: `not understood: ${detail}` };
  }
  if (status >= 300 && status < 400) {
    const where = clean(answer.location ?? 'nowhere', ALERT_DETAIL_CHARS_MAX);
    return { kind: 'refused', detail: `${status}, a redirect to ${where}; give the address itself` };
  }
  if (status !== 408 && status !== 429 && status < 500) return { kind: 'refused', detail };
  const afterMs = retryAfterMs(answer.retryAfter, now);
  return { kind: 'retry', detail, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** Codes of certificates that do not hold: nothing was sent, and a renewed one heals it. */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER|CHAIN|ERR_TLS/;

/** Of a connection nothing is told but its kind: messages of errors may name an address that holds a secret. */
function failed(error: unknown): Sent {
  if (error instanceof TargetRefused) return { kind: 'refused', detail: `the target is refused: ${error.message}` };
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'retry', detail: 'no answer in time' };
  const detail = clean(code ?? message, ALERT_DETAIL_CHARS_MAX);
  if (CERTIFICATE.test(code ?? '')) return { kind: 'retry', detail: `the certificate is not trusted: ${detail}` };
  return { kind: 'retry', detail };
}
