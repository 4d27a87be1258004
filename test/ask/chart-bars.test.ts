import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuestionChart } from '../../schemas/questions.ts';
import type { Cell } from '../../src/ask/answer.ts';
import { textWidth, visible } from '../../src/ask/format/text.ts';
import {
  CHART_BAR_ROWS_MAX,
  CHART_COLUMNS_MIN,
  CHART_POINTS_MAX,
  CHART_SERIES_ENTRIES_MAX,
} from '../../src/core/limits.ts';
import { drawn, type Rows, TIME, withoutColor } from './drawn.ts';

const TYPES = { key_id: 'String', requests: 'Nullable(Float64)' };
const CHART: QuestionChart = { kind: 'bar', x: 'key_id', y: 'requests' };
/** Without the title and the line below it. */
const bars = async (rows: Rows, width?: number): Promise<string[]> =>
  (await drawn(TYPES, rows, CHART, width === undefined ? {} : { width })).slice(2);

const SERIES = { key_id: 'String', requests: 'UInt64', action: 'String' };
const BY: QuestionChart = { ...CHART, by: 'action' };

describe('bars', () => {
  it('are a row for each name: label, a bar to an eighth of a cell, value', async () => {
    const rows = [
      ['orders', 8],
      ['ci', 4],
      ['ops', 1],
    ];
    expect(await drawn(TYPES, rows, CHART, { width: 26 })).toEqual([
      'requests by key_id',
      '',
      'orders  ████████████████ 8',
      'ci      ████████ 4',
      'ops     ██ 1',
    ]);
    expect(
      await bars(
        [
          ['a', 64],
          ['b', 1],
          ['c', 3],
        ],
        20,
      ),
    ).toEqual(['a  ██████████████ 64', 'b  ▎ 1', 'c  ▋ 3']);
  });

  it('nothing, zero and what is hardly more than zero are three things', async () => {
    expect(
      await bars(
        [
          ['much', 1_000],
          ['little', 0.001],
          ['zero', 0],
          ['null', null],
        ],
        40,
      ),
    ).toEqual(['much    ██████████████████████████ 1000', 'little  ▏ 0.001', 'zero     0', 'null']);
    expect(
      await bars([
        ['a', 0],
        ['b', 0],
      ]),
    ).toEqual(['a   0', 'b   0']);
    expect(await bars([['a', null]])).toEqual(['a']);
  });

  it('below zero stand on the other side of a line', async () => {
    expect(
      await bars(
        [
          ['up', 10],
          ['down', -10],
          ['some', -4],
        ],
        30,
      ),
    ).toEqual(['up              │█████████ 10', 'down   █████████│ -10', 'some        ▐███│ -4']);
    expect(await bars([['a', -1]], 20)).toEqual(['a  █████████████│ -1']);
  });

  it('show few digits of numbers that are not exact, and values as people read them', async () => {
    expect(
      await bars(
        [
          ['a', '18446744073709551615'],
          ['b', 1 / 3],
        ],
        60,
      ),
    ).toEqual([expect.stringMatching(/ 1\.84467e\+19$/), 'b  ▏ 0.333333']);
    const bytes = await drawn({ ...TYPES, requests: 'UInt64 in bytes' }, [['a', 1_258_291]], CHART);
    expect(bytes.at(-1)).toMatch(/█ 1\.2 MiB$/);
  });

  it('of one name are told apart by the other texts of their rows, as far as that is needed', async () => {
    const types = { account_id: 'String', key_id: 'String', owner: 'String', requests: 'UInt64' };
    const rows = [
      ['1001', 'ci', 'Ada', 4],
      ['2002', 'ci', 'Ada', 3],
      ['1001', 'ops', 'Ben', 3],
      ['1001', '', 'Chen', 2],
      ['', '', '', 1],
      ['1001', 'web', 'Ada', 1],
      ['1001', 'web', 'Ben', 1],
    ];
    const labels = (await drawn(types, rows, CHART)).slice(2).map((line) => line.split('  ')[0]);
    expect(labels).toEqual(['ci · 1001', 'ci · 2002', 'ops', '1001', '(none)', 'web · Ada', 'web · Ben']);
  });

  it('with long names are told apart by how these begin and end', async () => {
    const rows = [
      ['redis-cloud/session-log of 1001', 2],
      ['redis-cloud/session-log of 2002', 1],
      ['日本語のとても長い名前です', 1],
    ];
    const lines = (await bars(rows, 40)).map((line) => line.split('  ')[0]);
    expect(lines).toEqual(['redis-clo…f 1001', 'redis-clo…f 2002', '日本語の…前です']);
  });

  it('are the largest ones in the order of the answer, and say how many they leave out', async () => {
    const all = Array.from({ length: 1_500 }, (_, index): Cell[] => [`key-${index}`, (index * 7_919) % 1_500]);
    const lines = await bars(all);
    expect(lines).toHaveLength(CHART_BAR_ROWS_MAX + 1);
    expect(lines.at(-1)).toContain('1,480');
    const values = lines.slice(0, -1).map((line) => Number(line.split(' ').at(-1)));
    expect(values.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: CHART_BAR_ROWS_MAX }, (_, index) => 1_480 + index),
    );
    const order = lines.slice(0, -1).map((line) => Number(/^key-(\d+)/.exec(line)?.[1]));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(await bars(all.slice(0, CHART_BAR_ROWS_MAX))).toHaveLength(CHART_BAR_ROWS_MAX);
  });

  it('of times are labelled with them, in the zone that was asked for', async () => {
    const chart: QuestionChart = { kind: 'bar', x: 'at', y: 'n' };
    const types = { at: TIME, n: 'UInt64' };
    const rows = [['2026-11-23T10:00:00.000Z', 1]];
    expect((await drawn(types, rows, chart)).at(-1)).toMatch(/^2026-11-23T10:00Z {2}█/);
    const label = /^(\S+) /.exec((await drawn(types, rows, chart, { local: true })).at(-1) ?? '')?.[1] ?? '';
    expect(label).toMatch(/[+-]\d\d:\d\d$/);
    expect(Date.parse(label)).toBe(Date.parse('2026-11-23T10:00:00Z'));
  });

  it('have no fewer columns than they need, however few the terminal has', async () => {
    const rows = [['a-long-name', 4]];
    expect(await bars(rows, CHART_COLUMNS_MIN - 1)).toEqual(await bars(rows, CHART_COLUMNS_MIN));
    expect(await bars(rows, CHART_COLUMNS_MIN + 1)).not.toEqual(await bars(rows, CHART_COLUMNS_MIN));
  });

  it('of an answer without rows are none', async () => {
    expect(await drawn(TYPES, [], CHART)).toEqual(['no rows']);
  });
});

