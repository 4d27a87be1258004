/** A store that takes its time, or breaks, when a test says so. */
import { pause } from '../../src/store/retry.ts';
import type { QueryOptions, Store } from '../../src/store/store.ts';

/** Longer than a test lasts: an answer that comes by itself would take away what there is to be stopped. */
export const STALLED_MS = 3_600_000;

export function delayed(store: Store, delayMs: () => number, isBroken = (): boolean => false): Store {
  const wait = async ({ signal }: QueryOptions = {}): Promise<void> => {
    if (delayMs() > 0) await pause(delayMs(), signal ?? new AbortController().signal);
    signal?.throwIfAborted();
    if (isBroken()) throw new Error('the store broke');
  };
  return {
    ...bound(store),
    rows: async (sql, options) => {
      // Tokens are asked for as always: it is answers that are slow.
      if (!sql.includes('access_tokens')) await wait(options);
      return store.rows(sql, options);
    },
    stream: async function* (sql, format, options) {
      await wait(options);
      yield* store.stream(sql, format, options);
    },
  };
}

/** What is asked of the ledger is answered once the promise has come. */
export function heldLedger(store: Store, until: Promise<void>): Store {
  return {
    ...bound(store),
    rows: async (sql, options) => {
      if (sql.includes('FROM ledger')) await until;
      return store.rows(sql, options);
    },
  };
}

function bound(store: Store): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
