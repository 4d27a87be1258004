/** From what a person typed – files, folders, globs, `-` – to files, in an order that never changes. */
import type { Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { messageOf, UsageError, UserError } from '../../core/errors.ts';

export interface FoundFile {
  /** Absolute, or `-` for standard input. */
  readonly path: string;
  /** Its length as it is stored; 0 where nobody knows (standard input, a pipe). */
  readonly bytes: number;
}

export const STDIN = '-';
/** What is read of a folder; a file that is named itself is read whatever it is called. */
const IN_FOLDERS = '**/*.{json,ndjson,jsonl,log,gz}';

/**
 * @param cwd what relative paths and globs are relative to
 * @returns each file once, in the order of `inputs`; the files of a folder or glob by name
 * @throws UserError FILE_MISSING, FILE_UNREADABLE, FOLDER_EMPTY, GLOB_EMPTY; UsageError NOTHING_TO_READ
 */
export async function findFiles(inputs: readonly string[], cwd = process.cwd()): Promise<FoundFile[]> {
  if (inputs.length === 0) {
    throw new UsageError('NOTHING_TO_READ', 'no file is named', {
      expected: 'files, folders, globs, or - for standard input',
    });
  }
  const found = new Map<string, FoundFile>();
  for (const input of inputs) {
    for (const file of await findOne(input, cwd)) if (!found.has(file.path)) found.set(file.path, file);
  }
  return [...found.values()];
}

async function findOne(input: string, cwd: string): Promise<FoundFile[]> {
  if (input === STDIN) return [{ path: STDIN, bytes: 0 }];
  const absolute = path.resolve(cwd, input);
  const stats = await statIfThere(absolute, input);
  if (stats?.isDirectory()) return inFolder(absolute, input);
  if (stats) return [await readable(absolute, stats)];
  if (isDynamicPattern(input)) return matching(input, cwd);
  throw new UserError('FILE_MISSING', `there is no file ${input}`, {
    got: absolute,
    expected: 'a file, a folder, a glob, or - for standard input',
    next: 'correct the path; nothing was read',
  });
}

async function inFolder(folder: string, input: string): Promise<FoundFile[]> {
  await checkAccess(folder, constants.R_OK | constants.X_OK);
  const files = await filesOf(IN_FOLDERS, folder, false);
  if (files.length > 0) return files;
  throw new UserError('FOLDER_EMPTY', `the folder ${input} holds nothing to read`, {
    expected: '*.json, *.ndjson, *.jsonl, *.log or *.gz, also in folders below',
    next: 'name the files themselves where they are called otherwise',
  });
}

async function matching(pattern: string, cwd: string): Promise<FoundFile[]> {
  const files = await filesOf(pattern, cwd, true);
  if (files.length > 0) return files;
  throw new UserError('GLOB_EMPTY', `no file matches ${pattern}`, {
    got: `searched from ${cwd}`,
    next: 'correct the pattern; in quotes, so that the shell does not expand it',
  });
}

async function filesOf(pattern: string, cwd: string, caseSensitiveMatch: boolean): Promise<FoundFile[]> {
  const paths = await glob(pattern, {
    cwd,
    absolute: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    caseSensitiveMatch,
  });
  const files: FoundFile[] = [];
  for (const name of paths.map((one) => path.normalize(one)).sort()) files.push(await readable(name, await stat(name)));
  return files;
}

async function statIfThere(absolute: string, input: string): Promise<Stats | undefined> {
  try {
    return await stat(absolute);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw fileUnreadable(input, error);
  }
}

/** Asked for before anything is read: the last of a thousand files should not fail after hours. */
async function readable(absolute: string, stats: Stats): Promise<FoundFile> {
  await checkAccess(absolute, constants.R_OK);
  return { path: absolute, bytes: stats.isFile() ? stats.size : 0 };
}

async function checkAccess(absolute: string, mode: number): Promise<void> {
  try {
    await access(absolute, mode);
  } catch (error) {
    throw fileUnreadable(absolute, error);
  }
}

export function fileUnreadable(file: string, cause: unknown): UserError {
  return new UserError(
    'FILE_UNREADABLE',
    `${file} cannot be read`,
    { got: messageOf(cause), next: 'allow reading it and run the same command again: what is stored is recognised' },
    { cause },
  );
}
