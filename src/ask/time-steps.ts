/** Ranges of time cut into steps that people read easily: for whatever is drawn over time. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((count) => count * DAY),
];

export interface TimeSteps {
  readonly stepMs: number;
  /** Where each step begins, ms since 1970 UTC; the first may begin before the range. */
  readonly starts: readonly number[];
}

/** The shortest steps of which at most so many cover the range; steps begin at whole multiples of their length. */
export function timeSteps(fromMs: number, toMs: number, stepsMax: number): TimeSteps {
  const countOf = (stepMs: number): number => Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs);
  const longest = STEPS_MS.at(-1) ?? DAY;
  const stepMs =
    STEPS_MS.find((step) => countOf(step) <= stepsMax) ?? Math.ceil((toMs - fromMs) / longest / stepsMax + 1) * longest;
  const first = Math.floor(fromMs / stepMs) * stepMs;
  return { stepMs, starts: Array.from({ length: countOf(stepMs) }, (_, at) => first + at * stepMs) };
}
