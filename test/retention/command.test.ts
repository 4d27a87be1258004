import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

let cwd: string;

beforeAll(async () => {
  cwd = await temporaryDirectory();
  await writeFile(path.join(cwd, 'log.ndjson'), systemLogEntry(1, { time: '2020-03-05T10:00:00Z' }));
  const args = ['ingest', 'log.ndjson', '--source', 'redis-cloud/system-log', '--account', 'A'];
  expect(await runKeytrail(args, { cwd })).toMatchObject({ code: 0 });
});

describe('keytrail retention', () => {
  it('keeps everything where no days are configured, and says so', async () => {
    const kept = await runKeytrail(['retention', '--format', 'json'], { cwd });
    expect(kept).toMatchObject({ code: 0, stderr: expect.stringContaining('everything is kept') });
    expect(rowsOf(kept)).toEqual([]);
  });

  it('says what it would do, then does it, and says that it is done', async () => {
    await writeFile(path.join(cwd, 'keytrail.yaml'), 'retention:\n  redis-cloud/system-log: 365\n');
    const row = { month: '2020-03', source: 'redis-cloud/system-log', rows: 1, days: 365, action: 'drop-month' };
    const args = ['retention', '--format', 'json'];
    expect(rowsOf(await runKeytrail([...args, '--dry-run'], { cwd }))).toEqual([{ ...row, done: false }]);
    expect((await runKeytrail(['export'], { cwd })).stdout).not.toBe('');
    const done = await runKeytrail(args, { cwd });
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('dead letters and the ledger') });
    expect(rowsOf(done)).toEqual([{ ...row, done: true }]);
    expect((await runKeytrail(['export'], { cwd })).stdout).toBe('');
    expect(rowsOf(await runKeytrail(args, { cwd }))).toEqual([]);
  });
});
