/** The hashes that prove what was stored: a leaf per record, one digest per block, one token per insert. */
import { createHash, hash } from 'node:crypto';
import { PrefixedHash } from './prefixed-hash.ts';

export const LEAF_BYTES = 32;

/** SHA-256 over 0x00 and the stored bytes (the leaf of RFC 9162), as latin1. */
export function leafOf(stored: string): string {
  return hash('sha256', `\0${stored}`, 'binary');
}

const leaves = new PrefixedHash(Buffer.from([0]));

export function leafOfBytes(stored: Uint8Array): string {
  return leaves.of(stored);
}

/** Grows by doubling; one per block, so that a block's proof material costs no object per record. */
export class BlockIndex {
  #positions = new Float64Array(1024);
  #indexes = new Uint32Array(1024);
  #versions = new Uint16Array(1024);
  #leaves: Buffer = Buffer.allocUnsafe(1024 * LEAF_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @returns the record's ordinal in the block */
  add(position: number, index: number, version: number, leaf: string): number {
    const at = this.#length;
    if (at === this.#positions.length) this.#grow();
    this.#positions[at] = position;
    this.#indexes[at] = index;
    this.#versions[at] = version;
    this.#leaves.write(leaf, at * LEAF_BYTES, LEAF_BYTES, 'latin1');
    this.#length = at + 1;
    return at;
  }

  /** All leaves in order of receipt, 32 bytes each. */
  leaves(): Buffer {
    return this.#leaves.subarray(0, this.#length * LEAF_BYTES);
  }

  /** SHA-256 over the ordered leaves: the block digest. */
  digest(): Buffer {
    return createHash('sha256').update(this.leaves()).digest();
  }

  /**
   * The deduplication token of one insert: a digest of exactly its rows. A token made of positions alone would lose
   * data: a block cut elsewhere after a crash, or the second half of a halved one, would be dropped as a repeat.
   *
   * @param scope what else the rows depend on: stream, partition, month
   * @param ordinals the rows' ordinals in this block, in the order of the insert
   */
  token(scope: string, ordinals: Uint32Array): string {
    const digest = createHash('sha256').update(`${scope}\0${ordinals.length}\0`);
    const { positions, indexes, versions, leaves } = this.#of(ordinals);
    return digest.update(positions).update(indexes).update(versions).update(leaves).digest('hex');
  }

  /** The columns of some rows. Nearly always all rows of a block are of one month, and then nothing is copied. */
  #of(ordinals: Uint32Array): { positions: Float64Array; indexes: Uint32Array; versions: Uint16Array; leaves: Buffer } {
    const count = ordinals.length;
    const from = ordinals[0] ?? 0;
    if (ordinals.every((ordinal, at) => ordinal === from + at)) {
      return {
        positions: this.#positions.subarray(from, from + count),
        indexes: this.#indexes.subarray(from, from + count),
        versions: this.#versions.subarray(from, from + count),
        leaves: this.#leaves.subarray(from * LEAF_BYTES, (from + count) * LEAF_BYTES),
      };
    }
    const leaves = Buffer.allocUnsafe(count * LEAF_BYTES);
    ordinals.forEach((ordinal, at) => {
      this.#leaves.copy(leaves, at * LEAF_BYTES, ordinal * LEAF_BYTES, (ordinal + 1) * LEAF_BYTES);
    });
    return {
      positions: Float64Array.from(ordinals, (ordinal) => this.#positions[ordinal] ?? 0),
      indexes: Uint32Array.from(ordinals, (ordinal) => this.#indexes[ordinal] ?? 0),
      versions: Uint16Array.from(ordinals, (ordinal) => this.#versions[ordinal] ?? 0),
      leaves,
    };
  }

  position(ordinal: number): number {
    return this.#positions[ordinal] ?? 0;
  }

  recordIndex(ordinal: number): number {
    return this.#indexes[ordinal] ?? 0;
  }

  #grow(): void {
    const size = this.#length * 2;
    const positions = new Float64Array(size);
    positions.set(this.#positions);
    const indexes = new Uint32Array(size);
    indexes.set(this.#indexes);
    const versions = new Uint16Array(size);
    versions.set(this.#versions);
    const leaves = Buffer.allocUnsafe(size * LEAF_BYTES);
    this.#leaves.copy(leaves);
    this.#positions = positions;
    this.#indexes = indexes;
    this.#versions = versions;
    this.#leaves = leaves;
  }
}
