/** What is usual for keys: fed with what is new, before detections look at it. Feeding it twice changes nothing. */
import { timeParameter } from '../ask/time-range.ts';
import { withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Span } from './run-detection.ts';

const FEEDS = ['detect-feed-places', 'detect-feed-manners', 'detect-feed-hours'] as const;
const ATTEMPTS_MAX = 5;

export async function feedHabits(store: Store, { from, to, blocks }: Span, now: number): Promise<void> {
  const range = { from: timeParameter(from), to: timeParameter(to), blocks };
  for (const feed of FEEDS) {
    const parameters = feed === 'detect-feed-hours' ? { ...range, now: timeParameter(now) } : range;
    await withRetry(() => store.command(statement(feed), { parameters }), { attemptsMaxFor: () => ATTEMPTS_MAX });
  }
}
