/**
 * Which runs of schedules are due. A run is of a period: the last one that was over when the clock showed the time of
 * the schedule. Each period is told once, at the first run after its end, however often a schedule runs and however
 * late that is found out; so what is due follows from the clock and from what is recorded, and from nothing else. Pure.
 */
import { REPORT_CATCH_UP_ENTRIES_MAX } from '../limits.ts';
import { endedPeriod, type Grain, type Period, periodAt } from './period.ts';
import type { ScheduleTimes } from './schedule-times.ts';

export interface TimedSchedule {
  readonly name: string;
  readonly zone: string;
  /** Of the periods that it tells of. */
  readonly grain: Grain;
  readonly times: ScheduleTimes;
}

export interface Run {
  readonly schedule: string;
  readonly period: Period;
  /** ms since 1970, UTC; when it was to run, however late it does. */
  readonly atMs: number;
}

/** What is recorded of a schedule. */
export interface ScheduleRecord {
  /** ms since 1970, UTC; runs up to then were before its time. */
  readonly sinceMs: number;
  /** Names of the periods that need no run any more. */
  readonly settled: ReadonlySet<string>;
}

/**
 * Runs that were missed or have just come due, the oldest first. Of each schedule only the last few periods count: who
 * was away for a year does not want fifty documents.
 *
 * @param recordOf `undefined`: the schedule is new, and nothing of it was missed
 */
export function dueRuns(
  schedules: readonly TimedSchedule[],
  recordOf: (schedule: string) => ScheduleRecord | undefined,
  nowMs: number,
): Run[] {
  const due = schedules.flatMap((schedule) => {
    const record = recordOf(schedule.name);
    if (record === undefined) return [];
    return runsBefore(schedule, nowMs, record.sinceMs).filter(({ period }) => !record.settled.has(period.name));
  });
  return due.sort(byTime);
}

/** The next runs of all schedules together, the first of them first. */
export function nextRuns(schedules: readonly TimedSchedule[], nowMs: number, count: number): Run[] {
  return schedules
    .flatMap((schedule) => runsAfter(schedule, nowMs, count))
    .sort(byTime)
    .slice(0, count);
}

const byTime = (one: Run, other: Run): number =>
  one.atMs - other.atMs || (one.schedule < other.schedule ? -1 : one.schedule > other.schedule ? 1 : 0);

function runsBefore(schedule: TimedSchedule, nowMs: number, sinceMs: number): Run[] {
  const runs: Run[] = [];
  for (let before = nowMs + 1; runs.length < REPORT_CATCH_UP_ENTRIES_MAX; ) {
    const last = schedule.times.last(before);
    if (last === undefined) break;
    const run = firstRunOf(schedule, endedPeriod(schedule.grain, last, schedule.zone), last);
    if (run.atMs <= sinceMs) break;
    runs.push(run);
    before = run.period.toMs;
  }
  return runs;
}

function runsAfter(schedule: TimedSchedule, nowMs: number, count: number): Run[] {
  const { times, grain, zone } = schedule;
  const runs: Run[] = [];
  for (let after = nowMs; runs.length < count; ) {
    const at = times.next(after);
    if (at === undefined) break;
    const run = firstRunOf(schedule, endedPeriod(grain, at, zone), at);
    if (run.atMs > nowMs) runs.push(run);
    // What comes before the running period is over tells of the same one again.
    after = periodAt(grain, at, zone).toMs - 1;
  }
  return runs;
}

function firstRunOf({ name, times }: TimedSchedule, period: Period, atMs: number): Run {
  return { schedule: name, period, atMs: Math.min(times.next(period.toMs - 1) ?? atMs, atMs) };
}
