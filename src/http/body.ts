/** The body of a request, whole and bounded. */
import type { IncomingMessage } from 'node:http';

/**
 * Leaves the connection as it is when the body is too long: the rest is thrown away, and the client can read why.
 *
 * @returns `undefined` beyond the limit
 */
export async function bodyOf(incoming: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bytesMax) {
      incoming.resume();
      return undefined;
    }
    parts.push(part);
  }
  return Buffer.concat(parts, bytes);
}
