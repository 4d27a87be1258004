/** One assignment of one partition: cuts what is received into blocks and settles them in order. */

import type { RejectionReason } from '../../schemas/rejection.ts';
import type { Source } from '../../schemas/sources/source.ts';
import { BlockBuilder, type BlockStamp } from '../core/block.ts';
import { invariant } from '../core/errors.ts';
import type { AddressColumns } from '../core/event-row.ts';
import { frameMessage, looksLikeContainer } from '../core/framing.ts';
import { BLOCK_AGE_BACKLOG_RATIO } from '../core/limits.ts';
import { type ReaderOptions, type ReadRecord, readRecord, unframedLetter } from '../core/record-reader.ts';
import type { ChunkPool } from '../core/row-buffer.ts';
import { type BlockSpan, Settlement } from '../core/settlement.ts';
import type { Chain, ReceivedMessage, StreamPartition, UnframedText } from '../intake/intake.ts';

export interface BlockLimits {
  readonly blockRowsMax: number;
  readonly blockBytesMax: number;
  readonly blockAgeMsMax: number;
}

/** What goes to the store, in the order in which it was received. */
export type ChainItem =
  | { readonly kind: 'block'; readonly span: BlockSpan; readonly block: BlockBuilder; readonly streamEnd: number }
  | { readonly kind: 'gap'; readonly span: BlockSpan; readonly stamp: BlockStamp; readonly streamEnd: number };

export interface ChainHost {
  readonly limits: BlockLimits;
  readonly reader: ReaderOptions;
  readonly pool: ChunkPool;
  readonly networks: AddressColumns;
  /** A new block's id and time. */
  stamp(partition: StreamPartition): BlockStamp;
  now(): number;
  /** Bytes of received records that this chain holds more (or fewer) than before. */
  held(bytes: number): void;
  /** Takes a closed block; settles it later through `settle`. */
  submit(chain: PartitionChain, item: ChainItem): void;
  /** Resolves when all that was submitted for the chain has settled; rejects when the store has stopped for good. */
  whenSettled(chain: PartitionChain): Promise<void>;
}

export class PartitionChain implements Chain {
  readonly id: string;
  readonly partition: StreamPartition;
  readonly #host: ChainHost;
  readonly #source: Source | undefined;
  readonly #reader: ReaderOptions;
  readonly #onSettled: (position: number) => void;
  readonly #settlement: Settlement;
  #block: BlockBuilder | undefined;
  #next: number;
  #end = 0;
  #drained = false;
  #abandoned = false;
  #letters: Record<string, number> = {};

  constructor(
    id: string,
    partition: StreamPartition,
    source: Source | undefined,
    host: ChainHost,
    onSettled: (position: number) => void,
  ) {
    this.id = id;
    this.partition = partition;
    this.#source = source;
    this.#reader = partition.isBound ? { ...host.reader, onlyAccount: partition.accountId } : host.reader;
    this.#host = host;
    this.#onSettled = onSettled;
    this.#settlement = new Settlement(partition.position);
    this.#next = partition.position;
  }

  get settled(): number {
    return this.#settlement.settled;
  }

  /** The assignment is over, and nothing of it is under way any more. */
  get isOver(): boolean {
    return this.#abandoned && this.#settlement.idle;
  }

  get openBytes(): number {
    return this.#block?.bytes ?? 0;
  }

  get letters(): Readonly<Record<string, number>> {
    return this.#letters;
  }

  get openRecords(): number {
    return this.#block?.records ?? 0;
  }

