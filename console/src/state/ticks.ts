/**
 * Where an axis of time is marked: at whole times by the clock of the zone that is shown, also on days when that is put
 * forward or back.
 */

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const MS_PER_MONTH = (365.2425 / 12) * MS_PER_DAY;
/** 1970-01-05: weeks are counted from one. */
const A_MONDAY = 4 * MS_PER_DAY;

/** The steps that people count time by; from a month on they are those of the calendar, and these their mean. */
export const TICK_STEPS_MS: readonly number[] = [
  ...[1, 5, 10, 30].map((seconds) => seconds * 1_000),
  ...[1, 5, 10, 30].map((minutes) => minutes * MS_PER_MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * 60 * MS_PER_MINUTE),
  ...[1, 2, 7, 14].map((days) => days * MS_PER_DAY),
  ...[1, 3, 6, 12, 60].map((months) => months * MS_PER_MONTH),
];

/** @param stepMs one of `TICK_STEPS_MS` */
export function ticksOf(fromMs: number, toMs: number, stepMs: number, isLocal: boolean): number[] {
  const ticks: number[] = [];
  for (const clock of clocksFrom(clockOf(fromMs, isLocal), stepMs)) {
    const ms = instantOf(clock, isLocal);
    if (ms >= toMs) break;
    // A time that the clock leaves out is a later one, which has its own tick.
    if (ms >= fromMs && ms > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(ms);
  }
  return ticks;
}

function* clocksFrom(clock: number, stepMs: number): Generator<number> {
  if (stepMs >= MS_PER_MONTH) {
    const step = Math.round(stepMs / MS_PER_MONTH);
    const at = new Date(clock);
    const months = (at.getUTCFullYear() - 1970) * 12 + at.getUTCMonth();
    for (let month = Math.floor(months / step) * step; ; month += step) yield Date.UTC(1970, month);
  }
  const first = Math.floor((clock - A_MONDAY) / stepMs) * stepMs + A_MONDAY;
  for (let at = first; ; at += stepMs) yield at;
}

/** What the clock of the zone shows at an instant, written as if it were UTC. */
export function clockOf(ms: number, isLocal: boolean): number {
  return isLocal ? ms - new Date(ms).getTimezoneOffset() * MS_PER_MINUTE : ms;
}

function instantOf(clock: number, isLocal: boolean): number {
  if (!isLocal) return clock;
  const at = new Date(clock);
  const day = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()] as const;
  return new Date(...day, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()).getTime();
}
