import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockIndex, leafOf, leafOfBytes } from '../../src/core/leaves.ts';

function indexOf(records: readonly { position: number; index: number; text: string }[]): BlockIndex {
  const block = new BlockIndex();
  for (const { position, index, text } of records) block.add(position, index, 1, leafOf(text));
  return block;
}

const records = fc.uniqueArray(
  fc.record({ position: fc.nat(), index: fc.nat({ max: 3 }), text: fc.string({ unit: 'binary' }) }),
  { minLength: 1, maxLength: 40, selector: ({ position, index }) => `${position}/${index}` },
);

describe('leaves', () => {
  it('a leaf is SHA-256 over 0x00 and the stored bytes, also of text beyond ASCII', () => {
    for (const text of ['{"a":1}', '{"name":"Zoë"}', '']) {
      const expected = createHash('sha256').update('\0').update(text).digest();
      expect(Buffer.from(leafOf(text), 'latin1')).toEqual(expected);
      expect(Buffer.from(leafOfBytes(Buffer.from(text)), 'latin1')).toEqual(expected);
    }
  });

  it('a block digest is SHA-256 over the ordered leaves, however many there are', () => {
    const many = Array.from({ length: 3_000 }, (_, position) => ({ position, index: 0, text: `${position}` }));
    const block = indexOf(many);
    const expected = createHash('sha256');
    for (const { text } of many) expected.update(Buffer.from(leafOf(text), 'latin1'));
    expect(block.digest()).toEqual(expected.digest());
    expect(block.length).toBe(3_000);
  });

  it('the same rows always give the same token', () => {
    fc.assert(
      fc.property(records, (list) => {
        const all = Uint32Array.from(list.keys());
        expect(indexOf(list).token('s', all)).toBe(indexOf(list).token('s', all));
      }),
    );
  });

  it('a token says which rows it is of, and nothing of the rows around them', () => {
    const chosen = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    fc.assert(
      fc.property(chosen, (rows) => {
        const list = Array.from({ length: 8 }, (_, at) => ({ position: at * 10, index: at % 3, text: `${at}` }));
        const alone = indexOf(rows.map((row) => list[row] ?? { position: 0, index: 0, text: '' }));
        const token = indexOf(list).token('s', Uint32Array.from(rows));
        expect(token).toBe(alone.token('s', Uint32Array.from(rows.keys())));
      }),
    );
    const block = indexOf(Array.from({ length: 6 }, (_, at) => ({ position: at, index: 0, text: `${at}` })));
    expect(block.token('s', Uint32Array.of(0, 5, 2))).not.toBe(block.token('s', Uint32Array.of(0, 1, 2)));
  });

  it('rows cut elsewhere, halved, moved to another month or changed never share a token', () => {
    fc.assert(
      fc.property(records, (list) => {
        const block = indexOf(list);
        const all = Uint32Array.from(list.keys());
        const tokens = [block.token('s', all), block.token('other month', all)];
        const middle = all.length >>> 1;
        if (middle > 0) tokens.push(block.token('s', all.subarray(0, middle)), block.token('s', all.subarray(middle)));
        const changed = indexOf(list.map((record, at) => (at === 0 ? { ...record, text: `${record.text}!` } : record)));
        tokens.push(changed.token('s', all));
        expect(new Set(tokens).size).toBe(tokens.length);
      }),
    );
  });
});
