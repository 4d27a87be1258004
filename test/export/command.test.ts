import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { toStream } from '../../src/cli/export.ts';
import { runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/keytrail.cjs', import.meta.url));
let cwd: string;

beforeAll(async () => {
  cwd = await temporaryDirectory();
  const records = Array.from({ length: 3_000 }, (_, id) => systemLogEntry(id));
  await writeFile(path.join(cwd, 'log.ndjson'), records.join('\n'));
  const done = await runKeytrail(['ingest', 'log.ndjson', '--source', 'redis-cloud/system-log', '--account', 'A'], {
    cwd,
  });
  expect(done.code).toBe(0);
});

describe('keytrail export', () => {
  it('leaves nothing behind at a stream whose reader is slow, however often it waits', async () => {
    const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => setImmediate(done) });
    const target = toStream(slow);
    for (let piece = 0; piece < 50; piece += 1) expect(await target.write(Buffer.from('piece'))).toBe(true);
    expect(slow.listenerCount('error')).toBe(1);
    expect(slow.listenerCount('drain')).toBe(0);
  });

  it('writes to a file what it writes to standard output, and nothing else anywhere', async () => {
    const printed = await runKeytrail(['export'], { cwd });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout.trim().split('\n')).toHaveLength(3_000);
    const before = await readdir(cwd);
    const filed = await runKeytrail(['export', '--out', 'out.ndjson'], { cwd });
    expect(filed).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(path.join(cwd, 'out.ndjson'), 'utf8')).toBe(printed.stdout);
    expect(await readdir(cwd)).toEqual([...before, 'out.ndjson'].sort());
  });

  it('leaves the file as it was when it cannot finish', async () => {
    await writeFile(path.join(cwd, 'kept.ndjson'), 'what was there before');
    // Another store's key would not matter to an export; a store that is not there does.
    const failed = await runKeytrail(['export', '--out', 'kept.ndjson', '--clickhouse-url', 'http://127.0.0.1:1'], {
      cwd,
    });
    expect(failed.code).toBe(1);
    expect(await readFile(path.join(cwd, 'kept.ndjson'), 'utf8')).toBe('what was there before');
    expect((await readdir(cwd)).filter((name) => name.includes('.part'))).toEqual([]);
    const nowhere = await runKeytrail(['export', '--out', 'no/such/folder/x'], { cwd });
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('no/such/folder/x') });
  });

  it('ends quietly when its reader goes away', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'export'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('round-trips through a pipe of its own', async () => {
    const other = await temporaryDirectory();
    const { stdout } = await runKeytrail(['export', '--format', 'ocsf'], { cwd });
    const args = ['ingest', '-', '--source', 'ocsf/api-activity'];
    expect(await runKeytrail(args, { cwd: other, input: stdout })).toMatchObject({ code: 0 });
    const usage = ['query', 'key-usage', '--format', 'json'];
    expect((await runKeytrail(usage, { cwd: other })).stdout).toBe((await runKeytrail(usage, { cwd })).stdout);
  });

  it.each([
    [['export', '--format', 'xlsx']],
    [['export', '--from', 'yesterday-ish']],
    [['export', '--from', 'now', '--to', '-1h']],
  ])('refuses %j as wrong use', async (args) => {
    expect(await runKeytrail(args, { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});
