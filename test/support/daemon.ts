/** The daemon as people run it: a process of its own, with tokens made beside it. */
import { expect } from 'vitest';
import { type Running, runKeytrail, startKeytrail } from './keytrail.ts';
import { lastingPorts } from './ports.ts';
import { systemLogEntry } from './take-in.ts';

export const SYSTEM_LOG = 'redis-cloud/system-log';

export interface Daemon {
  readonly running: Running;
  readonly url: string;
  readonly dataDir: string;
}

/** For a daemon that comes back to its address. */
export async function lastingAddress(): Promise<string> {
  const [port] = await lastingPorts(1);
  return `127.0.0.1:${port}`;
}

export async function startDaemon(
  dataDir: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Daemon> {
  const running = startKeytrail(['--data-dir', dataDir, 'serve', '--listen', '127.0.0.1:0', ...args], { env });
  let said = '';
  running.child.stderr?.on('data', (text: string) => {
    said += text;
  });
  await running.says('sign in once');
  const [, url = ''] = /listening on (https?:\S+)/.exec(said) ?? [];
  return { running, url, dataDir };
}

export async function stopDaemon({ running }: Daemon): Promise<number | null> {
  running.child.kill('SIGTERM');
  return (await running.finished).code;
}

export async function tokenOf(dataDir: string, ...args: string[]): Promise<string> {
  const made = await runKeytrail(['--data-dir', dataDir, 'token', 'add', 'test', ...args]);
  expect(made.code, made.stderr).toBe(0);
  return made.stdout.trim();
}

export const pusherOf = (dataDir: string): Promise<string> =>
  tokenOf(dataDir, '--role', 'push', '--source', SYSTEM_LOG, '--account', '1');

/** On a connection of its own: a daemon leaves one that was idle, of which a client that stood still knows nothing. */
export const ALONE = { connection: 'close' };

export async function push({ url }: Pick<Daemon, 'url'>, token: string, ids: readonly number[]): Promise<Response> {
  return fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { ...ALONE, authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    body: ids.map((id) => systemLogEntry(id)).join('\n'),
  });
}

/** The value of a figure, by its name with its labels as Prometheus reads it; 0 where it is not there. */
export async function figure({ url }: Daemon, token: string, name: string): Promise<number> {
  const headers = { ...ALONE, authorization: `Bearer ${token}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}
