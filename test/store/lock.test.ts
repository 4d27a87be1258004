import { describe, expect, it } from 'vitest';
import { withStoreLock } from '../../src/store/lock.ts';
import { type Store, StoreError } from '../../src/store/store.ts';

const FAST = { beatMs: 60_000, staleMs: 60_000, waitMsMax: 60_000 };

/** A store that knows one table, another holder's, which is dropped while it is read. */
function droppedMeanwhile(code: number): Store {
  let holder: string | undefined = 'other';
  return {
    rows: async (sql: string) => {
      if (sql.includes('system.tables')) return holder === undefined ? [] : [{ holder }];
      if (holder !== 'other') return [{ beats: '1' }];
      holder = undefined;
      throw new StoreError('fatal', code, 'the table is dropped');
    },
    command: async (sql: string) => {
      if (!sql.startsWith('CREATE')) return;
      if (holder !== undefined) throw new StoreError('fatal', 57, 'the table already exists');
      holder = /COMMENT '(\w+)'/.exec(sql)?.[1];
    },
  } as unknown as Store;
}

describe('a lock', () => {
  it.each([60, 218])('that is dropped while it is looked at (code %i) is free', async (code) => {
    await expect(withStoreLock(droppedMeanwhile(code), 'any', async () => 'done', FAST)).resolves.toBe('done');
  });

  it('whose state cannot be read is not taken', async () => {
    await expect(withStoreLock(droppedMeanwhile(243), 'any', async () => 'done', FAST)).rejects.toThrow('dropped');
  });
});
