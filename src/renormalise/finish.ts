/** Finishes what a rewriting of history left behind when it was cut: forwards from the swap on, else backwards. */
import { LOCK_BEAT_MS, LOCK_WAIT_MS_MAX } from '../core/limits.ts';
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { lockLife, REWRITE_LOCK, withStoreLock } from '../store/lock.ts';
import { withRetry } from '../store/retry.ts';
import type { Store } from '../store/store.ts';
import { swap } from './swap.ts';
import { dropTables, type Hands, readState, workTables } from './tables.ts';

/** The holder's silence is known from its signs of life; what is left is to see that it does not wake up just now. */
const SEEN_DEAD = { beatMs: LOCK_BEAT_MS, staleMs: 100, waitMsMax: LOCK_WAIT_MS_MAX };

/**
 * For whoever opens the store. One cheap question when there is nothing to do; a holder that lives is left alone.
 *
 * @returns whether something was left and is finished now
 */
export async function finishCutSwap(store: Store): Promise<boolean> {
  if ((await workTables(store)).length === 0) return false;
  if ((await lockLife(store, REWRITE_LOCK)) === 'living') return false;
  const hands = { store, retry: withRetry };
  await withStoreLock(store, REWRITE_LOCK, () => finishUnlocked(hands, noCheckpoint), SEEN_DEAD);
  return true;
}

/** The same for the holder of the lock. */
export async function finishUnlocked(hands: Hands, checkpoint: Checkpoint): Promise<void> {
  const tables = await workTables(hands.store);
  if (tables.length === 0) return;
  if (tables.includes('renormalise_ready')) await swap(hands, await readState(hands), checkpoint);
  await dropTables(hands);
}
