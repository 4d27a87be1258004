import { expect, test } from 'vitest';
import { cut } from '../../console/src/state/cut.ts';

test('a text is cut past its limit and not at it, and never within a character', () => {
  expect(cut('abcd', 4)).toBe('abcd');
  expect(cut('abcde', 4)).toBe('abcd…');
  expect(cut('abc👩d', 4)).toBe('abc…');
  expect(cut('x'.repeat(1_500))).toHaveLength(1_500);
  expect(cut('x'.repeat(1_000_000))).toHaveLength(1_501);
});
