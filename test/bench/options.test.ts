import { describe, expect, test } from 'vitest';
import { BenchUsageError, MEASURES, parseOptions } from '../../bench/options.ts';

describe('options of the benchmark', () => {
  test('without any, everything is measured but the steady run and the soak, which take minutes', () => {
    expect([...parseOptions([]).measures]).toEqual(MEASURES.filter((name) => name !== 'steady' && name !== 'soak'));
    expect(parseOptions(['--steady']).measures.has('steady')).toBe(true);
  });

  test('measures are chosen by letter or by name', () => {
    expect([...parseOptions(['--only', 'a,e,questions']).measures]).toEqual(['kafkajs', 'sink', 'questions']);
    expect(() => parseOptions(['--only', 'f'])).toThrow(BenchUsageError);
  });

  test('the store of history is made anew unless a folder keeps it', () => {
    expect(parseOptions([])).not.toHaveProperty('historyFolder');
    expect(parseOptions(['--history-folder', 'kept']).historyFolder).toBe('kept');
  });

  test('a number is a whole one above nothing', () => {
    expect(parseOptions(['--events', '2_000']).events).toBe(2_000);
    for (const wrong of ['0', '-1', '1.5', 'many', '']) {
      expect(() => parseOptions([`--events=${wrong}`])).toThrow(BenchUsageError);
    }
  });
});
