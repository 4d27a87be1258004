import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, AnswerColumn, Cell } from '../../src/ask/answer.ts';
import { cellKind, cellReader } from '../../src/ask/cells.ts';
import { ANSWER_FORMATS, type AnswerFormat, type FormatOptions } from '../../src/ask/format/formats.ts';
import { cutTo, cutWithin, localTime, textWidth, visible } from '../../src/ask/format/text.ts';
import { writeAnswer } from '../../src/ask/format/write-answer.ts';

const TIME = "DateTime64(3, 'UTC')";
const columnsOf = (types: Readonly<Record<string, string>>): AnswerColumn[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, kind: cellKind(type) }));

function answerOf(types: Readonly<Record<string, string>>, rows: readonly (readonly Cell[])[]): Answer {
  return {
    columns: columnsOf(types),
    rows: (async function* () {
      yield* rows;
    })(),
  };
}

async function text(answer: Answer, format: AnswerFormat, options: FormatOptions = {}): Promise<string> {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  await writeAnswer(answer, format, out, options);
  return Buffer.concat(chunks).toString('utf8');
}

const TYPES = { key_id: 'String', requests: 'UInt64', last_seen: `Nullable(${TIME})` };
const ROWS: readonly (readonly Cell[])[] = [
  ['ci', 12, '2026-11-23T10:00:00.000Z'],
  ['日本', 3, null],
  ['e\u0301te\u0301', 1_000_000, '2026-11-23T10:00:00.000Z'],
];

describe('formats', () => {
  it('table: columns stay aligned under wide and combining characters', async () => {
    expect(await text(answerOf(TYPES, ROWS), 'table')).toBe(
      [
        'key_id  requests  last_seen',
        'ci            12  2026-11-23T10:00:00.000Z',
        '日本           3',
        'e\u0301te\u0301      1000000  2026-11-23T10:00:00.000Z',
        '',
      ].join('\n'),
    );
  });

  it('ndjson and json: rows are objects whose fields are the columns', async () => {
    const expected = ROWS.map(([key_id, requests, last_seen]) => ({ key_id, requests, last_seen }));
    const lines = (await text(answerOf(TYPES, ROWS), 'ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(expected);
    expect(JSON.parse(await text(answerOf(TYPES, ROWS), 'json'))).toEqual(expected);
  });

  it('csv: RFC 4180, and what a spreadsheet would run as a formula is text', async () => {
    const rows = [
      ['a,b', 1],
      ['say "hi"\nthere', -2],
      ['=cmd|x', 3],
      ['-1+1', 4],
      ['@x', 5],
      [' y ', 6],
      ['', 7],
    ];
    expect(await text(answerOf({ name: 'String', n: 'Int64' }, rows), 'csv')).toBe(
      'name,n\r\n"a,b",1\r\n"say ""hi""\nthere",-2\r\n\'=cmd|x,3\r\n\'-1+1,4\r\n\'@x,5\r\n" y ",6\r\n,7\r\n',
    );
  });

  it('markdown: a cell stays text', async () => {
    const rows = [
      ['a|b', 1],
      ['<script>[x](y)`z`', 2],
    ];
    expect(await text(answerOf({ name: 'String', n: 'UInt8' }, rows), 'markdown')).toBe(
      '| name | n |\n| --- | ---: |\n| a\\|b | 1 |\n| \\<script\\>\\[x\\](y)\\`z\\` | 2 |\n',
    );
  });

  it.each(ANSWER_FORMATS)('%s of an answer without rows is well-formed', async (format) => {
    const written = await text(answerOf(TYPES, []), format);
    expect(written).toBe(
      { table: 'no rows\n', json: '[]\n', ndjson: '', csv: 'key_id,requests,last_seen\r\n', markdown: written }[format],
    );
  });

  it('what is invisible shows in a table, in markdown and in json, and json keeps it', async () => {
    const hidden = 'ci\u0000\u001b[31m\u202eevil\u200b\u2028\n';
    for (const format of ['table', 'markdown', 'ndjson', 'json'] as const) {
      const written = await text(answerOf({ key_id: 'String' }, [[hidden]]), format);
      expect(written).not.toMatch(/[\u0000\u001b\u202e\u200b\u2028]/);
      expect(written.toLowerCase()).toMatch(/202e/);
    }
    expect(JSON.parse(await text(answerOf({ key_id: 'String' }, [[hidden]]), 'ndjson'))).toEqual({ key_id: hidden });
  });

  it('a table is cut to the terminal, and becomes one field a line where that does not suffice', async () => {
    const wide = answerOf({ a: 'String', n: 'UInt64', b: 'String' }, [['x'.repeat(100), 123_456_789, 'y'.repeat(50)]]);
    const lines = (await text(wide, 'table', { width: 60 })).trimEnd().split('\n');
    expect(lines.map((line) => line.length)).toEqual([expect.any(Number), 60]);
    expect(lines[1]).toContain('  123456789  ');
    expect(lines[1]).toContain('…');
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`column_${index}`, 'String']));
    const written = await text(answerOf(many, [Array.from({ length: 20 }, () => 'z'.repeat(40))]), 'table', {
      width: 60,
    });
    expect(written.trimEnd().split('\n')).toHaveLength(20);
    expect(written).toContain(`column_7   ${'z'.repeat(40)}`);
  });

  it('a number that is wider than those that were measured is not cut', async () => {
    const rows = [...Array.from({ length: 2_000 }, () => [1]), [123_456_789]];
    expect(await text(answerOf({ n: 'UInt64' }, rows), 'table', { width: 60 })).toMatch(/\n123456789\n$/);
  });

  it('colour is only in the header and only when asked for', async () => {
    expect(await text(answerOf(TYPES, ROWS), 'table', { color: true })).toMatch(
      /^\u001b\[1mkey_id[^\n]*\u001b\[22m\nci /,
    );
    expect(await text(answerOf(TYPES, ROWS), 'table')).not.toContain('\u001b');
  });

  it('local times are the same instants with an offset', async () => {
    const line = JSON.parse((await text(answerOf(TYPES, ROWS.slice(0, 1)), 'ndjson', { local: true })).trim());
    expect(line.last_seen).toMatch(/^2026-11-2\dT\d\d:\d\d:00\.000[+-]\d\d:\d\d$/);
    expect(new Date(line.last_seen).toISOString()).toBe('2026-11-23T10:00:00.000Z');
    expect(new Date(localTime('2026-07-01T00:00:00Z')).toISOString()).toBe('2026-07-01T00:00:00.000Z');
  });

  it('every format says every row, however many there are', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => [`key${index}`]);
    for (const format of ANSWER_FORMATS) {
      const written = await text(answerOf({ key_id: 'String' }, rows), format);
      for (const index of [0, 1_999, 2_000, 4_999]) expect(written).toContain(`key${index}`);
    }
  });
});

