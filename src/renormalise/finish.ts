/** Finishes what a rewriting of history left behind when it was cut: forwards from the swap on, else backwards. */
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { ifUnlocked, REWRITE_LOCK } from '../store/lock.ts';
import { withRetry } from '../store/retry.ts';
import type { Store } from '../store/store.ts';
import { swap } from './swap.ts';
import { dropTables, type Hands, readState, workTables } from './tables.ts';

/**
 * For whoever opens the store. One cheap question when there is nothing to do; a holder that lives is left alone.
 *
 * @returns whether something was left and is finished now
 */
export async function finishCutSwap(store: Store): Promise<boolean> {
  if ((await workTables(store)).length === 0) return false;
  return ifUnlocked(store, REWRITE_LOCK, () => finishUnlocked({ store, retry: withRetry }, noCheckpoint));
}

/** The same for the holder of the lock. */
export async function finishUnlocked(hands: Hands, checkpoint: Checkpoint): Promise<void> {
  const tables = await workTables(hands.store);
  if (tables.length === 0) return;
  if (tables.includes('renormalise_ready')) await swap(hands, await readState(hands), checkpoint);
  await dropTables(hands);
}
