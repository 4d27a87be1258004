/** The daemon that is measured: started, found, talked to, and stopped. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { keytrail, type Taken } from './measured-process.ts';

export interface Client {
  readonly url: string;
  readonly pid: number;
  get(path: string, token: string): Promise<Response>;
  push(token: string, body: Buffer): Promise<Response>;
}

export async function tokenFor(dataDir: string, ...rest: string[]): Promise<string> {
  const made = await keytrail(['token', 'add', 'bench', ...rest, '--data-dir', dataDir]);
  return made.stdout.trim();
}

export async function withDaemon(
  dataDir: string,
  more: readonly string[],
  work: (client: Client) => Promise<void>,
): Promise<Taken> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return keytrail(['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', dataDir, ...more], {
    meanwhile: async (child) => {
      try {
        await untilReady(url);
        await work({
          ...{ url, pid: child.pid ?? 0 },
          get: (path, token) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }),
          push: (token, body) =>
            fetch(`${url}/v1/events`, {
              method: 'POST',
              headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
              body: new Uint8Array(body),
            }),
        });
      } finally {
        child.kill('SIGTERM');
      }
    },
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(100);
  }
  throw new Error('the daemon does not become ready');
}
