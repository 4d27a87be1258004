import { expect, test } from 'vitest';
import { firstOf } from '../../console/src/components/first-of.ts';

test('a table begins with its first rows, hides none that is wanted, and keeps their order', () => {
  const rows = [1, 2, 3, 4, 5, 6];
  expect(firstOf(rows)).toEqual(rows);
  expect(firstOf(rows, 2)).toEqual([1, 2]);
  expect(firstOf(rows, 2, (row) => row === 5 || row === 1)).toEqual([1, 2, 5]);
  expect(firstOf(rows, 9)).toEqual(rows);
});
