import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHUNK_BYTES,
  ChunkPool,
  RowBuffer,
  varint,
  writeText,
  writeUInt64,
  writeUuid,
} from '../../src/core/row-buffer.ts';

function filled(sizes: readonly number[], pool = new ChunkPool()): { rows: RowBuffer; all: Buffer[] } {
  const rows = new RowBuffer(pool);
  const all = sizes.map((size, ordinal) => {
    const row = Buffer.alloc(size, ordinal % 251);
    rows.begin(ordinal, size);
    row.copy(rows.chunk, rows.at);
    rows.end(rows.at + size);
    return row;
  });
  return { rows, all };
}

describe('row buffer', () => {
  it('gives any range of rows back byte for byte, across chunks and with rows larger than one', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: CHUNK_BYTES - 10, max: CHUNK_BYTES + 10 }),
    );
    fc.assert(
      fc.property(fc.array(size, { maxLength: 12 }), fc.nat(12), fc.nat(12), (sizes, a, b) => {
        const { rows, all } = filled(sizes);
        const from = Math.min(a, b, sizes.length);
        const to = Math.min(Math.max(a, b), sizes.length);
        expect(Buffer.concat(rows.pieces(from, to)).equals(Buffer.concat(all.slice(from, to)))).toBe(true);
        expect([...rows.ordinals(from, to)]).toEqual(sizes.map((_, at) => at).slice(from, to));
        expect(rows.bytes).toBe(sizes.reduce((sum, one) => sum + one, 0));
      }),
      { numRuns: 60 },
    );
  });

  it('gives its chunks back, and a later block takes the same ones', () => {
    const pool = new ChunkPool();
    const { rows } = filled([100, 200], pool);
    const { chunk } = rows;
    rows.release();
    expect(rows.rows).toBe(0);
    expect(filled([10], pool).rows.chunk).toBe(chunk);
  });
});

describe('RowBinary primitives', () => {
  it('lengths are LEB128 at every edge', () => {
    const bytes = (value: number) => [...Buffer.from(varint(value), 'latin1')];
    expect(bytes(0)).toEqual([0]);
    expect(bytes(127)).toEqual([127]);
    expect(bytes(128)).toEqual([0x80, 1]);
    expect(bytes(16_383)).toEqual([0xff, 0x7f]);
    expect(bytes(16_384)).toEqual([0x80, 0x80, 1]);
    expect(bytes(2 ** 31)).toEqual([0x80, 0x80, 0x80, 0x80, 8]);
  });

  it('a text is its length in bytes and its UTF-8, also with a lone surrogate', () => {
    const target = Buffer.alloc(64);
    expect(writeText(target, 'Zoë', 0)).toBe(5);
    expect([...target.subarray(0, 5)]).toEqual([4, 0x5a, 0x6f, 0xc3, 0xab]);
    expect(writeText(target, '\ud800', 0)).toBe(4);
    expect([...target.subarray(0, 4)]).toEqual([3, 0xef, 0xbf, 0xbd]);
  });

  it('integers up to 2^53 keep every bit', () => {
    const target = Buffer.alloc(8);
    for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      writeUInt64(target, value, 0);
      expect(target.readBigUInt64LE(0)).toBe(BigInt(value));
    }
  });

  it('a UUID is two little-endian halves', () => {
    const target = Buffer.alloc(16);
    writeUuid(target, '00112233-4455-6677-8899-aabbccddeeff', 0);
    expect(target.toString('hex')).toBe('7766554433221100ffeeddccbbaa9988');
  });
});
