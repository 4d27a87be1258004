/** Times in the query of a request, as the command line takes them. */
import { z } from 'zod';
import { ALL_TIME, checkRange, parseTime, TIME_EXPECTED, timeParameter } from '../../ask/time-range.ts';
import { Problem } from '../problem.ts';

export const timeField = (description: string) =>
  z
    .string()
    .max(40)
    .meta({ description: `${description}: ${TIME_EXPECTED}` })
    .optional();

export const RANGE_FIELDS = {
  from: timeField('at or after this time'),
  to: timeField('before this time'),
};

/** ms since 1970 UTC. @throws Problem TIME_INVALID */
export function timeOf(name: string, text: string | undefined, fallbackMs: number, nowMs: number): number {
  if (text === undefined) return fallbackMs;
  const time = parseTime(text, nowMs);
  if (time !== undefined) return time;
  throw new Problem(400, 'TIME_INVALID', `${name} is no time`, { got: text, expected: TIME_EXPECTED });
}

export interface AskedTimes {
  readonly fromMs: number;
  readonly toMs: number;
  /** The same as parameters of a statement. */
  readonly from: string;
  readonly to: string;
}

/** Half-open; all time where nothing is given. */
export function rangeOf(query: { from?: string | undefined; to?: string | undefined }, nowMs: number): AskedTimes {
  const fromMs = timeOf('from', query.from, ALL_TIME.fromMs, nowMs);
  const toMs = timeOf('to', query.to, ALL_TIME.toMs, nowMs);
  checkRange(fromMs, toMs);
  return { fromMs, toMs, from: timeParameter(fromMs), to: timeParameter(toMs) };
}
