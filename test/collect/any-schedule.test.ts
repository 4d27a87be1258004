import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { anyDay, type Kept, type Life } from './any-day.ts';
import { MemoryStore } from './memory-store.ts';
import { collectOnce, emptied, storedRows } from './support.ts';

const SEEDS = 200;
const SEEDS_OF_A_TEST = 50;
const SEEDS_OF_THE_ENGINE = [1, 2, 3, 4];

describe('every row is stored exactly once, and no position passes one, whatever grows, fails and dies', () => {
  for (let first = 1; first <= SEEDS; first += SEEDS_OF_A_TEST) {
    const last = first + SEEDS_OF_A_TEST - 1;
    test(`on days ${first} to ${last}`, async () => {
      let deaths = 0;
      for (let seed = first; seed <= last; seed += 1) deaths += await anyDay(inMemory(), seed);
      expect(deaths).toBeGreaterThan(SEEDS_OF_A_TEST / 4);
    });
  }

  test('in the engine itself', async () => {
    const { store } = await temporaryStore();
    for (const seed of SEEDS_OF_THE_ENGINE) {
      await emptied(store);
      await anyDay(inEngine(store), seed);
    }
  });
});

function inMemory(): Kept {
  const memory = new MemoryStore();
  return {
    collect: (life, parts) => {
      const store = memory.seenBy(life);
      return collectOnce({ ...parts, store, receiver: store, learn: async () => [] });
    },
    rowsOf: async (accountId, log) => memory.rowsOf(accountId, log),
    positionOf: async (accountId, log) => memory.positionOf(accountId, log),
    texts: async () => JSON.stringify(memory.log),
  };
}

function inEngine(store: Store): Kept {
  return {
    // What dies in the registry leaves a lock behind, for which others wait; its own tests deal with that.
    collect: (life, parts) => collectOnce({ ...parts, store: dying(store, life), registry: store }),
    rowsOf: (accountId, log) => storedRows(store, accountId, log),
    positionOf: async (accountId, resource) => {
      const [row] = await store.rows<{ ms: string | null }>(
        `SELECT toUnixTimestamp64Milli(argMax(tuple(position_time), number).1) AS ms FROM collector_log
         WHERE account_id = {account:String} AND resource = {resource:String}`,
        { parameters: { account: String(accountId), resource } },
      );
      return row?.ms === null || row === undefined || row.ms === '0' ? undefined : Number(row.ms);
    },
    texts: async () => JSON.stringify(await store.rows('SELECT detail, state, account_id FROM collector_log')),
  };
}

function dying(store: Store, life: Life): Store {
  const or = async (call: () => Promise<void>): Promise<void> => {
    life.left -= 1;
    if (life.left > 0) return call();
    if (life.left === 0 && life.lastHappens) await call();
    throw new StoreError('fatal', 0, 'the process is dead');
  };
  return {
    rows: (sql, options) => store.rows(sql, options),
    stream: (sql, format, options) => store.stream(sql, format, options),
    command: (sql, options) => or(() => store.command(sql, options)),
    insert: (insert) => or(() => store.insert(insert)),
    close: () => store.close(),
  };
}
