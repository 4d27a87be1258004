import { describe, expect, test } from 'vitest';
import { busyTicks, parseStat, treeOf } from '../../bench/proc-stat.ts';

const process = (pid: number, parent: number) => ({ pid, parent, ticks: 0, childTicks: 0, rssPages: 0 });

describe('what Linux tells of a process', () => {
  test('is read behind a name with spaces and parentheses', () => {
    const line =
      '4211 (a) R (b c) S 17 4211 17 0 -1 4194560 9 8 7 6 150 25 40 10 20 0 11 0 555 1000000 321 18446744073709551615 1 1';
    expect(parseStat(line)).toEqual({ pid: 4211, parent: 17, ticks: 175, childTicks: 50, rssPages: 321 });
  });

  test('a tree holds children of children, and nobody else', () => {
    const all = [process(1, 0), process(5, 4), process(4, 2), process(2, 1), process(3, 1), process(6, 3)];
    expect(treeOf(all, 2).map(({ pid }) => pid)).toEqual([2, 4, 5]);
    expect(treeOf(all, 99)).toEqual([]);
  });

  test('waiting is not being busy', () => {
    expect(busyTicks('cpu  10 20 30 1000 500 1 2 3 0 0\ncpu0 5 10 15 500 250 0 1 1 0 0\n')).toBe(66);
  });
});
