import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPORT_CATCH_UP_ENTRIES_MAX } from '../../../src/core/limits.ts';
import { dueRuns, nextRuns, type Run, type TimedSchedule } from '../../../src/core/reports/due.ts';
import { type Grain, nextPeriod, stillRuns } from '../../../src/core/reports/period.ts';
import { cronPattern, type ScheduleTimes, scheduleTimes } from '../../../src/core/reports/schedule-times.ts';

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kolkata'],
  ...['Pacific/Apia', 'America/Sao_Paulo', 'America/Havana', 'Africa/Casablanca'],
];
const PATTERNS: readonly (readonly [string, Grain])[] = [
  ...([
    ['daily 02:30', 'day'],
    ['daily 00:00', 'day'],
    ['monday 07:00', 'week'],
    ['sunday 02:15', 'week'],
    ['monthly 03:00', 'month'],
    ['quarterly 07:00', 'quarter'],
    ['0 * * * *', 'day'],
    ['weekdays 06:00', 'week'],
    ['*/20 1-3 * * *', 'day'],
    ['0 7 5 1 *', 'day'],
  ] as const),
];
const DAY_MS = 86_400_000;

function timed(at: string, zone: string, grain: Grain, name = 'one'): TimedSchedule {
  return { name, zone, grain, times: scheduleTimes(at, zone) as ScheduleTimes };
}

const schedule = fc
  .tuple(fc.constantFrom(...PATTERNS), fc.constantFrom(...ZONES))
  .map(([[at, grain], zone]) => timed(at, zone, grain));
const instant = fc.integer({ min: Date.UTC(2008, 0, 1), max: Date.UTC(2036, 0, 1) });
const none = new Set<string>();
const told = (runs: readonly Run[]) => runs.map(({ period, atMs }) => [period.name, new Date(atMs).toISOString()]);

/** The time of day that a zone shows. */
function clock(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(ms);
}

