/** How an answer is sent to a client that is no longer there. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { sendAnswer } from '../../src/store/embedded/answer.ts';

const OPTIONS = { format: 'RowBinary', wait: false, gzip: false, version: 'test' };
const servers: http.Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

test('a client that leaves before the first piece holds nothing up, and whoever makes the pieces is told', async () => {
  let hasEnded = false;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      // More than all buffers hold: the second piece would wait for a client to read the first.
      for (;;) yield Buffer.alloc(1_048_576);
    } finally {
      hasEnded = true;
    }
  }
  let sent: Promise<void> | undefined;
  const server = http.createServer((_, response) => {
    const gone = new AbortController();
    sent = once(response, 'close').then(() => {
      gone.abort();
      return sendAnswer(response, pieces(), OPTIONS, gone.signal);
    });
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const request = http.get({ host: '127.0.0.1', port, path: '/' });
  request.on('error', () => undefined);
  await expect.poll(() => sent !== undefined).toBe(true);
  request.destroy();
  await sent;
  expect(hasEnded).toBe(true);
});
