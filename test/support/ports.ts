/** Ports for servers that go away for a while and come back to the same one. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below those that systems give to who asks for any, so nobody gets one while its server is away. */
const [FROM, BEFORE] = [20_000, 30_000];

/** @returns as many ports as are asked for, on which nobody listens */
export async function lastingPorts(count: number): Promise<number[]> {
  // All are held until the last is found, so that none is found twice.
  const held = await Promise.all(Array.from({ length: count }, heldPort));
  await Promise.all(held.map(({ server }) => once(server.close(), 'close')));
  return held.map(({ port }) => port);
}

async function heldPort(): Promise<{ readonly server: Server; readonly port: number }> {
  for (const server = createServer(); ; ) {
    const port = randomInt(FROM, BEFORE);
    const isFree = await once(server.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    );
    if (isFree) return { server, port };
  }
}
