import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finished, rowsOf, runKeytrail } from '../support/keytrail.ts';
import { openForTest, temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

const ARGS = ['doctor', '--format', 'json'];

function level(finished: Finished, check: string): unknown {
  return rowsOf(finished).find((row) => row.check === check)?.level;
}

describe('keytrail doctor', () => {
  it('makes no store where there is none', async () => {
    const cwd = await temporaryDirectory();
    const found = await runKeytrail(ARGS, { cwd });
    expect(found.code).toBe(0);
    expect(level(found, 'store')).toBe('warn');
    expect(existsSync(path.join(cwd, '.keytrail'))).toBe(false);
  });

  it('finds a store that was just written to in order, and names a variable that means nothing', async () => {
    const cwd = await temporaryDirectory();
    await writeFile(path.join(cwd, 'log.ndjson'), systemLogEntry(1));
    await runKeytrail(['ingest', 'log.ndjson', '--source', 'redis-cloud/system-log', '--account', 'A'], { cwd });
    const found = await runKeytrail(ARGS, { cwd, env: { KEYTRAIL_LOGLEVEL: 'debug' } });
    expect(found.code).toBe(0);
    expect(rowsOf(found).filter((row) => row.level !== 'ok')).toMatchObject([
      { check: 'variables', found: expect.stringContaining('KEYTRAIL_LOGLEVEL') },
    ]);
    const full = await runKeytrail(ARGS, { cwd, env: { KEYTRAIL_DISK_FREE_BYTES_MIN: String(2 ** 49) } });
    expect(full.code).toBe(1);
    expect(level(full, 'disk')).toBe('fail');
  });

  it('says which process serves the store that it is attached to', async () => {
    const cwd = await temporaryDirectory();
    const dataDir = path.join(cwd, '.keytrail');
    const serving = await openForTest({ dataDir, mode: 'in-process' });
    const found = await runKeytrail(ARGS, { cwd });
    const said = rowsOf(found).find((row) => row.check === 'store');
    expect(said).toMatchObject({ level: 'ok', found: expect.stringContaining(`process ${serving.pid}`) });
    expect(level(found, 'migrations')).toBe('fail');
    await serving.close();
  });

  it('says plainly that the server is away, and fails', async () => {
    const cwd = await temporaryDirectory();
    const found = await runKeytrail([...ARGS, '--clickhouse-url', 'http://127.0.0.1:1'], { cwd });
    expect(found.code).toBe(1);
    expect(rowsOf(found).filter((row) => row.level === 'fail')).toMatchObject([
      { check: 'store', found: expect.stringContaining('http://127.0.0.1:1') },
    ]);
  });
});
