/** The parent's side of the process that holds the engine. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariant, UserError } from '../../core/errors.ts';
import { CLOSE_MS_MAX } from '../../core/limits.ts';
import { PACKAGE_ROOT } from '../../core/package-root.ts';
import { EngineRefused } from './engine.ts';
import type { EmbeddedPaths } from './paths.ts';
import type { ChildExit, Seat } from './seat.ts';

export type ChildOrder = { readonly kind: 'open'; readonly paths: EmbeddedPaths } | { readonly kind: 'close' };

export type ChildAnswer =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Above the number of sessions, each of which holds a thread while its statement runs. */
const CHILD_THREADS = '16';
/** What is kept of a child's error output, to be told when it dies. */
const ERROR_OUTPUT_CHARS_MAX = 4_000;

export async function takeSeatInChild(paths: EmbeddedPaths): Promise<Seat | EngineRefused> {
  const child = start();
  const exited = exitOf(child);
  const answer = await Promise.race([answerOf(child, paths), exited]);
  if ('kind' in answer && answer.kind === 'open') return seatOf(child, exited);
  if ('kind' in answer && answer.kind === 'refused') return new EngineRefused(answer.message);
  if ('kind' in answer) throw new UserError(answer.code, answer.message);
  // It died while it opened: what killed it may kill the next one too, and the election counts that.
  return new EngineRefused(
    `the engine's process ended while it opened: ${answer.signal ?? answer.code}; ${answer.errorOutput}`,
  );
}

function start(): ChildProcess {
  const script = fileURLToPath(new URL('dist/src/store/embedded/child.js', PACKAGE_ROOT));
  invariant(existsSync(script), 'the child runs from dist: npm run build');
  return fork(script, [], {
    env: { ...process.env, UV_THREADPOOL_SIZE: CHILD_THREADS },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function answerOf(child: ChildProcess, paths: EmbeddedPaths): Promise<ChildAnswer> {
  return new Promise((resolve) => {
    child.once('message', (message: ChildAnswer) => resolve(message));
    send(child, { kind: 'open', paths });
  });
}

function send(child: ChildProcess, order: ChildOrder): void {
  // A channel that is closed means an exit that is told elsewhere.
  if (child.connected) child.send(order, () => {});
}

function exitOf(child: ChildProcess): Promise<ChildExit> {
  let errorOutput = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_CHARS_MAX);
  });
  return new Promise((resolve) => {
    const resolveWith = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ pid: child.pid ?? 0, code, signal, errorOutput });
    child.once('exit', resolveWith);
    child.once('error', (cause) => {
      errorOutput += cause.message;
      if (child.pid === undefined) resolveWith(null, null);
    });
  });
}

function seatOf(child: ChildProcess, exited: Promise<ChildExit>): Seat {
  // The child must not keep its parent alive: a parent that ends takes it along by closing the channel.
  child.unref();
  child.channel?.unref();
  unrefStream(child.stderr);
  return {
    pid: child.pid ?? 0,
    lost: exited,
    close: async () => {
      send(child, { kind: 'close' });
      const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS_MAX * 2);
      await exited;
      clearTimeout(late);
    },
  };
}

function unrefStream(stream: NodeJS.ReadableStream | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
