/**
 * How large an lz4 or zstd stream may become, read from its block headers without expanding it. Both libraries expand
 * into memory that grows as needed, so a bomb must be known before. The formats are public: the LZ4 frame format 1.6
 * and RFC 8878.
 */

const LZ4_MAGIC = 0x184d2204;
const ZSTD_MAGIC = 0xfd2fb528;
/** Both formats let 16 magic numbers begin a frame that carries no data. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const ZSTD_BLOCK_BYTES_MAX = 131_072;
/** No lz4 sequence makes more than this of one byte. */
const LZ4_RATIO_MAX = 255;

/** @returns an upper bound; what is cut or no such stream counts as far as it goes, and fails when it is expanded */
export function zstdExpandedBytesMax(packed: Buffer): number {
  let bytes = 0;
  let at = 0;
  while (at + 4 <= packed.length) {
    const skippable = skippableFrameEnd(packed, at);
    if (skippable === undefined && packed.readUInt32LE(at) !== ZSTD_MAGIC) break;
    if (skippable !== undefined) {
      at = skippable;
      continue;
    }
    const descriptor = packed[at + 4] ?? 0;
    at += 4 + zstdHeaderBytes(descriptor);
    for (let last = false; !last && at + 3 <= packed.length; ) {
      const header = packed.readUIntLE(at, 3);
      last = (header & 1) === 1;
      const kind = (header >> 1) & 3;
      const size = header >> 3;
      // Kinds: 0 as it is, 1 one byte repeated `size` times, 2 compressed.
      bytes += kind === 2 ? ZSTD_BLOCK_BYTES_MAX : size;
      at += 3 + (kind === 1 ? 1 : size);
    }
    if ((descriptor & 4) !== 0) at += 4;
  }
  return bytes;
}

/** Frame header descriptor, window, dictionary id and content size. */
function zstdHeaderBytes(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const content = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return 1 + (singleSegment ? 0 : 1) + dictionary + content;
}

/** @returns where a frame without data ends, or undefined when none begins here */
function skippableFrameEnd(packed: Buffer, at: number): number | undefined {
  if ((packed.readUInt32LE(at) & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC || at + 8 > packed.length) return undefined;
  return at + 8 + packed.readUInt32LE(at + 4);
}

/**
 * @param enough blocks are only looked into when their number alone would allow more than this
 * @returns an upper bound; exact above `enough`
 */
export function lz4ExpandedBytesMax(packed: Buffer, enough: number): number {
  if (packed.length * LZ4_RATIO_MAX <= enough) return packed.length * LZ4_RATIO_MAX;
  const blocks = lz4Blocks(packed);
  const coarse = blocks.reduce((sum, block) => sum + block.bytesMax, 0);
  if (coarse <= enough) return coarse;
  return blocks.reduce((sum, block) => sum + (block.packed ? lz4BlockBytes(block.data) : block.data.length), 0);
}

interface Lz4Block {
  readonly data: Buffer;
  readonly packed: boolean;
  readonly bytesMax: number;
}

function lz4Blocks(packed: Buffer): Lz4Block[] {
  const blocks: Lz4Block[] = [];
  let at = 0;
  while (at + 7 <= packed.length) {
    const skippable = skippableFrameEnd(packed, at);
    if (skippable === undefined && packed.readUInt32LE(at) !== LZ4_MAGIC) break;
    if (skippable !== undefined) {
      at = skippable;
      continue;
    }
    const flags = packed[at + 4] ?? 0;
    const bytesMax = 2 ** (8 + 2 * (((packed[at + 5] ?? 0) >> 4) & 7));
    at += 7 + ((flags & 8) !== 0 ? 8 : 0) + ((flags & 1) !== 0 ? 4 : 0);
    for (let size = sizeAt(packed, at); size !== 0; size = sizeAt(packed, at)) {
      const bytes = size & 0x7fffffff;
      blocks.push({ data: packed.subarray(at + 4, at + 4 + bytes), packed: size >= 0, bytesMax });
      at += 4 + bytes + ((flags & 16) !== 0 ? 4 : 0);
    }
    at += 4 + ((flags & 4) !== 0 ? 4 : 0);
  }
  return blocks;
}

/** Signed, because the highest bit says that the block is not compressed; 0, the end mark, also where the bytes end. */
function sizeAt(packed: Buffer, at: number): number {
  return at + 4 <= packed.length ? packed.readInt32LE(at) : 0;
}

/** Walks the sequences of a block: a token with two lengths, literals, an offset. */
function lz4BlockBytes(block: Buffer): number {
  let bytes = 0;
  let at = 0;
  const long = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (let byte = 255; byte === 255 && at < block.length; ) {
      byte = block[at] ?? 0;
      length += byte;
      at += 1;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at] ?? 0;
    at += 1;
    const literals = long(token >> 4);
    bytes += literals;
    at += literals;
    // The last sequence is literals only.
    if (at >= block.length) break;
    at += 2;
    bytes += long(token & 15) + 4;
  }
  return bytes;
}
