import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openTransport } from '../../src/collect/transport.ts';
import { ACCOUNTS_AT_ONCE } from '../../src/core/limits.ts';

test('requests that get no answer keep no other one waiting, as long as no more accounts are asked at once', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/answers') response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = new AbortController();
  const transport = openTransport({ signal: stop.signal });
  onTestFinished(() => {
    stop.abort();
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  const silent = Array.from({ length: ACCOUNTS_AT_ONCE - 1 }, () =>
    transport.get(new URL(`http://127.0.0.1:${port}/silent`), {}).catch((error: unknown) => error),
  );
  const answer = await transport.get(new URL(`http://127.0.0.1:${port}/answers`), {});
  expect(answer.status).toBe(200);
  stop.abort();
  expect((await Promise.all(silent)).every((error) => error instanceof Error)).toBe(true);
});