describe('series', () => {
  const rows: Rows = [
    ['ci', 4, 'write'],
    ['orders', 10, 'read'],
    ['ci', 4, 'write'],
    ['orders', 6, 'write'],
  ];

  it('are parts of a bar, with a legend, the largest first, as the bars are', async () => {
    expect(await drawn(SERIES, rows, BY, { width: 27 })).toEqual([
      'requests by key_id and act…',
      '',
      'orders  ██████▓▓▓▓▓▓▓▓▓▓ 16',
      'ci      ████████ 8',
      '',
      '█ write   ▓ read',
    ]);
  });

  it('show that something is there however little it is', async () => {
    const little = [
      ['much', 2_000, 'read'],
      ['much', 1_000, 'write'],
      ['little', 1, 'write'],
    ];
    expect((await drawn(SERIES, little, BY))[3]).toBe('little  ▓ 1');
  });

  it('that are many are a few and the others', async () => {
    const many = Array.from({ length: CHART_SERIES_ENTRIES_MAX + 3 }, (_, index): Cell[] => [
      'k',
      100 - index,
      `s${index}`,
    ]);
    const few = many.slice(0, CHART_SERIES_ENTRIES_MAX);
    expect((await drawn(SERIES, few, BY)).at(-1)).toContain(`s${CHART_SERIES_ENTRIES_MAX - 1}`);
    const legend = (await drawn(SERIES, many, BY)).at(-1) ?? '';
    expect(legend).toMatch(/s0 .* s3 .* 4 others$/);
    expect(legend).not.toContain('s4');
  });

  it('of shares and durations that meet in one part are not added up', async () => {
    const types = { ...SERIES, requests: 'Float64 in share' };
    const shares = [
      ['k', 0.5, 'a'],
      ['k', 0.25, 'a'],
      ['k', 0.25, 'b'],
    ];
    expect((await drawn(types, shares, BY))[2]).toMatch(/ 75 %$/);
    const tenths = Array.from({ length: 10 }, (_, index): Cell[] => ['k', 0.1, `s${index}`]);
    expect((await drawn(types, tenths, BY))[2], 'and ten tenths are everything').toMatch(/ 100 %$/);
  });

  it('without names are named, and what they are called is visible', async () => {
    const legend = (
      await drawn(
        SERIES,
        [
          ['k', 2, ''],
          ['k', 1, 'x\u001b[31m\u202e'],
        ],
        BY,
      )
    ).at(-1);
    expect(legend).toBe('█ (none)   ▓ x\\u{1b}[31m\\u{202e}');
  });

  it('of more points than can be drawn are refused, and of as many are not', async () => {
    const points = Array.from({ length: CHART_POINTS_MAX }, (): Cell[] => ['k', 1, 's']);
    expect((await drawn(SERIES, points, BY))[2]).toMatch(new RegExp(` ${CHART_POINTS_MAX}$`));
    await expect(drawn(SERIES, [...points, ['k', 1, 's']], BY)).rejects.toMatchObject({ code: 'CHART_TOO_LARGE' });
  });
});

describe('whatever an answer holds', () => {
  const label = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constant('日本語のとても長い名前'),
  );
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
    fc.integer(),
    fc.constantFrom(null, 0, '18446744073709551615'),
  );

  it('a chart stays within its columns, shows nothing invisible, and has no codes without colour', async () => {
    const row = fc.tuple(label, value, fc.constantFrom('read', 'write', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.constantFrom('Float64', 'Float64 in bytes', 'Float64 in share', 'Float64 in minutes'),
        fc.integer({ min: CHART_COLUMNS_MIN, max: 200 }),
        fc.boolean(),
        async (rows, requests, width, parted) => {
          const chart = parted ? BY : CHART;
          const types = { ...SERIES, requests };
          const lines = await drawn(types, rows, chart, { width });
          for (const line of lines) {
            expect(textWidth(line)).toBeLessThanOrEqual(width);
            expect(visible(line)).toBe(line);
          }
          const colored = await drawn(types, rows, chart, { width, color: true });
          for (const line of colored) expect(textWidth(withoutColor(line))).toBeLessThanOrEqual(width);
          if (!parted) expect(colored.map((line) => withoutColor(line).trimEnd())).toEqual(lines);
        },
      ),
    );
  });

  it('a chart whose columns are not there, or are no numbers, is refused', async () => {
    await expect(drawn(TYPES, [], { ...CHART, y: 'owner' })).rejects.toMatchObject({ code: 'CHART_IMPOSSIBLE' });
    await expect(drawn(TYPES, [], { ...CHART, y: 'key_id' })).rejects.toMatchObject({ code: 'CHART_IMPOSSIBLE' });
  });
});
