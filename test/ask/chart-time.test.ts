import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuestionChart } from '../../schemas/questions.ts';
import type { Cell } from '../../src/ask/answer.ts';
import { textWidth, visible } from '../../src/ask/format/text.ts';
import { CHART_COLUMNS_DEFAULT, CHART_COLUMNS_MIN, CHART_POINTS_MAX } from '../../src/core/limits.ts';
import { drawn, type Rows, TIME, withoutColor } from './drawn.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-11-20T00:00:00Z');
const at = (steps: number, stepMs = HOUR_MS): string => new Date(START_MS + steps * stepMs).toISOString();

const TYPES = { bucket: TIME, requests: 'Nullable(Float64)' };
const CHART: QuestionChart = { kind: 'line', x: 'bucket', y: 'requests' };
/** Without the title and the line below it. */
const columns = async (rows: Rows, width = CHART_COLUMNS_DEFAULT, types = TYPES): Promise<string[]> =>
  (await drawn(types, rows, CHART, { width })).slice(2);
const every = (values: readonly Cell[], stepMs = HOUR_MS): Rows =>
  values.map((value, index) => [at(index, stepMs), value]);
/** The labels of the axis, from the top. */
const axis = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (/^ *(\S.*?) [┤└┼]/.exec(line)?.[1] ?? '').trim() || []);

describe('columns over time', () => {
  it('stand on zero, to an eighth of a row, between an axis of round steps and one of time', async () => {
    expect(await drawn(TYPES, every([1, 4, 2, 3.25]), CHART, { width: 24 })).toEqual([
      'requests by bucket',
      '',
      '4 ┤     ████',
      '  │     ████',
      '  │     ████      ▆▆▆▆',
      '3 ┤     ████      ████',
      '  │     ████      ████',
      '  │     ████      ████',
      '2 ┤     ████ ████ ████',
      '  │     ████ ████ ████',
      '  │     ████ ████ ████',
      '1 ┤████ ████ ████ ████',
      '  │████ ████ ████ ████',
      '  │████ ████ ████ ████',
      '0 └┬─────────┬─────────',
      '   11-20     02:00',
      '2026-11-20 00:00 → 2026…',
      'one column: 1 h',
    ]);
  });

  it('leave a gap where a bucket is missing, and draw the line of zero where one holds nothing', async () => {
    const rows = [at(0), at(1), at(3), at(5)].map((bucket, index): Cell[] => [bucket, [2, 0, 1, null][index] ?? null]);
    const lines = await columns(rows, 20);
    const foot = lines.find((line) => line.startsWith('0')) ?? '';
    expect(lines[lines.indexOf(foot) - 1]).toBe('  │██    ██');
    expect(foot.replaceAll('┬', '─')).toBe('0 └────  ──');
  });

  it('show that something is there however little it is', async () => {
    const lines = await columns(every([1_000, 1, 0]));
    expect(lines.at(-4)).toMatch(/│█████ ▁▁▁▁▁$/);
  });

  it('below zero hang from it', async () => {
    const lines = await columns(every([2, -1, -2]));
    expect(axis(lines)).toEqual(['2', '1', '0', '-1', '-2']);
    const zero = lines.findIndex((line) => line.includes('┼'));
    expect(lines[zero - 1]).toBe('   │█████');
    expect(lines[zero + 1]).toBe('   │      █████ █████');
    expect(lines.slice(zero + 1).filter((line) => line.endsWith('█████'))).toHaveLength(6);
  });

  it.each([
    ['counts', 'UInt64', [3], ['3', '2', '1', '0']],
    ['of one', 'UInt64', [1], ['1', '0']],
    ['of nothing', 'UInt64', [0, 0], ['1', '0']],
    ['fractions', 'Float64', [0.3], ['0.3', '0.2', '0.1', '0']],
    ['much', 'UInt64', [12_345_678], ['12.5M', '10M', '7.5M', '5M', '2.5M', '0']],
    ['more than a number holds exactly', 'UInt64', ['18446744073709551615'], ['20E', '15E', '10E', '5E', '0']],
    ['beyond measure', 'Float64', [4e300], ['4e+300', '3e+300', '2e+300', '1e+300', '0']],
    ['bytes', 'UInt64 in bytes', [3_000_000], ['3 MiB', '2 MiB', '1 MiB', '0 B']],
    ['durations', 'Float64 in ms', [95_000], ['2 min', '1 min 30 s', '1 min', '30 s', '0 ms']],
    ['days', 'Float64 in days', [44], ['50 d', '40 d', '30 d', '20 d', '10 d', '0 ms']],
    ['shares', 'Float64 in share', [1], ['100 %', '80 %', '60 %', '40 %', '20 %', '0 %']],
    ['no number at all', 'Nullable(UInt64)', [null, null], ['1', '0']],
  ])('the steps of %s are round', async (_, requests, values: Cell[], labels) => {
    expect(axis(await columns(every(values), 80, { ...TYPES, requests }))).toEqual(labels);
  });

  it('share a place where there are more of them than columns, and the highest stands: no peak is hidden', async () => {
    const values = Array.from({ length: 1_000 }, (_, index) => (index === 777 ? 100 : 1));
    const lines = await columns(every(values), 60);
    expect(lines[0]).toMatch(/^100 ┤ +█$/);
    expect(lines.at(-1)).toMatch(/, the highest of \d+$/);
  });

  it('are told in the zone that was asked for', async () => {
    const rows = every([1, 2], DAY_MS);
    expect((await drawn(TYPES, rows, CHART)).at(-1)).toContain('2026-11-20 → 2026-11-22 UTC');
    const local = (await drawn(TYPES, rows, CHART, { local: true })).at(-1) ?? '';
    expect(local).toMatch(/ [+-]\d\d:\d\d · /);
  });

  it('one alone is a chart as well, and so are months, which are not of one length', async () => {
    expect((await columns(every([5]))).at(-1)).toBe('2026-11-20 UTC');
    const months = Array.from({ length: 12 }, (_, month): Cell[] => [new Date(Date.UTC(2026, month)).toISOString(), 1]);
    const lines = await columns(months);
    const foot = lines.find((line) => line.startsWith('0')) ?? '';
    expect(foot.slice(3), 'no month is missing').not.toContain(' ');
    expect(lines.at(-2)).toContain('2026-07');
  });

  it('of an answer without rows are none, and a row without a time is left out', async () => {
    expect(await drawn(TYPES, [], CHART)).toEqual(['no rows']);
    expect(await drawn(TYPES, [[null, 1]], CHART)).toEqual(['no rows']);
  });

  it('of more points than can be drawn are refused', async () => {
    const rows = every(
      Array.from({ length: CHART_POINTS_MAX }, () => 1),
      1_000,
    );
    expect(await drawn(TYPES, rows, CHART)).not.toEqual([]);
    await expect(drawn(TYPES, [...rows, [at(0), 1]], CHART)).rejects.toMatchObject({ code: 'CHART_TOO_LARGE' });
  });
});

