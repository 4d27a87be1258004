import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, quantile, slope } from '../../bench/figures.ts';

describe('figures of samples', () => {
  test('the median of an even number of values lies between the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([])).toBeNaN();
  });

  test('a quantile is one of the values, and as many as its share lie at or below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = quantile(values, share);
          expect(values).toContain(found);
          expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length - 1e-9);
        },
      ),
    );
    expect(quantile([], 0.99)).toBeNaN();
  });

  test('the slope of a line is its own, whatever stands in the way of one reading', () => {
    const line = Array.from({ length: 100 }, (_, x) => ({ x, y: 3 * x + 7 }));
    expect(slope(line)).toBeCloseTo(3);
    expect(slope(line.map(({ x, y }) => ({ x, y: y + (x % 2 === 0 ? 50 : -50) })))).toBeCloseTo(3, 0);
    expect(slope([{ x: 1, y: 1 }])).toBeNaN();
  });
});
