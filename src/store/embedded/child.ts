/**
 * The process that holds the engine for its parent. It takes no signal of a terminal: the parent settles its work first
 * and then tells it to close. When the parent is gone, however it went, it finishes the statements under way and exits.
 */
import { messageOf, UserError } from '../../core/errors.ts';
import type { ChildAnswer, ChildOrder } from './child-seat.ts';
import { EngineRefused } from './engine.ts';
import { EmbeddedServer } from './server.ts';

let server: Promise<EmbeddedServer> | undefined;
let leaving = false;

function tell(answer: ChildAnswer): void {
  if (process.connected) process.send?.(answer);
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  const open = await server?.catch(() => undefined);
  await open?.close();
  process.exit(0);
}

async function open(paths: ChildOrder & { kind: 'open' }): Promise<void> {
  try {
    server = EmbeddedServer.open(paths.paths);
    await server;
    tell({ kind: 'open' });
  } catch (cause) {
    if (cause instanceof EngineRefused) tell({ kind: 'refused', message: cause.message });
    else if (cause instanceof UserError) tell({ kind: 'failed', code: cause.code, message: cause.message });
    else tell({ kind: 'failed', code: 'ENGINE_NOT_OPENED', message: messageOf(cause) });
    await leave();
  }
}

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('SIGHUP', () => {});
process.on('disconnect', () => void leave());
process.on('message', (order: ChildOrder) => {
  if (order.kind === 'open') void open(order);
  else void leave();
});
