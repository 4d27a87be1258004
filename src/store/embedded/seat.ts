/** Where the engine runs when this process owns the store: in the process itself, or in a child of it. */
import { EngineRefused } from './engine.ts';
import type { EmbeddedPaths } from './paths.ts';
import { EmbeddedServer } from './server.ts';

export interface ChildExit {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last that it wrote to its error output. */
  readonly errorOutput: string;
}

export interface Seat {
  /** The process in which the engine runs. */
  readonly pid: number;
  close(): Promise<void>;
  /** Resolves when the engine is gone without having been closed. */
  readonly lost: Promise<ChildExit>;
}

/** @returns the reason when the engine is held by another process, or cannot be opened */
export type TakeSeat = (paths: EmbeddedPaths) => Promise<Seat | EngineRefused>;

export async function takeSeatInProcess(paths: EmbeddedPaths): Promise<Seat | EngineRefused> {
  try {
    const server = await EmbeddedServer.open(paths);
    // This process cannot outlive its own engine.
    return { pid: process.pid, close: () => server.close(), lost: new Promise(() => {}) };
  } catch (cause) {
    if (cause instanceof EngineRefused) return cause;
    throw cause;
  }
}
