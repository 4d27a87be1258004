/**
 * The port between an intake (Kafka, files, HTTP push, collectors) and the pipeline. An intake turns its outside into
 * messages with positions, and acknowledges to its outside what the pipeline has settled.
 *
 * Positions are safe integers: a Kafka offset, a file's byte position, a collector's sequence number.
 */
import type { RejectionReason } from '../../schemas/rejection.ts';

export interface StreamPartition {
  /** `kafka:<cluster id>/<topic>`, `file:<path>#<digest>`, … */
  readonly stream: string;
  readonly partition: number;
  /** The position that is expected first; the first block begins here. */
  readonly position: number;
  /** The named source; absent: recognised record by record. */
  readonly source?: string;
  /** The account that the origin names; an option wins over a message's header. `''` when none. */
  readonly accountId: string;
  /** The origin may bring records of `accountId` alone: one that names another account is a dead letter. */
  readonly isBound?: boolean;
}

export interface ReceivedMessage {
  readonly position: number;
  /** Where reading goes on after this message. */
  readonly next: number;
  readonly value: Uint8Array;
  /** From a header of the message; used when the partition names none. */
  readonly accountId?: string;
  /** True when the intake has already split containers: the value is one record and nothing else. */
  readonly framed?: boolean;
}

/** Something that could not even be cut into a record. */
export interface UnframedText {
  readonly position: number;
  readonly next: number;
  readonly reason: RejectionReason;
  /** What was seen of it, at most DEAD_LETTER_HEAD_BYTES. */
  readonly head: Uint8Array;
  /** Length of the whole, in bytes. */
  readonly bytes: number;
  /** SHA-256 of the whole as received, 64 hex digits. */
  readonly digest: string;
}

/** One assignment of one partition: its open block, its blocks under way, its settled position. */
export interface Chain {
  /** Names its rows in the ledger. */
  readonly id: string;
  /** Never waits. The intake asks `Receiver.hasRoom` between messages or batches and holds back by itself. */
  add(message: ReceivedMessage): void;
  reject(text: UnframedText): void;
  /**
   * Everything below `position` has been fetched, including positions that never carry a record (markers, compaction).
   */
  passed(position: number): void;
  /** The positions [from, to) were lost before they could be read (the log was trimmed). */
  gap(from: number, to: number): void;
  /** The end of the stream as last seen, for the lag: a high watermark, a file's size. */
  end(position: number): void;
  /** The partition has no more to give now: the open block may close on its age. */
  drained(): void;
  /** How many of the records that were added are dead letters, by reason; durable or not. */
  readonly letters: Readonly<Record<string, number>>;
  /** Every position below this one is durable. */
  readonly settled: number;
  /** Closes the open block; resolves when everything received is settled; rejects when the store stops for good. */
  flush(): Promise<void>;
  /** The assignment is over (rebalance): what is open is dropped, and nothing of it is reported as settled any more. */
  abandon(): void;
}

export interface Receiver {
  open(partition: StreamPartition, onSettled: (position: number) => void): Promise<Chain>;
  /** False while the byte budget is used up. */
  readonly hasRoom: boolean;
  /** Resolves when there is room again, rejects when the store stops for good. */
  whenRoom(): Promise<void>;
}
