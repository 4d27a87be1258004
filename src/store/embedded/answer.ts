/** Sends an answer: as it comes, or whole. */
import { randomBytes } from 'node:crypto';
import { once as onceEvent } from 'node:events';
import type { ServerResponse } from 'node:http';
import { PassThrough, type Writable } from 'node:stream';
import zlib from 'node:zlib';
import { BUFFERED_ANSWER_BYTES_MAX } from '../../core/limits.ts';
import { failureBlock } from '../answer-stream.ts';
import { failureOf, Refusal } from './failure.ts';

export interface AnswerOptions {
  readonly format: string;
  readonly wait: boolean;
  readonly gzip: boolean;
  readonly version: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  JSON: 'application/json; charset=UTF-8',
  JSONCompact: 'application/json; charset=UTF-8',
  JSONEachRow: 'application/x-ndjson; charset=UTF-8',
  TabSeparated: 'text/tab-separated-values; charset=UTF-8',
  CSV: 'text/csv; charset=UTF-8; header=absent',
  CSVWithNames: 'text/csv; charset=UTF-8; header=present',
};

/**
 * Until the first byte is sent a failure is thrown, and becomes a status of its own. After it, the failure is written
 * at the end of the body, where the client looks for it.
 *
 * @param gone aborted when the client went away, be it long before there is anything to send
 */
export async function sendAnswer(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  options: AnswerOptions,
  gone: AbortSignal,
): Promise<void> {
  if (options.wait && !options.gzip) {
    const body = await whole(chunks);
    response.writeHead(200, { ...headersOf(options), 'Content-Length': body.byteLength }).end(body);
    return;
  }
  const iterator = (options.wait ? once(await whole(chunks)) : chunks)[Symbol.asyncIterator]();
  const first = await iterator.next();
  const tag = randomBytes(8).toString('hex');
  response.writeHead(200, { ...headersOf(options), 'X-ClickHouse-Exception-Tag': tag });
  const out: Writable = options.gzip ? zlib.createGzip({ level: 1 }) : new PassThrough();
  out.pipe(response);
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) {
      if (!out.write(next.value)) await onceEvent(out, 'drain', { signal: gone });
    }
  } catch (cause) {
    if (!gone.aborted) out.write(failureBlock(tag, failureOf(cause, options.version).text));
  } finally {
    await iterator.return?.();
    out.end();
  }
}

function headersOf(options: AnswerOptions): Record<string, string> {
  return {
    'Content-Type': CONTENT_TYPES[options.format] ?? 'application/octet-stream',
    'X-ClickHouse-Format': options.format,
    'X-ClickHouse-Summary': '{"read_rows":"0","read_bytes":"0","written_rows":"0","written_bytes":"0"}',
    ...(options.gzip ? { 'Content-Encoding': 'gzip' } : {}),
  };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > BUFFERED_ANSWER_BYTES_MAX) {
      throw new Refusal(
        396,
        'TOO_MANY_ROWS_OR_BYTES',
        `The answer has more than ${BUFFERED_ANSWER_BYTES_MAX} bytes: stream it`,
      );
    }
  }
  return Buffer.concat(held);
}
