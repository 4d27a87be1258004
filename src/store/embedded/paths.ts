/** Where the embedded store keeps what, and whether it can be kept there. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, realpath, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf, UserError } from '../../core/errors.ts';
import { FREE_BYTES_MIN } from '../../core/limits.ts';

export interface EmbeddedPaths {
  readonly dataDir: string;
  /** The engine's own files; their lock is what decides who owns the store. */
  readonly engine: string;
  /** Bodies of inserts under way; emptied by each new owner. */
  readonly spool: string;
  readonly configFile: string;
  readonly usersFile: string;
  readonly socket: string;
}

/** Unix socket paths are limited to about 104 bytes on some systems. */
const SOCKET_PATH_BYTES_MAX = 100;

/**
 * Makes the data directory where it is missing (mode 0700) and sees that it can be written to.
 *
 * @throws UserError DATA_DIR_NOT_A_DIRECTORY, DATA_DIR_NOT_WRITABLE, DATA_DIR_FULL, SOCKET_DIR_UNSAFE
 */
export async function preparePaths(dataDir: string, freeBytesMin = FREE_BYTES_MIN): Promise<EmbeddedPaths> {
  const wanted = path.resolve(dataDir);
  try {
    await makeDirectory(wanted);
    const real = await realpath(wanted);
    if (!(await stat(real)).isDirectory()) throw Object.assign(new Error('a file stands there'), { code: 'ENOTDIR' });
    const paths = pathsOf(real, await socketPath(real));
    await mkdir(paths.spool, { recursive: true, mode: 0o700 });
    await mkdir(path.dirname(paths.configFile), { recursive: true, mode: 0o700 });
    await refuseWhenFull(real, freeBytesMin);
    await probe(path.join(paths.spool, `probe-${process.pid}`));
    return paths;
  } catch (cause) {
    throw cause instanceof UserError ? cause : dataDirError(wanted, cause);
  }
}

/** Step by step: on Node 20 a recursive mkdir below /proc never ends. */
async function makeDirectory(wanted: string): Promise<void> {
  const made = await mkdir(wanted, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => cause);
  if (made === undefined || made.code === 'EEXIST') return;
  const parent = path.dirname(wanted);
  if (made.code !== 'ENOENT' || parent === wanted) throw made;
  await makeDirectory(parent);
  await mkdir(wanted, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
}

/**
 * Whether another process is seen to hold the engine's lock. False where the system does not tell: then trying tells,
 * at the price of the engine's own complaint on the terminal.
 */
export async function isLockedElsewhere(paths: EmbeddedPaths): Promise<boolean> {
  try {
    const { ino } = await stat(path.join(paths.engine, 'status'));
    const locks = await readFile('/proc/locks', 'utf8');
    return locks.split('\n').some((line) => {
      const [, pid, inode] = /(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) \d+ \S+$/.exec(line) ?? [];
      return Number(inode) === ino && Number(pid) !== process.pid;
    });
  } catch {
    return false;
  }
}

function pathsOf(dataDir: string, socket: string): EmbeddedPaths {
  return {
    dataDir,
    engine: path.join(dataDir, 'engine'),
    spool: path.join(dataDir, 'spool'),
    configFile: path.join(dataDir, 'config', 'config.xml'),
    usersFile: path.join(dataDir, 'config', 'users.xml'),
    socket,
  };
}

async function probe(file: string): Promise<void> {
  try {
    await writeFile(file, 'written to see whether it can be', { mode: 0o600 });
  } finally {
    await rm(file, { force: true });
  }
}

async function refuseWhenFull(dataDir: string, freeBytesMin: number): Promise<void> {
  const { bavail, bsize } = await statfs(dataDir);
  if (bavail * bsize < freeBytesMin) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
}

function dataDirError(dataDir: string, cause: unknown): UserError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new UserError('DATA_DIR_NOT_A_DIRECTORY', `the data directory ${dataDir} is not a directory`, {
      got: messageOf(cause),
      expected: 'a directory, or a path at which one can be made',
      next: 'name another one with --data-dir',
    });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return dataDirFull(dataDir, cause);
  return new UserError(
    'DATA_DIR_NOT_WRITABLE',
    `the data directory ${dataDir} cannot be written to`,
    {
      got: messageOf(cause),
      expected: 'a directory that this user may read and write',
      next: 'change its owner or mode, or name another one with --data-dir',
    },
    { cause },
  );
}

export function dataDirFull(dataDir: string, cause?: unknown): UserError {
  return new UserError(
    'DATA_DIR_FULL',
    `the file system of the data directory ${dataDir} is full`,
    {
      expected: `at least ${FREE_BYTES_MIN} bytes free`,
      next: 'free some space (keytrail retention drops old months), or move the data directory',
    },
    { cause },
  );
}

export async function isFull(dataDir: string): Promise<boolean> {
  try {
    await refuseWhenFull(dataDir, FREE_BYTES_MIN);
    return false;
  } catch {
    return true;
  }
}

async function socketPath(dataDir: string): Promise<string> {
  const inside = path.join(dataDir, 'keytrail.sock');
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES_MAX) return inside;
  const directory = path.join(tmpdir(), `keytrail-${process.getuid?.() ?? 'user'}`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await lstat(directory);
  // In a directory that others may write to, another user could listen in our place and be given every record.
  const ours = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !ours || (found.mode & 0o077) !== 0) {
    throw new UserError('SOCKET_DIR_UNSAFE', `the socket directory ${directory} is not private`, {
      got: `mode ${(found.mode & 0o777).toString(8)}, owner ${found.uid}`,
      expected: 'a directory of this user with mode 700',
      next: `remove ${directory}, or choose a data directory whose path is shorter than 85 bytes`,
    });
  }
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 32);
  return path.join(directory, `${digest}.sock`);
}

/** The process that the engine's lock file names, when it is alive; `undefined` otherwise. */
export async function lockHolder(paths: EmbeddedPaths): Promise<number | undefined> {
  const status = await readFile(path.join(paths.engine, 'status'), 'utf8').catch(() => '');
  const pid = Number(/^PID: (\d+)/m.exec(status)?.[1] ?? 0);
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