describe('writing', () => {
  const endless = (): { answer: Answer; made: () => number } => {
    let made = 0;
    async function* rows(): AsyncIterable<readonly Cell[]> {
      for (; made < 1_000_000; made++) yield ['x'.repeat(1_000)];
    }
    return { answer: { columns: columnsOf({ a: 'String' }), rows: rows() }, made: () => made };
  };

  it('asks for no more rows than the reader takes', async () => {
    const { answer, made } = endless();
    let release: (() => void) | undefined;
    const stuck = new Writable({
      write: (_, __, done) => {
        release = done;
      },
    });
    const writing = writeAnswer(answer, 'ndjson', stuck);
    while (release === undefined) await new Promise((resolve) => setImmediate(resolve));
    const before = made();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(made()).toBe(before);
    stuck.destroy();
    release();
    await writing;
  });

  it('a reader that goes away ends it without an error and without reading on', async () => {
    const { answer, made } = endless();
    const gone = new Writable({
      write: (_, __, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    await writeAnswer(answer, 'ndjson', gone);
    expect(made()).toBeLessThan(1_000);
  });

  it('any other fault of the stream rejects', async () => {
    const full = new Writable({
      write: (_, __, done) => done(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    });
    await expect(writeAnswer(endless().answer, 'csv', full)).rejects.toThrow('no space');
  });

  it('an error of the store between rows rejects', async () => {
    async function* rows(): AsyncIterable<readonly Cell[]> {
      yield ['a'];
      throw new Error('the store went away');
    }
    const answer = { columns: columnsOf({ a: 'String' }), rows: rows() };
    await expect(writeAnswer(answer, 'ndjson', new PassThrough())).rejects.toThrow('went away');
  });
});

describe('text', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩‍🚀', 2],
    ['ｗｉｄｅ', 8],
    ['', 0],
    ['é', 1],
  ])('%s takes %i columns', (value, width) => {
    expect(textWidth(value)).toBe(width);
  });

  it('is never cut to more columns than there are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (value, width) => {
        expect(textWidth(cutTo(visible(value), width))).toBeLessThanOrEqual(width);
        expect(textWidth(cutWithin(visible(value), width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('cells', () => {
  it.each([
    ['UInt64', '9007199254740991', 9_007_199_254_740_991],
    ['Nullable(Int64)', '-9007199254740993', '-9007199254740993'],
    ['Int64', null, null],
    ['IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['IPv6', '::', ''],
    ['LowCardinality(IPv6)', '2001:db8::1', '2001:db8::1'],
    ['Array(IPv6)', ['::', '::ffff:10.0.0.1'], ['', '10.0.0.1']],
    ['Map(String, UInt64)', { a: '1' }, { a: 1 }],
    ['Tuple(UInt64, IPv6)', ['1', '::'], [1, '']],
    [
      "Tuple(a UInt64, `b c` Array(Tuple(Enum8('x,y' = 1), UInt64)))",
      { a: '1', 'b c': [['x,y', '2']] },
      { a: 1, 'b c': [['x,y', 2]] },
    ],
    ['String', '::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['FixedString(4)', '\u2028\u00ff', 'e280a8ff'],
  ])('%s: %j', (type, value, expected) => {
    expect(cellReader(type)(value)).toEqual(expected);
  });
});
