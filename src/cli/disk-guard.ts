/**
 * Stops intake before the disk is full: a store that cannot write its merges any more is harder to mend than a waiting
 * topic.
 */
import { statfs } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import { DISK_CHECK_MS } from '../core/limits.ts';

/**
 * @returns a check that rejects once less than `freeBytesMin` is free on the folder's disk; it looks at most every
 * DISK_CHECK_MS
 */
export function diskGuard(folder: string, freeBytesMin: number, now: () => number): () => Promise<void> {
  let checkedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() - checkedAt < DISK_CHECK_MS) return;
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < freeBytesMin) {
      throw new UserError('DISK_LOW', `the disk of ${folder} is nearly full; intake stops before it is`, {
        got: `${mebibytes(free)} free`,
        expected: `at least ${mebibytes(freeBytesMin)} (disk.free_bytes_min)`,
        next: 'free space or drop old months with keytrail retention; what was not acknowledged is read again',
      });
    }
    checkedAt = now();
  };
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`;
}