  add(message: ReceivedMessage): void {
    if (this.#abandoned) return;
    invariant(message.position >= this.#next, 'positions of a chain only grow');
    this.#drained = false;
    const value = asBuffer(message.value);
    const accountId = this.partition.accountId === '' ? (message.accountId ?? '') : this.partition.accountId;
    if (message.framed) this.#addRecord(value, message, 0, accountId);
    else if (looksLikeContainer(value) || value.length > this.#host.reader.recordBytesMax) {
      this.#addContainer(value, message, accountId);
    } else this.#addSingle(value, message, accountId);
    this.#next = message.next;
    this.#closeWhenFull();
  }

  reject(text: UnframedText): void {
    if (this.#abandoned) return;
    this.#drained = false;
    this.#addUnframed(text, text.position, 0, this.partition.accountId);
    this.#next = text.next;
    this.#closeWhenFull();
  }

  passed(position: number): void {
    if (position > this.#next) this.#next = position;
  }

  gap(from: number, to: number): void {
    if (this.#abandoned) return;
    this.passed(from);
    this.#closeAt(this.#next);
    this.passed(to);
    const span = this.#settlement.closed(to);
    this.#host.submit(this, { kind: 'gap', span, stamp: this.#host.stamp(this.partition), streamEnd: this.#end });
  }

  end(position: number): void {
    this.#end = position;
  }

  drained(): void {
    this.#drained = true;
  }

  async flush(): Promise<void> {
    this.close();
    await this.#host.whenSettled(this);
  }

  abandon(): void {
    this.#abandoned = true;
    this.#dropBlock();
  }

  /** Closes what is open, also positions that carried no record. */
  close(): void {
    if (!this.#abandoned) this.#closeAt(this.#next);
  }

  /**
   * Closes what is old enough, once the partition has nothing more to give. Below its known end a partition that gives
   * nothing is one that waits for its turn, or for a transaction that may stay open: then the block is given more time.
   */
  tick(): void {
    if (this.#abandoned || !this.#drained) return;
    const block = this.#block;
    if (block) {
      const ratio = this.#next < this.#end ? BLOCK_AGE_BACKLOG_RATIO : 1;
      if (this.#host.now() - block.stamp.ingestedAt >= this.#host.limits.blockAgeMsMax * ratio) this.close();
    } else if (this.#next > this.#settlement.expected && this.#settlement.idle) this.close();
  }

  /** @returns whether the assignment still counts, so that its progress may be told */
  settle(item: ChainItem): void {
    const position = this.#settlement.settle(item.span);
    if (item.kind === 'block') {
      this.#host.held(-item.block.bytes);
      item.block.release();
    }
    if (!this.#abandoned) this.#onSettled(position);
  }

  #addRecord(value: Buffer, message: ReceivedMessage, recordIndex: number, accountId: string): void {
    const read = readRecord(value, this.#source, accountId, this.#reader);
    this.#put(read, message.position, recordIndex, value.length);
  }

  #put(read: ReadRecord, position: number, recordIndex: number, bytes: number): void {
    if (read.kind === 'letter') this.#count(read.letter.reason);
    this.#openBlock().add(read, position, recordIndex, bytes);
    this.#host.held(bytes);
  }

  #count(reason: RejectionReason): void {
    this.#letters[reason] = (this.#letters[reason] ?? 0) + 1;
  }

  /** Plainly one record; but one that does not parse may be several lines, each a record of its own. */
  #addSingle(value: Buffer, message: ReceivedMessage, accountId: string): void {
    const read = readRecord(value, this.#source, accountId, this.#reader);
    if (read.kind === 'letter' && read.letter.reason === 'invalid-json' && value.includes(NEWLINE)) {
      this.#addContainer(value, message, accountId);
      return;
    }
    this.#put(read, message.position, 0, value.length);
  }

  #addContainer(value: Buffer, message: ReceivedMessage, accountId: string): void {
    const framed = frameMessage(value, { recordBytesMax: this.#host.reader.recordBytesMax });
    const bytes = framed.reduce(
      (sum, part) => sum + (part.kind === 'record' ? part.bytes.length : part.head.length),
      0,
    );
    const { blockRowsMax, blockBytesMax } = this.#host.limits;
    // A message is not split across blocks unless it alone exceeds one.
    const open = this.#block;
    if (open && (open.records + framed.length > blockRowsMax || open.bytes + bytes > blockBytesMax)) {
      this.#closeAt(message.position);
    }
    framed.forEach((part, index) => {
      if (part.kind === 'record') this.#addRecord(asBuffer(part.bytes), message, index, accountId);
      else this.#addUnframed(part, message.position, index, accountId);
      // The part that closes covers no position of its own: the message's offset waits for its last record.
      if (index < framed.length - 1 && this.#isFull()) this.#closeAt(message.position);
    });
  }

  #addUnframed(
    text: Pick<UnframedText, 'reason' | 'head' | 'bytes' | 'digest'>,
    position: number,
    recordIndex: number,
    accountId: string,
  ): void {
    this.#count(text.reason);
    const block = this.#openBlock();
    block.addLetter(
      unframedLetter(text, this.#source?.name ?? '', accountId, this.#host.reader),
      position,
      recordIndex,
    );
    block.bytes += text.head.length;
    this.#host.held(text.head.length);
  }

  #openBlock(): BlockBuilder {
    this.#block ??= this.#newBlock();
    return this.#block;
  }

  #newBlock(): BlockBuilder {
    const { pool, networks } = this.#host;
    return new BlockBuilder(this.#host.stamp(this.partition), pool, networks);
  }

  #isFull(): boolean {
    const block = this.#block;
    if (!block) return false;
    return block.records >= this.#host.limits.blockRowsMax || block.bytes >= this.#host.limits.blockBytesMax;
  }

  #closeWhenFull(): void {
    if (this.#isFull()) this.#closeAt(this.#next);
  }

  #closeAt(position: number): void {
    const block = this.#block;
    if (!block && position <= this.#settlement.expected) return;
    this.#block = undefined;
    const item: ChainItem = {
      kind: 'block',
      span: this.#settlement.closed(Math.max(position, this.#settlement.expected)),
      block: block ?? this.#newBlock(),
      streamEnd: this.#end,
    };
    this.#host.submit(this, item);
  }

  #dropBlock(): void {
    if (!this.#block) return;
    this.#host.held(-this.#block.bytes);
    this.#block.release();
    this.#block = undefined;
  }
}

const NEWLINE = 10;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
