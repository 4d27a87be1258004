import { describe, expect, it } from 'vitest';
import { DETECTION_GAP_HOURS, DETECTION_SPAN_ROWS_MAX } from '../../src/core/limits.ts';
import { inOrder, type PendingBlock, spansOf } from '../../src/detect/pending.ts';

const HOUR_MS = 3_600_000;
const block = (block_id: string, from_ms: number, more: Partial<PendingBlock> = {}): PendingBlock => ({
  ...{ block_id, from_ms, to_ms: from_ms + 10, chain_id: 'c', chain_index: 0, received: 100, dead_letters: 0 },
  ...more,
});

describe('what is new as ranges of time', () => {
  it('blocks that lie near each other share one, and those further away have their own', () => {
    const near = DETECTION_GAP_HOURS * HOUR_MS;
    const spans = spansOf([block('b', 11 + near), block('a', 0), block('far', 23 + 2 * near)]);
    expect(spans).toEqual([
      { from: 0, to: 22 + near, blocks: ['a', 'b'] },
      { from: 23 + 2 * near, to: 34 + 2 * near, blocks: ['far'] },
    ]);
  });

  it('one range has no more events than a look is made at, but a block is never split', () => {
    const half = { received: DETECTION_SPAN_ROWS_MAX / 2 + 7, dead_letters: 7 };
    const whole = { received: DETECTION_SPAN_ROWS_MAX * 3 };
    const blocks = [block('a', 0, half), block('b', 1, half), block('c', 2, { received: 1 }), block('d', 3, whole)];
    expect(spansOf(blocks).map((span) => span.blocks)).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  it('a chain is followed up to its first row that is not visible yet', () => {
    const rows = [2, 0, 3, 5].map((chain_index) => block(`b${chain_index}`, 0, { chain_index }));
    const others = [block('x4', 0, { chain_id: 'x', chain_index: 4 })];
    const { blocks, next } = inOrder([...rows, ...others], new Map([['x', 4]]));
    expect(blocks.map(({ block_id }) => block_id).sort()).toEqual(['b0', 'x4']);
    expect(next).toEqual(
      new Map([
        ['x', 5],
        ['c', 1],
      ]),
    );
  });
});
