import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerColumn, Cell } from '../../src/ask/answer.ts';
import { ANSWER_FORMATS, type AnswerFormat } from '../../src/ask/format/formats.ts';
import { humanNumber, scaleOf } from '../../src/ask/format/human.ts';
import { readableText } from '../../src/ask/format/text.ts';
import { writeAnswer } from '../../src/ask/format/write-answer.ts';

function human(unit: string, value: number): string {
  const scale = scaleOf(unit);
  if (scale === undefined) throw new Error(`${unit} is no scale`);
  return humanNumber(value, scale);
}

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [0.5, '0.5 B'],
    [1_023, '1023 B'],
    [1_024, '1 KiB'],
    [1_258_291, '1.2 MiB'],
    [12.34 * 1_024, '12.3 KiB'],
    [123.4 * 1_024, '123 KiB'],
    [1_048_575, '1 MiB'],
    [1024 ** 4, '1 TiB'],
    [2 ** 64, '16 EiB'],
    [1e30, '827181 YiB'],
    [1e300, '8.27e+275 YiB'],
    [-1_536, '-1.5 KiB'],
  ])('%d: %s', (value, text) => {
    expect(human('bytes', value)).toBe(text);
  });
});

describe('durations', () => {
  it.each([
    ['ms', 0, '0 ms'],
    ['ms', 850, '850 ms'],
    ['ms', 0.25, '0.25 ms'],
    ['ms', 3.14, '3.1 ms'],
    ['ms', 999.6, '1 s'],
    ['ms', 1_500, '1.5 s'],
    ['ms', 59_960, '1 min'],
    ['ms', 273_600_000, '3 d 4 h'],
    ['s', 3_600, '1 h'],
    ['seconds', 90, '1 min 30 s'],
    ['seconds', 3_599.9, '1 h'],
    ['minutes', 0.5, '30 s'],
    ['minutes', 1_439.9, '1 d'],
    ['hours', 76, '3 d 4 h'],
    ['hours', 0.001, '3.6 s'],
    ['days', 45, '45 d'],
    ['days', 1.5, '1 d 12 h'],
    ['days', 4_000.4, '4000 d'],
    ['days', 1e18, '1e+18 d'],
    ['days', -3.25, '-3 d 6 h'],
  ])('%s %d: %s', (unit, value, text) => {
    expect(human(unit, value)).toBe(text);
  });
});

describe('shares', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.125, '12.5 %'],
    [1 / 3, '33.3 %'],
    [0.0004, '0.04 %'],
    [0.9996, '99.96 %'],
    [1e-9, '<0.01 %'],
    [0.999999, '>99.99 %'],
    [1.0000001, '>100 %'],
    [2.5, '250 %'],
    [-0.5, '-50 %'],
    [-1e-9, '>-0.01 %'],
    [-0.999999, '<-99.99 %'],
  ])('%d: %s', (value, text) => {
    expect(human('share', value)).toBe(text);
  });

  it('are nothing or everything only when they are exactly that', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(human('share', value) === '0 %').toBe(value === 0);
        expect(human('share', value) === '100 %').toBe(value === 1);
      }),
    );
  });
});

describe('any number', () => {
  it('is short, and says of itself what is below zero', () => {
    const units = fc.constantFrom('bytes', 'share', 'ms', 'seconds', 'minutes', 'hours', 'days');
    fc.assert(
      fc.property(units, fc.double({ noNaN: true, noDefaultInfinity: true }), (unit, value) => {
        const text = human(unit, value);
        expect(text.length).toBeLessThanOrEqual(20);
        expect(text).toMatch(/^[<>-]?-?\d/);
        expect(text).not.toMatch(/NaN|Infinity|undefined/);
        if (value >= 0) expect(text).not.toMatch(/^-/);
      }),
    );
  });
});

const COLUMNS: readonly AnswerColumn[] = [
  { name: 'key', type: 'String', kind: 'text' },
  { name: 'size', type: 'Nullable(UInt64)', kind: 'number', unit: 'bytes' },
  { name: 'age', type: 'Float64', kind: 'number', unit: 'days' },
  { name: 'part', type: 'Float64', kind: 'number', unit: 'share' },
  { name: 'requests', type: 'UInt64', kind: 'number', unit: 'requests' },
  { name: 'tags', type: 'Array(String)', kind: 'other', unit: 'bytes' },
];
const ROWS: readonly (readonly Cell[])[] = [
  ['ci', 1_258_291, 3.5, 0.125, 1_048_576, ['a', 'b']],
  ['ops', null, 0, 1, 0, []],
  ['big', '18446744073709551615', 1, 0, 7, ['x']],
];

async function text(format: AnswerFormat): Promise<string> {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  const rows = (async function* () {
    yield* ROWS;
  })();
  await writeAnswer({ columns: COLUMNS, rows }, format, out);
  return Buffer.concat(chunks).toString('utf8');
}

describe('where people read', () => {
  it('a table shows them, to the right, and nothing for NULL', async () => {
    expect(await text('table')).toBe(
      [
        'key     size       age    part  requests  tags',
        'ci   1.2 MiB  3 d 12 h  12.5 %   1048576  a, b',
        'ops               0 ms   100 %         0',
        'big   16 EiB       1 d     0 %         7  x',
        '',
      ].join('\n'),
    );
  });

  it('and so does markdown, where lists stay JSON', async () => {
    expect((await text('markdown')).split('\n').slice(1, 4)).toEqual([
      '| --- | ---: | ---: | ---: | ---: | --- |',
      '| ci | 1.2 MiB | 3 d 12 h | 12.5 % | 1048576 | \\["a","b"\\] |',
      '| ops |  | 0 ms | 100 % | 0 | \\[\\] |',
    ]);
  });

  it('what a program reads keeps the numbers', async () => {
    for (const format of ANSWER_FORMATS.filter((one) => one !== 'table' && one !== 'markdown')) {
      const written = await text(format);
      for (const number of ['1258291', '3.5', '0.125', '18446744073709551615']) expect(written).toContain(number);
      expect(written).not.toMatch(/MiB|%/);
    }
  });
});

describe('a list', () => {
  it.each([
    [['read', 'write'], 'read, write'],
    [[], ''],
    [[1, 2.5, true, null], '1, 2.5, true, null'],
    [['a, b', ''], '"a, b", ""'],
    [['say "x"', ' y '], '"say \\"x\\"", " y "'],
    [[['a'], { b: 1 }], '["a"], {"b":1}'],
  ] satisfies [Cell, string][])('%j reads as %s', (cell, expected) => {
    expect(readableText(cell)).toBe(expected);
  });
});
