import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../schemas/questions.ts';
import { convertParameter } from '../../src/ask/parameters.ts';
import { type GivenParameters, parametersOf } from '../../src/ask/runner.ts';
import { ALL_TIME, parseTime } from '../../src/ask/time-range.ts';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const TIME = "DateTime64(3, 'UTC')";

describe('a time', () => {
  it.each([
    ['now', '2026-11-23T12:00:00.000Z'],
    ['-24h', '2026-11-22T12:00:00.000Z'],
    ['-7d', '2026-11-16T12:00:00.000Z'],
    ['-90m', '2026-11-23T10:30:00.000Z'],
    ['-2w', '2026-11-09T12:00:00.000Z'],
    ['-999999999w', '1970-01-01T00:00:00.000Z'],
    ['2026-11-23', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23T10:00', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'],
    ['2026-11-23 10:00:00.5', '2026-11-23T10:00:00.500Z'],
    ['2026-11-23T10:00:00.123456789+02:00', '2026-11-23T08:00:00.123Z'],
    ['2026-11-23T10:00:00-0530', '2026-11-23T15:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    const time = parseTime(text, NOW);
    expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '24h',
    '-24',
    '-1y',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-11-23T25:00',
    '1969-12-31',
    '2300-01-02',
    '23.11.2026',
    '2026-11-23T10:00:00+25:00',
    '1763892000',
  ])('%s is none', (text) => {
    expect(parseTime(text, NOW)).toBeUndefined();
  });

  it('prints as it was read', () => {
    fc.assert(
      fc.property(fc.integer({ min: ALL_TIME.fromMs, max: ALL_TIME.toMs }), (ms) => {
        expect(parseTime(new Date(ms).toISOString(), NOW)).toBe(ms);
      }),
    );
  });
});

describe('a value', () => {
  it.each([
    ['String', "o'brien\\ {a:String}", "o'brien\\ {a:String}"],
    ['UInt8', '255', '255'],
    ['Int64', '-9223372036854775808', '-9223372036854775808'],
    ['UInt64', '18446744073709551615', '18446744073709551615'],
    ['IPv6', '203.0.113.7', '::ffff:203.0.113.7'],
    ['IPv6', '2001:db8::1', '2001:db8::1'],
    ['UUID', '0189F7A0-0000-4000-8000-00000000000A', '0189f7a0-0000-4000-8000-00000000000a'],
    ['Bool', 'true', true],
    ['Float64', '-1.5', -1.5],
    ['Array(String)', ['a', 'b'], ['a', 'b']],
    ['Array(UInt8)', '7', ['7']],
    [TIME, '-24h', '2026-11-22 12:00:00.000'],
  ])('of type %s: %j', (type, given, expected) => {
    expect(convertParameter(type, given, NOW)).toEqual({ value: expected });
  });

  it.each([
    ['UInt8', '256'],
    ['UInt8', '-1'],
    ['UInt8', '1.5'],
    ['UInt8', ''],
    ['Int64', '9223372036854775808'],
    ['IPv6', '10.1'],
    ['IPv6', '203.0.113.007'],
    ['IPv6', 'fe80::1%eth0'],
    ['IPv6', '10.0.0.0/8'],
    ['UUID', 'x'],
    ['Bool', 'maybe'],
    ['Float64', 'NaN'],
    ['String', ['a', 'b']],
    ['Array(UInt8)', ['1', '300']],
    [TIME, 'soon'],
  ])('of type %s that is none: %j', (type, given) => {
    expect(convertParameter(type, given, NOW)).toEqual({ expected: expect.any(String) });
  });
});

describe('the parameters of a question', () => {
  const question: Question = {
    id: 'q',
    folder: 'f',
    file: 'f/q.sql',
    sql: '',
    title: 't',
    question: 'q?',
    tags: [],
    columns: {},
    params: {
      from: { type: TIME },
      to: { type: TIME },
      now: { type: TIME },
      key_id: { type: 'String' },
      n: { type: 'UInt8', default: 3 },
    },
  };

  it('without bounds cover all time, defaults stand in, and now is the moment of asking', () => {
    expect(parametersOf(question, { key_id: 'ci' }, NOW)).toEqual({
      from: '1970-01-01 00:00:00.000',
      to: '2300-01-01 00:00:00.000',
      now: '2026-11-23 12:00:00.000',
      key_id: 'ci',
      n: '3',
    });
  });

  it.each([
    ['PARAMETER_MISSING', {}],
    ['PARAMETER_UNKNOWN', { key_id: 'ci', kye: 'x' }],
    ['PARAMETER_UNKNOWN', { key_id: 'ci', now: '2020-01-01' }],
    ['PARAMETER_INVALID', { key_id: 'ci', n: '300' }],
    ['PARAMETER_INVALID', { key_id: 'ci', from: 'soon' }],
    ['RANGE_EMPTY', { key_id: 'ci', from: 'now', to: '-1d' }],
  ])('%s with %j is wrong use', (code, given) => {
    expect(() => parametersOf(question, given, NOW)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });

  const choosing: Question = {
    ...question,
    params: { id: { type: 'String', default: '', description: 'any id' }, n: { type: 'UInt8', default: 3 } },
    one_of: ['id', 'n'],
  };

  it.each([{}, { id: '' }, { n: '3' }, { id: '', n: 3 }])('%j gives none of those of which one is needed', (given) => {
    expect(() => parametersOf(choosing, given as GivenParameters, NOW)).toThrow(
      expect.objectContaining({
        code: 'PARAMETER_MISSING',
        exitCode: 2,
        explanation: {
          got: 'none of them',
          expected: 'id (String): any id; n (UInt8)',
          next: expect.stringContaining('--param id='),
        },
      }),
    );
  });

  it.each([{ id: 'x' }, { n: '4' }, { id: 'x', n: '4' }])('%j gives one of those of which one is needed', (given) => {
    expect(parametersOf(choosing, given as GivenParameters, NOW)).toEqual({ id: '', n: '3', ...given });
  });
});
