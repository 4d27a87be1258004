/** A file that appears when it is whole: written beside its place, and renamed at the end. */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, UserError } from '../core/errors.ts';

/** Where the bytes go. `write` says whether anybody still takes them. */
export interface ExportTarget {
  write(bytes: Uint8Array): Promise<boolean>;
  /** All is written: the file takes its name. */
  finish(): Promise<void>;
  /** It came to nothing: nothing is left behind. */
  discard(): Promise<void>;
}

/** @throws UserError OUTPUT_NOT_WRITABLE */
export async function openOutputFile(file: string): Promise<ExportTarget> {
  const target = path.resolve(file);
  const draft = `${target}.${process.pid}.part`;
  const fail = (cause: unknown): UserError =>
    new UserError(
      'OUTPUT_NOT_WRITABLE',
      `the file ${target} cannot be written`,
      { got: messageOf(cause), expected: 'a folder that is there and may be written to, with room for the file' },
      { cause },
    );
  const handle = await open(draft, 'w').catch((cause: unknown) => {
    throw fail(cause);
  });
  return {
    write: async (bytes) => {
      try {
        await handle.writeFile(bytes);
      } catch (cause) {
        throw fail(cause);
      }
      return true;
    },
    finish: async () => {
      try {
        await handle.sync();
        await handle.close();
        await rename(draft, target);
      } catch (cause) {
        throw fail(cause);
      }
    },
    discard: async () => {
      await handle.close().catch(() => undefined);
      await rm(draft, { force: true });
    },
  };
}
