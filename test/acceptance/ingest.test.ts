/** `keytrail ingest` as people use it: interrupted, from a pipe, onto a full disk, beside another command. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadLines } from '../../examples/generate.ts';
import { ask } from '../support/answers.ts';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const run = promisify(execFile);
const END = Date.UTC(2026, 10, 1);
let folder: string;

beforeAll(async () => {
  folder = await temporaryDirectory();
});

const load = (count: number, seed = 1) => [...loadLines({ seed, count, end: END, keys: 10, addresses: 50 })];

async function counted(dataDir: string): Promise<Record<string, unknown> | undefined> {
  const answer = await runKeytrail([
    'sql',
    'SELECT count() AS events, uniqExact(event_id) AS ids FROM activity',
    '--data-dir',
    dataDir,
    '--format',
    'json',
  ]);
  return rowsOf(answer)[0];
}

describe('ingest', () => {
  it('stopped by SIGINT in the middle, says so, and the same command again completes it without doubles', async () => {
    const file = path.join(folder, 'long.ndjson');
    await writeFile(file, `${load(120_000).join('\n')}\n`);
    const dataDir = path.join(folder, 'interrupted');
    const args = ['ingest', file, '--data-dir', dataDir];
    const running = startKeytrail(args, { env: { KEYTRAIL_BLOCK_ROWS_MAX: '2000' } });
    const spool = path.join(dataDir, 'engine');
    await expect.poll(async () => (await stat(spool).catch(() => undefined)) !== undefined).toBe(true);
    await sleep(1_500);
    running.child.kill('SIGINT');
    const stopped = await running.finished;
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain('SIGINT');
    const first = JSON.parse(stopped.stdout) as { records: number; new_events: number };
    expect(first.records).toBeLessThan(120_000);
    expect(first.new_events).toBe(first.records);

    const again = await runKeytrail(args);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      records: 120_000,
      new_events: 120_000 - first.records,
      already_known: first.records,
    });
    expect(await counted(dataDir)).toEqual({ events: 120_000, ids: 120_000 });
  });

  it('reads folders, globs, gzip and standard input; every spelling of the same records is the same events', async () => {
    const lines = load(300, 2);
    const several = path.join(folder, 'several');
    await mkdir(path.join(several, 'deep'), { recursive: true });
    await writeFile(path.join(several, 'a.ndjson'), lines.slice(0, 100).join('\n'));
    await writeFile(path.join(several, 'deep', 'b.json'), `[${lines.slice(100, 200).join(',\n')}]`);
    await writeFile(
      path.join(several, 'deep', 'c.json.gz'),
      gzipSync(`{"entries":[${lines.slice(200).join()}],"links":[]}`),
    );
    const dataDir = path.join(folder, 'spellings');
    const byFolder = await runKeytrail(['ingest', several, '--data-dir', dataDir]);
    expect(byFolder.code, byFolder.stderr).toBe(0);
    expect(JSON.parse(byFolder.stdout)).toMatchObject({ records: 300, new_events: 300 });
    const byGlob = await runKeytrail(['ingest', path.join(several, '**/*.json'), '--data-dir', dataDir]);
    expect(JSON.parse(byGlob.stdout)).toMatchObject({ records: 100, already_known: 100 });
    const byPipe = await runKeytrail(['ingest', '-', '--data-dir', dataDir], { input: gzipSync(lines.join('\n')) });
    expect(JSON.parse(byPipe.stdout)).toMatchObject({ records: 300, new_events: 0, already_known: 300 });
  });

  it('refuses what cannot be right before anything is read', async () => {
    const dataDir = path.join(folder, 'refused');
    const missing = await runKeytrail(['ingest', path.join(folder, 'nothing-here.json'), '--data-dir', dataDir]);
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain('nothing-here.json');
    const file = path.join(folder, 'entries.json');
    await writeFile(file, '{"entries":[]}');
    const account = await runKeytrail(['ingest', file, '--source', 'redis-cloud/system-log', '--data-dir', dataDir]);
    expect(account.code).toBe(2);
    expect(account.stderr).toContain('--account');
    const source = await runKeytrail(['ingest', file, '--source', 'nope', '--data-dir', dataDir]);
    expect(source.code).toBe(2);
    expect(await readdir(folder)).not.toContain('refused');
  });

  it('a second command beside a running one uses the same store, and both finish', async () => {
    const one = path.join(folder, 'one.ndjson');
    const two = path.join(folder, 'two.ndjson');
    await writeFile(one, load(40_000, 3).join('\n'));
    await writeFile(
      two,
      load(40_000, 4)
        .map((line) => line.replace('"id":"', '"id":"other-'))
        .join('\n'),
    );
    const dataDir = path.join(folder, 'beside');
    const both = await Promise.all([one, two].map((file) => runKeytrail(['ingest', file, '--data-dir', dataDir])));
    for (const { code, stderr } of both) expect(code, stderr).toBe(0);
    expect(await counted(dataDir)).toMatchObject({ events: 80_000 });
    expect((await ask(dataDir, 'ingest-status')).map(({ new: fresh }) => fresh)).toEqual([40_000, 40_000]);
  });

  it('stops with a clear message before the disk is full', async () => {
    const file = path.join(folder, 'guarded.ndjson');
    await writeFile(file, load(100, 5).join('\n'));
    const dataDir = path.join(folder, 'guarded');
    const env = { KEYTRAIL_DISK_FREE_BYTES_MIN: String(10 ** 14) };
    const done = await runKeytrail(['ingest', file, '--data-dir', dataDir], { env });
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('nearly full');
    expect(await counted(dataDir)).toEqual({ events: 0, ids: 0 });
  });

  it('a disk that is full in the middle ends with a message, and the same command completes it once there is room', async () => {
    const mount = path.join(folder, 'small');
    await mkdir(mount);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', mount]).then(
      () => true,
      (cause: Error) => cause.message,
    );
    // Only root may mount; where it is refused, the guard above is what can be shown.
    expect(mounted === true || process.getuid?.() !== 0, String(mounted)).toBe(true);
    if (mounted !== true) return;
    try {
      const file = path.join(folder, 'large.ndjson');
      await writeFile(file, load(150_000, 6).join('\n'));
      const dataDir = path.join(mount, 'data');
      const env = { KEYTRAIL_DISK_FREE_BYTES_MIN: String(16 * 1_048_576), KEYTRAIL_BLOCK_ROWS_MAX: '5000' };
      const full = await runKeytrail(['ingest', file, '--data-dir', dataDir], { env });
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('nearly full');
      await run('mount', ['-o', 'remount,size=400m', mount]);
      const again = await runKeytrail(['ingest', file, '--data-dir', dataDir], { env });
      expect(again.code, again.stderr).toBe(0);
      expect(await counted(dataDir)).toEqual({ events: 150_000, ids: 150_000 });
    } finally {
      await run('umount', ['-l', mount]);
    }
  });
});
