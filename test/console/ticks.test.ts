import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heightsOf } from '../../console/src/components/stack.ts';
import { TICK_STEPS_MS, ticksOf } from '../../console/src/state/ticks.ts';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const zone = process.env.TZ;

function setZone(name: string | undefined): void {
  if (name === undefined) delete process.env.TZ;
  else process.env.TZ = name;
}

const stepOf = (ms: number): number => TICK_STEPS_MS.find((one) => one >= ms) ?? ms;
const utc = (text: string): number => Date.parse(`${text}Z`);

function inZone<Of>(name: string, run: () => Of): Of {
  setZone(name);
  try {
    return run();
  } finally {
    setZone(zone);
  }
}

const clocks = (ticks: readonly number[]): string[] =>
  ticks.map((ms) => {
    const at = new Date(ms);
    return `${at.getDate()} ${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  });

describe('the ticks of an axis of time', () => {
  test('are whole hours of UTC or of the clock on the wall, also half an hour beside it', () => {
    const [from, to] = [utc('2026-01-02T00:00'), utc('2026-01-03T00:00')];
    inZone('Asia/Kolkata', () => {
      const of = (isLocal: boolean) => ticksOf(from, to, stepOf(6 * MS_PER_HOUR), isLocal);
      expect(of(false)).toEqual([0, 6, 12, 18].map((hours) => from + hours * MS_PER_HOUR));
      expect(clocks(of(true))).toEqual(['2 06:00', '2 12:00', '2 18:00', '3 00:00']);
    });
  });

  test('stay at whole hours on the days when clocks are put forward and back', () => {
    inZone('Europe/Berlin', () => {
      const spring = [utc('2026-03-28T12:00'), utc('2026-03-30T00:00')] as const;
      expect(clocks(ticksOf(...spring, stepOf(6 * MS_PER_HOUR), true))).toEqual([
        ...['28 18:00', '29 00:00', '29 06:00', '29 12:00', '29 18:00', '30 00:00'],
      ]);
      expect(clocks(ticksOf(...spring, MS_PER_HOUR, true)).slice(11, 15)).toEqual([
        ...['29 00:00', '29 01:00', '29 03:00', '29 04:00'],
      ]);
      // UTC has no such day, whatever the clock on the wall does.
      expect(ticksOf(...spring, stepOf(6 * MS_PER_HOUR), false)).toEqual(
        [0, 6, 12, 18, 24, 30].map((hours) => spring[0] + hours * MS_PER_HOUR),
      );
      const autumn = [utc('2026-10-24T00:00'), utc('2026-10-28T00:00')] as const;
      expect(clocks(ticksOf(...autumn, MS_PER_DAY, true))).toEqual(['25 00:00', '26 00:00', '27 00:00', '28 00:00']);
    });
  });

  test('are Mondays, and firsts of months, where the range is long', () => {
    const weeks = ticksOf(utc('2026-10-01T05:00'), utc('2026-11-01T00:00'), 7 * MS_PER_DAY, false);
    expect(weeks.map((ms) => new Date(ms).getUTCDay())).toEqual([1, 1, 1, 1]);
    const months = ticksOf(utc('1969-05-01T00:00'), utc('1970-12-31T00:00'), stepOf(80 * MS_PER_DAY), false);
    expect(months.map((ms) => new Date(ms).toISOString().slice(0, 10))).toEqual([
      ...['1969-07-01', '1969-10-01', '1970-01-01', '1970-04-01', '1970-07-01', '1970-10-01'],
    ]);
  });

  test('lie in the range, rise, and are no farther apart than their step allows', () => {
    const from = fc.integer({ min: utc('1990-01-01T00:00'), max: utc('2040-01-01T00:00') });
    fc.assert(
      fc.property(
        ...[from, fc.constantFrom(...TICK_STEPS_MS), fc.double({ min: 0.5, max: 20, noNaN: true }), fc.boolean()],
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        (fromMs, stepMs, steps, isLocal, name) =>
          inZone(name, () => {
            const toMs = Math.ceil(fromMs + steps * stepMs);
            const ticks = ticksOf(fromMs, toMs, stepMs, isLocal);
            const ends = [fromMs, ...ticks, toMs];
            expect(ends.every((ms, at) => at === 0 || ms >= (ends[at - 1] ?? 0))).toBe(true);
            const gaps = ends.slice(1).map((ms, at) => ms - (ends[at] ?? 0));
            // A month has up to 31 days, and an hour that comes twice has one tick.
            expect(Math.max(...gaps)).toBeLessThanOrEqual(stepMs * 1.07 + MS_PER_HOUR);
          }),
      ),
    );
  });
});

describe('the parts of a bar', () => {
  const values = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e9 })), { minLength: 1, maxLength: 6 });

  test('are as high as their numbers say, where all of them can be seen', () => {
    expect(heightsOf([50, 0, 25], 2, [1, 3, 3])).toEqual([100, 0, 50]);
  });

  test('are never lower than is seen, and take that from the highest, so that the sum is where the axis says', () => {
    expect(heightsOf([1_000_000, 0, 1], 100 / 1_000_001, [1, 3, 3])).toEqual([97, 0, 3]);
    fc.assert(
      fc.property(values, fc.double({ min: 1e-6, max: 10, noNaN: true }), (of, pxPerUnit) => {
        const leastPx = of.map((_, at) => (at % 2 === 0 ? 1 : 3));
        const heights = heightsOf(of, pxPerUnit, leastPx);
        heights.forEach((height, at) => {
          if (of[at] === 0) expect(height).toBe(0);
          else expect(height).toBeGreaterThanOrEqual((leastPx[at] ?? 0) - 1e-6);
        });
        const whole = of.reduce((sum, value) => sum + value, 0) * pxPerUnit;
        const drawn = heights.reduce((sum, height) => sum + height, 0);
        // Only a bar that is lower than all that must be seen of it is drawn higher than it is.
        expect(drawn).toBeGreaterThanOrEqual(whole - 1e-6 * whole);
        expect(drawn).toBeLessThanOrEqual(Math.max(whole * (1 + 1e-9), 18 + whole));
      }),
    );
  });
});
