/**
 * A row of the ledger, and its digest.
 *
 * The row digest is SHA-256 over the RowBinary bytes of the columns of LEDGER_DIGEST_COLUMNS in that order; it covers
 * the leaves through the block digest, and the row before through `previous_digest`. Anyone can recompute it in SQL.
 */
import { sha256 } from './dead-letter-row.ts';
import { varint, writeText, writeUInt64, writeUuid } from './row-buffer.ts';

export const LEDGER_DIGEST_COLUMNS = [
  'block_id',
  'kind',
  'stream',
  'stream_partition',
  'chain_id',
  'chain_index',
  'position_from',
  'position_to',
  'stream_end',
  'received',
  'dead_letters',
  'event_time_min',
  'event_time_max',
  'received_at',
  'recorded_at',
  'scrubber_version',
  'fingerprint_key_id',
  'block_digest',
  'previous_digest',
] as const;
export const LEDGER_COLUMNS: readonly string[] = [...LEDGER_DIGEST_COLUMNS, 'row_digest', 'signature', 'leaves'];

export const LEDGER_KIND = { block: 1, gap: 2 } as const;

export interface LedgerEntry {
  readonly blockId: string;
  readonly kind: keyof typeof LEDGER_KIND;
  readonly stream: string;
  readonly partition: number;
  readonly chainId: string;
  readonly chainIndex: number;
  readonly positionFrom: number;
  readonly positionTo: number;
  readonly streamEnd: number;
  readonly received: number;
  readonly deadLetters: number;
  /** ms since 1970, UTC; both 0 for a block without events. */
  readonly eventTimeMin: number;
  readonly eventTimeMax: number;
  readonly receivedAt: number;
  readonly recordedAt: number;
  readonly scrubberVersion: number;
  readonly fingerprintKeyId: string;
  readonly blockDigest: Buffer;
  readonly previousDigest: Buffer;
  readonly leaves: Buffer;
}

/** @returns the row's bytes and its digest, which the next row of the chain names */
export function encodeLedgerRow(entry: LedgerEntry): { pieces: Buffer[]; rowDigest: Buffer } {
  const head = Buffer.allocUnsafe(256 + Buffer.byteLength(entry.stream) + Buffer.byteLength(entry.fingerprintKeyId));
  let at = 0;
  const uint32 = (value: number) => {
    at = head.writeUInt32LE(value, at);
  };
  const uint64 = (value: number) => {
    writeUInt64(head, value, at);
    at += 8;
  };
  const uuid = (value: string) => {
    writeUuid(head, value, at);
    at += 16;
  };
  uuid(entry.blockId);
  at = head.writeUInt8(LEDGER_KIND[entry.kind], at);
  at = writeText(head, entry.stream, at);
  uint32(entry.partition);
  uuid(entry.chainId);
  uint32(entry.chainIndex);
  uint64(entry.positionFrom);
  uint64(entry.positionTo);
  uint64(entry.streamEnd);
  uint32(entry.received);
  uint32(entry.deadLetters);
  uint64(entry.eventTimeMin);
  uint64(entry.eventTimeMax);
  uint64(entry.receivedAt);
  uint64(entry.recordedAt);
  at = head.writeUInt16LE(entry.scrubberVersion, at);
  at = writeText(head, entry.fingerprintKeyId, at);
  at += entry.blockDigest.copy(head, at);
  at += entry.previousDigest.copy(head, at);
  const covered = head.subarray(0, at);
  const rowDigest = sha256(covered);
  const noSignature = Buffer.from([0]);
  const leavesLength = Buffer.from(varint(entry.leaves.length), 'latin1');
  return { pieces: [covered, rowDigest, noSignature, leavesLength, entry.leaves], rowDigest };
}
