/** Runs the built program as people run it: a process of its own, with arguments, a folder and an environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/keytrail.cjs', import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when stderr holds the text; rejects when the program ends before. */
  says(text: string): Promise<void>;
  kill9(): Promise<void>;
}

/** Variables of the tester's own shell must not reach the program under test. */
function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('KEYTRAIL_') && !name.startsWith('VITEST'),
  );
  return { ...Object.fromEntries(own), NODE_ENV: 'production', ...extra };
}

export function startKeytrail(args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that ends before it has read all of its input is no fault of the test.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    finished,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!stderr.includes(text)) return;
          child.stderr.off('data', look);
          resolve();
        };
        child.stderr.on('data', look);
        look();
        void finished.then(({ code }) => reject(new Error(`ended with ${code} before it said ${text}:\n${stderr}`)));
      }),
    kill9: async () => {
      child.kill('SIGKILL');
      await finished;
    },
  };
}

export async function runKeytrail(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return startKeytrail(args, options).finished;
}

/** The rows of an answer that was asked for as json. */
export function rowsOf(finished: Finished): Record<string, unknown>[] {
  return JSON.parse(finished.stdout) as Record<string, unknown>[];
}
