/** Bytes as they come, to a client that may go away or be slow. */
import type { Streamed } from './route.ts';

/**
 * Resolves when the first bytes are there, so that what fails before them is an answer of its own; what fails later
 * cuts the connection, and the client sees that the answer is not whole.
 */
export async function streamedResponse(answer: Streamed, headers: Readonly<Record<string, string>>): Promise<Response> {
  const chunks = answer.bytes[Symbol.asyncIterator]();
  let next: IteratorResult<Uint8Array | string> | undefined = await chunks.next();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = next ?? (await chunks.next());
      next = undefined;
      if (done === true) controller.close();
      else controller.enqueue(typeof value === 'string' ? Buffer.from(value) : value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
  const { type, fileName, headers: own = {} } = answer;
  return new Response(body, {
    headers: {
      ...headers,
      ...own,
      'Content-Type': type,
      ...(fileName === undefined ? {} : { 'Content-Disposition': `attachment; filename="${fileName}"` }),
    },
  });
}

/** Text gathered to pieces that are worth a write. */
export async function* gathered(pieces: AsyncIterable<string>, chars = 65_536): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < chars) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
