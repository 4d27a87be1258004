/** The hashes that prove what was stored: a leaf per record, one digest per block, one token per insert. */
import { createHash, hash } from 'node:crypto';

export const LEAF_BYTES = 32;

/** SHA-256 over 0x00 and the stored bytes (the leaf of RFC 9162), as latin1. */
export function leafOf(stored: string): string {
  return hash('sha256', `\0${stored}`, 'binary');
}

export function leafOfBytes(stored: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from([0]), stored]), 'binary');
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
   * The deduplication token of one insert: a digest of exactly its rows. A token made of positions alone would lose data:
   * a block cut elsewhere after a crash, or the second half of a halved one, would be dropped as a repeat.
   *
   * @param scope what else the rows depend on: stream, partition, month
   * @param ordinals the rows' ordinals in this block, in the order of the insert
   */
  token(scope: string, ordinals: Uint32Array): string {
    const entryBytes = 8 + 4 + 2 + LEAF_BYTES;
    const bytes = Buffer.allocUnsafe(ordinals.length * entryBytes);
    let at = 0;
    for (const ordinal of ordinals) {
      bytes.writeDoubleLE(this.#positions[ordinal] ?? 0, at);
      bytes.writeUInt32LE(this.#indexes[ordinal] ?? 0, at + 8);
      bytes.writeUInt16LE(this.#versions[ordinal] ?? 0, at + 12);
      this.#leaves.copy(bytes, at + 14, ordinal * LEAF_BYTES, (ordinal + 1) * LEAF_BYTES);
      at += entryBytes;
    }
    return createHash('sha256').update(`${scope}\0${ordinals.length}\0`).update(bytes).digest('hex');
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
