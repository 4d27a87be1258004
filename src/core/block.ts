/**
 * A block: what was received of one partition between two positions, stored as one unit.
 *
 * Building is pure: records in, rows and proof material out. Rows of events are kept by month, because an insert of one
 * month is atomic; dead letters go into an insert of their own.
 */
import type { DeadLetter } from './dead-letter-row.ts';
import { writeDeadLetter } from './dead-letter-row.ts';
import { type AddressColumns, type BlockConstants, EventRowEncoder } from './event-row.ts';
import { BlockIndex, leafOf, leafOfBytes } from './leaves.ts';
import { monthOf, monthSpan } from './months.ts';
import { NO_NETWORK_COLUMNS } from './network.ts';
import type { ReadRecord } from './record-reader.ts';
import { type ChunkPool, RowBuffer } from './row-buffer.ts';

export interface BlockStamp extends BlockConstants {
  readonly scrubberVersion: number;
  readonly fingerprintKeyId: string;
  /** What the rows depend on beyond the records' bytes and positions (source, account): part of every token. */
  readonly tokenScope?: string;
}

/** Where a record was first read, when its block was received elsewhere: a replayed dead letter keeps its origin. */
export interface RecordOrigin {
  readonly stream: string;
  readonly partition: number;
  readonly position: number;
  readonly recordIndex: number;
}

export class BlockBuilder {
  readonly stamp: BlockStamp;
  readonly index = new BlockIndex();
  /** Rows of events by month, `202611`. */
  readonly months = new Map<number, RowBuffer>();
  readonly letters: RowBuffer;
  /** Reason of each letter, in order. */
  readonly reasons: string[] = [];
  /** Bytes of the records as received. */
  bytes = 0;
  eventTimeMin = Number.POSITIVE_INFINITY;
  eventTimeMax = Number.NEGATIVE_INFINITY;
  readonly #pool: ChunkPool;
  readonly #networks: AddressColumns;
  readonly #encoder: EventRowEncoder;
  #monthRows: RowBuffer | undefined;
  #monthFrom = 0;
  #monthTo = 0;

  constructor(stamp: BlockStamp, pool: ChunkPool, networks: AddressColumns = NO_NETWORK_COLUMNS) {
    this.stamp = stamp;
    this.#pool = pool;
    this.#networks = networks;
    this.#encoder = new EventRowEncoder(stamp, networks);
    this.letters = new RowBuffer(pool);
  }

  get records(): number {
    return this.index.length;
  }

  /** @param bytes length of the record as received */
  add(read: ReadRecord, position: number, recordIndex: number, bytes: number): void {
    this.bytes += bytes;
    if (read.kind === 'letter') this.addLetter(read.letter, position, recordIndex);
    else this.#addEvent(read, position, recordIndex);
  }

  /** An event whose row says that it was read at `origin`; the block, its ledger row and tokens say `position`. */
  addFrom(origin: RecordOrigin, read: ReadRecord & { kind: 'event' }, position: number, recordIndex: number): void {
    this.bytes += read.raw.length;
    const { stream, partition } = origin;
    const encoder = new EventRowEncoder({ ...this.stamp, stream, partition }, this.#networks);
    this.#addEvent(read, position, recordIndex, origin, encoder);
  }

  addLetter(letter: DeadLetter, position: number, recordIndex: number): void {
    const ordinal = this.index.add(position, recordIndex, 0, leafOfBytes(letter.text));
    writeDeadLetter(this.letters, letter, { ...this.stamp, position, recordIndex }, ordinal);
    this.reasons.push(letter.reason);
  }

  /** Gives all memory back to the pool; the block has settled. */
  release(): void {
    for (const rows of this.months.values()) rows.release();
    this.letters.release();
  }

  #addEvent(
    read: ReadRecord & { kind: 'event' },
    position: number,
    recordIndex: number,
    origin: { readonly position: number; readonly recordIndex: number } | undefined = undefined,
    encoder = this.#encoder,
  ): void {
    const { fields, source, bytes } = read;
    const leaf = bytes === undefined ? leafOf(read.raw) : leafOfBytes(bytes);
    const ordinal = this.index.add(position, recordIndex, source.version, leaf);
    const time = fields.eventTime;
    if (time < this.eventTimeMin) this.eventTimeMin = time;
    if (time > this.eventTimeMax) this.eventTimeMax = time;
    const row = {
      source: source.name,
      schemaVersion: source.version,
      timePrecisionMs: source.timePrecisionMs,
      fields,
      accountId: read.accountId,
      eventId: read.eventId,
      contentHash: read.contentHash,
      raw: read.raw,
      bytes,
      ascii: read.ascii,
      position: origin?.position ?? position,
      recordIndex: origin?.recordIndex ?? recordIndex,
    };
    encoder.write(this.#rowsOf(time), row, ordinal);
  }

  #rowsOf(time: number): RowBuffer {
    if (this.#monthRows && time >= this.#monthFrom && time < this.#monthTo) return this.#monthRows;
    const name = monthOf(time);
    let rows = this.months.get(name);
    if (!rows) {
      rows = new RowBuffer(this.#pool);
      this.months.set(name, rows);
    }
    this.#monthRows = rows;
    const { startMs, endMs } = monthSpan(name);
    this.#monthFrom = startMs;
    this.#monthTo = endMs;
    return rows;
  }
}
