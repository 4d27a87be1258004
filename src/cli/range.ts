/** `--from` and `--to` of commands that are no questions. */
import { ALL_TIME, checkRange, parseTime, TIME_EXPECTED } from '../ask/time-range.ts';
import { UsageError } from '../core/errors.ts';

/** Half-open, ms since 1970 UTC. */
export interface GivenRange {
  readonly from: number;
  readonly to: number;
}

/**
 * @param nowMs the moment of asking, for relative times
 * @throws UsageError TIME_INVALID, RANGE_EMPTY
 */
export function givenRange(from: string | undefined, to: string | undefined, nowMs: number): GivenRange {
  const range = {
    from: givenTime('--from', from, ALL_TIME.fromMs, nowMs),
    to: givenTime('--to', to, ALL_TIME.toMs, nowMs),
  };
  checkRange(range.from, range.to);
  return range;
}

/**
 * @param preset what stands in when nothing is given, ms since 1970 UTC
 * @throws UsageError TIME_INVALID
 */
export function givenTime(option: string, text: string | undefined, preset: number, nowMs: number): number {
  if (text === undefined) return preset;
  const ms = parseTime(text, nowMs);
  if (ms !== undefined) return ms;
  throw new UsageError('TIME_INVALID', `${option} is no time`, { got: text, expected: TIME_EXPECTED });
}
