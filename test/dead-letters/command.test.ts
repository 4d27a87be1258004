import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

const ENTRIES = Array.from({ length: 40 }, (_, id) => systemLogEntry(id));

/** A folder whose store holds letters that want an account, and one that nobody recognises. */
async function withLetters(more: readonly string[] = []): Promise<string> {
  const cwd = await temporaryDirectory();
  await writeFile(path.join(cwd, 'log.ndjson'), `${[...ENTRIES, ...more].join('\n')}\n`);
  expect(await runKeytrail(['ingest', 'log.ndjson'], { cwd })).toMatchObject({ code: 3 });
  return cwd;
}

const replayArgs = ['dead-letters', 'replay', '--reason', 'account-missing', '--account', 'A1', '--format', 'json'];

async function ask(cwd: string, ...args: readonly string[]): Promise<Record<string, unknown>[]> {
  return rowsOf(await runKeytrail([...args, '--format', 'json'], { cwd }));
}

async function eventIds(cwd: string): Promise<string[]> {
  const { stdout } = await runKeytrail(['export'], { cwd });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { event_id: string }).event_id)
    .sort();
}

const EVERY_ID = ENTRIES.map((_, id) => `A1/${id}`).sort();

describe('keytrail dead-letters replay', () => {
  it.each(['open-block', 'after-insert', 'after-ledger'])(
    'killed at %s and run again makes each event once',
    async (point) => {
      const cwd = await withLetters();
      const killed = startKeytrail(replayArgs, { cwd, env: { KEYTRAIL_PAUSE_AT: point } });
      await killed.says('paused');
      await killed.kill9();
      expect(await ask(cwd, 'dead-letters', 'list', '--state', 'open')).toHaveLength(ENTRIES.length);
      const again = await runKeytrail(replayArgs, { cwd });
      expect(again.code).toBe(0);
      expect(rowsOf(again)).toMatchObject([{ letters: 40, replayed: 40, refused: 0 }]);
      expect(await eventIds(cwd)).toEqual(EVERY_ID);
      expect(await ask(cwd, 'query', 'conflicting-events')).toEqual([]);
      expect(await ask(cwd, 'query', 'key-usage')).toMatchObject([
        { account_id: 'A1', key_id: 'key-0', requests: 14 },
        { account_id: 'A1', key_id: 'key-1', requests: 13 },
        { account_id: 'A1', key_id: 'key-2', requests: 13 },
      ]);
    },
  );

  it('run by two processes at once makes each event once', async () => {
    const cwd = await withLetters();
    const both = await Promise.all([runKeytrail(replayArgs, { cwd }), runKeytrail(replayArgs, { cwd })]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await eventIds(cwd)).toEqual(EVERY_ID);
    expect(await ask(cwd, 'dead-letters', 'list', '--state', 'open')).toEqual([]);
  });

  it('says with its exit code that letters stay, and which letters were not named', async () => {
    const cwd = await withLetters(['{"of":"no known shape"}']);
    expect(await runKeytrail(['dead-letters', 'replay'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    expect(await runKeytrail(['dead-letters', 'replay', '--reason', 'no-such'], { cwd })).toMatchObject({ code: 2 });
    const dry = await runKeytrail([...replayArgs, '--dry-run'], { cwd });
    expect(dry.code).toBe(0);
    expect(rowsOf(dry)).toMatchObject([{ dry_run: true, replayed: 40 }]);
    expect(await eventIds(cwd)).toEqual([]);
    const all = await runKeytrail(['dead-letters', 'replay', '--all', '--account', 'A1'], { cwd });
    expect(all.code).toBe(3);
    expect(JSON.parse(all.stdout)).toMatchObject({
      letters: 41,
      replayed: 40,
      refused_by_reason: { 'unrecognised-source': 1 },
    });
  });
});

describe('keytrail dead-letters', () => {
  it('lists by reason, source, state and time, and shows one letter with all that was done about it', async () => {
    const cwd = await withLetters(['{"of":"no known shape"}']);
    await runKeytrail(replayArgs, { cwd });
    const count = async (...args: string[]) => (await ask(cwd, 'dead-letters', 'list', ...args)).length;
    expect(await count()).toBe(41);
    expect(await count('--reason', 'unrecognised-source')).toBe(1);
    expect(await count('--source', 'redis-cloud/system-log')).toBe(40);
    expect(await count('--state', 'open')).toBe(1);
    expect(await count('--state', 'replayed', '--limit', '7')).toBe(7);
    expect(await count('--to', '-1h')).toBe(0);
    const [one] = await ask(cwd, 'dead-letters', 'list', '--state', 'replayed', '--limit', '1');
    const [shown] = await ask(cwd, 'dead-letters', 'show', String(one?.content_hash).slice(0, 12));
    expect(shown).toMatchObject({
      state: 'replayed',
      text: expect.stringContaining('originator'),
      text_encoding: 'utf8',
      log: [{ action: 'replayed', event_source: 'redis-cloud/system-log', event_account_id: 'A1' }],
    });
    expect(await runKeytrail(['dead-letters', 'show', 'ffffffff'], { cwd })).toMatchObject({ code: 1 });
    expect(await runKeytrail(['dead-letters', 'show', 'x'], { cwd })).toMatchObject({ code: 2 });
  });
});
