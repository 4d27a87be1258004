/**
 * The answer of a SELECT, in pieces, in any format and in constant memory.
 *
 * Why a pipe and not the engine's own stream: the call that begins a stream parses, plans and runs the first subqueries
 * before it returns, so while it does no insert and no other question gets on; and the stream writes each piece as a
 * document of its own. A statement that writes into a pipe runs on a thread of its own from its first word, and what it
 * writes is one document.
 */
import { Socket } from 'node:net';
import type { TaggedSession } from './engine.ts';
import { endPipe, type Pipes, readingEnd } from './pipes.ts';
import type { StatementRequest } from './request.ts';
import { quoteText, splitFormat } from './sql-text.ts';

export function selected(
  { session }: TaggedSession,
  request: StatementRequest,
  pipes: Pipes,
): AsyncGenerator<Uint8Array> {
  const { sql, format } = splitFormat(request.sql);
  return throughPipe(session, sql, format ?? request.format, pipes);
}

async function* throughPipe(
  session: TaggedSession['session'],
  sql: string,
  format: string,
  pipes: Pipes,
): AsyncGenerator<Uint8Array> {
  const pipe = await pipes.take();
  const answer = new Socket({ fd: await readingEnd(pipe), readable: true, writable: false });
  const statement = session.queryAsync(`${sql}\nINTO OUTFILE ${quoteText(pipe)} APPEND FORMAT ${format}`);
  const over = statement.then(
    () => endPipe(pipe),
    () => endPipe(pipe),
  );
  try {
    yield* answer;
    await statement;
  } finally {
    // A writer whose reader left fails at its next write. Until it has, the pipe is not free.
    answer.destroy();
    await over;
    pipes.giveBack(pipe);
  }
}
