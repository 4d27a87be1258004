/** Several processes, one data directory; and what is left when one of them is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { failureOf } from '../../src/store/embedded/failure.ts';
import { preparePaths } from '../../src/store/embedded/paths.ts';
import type { ChildExit } from '../../src/store/embedded/seat.ts';
import { kindOfCode } from '../../src/store/errors.ts';
import { migrate } from '../../src/store/migrations.ts';
import { pause, withRetry } from '../../src/store/retry.ts';
import { openForTest, temporaryDirectory, temporaryStore } from '../support/store.ts';
import { countOf, makeTable, numbered } from './contract.ts';

interface Owner {
  readonly process: ChildProcess;
  readonly role: string;
  readonly pid: number;
  readonly socketPath: string;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.kill('SIGKILL');
});

async function startOwner(dataDir: string, mode: 'in-process' | 'child'): Promise<Owner> {
  const script = fileURLToPath(new URL('owner-process.mjs', import.meta.url));
  const owner = spawn(process.execPath, [script, dataDir, mode], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(owner);
  const [line] = await once(owner.stdout, 'data');
  return { process: owner, ...JSON.parse(String(line)) };
}

async function kill(one: ChildProcess): Promise<void> {
  const exited = once(one, 'exit');
  one.kill('SIGKILL');
  await exited;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

test.each(['in-process', 'child'] as const)(
  'two processes on one data directory share it; the first is %s',
  async (mode) => {
    const dataDir = await temporaryDirectory();
    const first = await startOwner(dataDir, mode);
    const second = await openForTest({ dataDir, mode: 'child' });
    expect([first.role, second.role, second.pid]).toEqual(['owner', 'attached', first.pid]);
    await migrate(second.store);
    await makeTable(second.store, 'shared');
    await second.store.insert(numbered('shared', [1, 2], 'a'));
    expect(await countOf(second.store, 'shared')).toEqual({ rows: 2, distinct: 2 });
  },
);

test.each(['in-process', 'child'] as const)(
  'kill -9 of the owner (%s): the second takes over, and nothing is to be cleaned by hand',
  async (mode) => {
    const dataDir = await temporaryDirectory();
    const first = await startOwner(dataDir, mode);
    const second = await openForTest({ dataDir, mode: 'child' });
    await makeTable(second.store, 'heirs');
    await second.store.insert(numbered('heirs', [1], 'before'));
    await kill(first.process);
    expect(await countOf(second.store, 'heirs')).toEqual({ rows: 1, distinct: 1 });
    await withRetry(() => second.store.insert(numbered('heirs', [2], 'after')));
    // A child outlives its parent for as long as it takes to notice.
    await until(() => !isAlive(first.pid));
    expect([await countOf(second.store, 'heirs'), second.role]).toEqual([{ rows: 2, distinct: 2 }, 'owner']);
  },
);

test('an owner that closes hands the store on: who is attached notices nothing', async () => {
  const dataDir = await temporaryDirectory();
  const first = await startOwner(dataDir, 'in-process');
  const second = await openForTest({ dataDir, mode: 'child' });
  await makeTable(second.store, 'handed');
  first.process.stdin?.write('close\n');
  await once(first.process, 'exit');
  await withRetry(() => second.store.insert(numbered('handed', [1], 'a')));
  expect([second.role, await countOf(second.store, 'handed')]).toEqual(['owner', { rows: 1, distinct: 1 }]);
});

test('owners that close one after the other lose no change of those who are attached, and double none', async () => {
  const dataDir = await temporaryDirectory();
  let owner = await openForTest({ dataDir, mode: 'child' });
  await owner.store.command('CREATE TABLE changes (n UInt32) ENGINE = MergeTree ORDER BY n');
  let made = 0;
  for (let handover = 0; handover < 8; handover++) {
    const attached = await openForTest({ dataDir, mode: 'child' });
    expect(attached.role).toBe('attached');
    let isOver = false;
    const change = async () => {
      while (!isOver) await attached.store.command(`INSERT INTO changes SELECT ${made++}`);
    };
    const changing = Promise.all([1, 2, 3, 4].map(change));
    const more = (from: number) => Promise.race([until(() => made > from + 20), changing]);
    await more(made);
    await owner.close();
    await more(made);
    isOver = true;
    await changing;
    owner = attached;
  }
  const stored = 'SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(n)) AS distinct FROM changes';
  expect(await owner.store.rows(stored)).toEqual([{ rows: made, distinct: made }]);
});

test('a stale socket and a full spool are no obstacle', async () => {
  const dataDir = await temporaryDirectory();
  const first = await startOwner(dataDir, 'in-process');
  await kill(first.process);
  await access(first.socketPath);
  await writeFile(path.join(dataDir, 'spool', 'left.rowbinary'), 'left behind');
  const second = await openForTest({ dataDir, mode: 'child' });
  expect(second.role).toBe('owner');
  expect(await readdir(path.join(dataDir, 'spool'))).toEqual([]);
  expect((await stat(second.socketPath)).mode & 0o777).toBe(0o600);
});

test('three that start at once agree on one owner', async () => {
  const dataDir = await temporaryDirectory();
  const opened = await Promise.all([1, 2, 3].map(() => openForTest({ dataDir, mode: 'child' })));
  expect(opened.map((one) => one.role).sort()).toEqual(['attached', 'attached', 'owner']);
  expect(new Set(opened.map((one) => one.pid)).size).toBe(1);
  await Promise.all(opened.map((one) => migrate(one.store)));
});

test('the child killed again and again in the middle of inserts loses nothing and doubles nothing', async () => {
  const exits: ChildExit[] = [];
  const dataDir = await temporaryDirectory();
  const opened = await openForTest({ dataDir, mode: 'child', onChildExit: (exit) => exits.push(exit) });
  await makeTable(opened.store, 'killed');
  const blocks = Array.from({ length: 60 }, (_, block) =>
    Array.from({ length: 5_000 }, (_, row) => block * 5_000 + row),
  );
  let done = 0;
  let retries = 0;
  const writer = async (): Promise<void> => {
    for (let rows = blocks.shift(); rows !== undefined; rows = blocks.shift()) {
      const insert = numbered('killed', rows, `block-${rows[0]}`);
      await withRetry(() => opened.store.insert(insert), { onRetry: () => retries++ });
      done++;
    }
  };
  const killer = async (): Promise<void> => {
    for (let kills = 0; kills < 5; kills++) {
      const from = done;
      await until(() => done >= from + 4 && opened.pid > 0 && isAlive(opened.pid));
      process.kill(opened.pid, 'SIGKILL');
    }
  };
  await Promise.all([writer(), writer(), killer()]);
  await until(() => exits.length === 5);
  expect(retries).toBeGreaterThan(0);
  expect(exits.map((exit) => exit.signal)).toEqual(Array(5).fill('SIGKILL'));
  expect(await countOf(opened.store, 'killed')).toEqual({ rows: 300_000, distinct: 300_000 });
});

test('a child that dies is replaced without anybody asking', async () => {
  const { pid, ...opened } = await (async () => {
    const one = await temporaryStore('child');
    return { pid: one.pid, one };
  })();
  process.kill(pid, 'SIGKILL');
  await until(() => opened.one.role === 'owner' && opened.one.pid !== pid && isAlive(opened.one.pid));
  expect(await opened.one.store.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a child whose parent was killed goes away by itself', async () => {
  const dataDir = await temporaryDirectory();
  const first = await startOwner(dataDir, 'child');
  expect(first.pid).not.toBe(first.process.pid);
  await kill(first.process);
  await until(() => !isAlive(first.pid));
  const second = await openForTest({ dataDir, mode: 'child' });
  expect(second.role).toBe('owner');
});

test('a child takes no signal of the terminal: its parent decides when it ends', async () => {
  const opened = await temporaryStore('child');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(opened.pid, signal);
  await pause(200);
  expect(await opened.store.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const { pid } = opened;
  await opened.close();
  expect(isAlive(pid)).toBe(false);
});

test('a closed store can be opened again with all that was stored, and says that it is closed', async () => {
  const dataDir = await temporaryDirectory();
  const first = await openForTest({ dataDir, mode: 'in-process' });
  await makeTable(first.store, 'kept');
  await first.store.insert(numbered('kept', [1, 2, 3], 'a'));
  await first.close();
  await expect(first.store.rows('SELECT 1')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  const second = await openForTest({ dataDir, mode: 'in-process' });
  await second.store.insert(numbered('kept', [1, 2, 3], 'a'));
  expect(await countOf(second.store, 'kept')).toEqual({ rows: 3, distinct: 3 });
  await second.close();
});

test('a data directory with a long path has its socket in a private directory elsewhere', async () => {
  const dataDir = path.join(await temporaryDirectory(), 'a'.repeat(60), 'b'.repeat(60));
  const opened = await openForTest({ dataDir, mode: 'child' });
  expect(Buffer.byteLength(opened.socketPath)).toBeLessThan(100);
  expect((await stat(path.dirname(opened.socketPath))).mode & 0o777).toBe(0o700);
  const second = await openForTest({ dataDir, mode: 'child' });
  expect(second.role).toBe('attached');
});

test('a data directory that cannot be one says why', async () => {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'file');
  await writeFile(file, 'a file');
  await expect(openForTest({ dataDir: file, mode: 'child' })).rejects.toMatchObject({
    code: 'DATA_DIR_NOT_A_DIRECTORY',
  });
  const below = path.join(file, 'below');
  await expect(openForTest({ dataDir: below, mode: 'child' })).rejects.toMatchObject({
    code: 'DATA_DIR_NOT_A_DIRECTORY',
  });
  const unwritable = openForTest({ dataDir: '/sys/keytrail', mode: 'child' });
  await expect(unwritable).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' });
});

test('a file system without room says so before the engine is opened', async () => {
  const dataDir = await temporaryDirectory();
  await expect(preparePaths(dataDir, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'DATA_DIR_FULL' });
  const noRoom = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
  expect(kindOfCode(failureOf(noRoom, '1').code)).toBe('retriable');
});

test('an engine that will not open is told, after the others had their time', async () => {
  const dataDir = await temporaryDirectory();
  await mkdir(path.join(dataDir, 'engine', 'status'), { recursive: true });
  await expect(openForTest({ dataDir, mode: 'child' })).rejects.toMatchObject({ code: 'ENGINE_NOT_OPENED' });
});
