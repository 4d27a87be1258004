/** The ledger row of a block, ready to be inserted. */
import type { BlockBuilder, BlockStamp } from '../core/block.ts';
import { NO_DIGEST } from '../core/dead-letter-row.ts';
import { encodeLedgerRow, LEDGER_COLUMNS, type LEDGER_KIND } from '../core/ledger-row.ts';
import type { RowBinaryInsert } from '../store/store.ts';

/** Where in which chain the row stands. */
export interface ChainPlace {
  readonly chainId: string;
  readonly chainIndex: number;
  /** Digest of the row before it; NO_DIGEST when there is none. */
  readonly previousDigest: Buffer;
}

export interface EnteredBlock {
  readonly kind: keyof typeof LEDGER_KIND;
  readonly stamp: BlockStamp;
  /** Absent for a gap. */
  readonly block: BlockBuilder | undefined;
  readonly positionFrom: number;
  readonly positionTo: number;
  readonly streamEnd: number;
  /** Rows that the store refused and that are dead letters for it. */
  readonly refused: number;
  /** ms since 1970, UTC */
  readonly recordedAt: number;
}

export function ledgerInsert(entered: EnteredBlock, place: ChainPlace): { insert: RowBinaryInsert; rowDigest: Buffer } {
  const { stamp, block } = entered;
  const hasEvents = block !== undefined && block.eventTimeMax >= block.eventTimeMin;
  const { pieces, rowDigest } = encodeLedgerRow({
    ...place,
    blockId: stamp.blockId,
    kind: entered.kind,
    stream: stamp.stream,
    partition: stamp.partition,
    positionFrom: entered.positionFrom,
    positionTo: entered.positionTo,
    streamEnd: entered.streamEnd,
    received: block?.records ?? 0,
    deadLetters: (block?.reasons.length ?? 0) + entered.refused,
    eventTimeMin: hasEvents ? block.eventTimeMin : 0,
    eventTimeMax: hasEvents ? block.eventTimeMax : 0,
    receivedAt: stamp.ingestedAt,
    recordedAt: entered.recordedAt,
    scrubberVersion: stamp.scrubberVersion,
    fingerprintKeyId: stamp.fingerprintKeyId,
    blockDigest: block ? block.index.digest() : NO_DIGEST,
    leaves: block ? block.index.leaves() : Buffer.alloc(0),
  });
  const token = rowDigest.toString('hex');
  return { insert: { table: 'ledger', columns: LEDGER_COLUMNS, body: pieces, rows: 1, token }, rowDigest };
}