describe('times', () => {
  test('words stand for patterns', () => {
    expect(
      ['daily 07:00', 'Monday 7:05', 'weekdays 00:00', 'monthly 07:00', 'monthly 15 07:00', 'quarterly 07:00'].map(
        cronPattern,
      ),
    ).toEqual(['0 7 * * *', '5 7 * * 1', '0 0 * * 1-5', '0 7 1 * *', '0 7 15 * *', '0 7 1 1,4,7,10 *']);
    expect(cronPattern('yearly 12:30')).toBe('30 12 1 1 *');
  });

  test('what is no time, and what never comes, is none', () => {
    const wrong = [
      ...['', 'tomorrow', 'daily', 'daily 25:00', 'daily 07:60', 'monday 3 07:00', 'monthly 32 07:00'],
      ...['0 0 30 2 *', '61 * * * *', '* * * * * *', '? * * * *', 'H 7 * * *', 'someday 07:00'],
    ];
    expect(wrong.filter((at) => scheduleTimes(at, 'UTC') !== undefined)).toEqual([]);
    expect(scheduleTimes('0 7 * * *', 'Europe/Atlantis')).toBeUndefined();
    expect(scheduleTimes('0 0 29 2 *', 'UTC')).toBeDefined();
  });

  test('a time that does not exist comes when the clock was shifted, one that exists twice comes once', () => {
    const runs = (at: string, zone: string, from: string, count: number) => {
      const { next } = scheduleTimes(at, zone) as ScheduleTimes;
      const found: string[] = [];
      for (let after = Date.parse(from); found.length < count; after = next(after) ?? 0) {
        found.push(new Date(next(after) ?? 0).toISOString());
      }
      return found;
    };
    expect(runs('daily 02:30', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      ...['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ]);
    expect(runs('daily 02:30', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      ...['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ]);
    expect(runs('daily 02:15', 'Australia/Lord_Howe', '2026-10-03T10:00Z', 2)).toEqual([
      ...['2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
    ]);
    expect(runs('daily 05:00', 'Pacific/Apia', '2011-12-28T20:00Z', 2)).toEqual([
      ...['2011-12-29T15:00:00.000Z', '2011-12-30T15:00:00.000Z'],
    ]);
  });

  test('a daily time comes once on each day of the calendar, and at that time unless the clock leaves it out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom(...ZONES),
        instant,
        (hour, minute, zone, from) => {
          const text = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
          const { next, last } = scheduleTimes(`daily ${text}`, zone) as ScheduleTimes;
          const first = next(from) as number;
          const second = next(first) as number;
          expect(last(second)).toBe(first);
          const days = (second - first) / DAY_MS;
          expect(days).toBeGreaterThan(0.9);
          expect(days).toBeLessThan(1.1);
          // Where it shows another time, that time was left out: nothing between the two is shown.
          const shown = clock(first, zone);
          if (shown !== text) {
            expect(shown > text || zone === 'Pacific/Apia', `${zone} ${text} ${shown}`).toBe(true);
            expect(clock(first - 60_000, zone) < text || hour === 0, `${zone} ${text}`).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what is due', () => {
  test('a run that was missed is made up for once, with its own period', () => {
    const weekly = timed('monday 07:00', 'Europe/Berlin', 'week');
    const sinceMs = Date.parse('2026-10-01T00:00Z');
    const now = Date.parse('2026-10-22T12:00Z');
    const due = dueRuns([weekly], () => ({ sinceMs, settled: none }), now);
    expect(told(due)).toEqual([
      ['2026-W40', '2026-10-05T05:00:00.000Z'],
      ['2026-W41', '2026-10-12T05:00:00.000Z'],
      ['2026-W42', '2026-10-19T05:00:00.000Z'],
    ]);
    const settled = new Set(['2026-W40', '2026-W42']);
    expect(told(dueRuns([weekly], () => ({ sinceMs, settled }), now))).toEqual([told(due)[1]]);
  });

  test('nothing of a new schedule was missed', () => {
    const daily = timed('daily 07:00', 'UTC', 'day');
    const now = Date.parse('2026-10-22T07:00Z');
    expect(dueRuns([daily], () => undefined, now)).toEqual([]);
    expect(dueRuns([daily], () => ({ sinceMs: now, settled: none }), now)).toEqual([]);
    expect(told(dueRuns([daily], () => ({ sinceMs: now - 1, settled: none }), now))).toEqual([
      ['2026-10-21', '2026-10-22T07:00:00.000Z'],
    ]);
  });

  test('who was away for long is told of the last periods only', () => {
    const daily = timed('daily 07:00', 'UTC', 'day');
    const due = dueRuns([daily], () => ({ sinceMs: 0, settled: none }), Date.parse('2026-10-22T07:00Z'));
    expect(due).toHaveLength(REPORT_CATCH_UP_ENTRIES_MAX);
    expect([due[0]?.period.name, due.at(-1)?.period.name]).toEqual(['2026-10-10', '2026-10-21']);
  });

  test('a schedule that runs more often than its periods end tells each of them once', () => {
    const hourly = timed('0 * * * *', 'America/New_York', 'week');
    const due = dueRuns([hourly], () => ({ sinceMs: Date.parse('2026-10-20T00:00Z'), settled: none }), Date.now());
    expect(new Set(due.map(({ period }) => period.name)).size).toBe(due.length);
    expect(told(nextRuns([hourly], Date.parse('2026-10-20T12:00Z'), 2))).toEqual([
      ['2026-W43', '2026-10-26T04:00:00.000Z'],
      ['2026-W44', '2026-11-02T05:00:00.000Z'],
    ]);
  });

  test('each period whose run came is made exactly once, whatever the clock does and whenever somebody looks', () => {
    // Steps of hours: on, further on (an outage), and back (a clock that was set).
    const steps = fc.array(fc.integer({ min: -30, max: 90 }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(schedule, instant, steps, (one, startMs, hours) => {
        const settled = new Set<string>();
        const made: Run[] = [];
        let now = startMs;
        let latest = startMs;
        for (const step of hours) {
          now += step * 3_600_000;
          latest = Math.max(latest, now);
          for (const run of dueRuns([one], () => ({ sinceMs: startMs, settled }), now)) {
            expect(stillRuns(run.period, now), 'a period that still runs is not told').toBe(false);
            expect(run.atMs <= now && run.atMs > startMs).toBe(true);
            settled.add(run.period.name);
            made.push(run);
          }
        }
        const wanted = nextRuns([one], startMs, made.length + 3).filter(({ atMs }) => atMs <= latest);
        expect(told([...made].sort((a, b) => a.atMs - b.atMs))).toEqual(told(wanted));
      }),
      { numRuns: 200 },
    );
  });

  test('of a schedule that runs once for each period, no period is left out', () => {
    const regular = schedule.filter(({ grain, times }) => {
      const at = times.next(0) as number;
      return (
        (times.next(at) as number) - at <= { day: 1.1, week: 8, month: 32, quarter: 93, year: 367 }[grain] * DAY_MS
      );
    });
    fc.assert(
      fc.property(regular, instant, (one, from) => {
        const runs = nextRuns([one], from, 6);
        for (const [at, run] of runs.entries()) {
          const next = runs[at + 1];
          if (next !== undefined) expect(next.period).toEqual(nextPeriod(run.period));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('runs of several schedules come in the order of their times', () => {
    const both = [timed('daily 07:00', 'Asia/Kolkata', 'day', 'b'), timed('daily 07:00', 'UTC', 'day', 'a')];
    const now = Date.parse('2026-10-22T12:00Z');
    expect(nextRuns(both, now, 4).map((run) => run.schedule)).toEqual(['b', 'a', 'b', 'a']);
    const due = dueRuns(both, () => ({ sinceMs: now - 2 * DAY_MS, settled: none }), now);
    expect(due.map((run) => run.schedule)).toEqual(['b', 'a', 'b', 'a']);
  });
});
