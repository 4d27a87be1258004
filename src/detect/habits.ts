/** What is usual for keys: fed with what is new, before detections look at it. Feeding it twice changes nothing. */
import { timeParameter } from '../ask/time-range.ts';
import { withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Span } from './run-detection.ts';

const FEEDS = ['detect-feed-places', 'detect-feed-manners', 'detect-feed-hours'] as const;
const FORGETS = ['detect-forget-places', 'detect-forget-manners', 'detect-forget-hours'] as const;
const ATTEMPTS_MAX = 5;

export async function feedHabits(store: Store, { from, to, blocks, keys = [] }: Span, now: number): Promise<void> {
  const range = { from: timeParameter(from), to: timeParameter(to), blocks, keys };
  for (const feed of FEEDS) {
    const parameters = feed === 'detect-feed-hours' ? { ...range, now: timeParameter(now) } : range;
    await withRetry(() => store.command(statement(feed), { parameters }), { attemptsMaxFor: () => ATTEMPTS_MAX });
  }
}

/**
 * Tells whole days of keys anew, which turned out to be other keys, or those of another account. Days of which no event
 * is stored any more stay as they are.
 */
export async function feedAnew(store: Store, span: Span, now: number): Promise<void> {
  const parameters = { from: timeParameter(span.from), to: timeParameter(span.to), keys: span.keys ?? [] };
  const [stale] = await store.rows<{ differences: number }>(statement('detect-stale'), { parameters });
  if (stale?.differences === 0) return;
  for (const forget of FORGETS) {
    await withRetry(() => store.command(statement(forget), { parameters }), { attemptsMaxFor: () => ATTEMPTS_MAX });
  }
  await feedHabits(store, span, now);
}
