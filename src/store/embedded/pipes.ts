/**
 * Named pipes through which the engine hands over answers. They are made once and used again: each is one answer's at a
 * time, and what is left in one when both of its ends are closed is gone.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants, open as openFile } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A bare descriptor: it gets its own owner, and a handle that nobody holds would close it. */
const openDescriptor = promisify(openFile);

export class Pipes {
  readonly #folder: string;
  readonly #free: string[] = [];

  /** @param folder only the owner of the engine may read and write it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(): Promise<string> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = path.join(this.#folder, `${randomUUID()}.pipe`);
    await run('mkfifo', ['-m', '600', made]);
    return made;
  }

  giveBack(pipe: string): void {
    this.#free.push(pipe);
  }

  /** All of them must have been given back. */
  async close(): Promise<void> {
    await Promise.all(this.#free.splice(0).map((pipe) => rm(pipe, { force: true })));
  }
}

/** Does not wait for whoever writes. @returns the descriptor of the end that is read */
export function readingEnd(pipe: string): Promise<number> {
  return openDescriptor(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** A reader learns that a pipe has ended when a writer has come and gone; a statement that failed early never came. */
export async function endPipe(pipe: string): Promise<void> {
  const writing = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
  await writing?.close();
}
