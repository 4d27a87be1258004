import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  endedPeriod,
  GRAINS,
  grainOf,
  isZone,
  nextPeriod,
  parsePeriod,
  periodAt,
  previousPeriod,
  stillRuns,
} from '../../../src/core/reports/period.ts';

/** Zones with what is odd: shifts at midnight, half an hour, a day left out, southern summers, no shift at all. */
const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kolkata'],
  ...['Pacific/Apia', 'America/Sao_Paulo', 'America/Havana', 'Asia/Beirut', 'Africa/Casablanca', 'Asia/Kathmandu'],
];
const zone = fc.constantFrom(...ZONES);
const grain = fc.constantFrom(...GRAINS);
const instant = fc.integer({ min: Date.UTC(2000, 0, 5), max: Date.UTC(2060, 0, 1) });

const iso = (ms: number) => new Date(ms).toISOString();
const told = (text: string, of: string) => {
  const { name, fromMs, toMs } = parsePeriod(text, of);
  return [name, iso(fromMs), iso(toMs)];
};
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return 'none';
};

describe('periods', () => {
  test('each form is read in its zone', () => {
    expect(told('2026-10', 'Europe/Berlin')).toEqual([
      ...['2026-10', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ]);
    expect(told('2026-W47', 'UTC')).toEqual(['2026-W47', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z']);
    expect(told('2026-Q4', 'UTC')).toEqual(['2026-Q4', '2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']);
    expect(told('2026', 'Asia/Kolkata')).toEqual(['2026', '2025-12-31T18:30:00.000Z', '2026-12-31T18:30:00.000Z']);
    expect(told('2026-11-25', 'America/St_Johns')).toEqual([
      ...['2026-11-25', '2026-11-25T03:30:00.000Z', '2026-11-26T03:30:00.000Z'],
    ]);
    expect(told('2026-11-01..2026-11-15', 'UTC')).toEqual([
      ...['2026-11-01..2026-11-15', '2026-11-01T00:00:00.000Z', '2026-11-15T00:00:00.000Z'],
    ]);
  });

  test('a range that is written in two ways has one name', () => {
    expect(told('2026-11-01T00:00Z..2026-11-02T01:00:00+01:00', 'UTC')[0]).toBe('2026-11-01..2026-11-02');
    expect(told('2026-11-01T00:00Z..2026-11-02T00:00Z', 'Asia/Kolkata')[0]).toBe(
      '2026-11-01T00:00:00.000Z..2026-11-02T00:00:00.000Z',
    );
  });

  test('the week belongs to the year of its Thursday', () => {
    expect(told('2026-W53', 'UTC')[1]).toBe('2026-12-28T00:00:00.000Z');
    expect(told('2025-W01', 'UTC')[1]).toBe('2024-12-30T00:00:00.000Z');
    expect(periodAt('week', Date.UTC(2027, 0, 2), 'UTC').name).toBe('2026-W53');
  });

  test('what is no period is refused', () => {
    const wrong = [
      ...['', 'yesterday', '2026-13', '2026-00', '2026-02-30', '2026-W00', '2026-W54', '2025-W53', '2026-Q5', '26'],
      ...['2026-11-15..2026-11-01', '2026-11-01..2026-11-01', '2026-11-01..', '..', '2026-10..2026-11', '1969'],
      ...['2026-11-01..2026-11-02..2026-11-03', '2026-11-01T00:00..2026-11-02', '2026-W47 ', '2000-01-01..2026-01-01'],
    ];
    for (const text of wrong) expect([text, codeOf(() => parsePeriod(text, 'UTC'))]).toEqual([text, 'PERIOD_INVALID']);
    expect(codeOf(() => parsePeriod('2011-12-30', 'Pacific/Apia'))).toBe('PERIOD_INVALID');
    expect(codeOf(() => parsePeriod('2016-01-01..2026-01-08', 'UTC'))).toBe('none');
    expect(codeOf(() => parsePeriod('2016-01-01..2026-01-09', 'UTC'))).toBe('PERIOD_INVALID');
  });

  test('days are as long as the clocks of their zone make them', () => {
    const hours = (text: string, of: string) => {
      const { fromMs, toMs } = parsePeriod(text, of);
      return (toMs - fromMs) / 3_600_000;
    };
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5);
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
    expect(hours('2018-02-17', 'America/Sao_Paulo')).toBe(25);
    expect(hours('2011-12-29', 'Pacific/Apia')).toBe(24);
    expect(hours('2011-W52', 'Pacific/Apia')).toBe(144);
  });

  test('a name is read as the period that it names', () => {
    fc.assert(
      fc.property(grain, instant, zone, (one, at, of) => {
        const period = periodAt(one, at, of);
        expect(parsePeriod(period.name, of)).toEqual(period);
        expect(grainOf(period.name)).toBe(one);
        expect(at >= period.fromMs && at < period.toMs).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('periods of a grain follow one another without a gap and without overlap', () => {
    fc.assert(
      fc.property(grain, instant, zone, (one, at, of) => {
        const period = periodAt(one, at, of);
        const next = nextPeriod(period);
        expect(next.fromMs).toBe(period.toMs);
        expect(previousPeriod(next)).toEqual(period);
        expect(periodAt(one, period.toMs, of)).toEqual(next);
        expect(periodAt(one, period.toMs - 1, of)).toEqual(period);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the period that ended is over, and none after it is', () => {
    fc.assert(
      fc.property(grain, instant, zone, (one, at, of) => {
        const ended = endedPeriod(one, at, of);
        expect(stillRuns(ended, at)).toBe(false);
        expect(stillRuns(nextPeriod(ended), at)).toBe(true);
      }),
    );
  });

  test('a period begins where its zone shows the first instant of its first day', () => {
    fc.assert(
      fc.property(instant, zone, (at, of) => {
        const { name, fromMs } = periodAt('day', at, of);
        const shown = (ms: number) => new Intl.DateTimeFormat('en-CA', { timeZone: of }).format(ms);
        expect(shown(fromMs)).toBe(name);
        expect(shown(fromMs - 1) < name).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the period before a range is as long as it, in days of the calendar where it is made of days', () => {
    const earlier = (text: string, of: string) => previousPeriod(parsePeriod(text, of)).name;
    expect(earlier('2026-03-23..2026-04-02', 'Europe/Berlin')).toBe('2026-03-13..2026-03-23');
    expect(earlier('2026-11-01T06:00Z..2026-11-01T12:00Z', 'UTC')).toBe('2026-11-01..2026-11-01T06:00:00.000Z');
    expect(earlier('2026-11-01', 'UTC')).toBe('2026-10-31');
    expect(earlier('2026-Q1', 'UTC')).toBe('2025-Q4');
    expect(earlier('2011-12-31', 'Pacific/Apia')).toBe('2011-12-29');
  });

  test('a zone is one that has a name', () => {
    expect(ZONES.filter((one) => !isZone(one))).toEqual([]);
    expect(['', '+02:00', 'Europe/Atlantis', 'local', '../etc'].filter(isZone)).toEqual([]);
  });
});
