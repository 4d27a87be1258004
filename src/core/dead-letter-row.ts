/** A record that could not become an event, as a row of `dead_letters`. */
import { createHash } from 'node:crypto';
import type { RejectionReason } from '../../schemas/rejection.ts';
import type { BlockConstants } from './event-row.ts';
import { type RowBuffer, VARINT_BYTES_MAX, varint, writeText, writeUInt64, writeUuid } from './row-buffer.ts';

export const DEAD_LETTER_COLUMNS: readonly string[] = [
  'content_hash',
  'block_id',
  'ingested_at',
  'stream_partition',
  'stream_offset',
  'record_index',
  'text_bytes',
  'text_digest',
  'replayable',
  'scrubber_version',
  'reason',
  'source',
  'account_id',
  'path',
  'got',
  'stream',
  'fingerprint_key_id',
  'text',
];
const FIXED_BYTES = 16 + 16 + 8 + 4 + 8 + 4 + 8 + 32 + 1 + 2;

export interface DeadLetter {
  /** 16 bytes as latin1. */
  readonly contentHash: string;
  readonly reason: RejectionReason;
  /** The named or recognised source; `''` when none is known. */
  readonly source: string;
  readonly accountId: string;
  /** The offending field, `''` where it is the whole. */
  readonly path: string;
  readonly got: string;
  /** The record, scrubbed; its head only when it is too large. Bytes, because it may be no UTF-8. */
  readonly text: Buffer;
  /** Length of the whole as received. */
  readonly textBytes: number;
  /**
   * SHA-256 of the whole as received, where the text is not kept whole; NO_DIGEST where it is, because a plain digest
   * beside a scrubbed text would let a short secret be guessed.
   */
  readonly textDigest: Buffer;
  /** Whether the stored text is enough to try again. */
  readonly replayable: boolean;
}

/** 32 zero bytes stand for a digest that there is not. */
export const NO_DIGEST: Buffer = Buffer.alloc(32);

export interface LetterOrigin extends BlockConstants {
  readonly position: number;
  readonly recordIndex: number;
  readonly scrubberVersion: number;
  readonly fingerprintKeyId: string;
}

export function writeDeadLetter(rows: RowBuffer, letter: DeadLetter, origin: LetterOrigin, ordinal: number): void {
  const texts = [
    letter.reason,
    letter.source,
    letter.accountId,
    letter.path,
    letter.got,
    origin.stream,
    origin.fingerprintKeyId,
  ];
  const textBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + VARINT_BYTES_MAX, 0);
  rows.begin(ordinal, FIXED_BYTES + textBytes + VARINT_BYTES_MAX + letter.text.length);
  const { chunk, at } = rows;
  chunk.write(letter.contentHash, at, 16, 'latin1');
  writeUuid(chunk, origin.blockId, at + 16);
  writeUInt64(chunk, origin.ingestedAt, at + 32);
  chunk.writeUInt32LE(origin.partition, at + 40);
  writeUInt64(chunk, origin.position, at + 44);
  chunk.writeUInt32LE(origin.recordIndex, at + 52);
  writeUInt64(chunk, letter.textBytes, at + 56);
  letter.textDigest.copy(chunk, at + 64);
  chunk[at + 96] = letter.replayable ? 1 : 0;
  chunk.writeUInt16LE(origin.scrubberVersion, at + 97);
  let end = at + FIXED_BYTES;
  for (const text of texts) end = writeText(chunk, text, end);
  end += chunk.write(varint(letter.text.length), end, 'latin1');
  end += letter.text.copy(chunk, end);
  rows.end(end);
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
