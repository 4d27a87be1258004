/** What retention does to which month. Pure: the decision apart from the deed. */
import { monthSpan } from '../core/months.ts';

/** Rows that are stored of one month and source. */
export interface StoredRows {
  /** `202601` */
  readonly month: number;
  readonly source: string;
  readonly rows: number;
}

export interface SourceInMonth {
  readonly source: string;
  readonly rows: number;
  /** Days to keep; absent: for ever. */
  readonly days: number | undefined;
  /** The whole month is past its days. */
  readonly past: boolean;
}

export interface MonthPlan {
  readonly month: number;
  /** `drop`: every source in it is past its days. `delete`: some are, and their rows go. */
  readonly action: 'drop' | 'delete' | 'keep';
  readonly sources: readonly SourceInMonth[];
}

const DAY_MS = 86_400_000;

/**
 * @param daysBySource a source that is absent is kept for ever
 * @param nowMs ms since 1970, UTC
 * @returns oldest month first
 */
export function planRetention(
  stored: readonly StoredRows[],
  daysBySource: Readonly<Record<string, number>>,
  nowMs: number,
): MonthPlan[] {
  const months = new Map<number, SourceInMonth[]>();
  for (const { month, source, rows } of stored) {
    const days = Object.hasOwn(daysBySource, source) ? daysBySource[source] : undefined;
    const sources = months.get(month) ?? [];
    sources.push({ source, rows, days, past: isPast(month, days, nowMs) });
    months.set(month, sources);
  }
  return [...months]
    .sort(([one], [other]) => one - other)
    .map(([month, sources]) => ({ month, action: actionFor(sources), sources }));
}

/** Whether even the last instant of the month lies more than so many days back. */
export function isPast(month: number, days: number | undefined, nowMs: number): boolean {
  if (days === undefined) return false;
  return monthSpan(month).endMs + days * DAY_MS <= nowMs;
}

function actionFor(sources: readonly SourceInMonth[]): MonthPlan['action'] {
  if (sources.every(({ past }) => past)) return 'drop';
  return sources.some(({ past }) => past) ? 'delete' : 'keep';
}
