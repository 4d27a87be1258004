import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TIME_MS_MAX, EVENT_TIME_MS_MIN } from '../../../schemas/audit-event.ts';
import { formatInstant, parseEpochMs, parseInstant } from '../../../schemas/fields/time.ts';

const utc = (text: string) => Date.parse(text);

describe('an instant is read in every form that ISO 8601 and databases write', () => {
  it.each([
    ['2026-11-22T10:00:00Z', utc('2026-11-22T10:00:00Z')],
    ['2026-11-22T10:00Z', utc('2026-11-22T10:00:00Z')],
    ['2026-11-22t10:00:00z', utc('2026-11-22T10:00:00Z')],
    ['2026-11-22 10:00:00+00:00', utc('2026-11-22T10:00:00Z')],
    ['2026-11-22T10:00:00+02:00', utc('2026-11-22T08:00:00Z')],
    ['2026-11-22T10:00:00+0200', utc('2026-11-22T08:00:00Z')],
    ['2026-11-22T10:00:00-02', utc('2026-11-22T12:00:00Z')],
    ['2026-11-22T10:00:00-05:30', utc('2026-11-22T15:30:00Z')],
    ['2026-11-22T10:00:00.5Z', utc('2026-11-22T10:00:00.500Z')],
    ['2026-11-22T10:00:00,05Z', utc('2026-11-22T10:00:00.050Z')],
    ['2026-11-22T10:00:00.123999999Z', utc('2026-11-22T10:00:00.123Z')],
    ['2024-02-29T00:00:00Z', utc('2024-02-29T00:00:00Z')],
    ['2000-02-29T00:00:00Z', utc('2000-02-29T00:00:00Z')],
    ['2026-11-22T24:00:00Z', utc('2026-11-23T00:00:00Z')],
    ['1970-01-01T00:00:00Z', 0],
    ['1969-12-31T23:00:00-01:00', 0],
    ['2299-12-31T23:59:59.999Z', EVENT_TIME_MS_MAX],
    ['2299-12-31T23:59:59.9999Z', EVENT_TIME_MS_MAX],
  ])('%s', (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  it('the day before in any of its digits is another day', () => {
    const days = ['2026-11-22', '2025-11-22', '2026-10-22', '2026-11-12', '2126-11-22', '2026-11-22'];
    for (const day of days) expect(parseInstant(`${day}T01:02:03Z`)).toBe(utc(`${day}T01:02:03Z`));
  });

  it('a leap second is the first instant of the next day, and there is one only at the end of a day in UTC', () => {
    expect(parseInstant('2016-12-31T23:59:60Z')).toBe(utc('2017-01-01T00:00:00Z'));
    expect(parseInstant('2017-01-01T01:59:60.250+02:00')).toBe(utc('2017-01-01T00:00:00.250Z'));
    expect(parseInstant('2016-12-31T23:58:60Z')).toBe('time-invalid');
    expect(parseInstant('2016-12-31T23:59:60+02:00')).toBe('time-invalid');
  });
});

describe('what is no instant is told by its reason', () => {
  it.each(['2026-11-22T10:00:00', '2026-11-22T10:00', '2026-11-22 10:00:00.123', '2026-11-22'])(
    '%s has no zone',
    (text) => {
      expect(parseInstant(text)).toBe('time-without-zone');
    },
  );

  it.each([
    '1969-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00Z',
    '0050-01-01T00:00:00Z',
    '2300-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2299-12-31T23:59:59-00:01',
    '1970-01-01T00:00:00+00:01',
    '+012026-11-22T10:00:00Z',
    '-000001-11-22T10:00:00Z',
  ])('%s is out of range', (text) => {
    expect(parseInstant(text)).toBe('time-out-of-range');
  });

  it.each([
    '',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22T24:00:01Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:00:61Z',
    '2026-11-22T10:00:00.Z',
    '2026-11-22T10:00:00+24:00',
    '2026-11-22T10:00:00+2:00',
    '2026-11-22T10:00:00+02:',
    '2026-11-22T10:00:00+02:00Z',
    '2026-11-22T10:00:00Z ',
    ' 2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00 UTC',
    '2026-11-22T10:0',
    '2026-11-22T1',
    '2026-11-22T',
    '2026-1-2T10:00:00Z',
    '2026/11/22T10:00:00Z',
    '22-Nov-2026 10:00:00',
    '1732269600',
    '٢٠٢٦-11-22T10:00:00Z',
  ])('%s is invalid', (text) => {
    expect(parseInstant(text)).toBe('time-invalid');
  });
});

describe('against the reader of the language', () => {
  const range = { min: EVENT_TIME_MS_MIN, max: EVENT_TIME_MS_MAX, noInteger: false };
  const two = (value: number) => String(value).padStart(2, '0');

  it('every instant in range reads as itself', () => {
    fc.assert(
      fc.property(fc.integer(range), (ms) => {
        expect(parseInstant(formatInstant(ms))).toBe(ms);
      }),
      { numRuns: 5_000 },
    );
  });

  it('every instant under every offset reads as itself', () => {
    fc.assert(
      fc.property(fc.integer(range), fc.integer({ min: -1_439, max: 1_439 }), (ms, minutes) => {
        const local = new Date(ms + minutes * 60_000).toISOString();
        fc.pre(local.length === 24);
        const size = Math.abs(minutes);
        const sign = minutes < 0 ? '-' : '+';
        const [hours, rest] = [two(Math.floor(size / 60)), two(size % 60)];
        expect(parseInstant(`${local.slice(0, -1)}${sign}${hours}:${rest}`)).toBe(ms);
        expect(parseInstant(`${local.slice(0, -1)}${sign}${hours}${rest}`)).toBe(ms);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a date and time of any digits is an instant exactly when the language says so', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1_971, max: 2_298 }),
      fc.integer({ min: 0, max: 14 }),
      fc.integer({ min: 0, max: 33 }),
      fc.integer({ min: 0, max: 25 }),
      fc.integer({ min: 0, max: 61 }),
      fc.integer({ min: 0, max: 59 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day, hour, minute, second]) => {
        const text = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
        const expected = new Date(utc(text));
        // The language lets the 31st of February run over into March.
        const exists =
          !Number.isNaN(expected.getTime()) && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
        expect(parseInstant(text)).toBe(exists ? expected.getTime() : 'time-invalid');
      }),
      { numRuns: 5_000 },
    );
  });

  it('any text is an instant or a reason, and what was read before it changes nothing', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9T:Z+\-. ]{0,32}$/), fc.date().map(String));
    fc.assert(
      fc.property(texts, fc.integer(range), (text, before) => {
        const first = parseInstant(text);
        parseInstant(formatInstant(before));
        expect(parseInstant(text)).toBe(first);
        if (typeof first === 'number') expect(formatInstant(first)).toMatch(/^[0-9]{4}-/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('milliseconds since 1970', () => {
  it.each([
    [0, 0],
    [-0.5, 0],
    [1_700_000_000_000.9, 1_700_000_000_000],
    ['1700000000000', 1_700_000_000_000],
    [-1, 'time-out-of-range'],
    ['-1', 'time-out-of-range'],
    [EVENT_TIME_MS_MAX, EVENT_TIME_MS_MAX],
    [EVENT_TIME_MS_MAX + 1, 'time-out-of-range'],
    ['9'.repeat(20), 'time-out-of-range'],
    [Number.NaN, 'time-invalid'],
    ['', 'time-invalid'],
    ['1e3', 'time-invalid'],
  ])('%s', (value, expected) => {
    expect(Object.is(parseEpochMs(value), expected)).toBe(true);
  });
});
