/** What is usual for keys: fed with what is new, before detections look at it. Feeding it twice changes nothing. */
import { timeParameter } from '../ask/time-range.ts';
import { withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Span } from './run-detection.ts';

/** The tables that are made of events, each by the statement that feeds it, and those that are counted by the hour. */
export const HABITS = {
  key_places: 'detect-feed-places',
  key_manners: 'detect-feed-manners',
  event_ids: 'detect-feed-ids',
} as const;
export const HOURS = { key_hours: 'detect-feed-hours' } as const;
export type DerivedTable = keyof typeof HABITS | keyof typeof HOURS;
const FORGETS = ['detect-forget-places', 'detect-forget-manners', 'detect-forget-hours'] as const;
const ATTEMPTS_MAX = 5;

/** @param into the name of the table that is fed, in place of its own */
export async function feed(store: Store, table: DerivedTable, span: Span, now: number, into: string = table) {
  const { from, to, blocks, keys = [] } = span;
  const range = { table: into, from: timeParameter(from), to: timeParameter(to), blocks, keys };
  const parameters = table === 'key_hours' ? { ...range, now: timeParameter(now) } : range;
  const text = statement({ ...HABITS, ...HOURS }[table]);
  await withRetry(() => store.command(text, { parameters }), { attemptsMaxFor: () => ATTEMPTS_MAX });
}

export async function feedHabits(store: Store, span: Span, now: number): Promise<void> {
  for (const table of Object.keys(HABITS) as (keyof typeof HABITS)[]) await feed(store, table, span, now);
}

export const feedHours = (store: Store, span: Span, now: number): Promise<void> => feed(store, 'key_hours', span, now);

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
  await feedHours(store, span, now);
}
