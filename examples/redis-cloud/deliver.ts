/** Puts an answer on its connection, or does to the connection what a fault says. */
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Answer } from './answers.ts';
import type { Fault } from './faults.ts';

/** @param wait resolves after so many ms; injected so that a test need not wait */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
  wait: (ms: number) => Promise<unknown>,
): Promise<void> {
  if (fault?.kind === 'silence') return;
  if (fault?.kind === 'reset') return reset(response);
  if (fault?.kind === 'slow') await wait(fault.ms);
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
  if (fault?.kind !== 'cut') return void response.end(body);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.req.socket.destroy());
}

/** Only a plain connection can be reset; under TLS it just ends. */
function reset({ req: { socket } }: ServerResponse): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
