/** Days after two hundred seeds, each collected by processes that die, into the engine. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { anyDay, type Kept, type Life } from './any-day.ts';
import { storedIn } from './stored.ts';
import { collectOnce, emptied } from './support.ts';

const SEEDS_OF_A_TEST = 20;

/** Two files share the seeds, because a file has one store and a minute of it holds eighteen days. */
export function describeDays(from: number, to: number): void {
  let store: Store;
  beforeAll(async () => {
    store = (await temporaryStore()).store;
  });

  describe('every row is stored exactly once, and no position passes one, whatever grows, fails and dies', () => {
    for (let first = from; first <= to; first += SEEDS_OF_A_TEST) {
      const last = first + SEEDS_OF_A_TEST - 1;
      test(`on days ${first} to ${last}`, async () => {
        let deaths = 0;
        for (let seed = first; seed <= last; seed += 1) {
          await emptied(store);
          deaths += await anyDay(keptIn(store), seed);
        }
        expect(deaths).toBeGreaterThan(SEEDS_OF_A_TEST / 4);
      });
    }
  });
}

function keptIn(store: Store): Kept {
  return {
    // What dies in the registry leaves a lock behind, for which others wait; its own tests deal with that.
    collect: (life, parts) => collectOnce({ ...parts, store: dying(store, life), learn: async () => [] }),
    stored: () => storedIn(store),
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
