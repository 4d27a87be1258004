/**
 * The body of an answer whose status was 200. A server that fails after its first byte ends the body with a marker and
 * the message (header X-ClickHouse-Exception-Tag names the tag); the rows before it must not pass for a whole answer.
 */
import { codeOfText, kindOfCode } from './errors.ts';
import { StoreError } from './store.ts';

const MARKER = '__exception__';

/**
 * The chunks of `body`, less a failure at their end, which is thrown.
 *
 * @param tag the value of the header; `''` when the server names none, and then nothing is looked for
 */
export async function* wholeAnswer(body: AsyncIterable<Uint8Array>, tag: string): AsyncGenerator<Uint8Array> {
  if (tag === '') return yield* body;
  const opening = Buffer.from(`\r\n${MARKER}\r\n${tag}\r\n`);
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    const seen = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk]);
    const start = seen.indexOf(opening);
    if (start >= 0) {
      if (start > 0) yield seen.subarray(0, start);
      throw failureIn(await textOf(seen.subarray(start + opening.length), body));
    }
    const keep = lengthOfBegun(seen, opening);
    if (seen.length > keep) yield seen.subarray(0, seen.length - keep);
    held = seen.subarray(seen.length - keep);
  }
  if (held.length > 0) yield held;
}

/** What a server writes when it fails in the middle of a body, as ClickHouse writes it. */
export function failureBlock(tag: string, message: string): Buffer {
  const text = Buffer.from(`${message}\n`);
  return Buffer.concat([
    Buffer.from(`\r\n${MARKER}\r\n${tag}\r\n`),
    text,
    Buffer.from(`${text.length} ${tag}\r\n${MARKER}\r\n`),
  ]);
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** How many bytes at the end of `seen` could be the beginning of `opening`. */
function lengthOfBegun(seen: Buffer, opening: Buffer): number {
  for (let length = Math.min(seen.length, opening.length - 1); length > 0; length--) {
    if (seen.subarray(seen.length - length).equals(opening.subarray(0, length))) return length;
  }
  return 0;
}

async function textOf(first: Buffer, rest: AsyncIterable<Uint8Array>): Promise<string> {
  const parts = [first];
  for await (const chunk of rest) parts.push(asBuffer(chunk));
  return Buffer.concat(parts).toString('utf8');
}

function failureIn(block: string): StoreError {
  const message = block.split(`\r\n${MARKER}`)[0]?.replace(/\n\d+ \S+$/, '') ?? block;
  const code = codeOfText(message);
  return new StoreError(code > 0 ? kindOfCode(code) : 'retriable', code, message.trim());
}
