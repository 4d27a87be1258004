import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Settlement } from '../../src/core/settlement.ts';

/** Lengths of blocks in order of receipt, and an order in which they become durable. */
const histories = fc
  .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 })
  .chain((lengths) => fc.tuple(fc.constant(lengths), fc.shuffledSubarray([...lengths.keys()])));

describe('settlement', () => {
  it('never reports a position before every block below it is durable, whatever order the store answers in', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 1_000 }), ([lengths, order], start) => {
        const settlement = new Settlement(start);
        const spans = lengths.map((length) => settlement.closed(settlement.expected + length));
        const durable = new Set<number>();
        for (const index of order) {
          const span = spans[index];
          if (!span) continue;
          durable.add(index);
          const position = settlement.settle(span);
          const firstOpen = spans.findIndex((_, at) => !durable.has(at));
          expect(position).toBe(firstOpen < 0 ? settlement.expected : (spans[firstOpen]?.from ?? -1));
        }
      }),
    );
  });

  it('covers positions that never carried a record with the block around them', () => {
    const settlement = new Settlement(10);
    const span = settlement.closed(25);
    expect(span).toMatchObject({ from: 10, to: 25 });
    expect(settlement.settle(span)).toBe(25);
    expect(settlement.idle).toBe(true);
  });

  it('refuses to settle a block twice and to end a block before it begins', () => {
    const settlement = new Settlement(5);
    const span = settlement.closed(6);
    settlement.settle(span);
    expect(() => settlement.settle(span)).toThrow(/settles once/);
    expect(() => settlement.closed(2)).toThrow(/never ends before/);
  });
});