describe('series over time', () => {
  const types = { ...TYPES, action: 'String' };
  const chart: QuestionChart = { ...CHART, kind: 'area', by: 'action' };

  it('are stacked, with a legend, the largest at the foot', async () => {
    const rows: Rows = [
      [at(0), 1, 'write'],
      [at(0), 3, 'read'],
      [at(1), 2, 'read'],
    ];
    const lines = await drawn(types, rows, chart);
    const first = lines.flatMap((line) => /[│┤](.)/.exec(line)?.[1] ?? []);
    expect(first.join('')).toMatch(/^▓{3}█{9}$/);
    expect(lines.at(-1)).toBe('█ read   ▓ write');
  });
});

describe('a scatter', () => {
  const chart: QuestionChart = { ...CHART, kind: 'scatter' };

  it('shows each point at its time and its height, several at one time too', async () => {
    const rows: Rows = [
      [at(0), 0],
      [at(0), 10],
      [at(9), 5],
    ];
    const lines = (await drawn(TYPES, rows, chart, { width: 60 })).slice(2);
    const dots = lines.flatMap((line, row) => [...line.matchAll(/•+/g)].map((match) => [row, match.index]));
    expect(dots.map(([row]) => row)).toEqual([0, 4, 9]);
    expect(dots[0]?.[1]).toBe(dots[2]?.[1]);
    expect(dots[1]?.[1]).toBeGreaterThan(dots[0]?.[1] ?? 0);
  });
});

describe('whatever an answer holds', () => {
  it('a chart stays within its columns, shows nothing invisible, and has no codes without colour', async () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 50 }).map((step) => at(step)),
      fc
        .date({ min: new Date('1970-01-01'), max: new Date('2299-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    );
    const value = fc.oneof(
      fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
      fc.integer({ min: -10, max: 1_000 }),
      fc.constantFrom(null, 0, '18446744073709551615'),
    );
    const row = fc.tuple(time, value, fc.constantFrom('read', 'write', '', '日本\u202e'));
    const unit = fc.constantFrom('Float64', 'Float64 in bytes', 'Float64 in share', 'Float64 in minutes');
    const kind = fc.constantFrom('line', 'scatter');
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.record({ unit, kind, width: fc.integer({ min: CHART_COLUMNS_MIN, max: 200 }), parted: fc.boolean() }),
        async (rows, { unit: requests, kind, width, parted }) => {
          const types = { ...TYPES, requests, action: 'String' };
          const chart = { ...CHART, kind, ...(parted ? { by: 'action' } : {}) } as QuestionChart;
          const lines = await drawn(types, rows, chart, { width });
          for (const line of lines) {
            expect(textWidth(line), line).toBeLessThanOrEqual(width);
            expect(visible(line)).toBe(line);
          }
          const colored = await drawn(types, rows, chart, { width, color: true });
          for (const line of colored) expect(textWidth(withoutColor(line))).toBeLessThanOrEqual(width);
          if (!parted) expect(colored.map((line) => withoutColor(line).trimEnd())).toEqual(lines);
        },
      ),
    );
  });
});
