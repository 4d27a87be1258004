/**
 * The codecs of record batches. kafkajs brings only gzip and stops for good at the first batch of another kind, so all
 * four are registered before anything is read. Each is bounded *before* it expands: a batch of a megabyte can hold
 * gigabytes of zeros.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { Decoder, Encoder } from '@toondepauw/node-zstd';
import kafkajs from 'kafkajs';
import lz4 from 'lz4-napi';
import snappy from 'snappy';
import { messageOf } from '../../core/errors.ts';
import { KAFKA_BATCH_EXPANDED_BYTES_MAX } from '../../core/limits.ts';
import { lz4ExpandedBytesMax, zstdExpandedBytesMax } from './expanded-size.ts';

/** A record batch that cannot be read, now or later. */
export class UnreadableBatch extends Error {
  override readonly name = 'UnreadableBatch';
  /** Read by kafkajs: without it the same bytes would be fetched and expanded for ever. */
  readonly retriable = false;
  readonly tooLarge: boolean;

  constructor(message: string, options: { tooLarge?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.tooLarge = options.tooLarge ?? false;
  }
}

export interface Codec {
  readonly name: string;
  compress(plain: Buffer): Buffer;
  /** @throws UnreadableBatch */
  decompress(packed: Buffer): Buffer;
}

/** @param expandedBytesMax bound of one batch */
export function createCodecs(expandedBytesMax = KAFKA_BATCH_EXPANDED_BYTES_MAX): Readonly<Record<number, Codec>> {
  const encoder = new Encoder(3);
  const decoder = new Decoder();
  const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
  const bounded = (name: string, bytes: number) => {
    if (bytes > expandedBytesMax) throw tooLarge(name, expandedBytesMax);
  };
  return {
    [GZIP]: guarded('gzip', gzipSync, (packed) => gunzip(packed, expandedBytesMax)),
    [Snappy]: guarded('snappy', snappyXerial, (packed) => unsnappy(packed, (bytes) => bounded('snappy', bytes))),
    [LZ4]: guarded('lz4', lz4.compressFrameSync, (packed) => {
      bounded('lz4', lz4ExpandedBytesMax(packed, expandedBytesMax));
      return lz4.decompressFrameSync(packed);
    }),
    [ZSTD]: guarded(
      'zstd',
      (plain) => encoder.encodeSync(plain),
      (packed) => {
        bounded('zstd', zstdExpandedBytesMax(packed));
        return decoder.decodeSync(packed);
      },
    ),
  };
}

/** Makes kafkajs read and write all four kinds. The registry is kafkajs's own and one per process. */
export function registerCodecs(expandedBytesMax?: number): void {
  for (const [type, codec] of Object.entries(createCodecs(expandedBytesMax))) {
    kafkajs.CompressionCodecs[Number(type) as keyof typeof kafkajs.CompressionCodecs] = () => ({
      compress: async ({ buffer }: { buffer: Buffer }) => codec.compress(buffer),
      decompress: async (packed: Buffer) => codec.decompress(packed),
    });
  }
}

function guarded(name: string, compress: (plain: Buffer) => Buffer, decompress: (packed: Buffer) => Buffer): Codec {
  return {
    name,
    compress,
    decompress(packed) {
      try {
        return decompress(packed);
      } catch (cause) {
        if (cause instanceof UnreadableBatch) throw cause;
        throw new UnreadableBatch(`a ${name} record batch does not expand: ${messageOf(cause)}`, { cause });
      }
    },
  };
}

function tooLarge(name: string, expandedBytesMax: number): UnreadableBatch {
  return new UnreadableBatch(`a ${name} record batch expands to more than ${expandedBytesMax} bytes`, {
    tooLarge: true,
  });
}

function gunzip(packed: Buffer, expandedBytesMax: number): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: expandedBytesMax });
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge('gzip', expandedBytesMax) : cause;
  }
}

/**
 * Java writes snappy in the framing of the xerial library: a header of 16 bytes, then blocks with their length before
 * them.
 */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;
const XERIAL_BLOCK_BYTES = 32_768;

function snappyXerial(plain: Buffer): Buffer {
  const header = Buffer.alloc(XERIAL_HEADER_BYTES);
  XERIAL_MAGIC.copy(header);
  header.writeUInt32BE(1, 8);
  header.writeUInt32BE(1, 12);
  const pieces: Buffer[] = [header];
  for (let at = 0; at < plain.length; at += XERIAL_BLOCK_BYTES) {
    const block = snappy.compressSync(plain.subarray(at, at + XERIAL_BLOCK_BYTES));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(block.length);
    pieces.push(size, block);
  }
  return Buffer.concat(pieces);
}

/** @param bounded told the expanded bytes so far, before they are expanded */
function unsnappy(packed: Buffer, bounded: (bytes: number) => void): Buffer {
  const framed = packed.length >= XERIAL_HEADER_BYTES && packed.subarray(0, 8).equals(XERIAL_MAGIC);
  const blocks = framed ? xerialBlocks(packed) : [packed];
  bounded(blocks.reduce((sum, block) => sum + snappyExpandedBytes(block), 0));
  const plain = blocks.map((block) => snappy.uncompressSync(block) as Buffer);
  return plain.length === 1 && plain[0] !== undefined ? plain[0] : Buffer.concat(plain);
}

function xerialBlocks(packed: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    const size = packed.readUInt32BE(at);
    at += 4;
    if (size > packed.length - at) throw new UnreadableBatch('a snappy record batch is cut');
    blocks.push(packed.subarray(at, at + size));
    at += size;
  }
  return blocks;
}

/** A raw snappy block begins with its expanded length, seven bits a byte. */
function snappyExpandedBytes(block: Buffer): number {
  let bytes = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = block[at] ?? 0;
    bytes += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return bytes;
}
