import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from '../../../src/intake/file/find-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keytrail-find-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function make(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), '{}\n');
  }
}

const names = async (...inputs: string[]) =>
  (await findFiles(inputs, folder)).map((file) => path.relative(folder, file.path));

describe('finding files', () => {
  it('walks a folder in one order, and takes only what records are kept in', async () => {
    await make('b.json', 'a.ndjson', 'sub/z.log', 'sub/deeper/c.json.gz', 'sub/d.JSONL', 'readme.md', 'x.csv');
    expect(await names('.')).toEqual(['a.ndjson', 'b.json', 'sub/d.JSONL', 'sub/deeper/c.json.gz', 'sub/z.log']);
  });

  it('takes a file that is named whatever it is called, and each file once', async () => {
    await make('audit.txt', 'b.json');
    expect(await names('audit.txt', 'b.json', '*.json', './b.json', '.')).toEqual(['audit.txt', 'b.json']);
  });

  it('expands a glob, relative and absolute', async () => {
    await make('2026/01/b.json', '2026/01/a.json', '2026/02/c.json', '2026/02/d.log');
    expect(await names('2026/**/*.json')).toEqual(['2026/01/a.json', '2026/01/b.json', '2026/02/c.json']);
    expect(await names(`${folder}/2026/0[2-9]/*.{json,log}`)).toEqual(['2026/02/c.json', '2026/02/d.log']);
  });

  it('takes a name with the characters of a glob for a file when there is one', async () => {
    await make('log[1].json', 'log1.json');
    expect(await names('log[1].json')).toEqual(['log[1].json']);
  });

  it('tells the bytes of each file, and leaves standard input as it is', async () => {
    await make('a.json');
    expect(await findFiles(['-', 'a.json', '-'], folder)).toEqual([
      { path: '-', bytes: 0 },
      { path: path.join(folder, 'a.json'), bytes: 3 },
    ]);
  });

  it('does not follow a folder into itself', async () => {
    await make('a/b.json');
    await symlink(folder, path.join(folder, 'a/loop'));
    expect(await names('.')).toEqual(['a/b.json']);
  });

  it('says what is missing, empty or unreadable before anything is read', async () => {
    await make('a.json', 'empty/readme.md');
    await expect(findFiles(['a.json', 'b.json'], folder)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(findFiles(['a.json/b.json'], folder)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(findFiles(['*.ndjson'], folder)).rejects.toMatchObject({ code: 'GLOB_EMPTY' });
    await expect(findFiles(['empty'], folder)).rejects.toMatchObject({ code: 'FOLDER_EMPTY' });
    await expect(findFiles([], folder)).rejects.toMatchObject({ code: 'NOTHING_TO_READ', exitCode: 2 });
  });

  it('refuses what cannot be looked at', async () => {
    await symlink('itself.json', path.join(folder, 'itself.json'));
    await expect(findFiles(['itself.json'], folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
