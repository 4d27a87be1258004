/**
 * The one loop that joins intake, core and store: records are cut into blocks, blocks become durable, and only then
 * does an intake learn that it may acknowledge them.
 */
import PQueue from 'p-queue';
import { sourceNamed } from '../../schemas/sources/index.ts';
import type { BlockStamp } from '../core/block.ts';
import { NO_DIGEST } from '../core/dead-letter-row.ts';
import { NetworkColumns, type NetworkDatabase, NO_DATABASE } from '../core/network.ts';
import type { ReaderOptions } from '../core/record-reader.ts';
import { ChunkPool } from '../core/row-buffer.ts';
import type { Receiver, StreamPartition } from '../intake/intake.ts';
import { statement } from '../store/statements.ts';
import type { RowBinaryInsert, Store } from '../store/store.ts';
import { ledgerInsert } from './enter-block.ts';
import type { PipelineMeter } from './meter.ts';
import { type BlockLimits, type ChainHost, type ChainItem, PartitionChain } from './partition-chain.ts';
import { type Checkpoint, noCheckpoint } from './pause-points.ts';
import { storeBlock } from './store-block.ts';

export interface PipelineLimits extends BlockLimits {
  readonly heldBytesMax: number;
  readonly insertsAtOnce: number;
}

export interface PipelineOptions {
  readonly store: Store;
  readonly reader: ReaderOptions;
  /** Where the addresses of events are looked up. Default: nowhere. */
  readonly networks?: NetworkDatabase;
  readonly limits: PipelineLimits;
  readonly now: () => number;
  readonly uuid: () => string;
  /** Runs a call of the store until it succeeds; rejects only for what does not heal or is refused for its data. */
  readonly retry: <T>(call: () => Promise<T>) => Promise<T>;
  /** Rejects when nothing may be written any more (a disk that is nearly full). */
  readonly guard?: () => Promise<void>;
  /** Told once, when the store has stopped for good. */
  readonly onFailure?: (error: unknown) => void;
  readonly checkpoint?: Checkpoint;
  readonly meter?: PipelineMeter;
}

/** What has become durable so far. */
export interface PipelineTotals {
  readonly records: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly blocks: number;
  readonly gaps: number;
}

/** How often open blocks are looked at for their age; and while none is open, which an idle daemon does all night. */
const TICK_MS = 50;
const RESTING_TICK_MS = 500;
/** Intake goes on when this share of the byte budget is free again; a little slack keeps it from stuttering. */
const ROOM_SHARE = 0.75;

interface ChainState {
  readonly chain: PartitionChain;
  index: number;
  previousDigest: Buffer;
  /** The ledger rows of a chain are written one behind the other, because each names the one before. */
  tail: Promise<void>;
}

export class Pipeline implements Receiver {
  readonly #options: PipelineOptions;
  readonly #inserts: PQueue;
  readonly #chains = new Map<PartitionChain, ChainState>();
  readonly #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  #timer: NodeJS.Timeout;
  #isResting = false;
  #isClosed = false;
  readonly #host: ChainHost;
  readonly #checkpoint: Checkpoint;
  readonly #chainIds: string[] = [];
  #held = 0;
  #received = 0;
  #underWay = 0;
  #stampedAt = 0;
  #failure: { error: unknown } | undefined;
  #totals = { records: 0, deadLetters: {} as Record<string, number>, blocks: 0, gaps: 0 };

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#checkpoint = options.checkpoint ?? noCheckpoint;
    this.#inserts = new PQueue({ concurrency: options.limits.insertsAtOnce });
    this.#timer = setTimeout(() => this.#tick(), TICK_MS).unref();
    this.#host = {
      limits: options.limits,
      reader: options.reader,
      pool: new ChunkPool(),
      networks: new NetworkColumns(options.networks ?? NO_DATABASE),
      stamp: (partition) => this.#stamp(partition),
      now: options.now,
      held: (bytes) => this.#hold(bytes),
      submit: (chain, item) => this.#submit(chain, item),
      whenSettled: (chain) => this.#whenSettled(chain),
    };
  }

  get totals(): PipelineTotals {
    return this.#totals;
  }

  /** Every chain that was opened; the ledger's rows name them. */
  get chainIds(): readonly string[] {
    return this.#chainIds;
  }

  /** Records taken in, durable or not. */
  get received(): number {
    return this.#received;
  }

  get heldBytes(): number {
    return this.#held;
  }

  get hasRoom(): boolean {
    return this.#failure === undefined && this.#held < this.#options.limits.heldBytesMax;
  }

  async whenRoom(): Promise<void> {
    this.#makeRoom();
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure.error);
      else if (this.hasRoom) resolve();
      else this.#waiting.push({ resolve, reject });
    });
  }

  async open(partition: StreamPartition, onSettled: (position: number) => void): Promise<PartitionChain> {
    const source = partition.source === undefined ? undefined : sourceNamed(partition.source);
    if (partition.source !== undefined && !source) throw new Error(`no source is named ${partition.source}`);
    const { store, retry } = this.#options;
    const parameters = { stream: partition.stream, partition: partition.partition };
    const [last] = await retry(() => store.rows<{ row_digest: string }>(statement('last-ledger-row'), { parameters }));
    const chain = new PartitionChain(this.#options.uuid(), partition, source, this.#host, onSettled);
    this.#chainIds.push(chain.id);
    const previousDigest = last ? Buffer.from(last.row_digest, 'hex') : NO_DIGEST;
    this.#chains.set(chain, { chain, index: 0, previousDigest, tail: Promise.resolve() });
    return chain;
  }

  /** Nothing is taken in any more; what is open is dropped unless it was flushed before. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const chain of this.#chains.keys()) chain.abandon();
    this.#chains.clear();
  }

  /**
   * No two blocks have one time of arrival: of two that bring the same record, both would be told that it was new.
   */
  #stamp(partition: StreamPartition): BlockStamp {
    this.#stampedAt = Math.max(this.#options.now(), this.#stampedAt + 1);
    return {
      blockId: this.#options.uuid(),
      ingestedAt: this.#stampedAt,
      stream: partition.stream,
      partition: partition.partition,
      // The same file read again under another source or account gives other rows, which no token may take for a
      // repeat.
      tokenScope: `${partition.source ?? ''}\0${partition.accountId}`,
      scrubberVersion: this.#options.reader.scrubber.version,
      fingerprintKeyId: this.#options.reader.scrubber.keyId,
    };
  }

  #tick(): void {
    let isOpen = false;
    for (const chain of this.#chains.keys()) {
      if (chain.isOver) this.#chains.delete(chain);
      else chain.tick();
      isOpen ||= chain.openRecords > 0;
    }
    this.#tickIn(isOpen ? TICK_MS : RESTING_TICK_MS);
  }

  #tickIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#isResting = ms === RESTING_TICK_MS;
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#tick(), ms).unref();
  }

  #hold(bytes: number): void {
    this.#held += bytes;
    if (bytes >= 0) {
      this.#received++;
      if (this.#isResting) this.#tickIn(TICK_MS);
      this.#checkpoint('open-block');
      return;
    }
    // With nothing under way, nothing else will make more room.
    const enough = this.#underWay === 0 ? 1 : ROOM_SHARE;
    if (this.#held < this.#options.limits.heldBytesMax * enough) {
      for (const { resolve } of this.#waiting.splice(0)) resolve();
    }
  }

  /** With the budget used up by open blocks alone, the largest must go, or nothing would ever move again. */
  #makeRoom(): void {
    if (this.hasRoom || this.#underWay > 0 || this.#failure) return;
    let largest: PartitionChain | undefined;
    for (const chain of this.#chains.keys()) {
      if (chain.openBytes > (largest?.openBytes ?? 0)) largest = chain;
    }
    largest?.close();
  }

  #submit(chain: PartitionChain, item: ChainItem): void {
    const state = this.#chains.get(chain);
    if (!state || this.#failure) return;
    this.#underWay++;
    const stored = this.#inserts.add(() => this.#storeRows(item));
    const before = state.tail;
    state.tail = (async () => {
      const refused = await stored;
      await before;
      await this.#enter(state, item, refused);
      this.#count(chain, item, refused);
      this.#underWay--;
      chain.settle(item);
      if (this.#waiting.length > 0) this.#makeRoom();
    })();
    state.tail.catch((error: unknown) => this.#fail(error));
  }

  async #storeRows(item: ChainItem): Promise<string[]> {
    if (item.kind === 'gap' || item.block.records === 0) return [];
    const { pool } = this.#host;
    const refused = await storeBlock({ pool, insert: (insert) => this.#insert(insert) }, item.block);
    this.#checkpoint('after-insert');
    return refused;
  }

  async #insert(insert: RowBinaryInsert): Promise<void> {
    const { guard, retry, store, meter } = this.#options;
    await guard?.();
    const begun = performance.now();
    await retry(() => store.insert(insert));
    meter?.inserted(insert.table, insert.rows, performance.now() - begun);
  }

  async #enter(state: ChainState, item: ChainItem, refused: readonly string[]): Promise<void> {
    const { insert, rowDigest } = ledgerInsert(
      {
        kind: item.kind,
        stamp: item.kind === 'block' ? item.block.stamp : item.stamp,
        block: item.kind === 'block' ? item.block : undefined,
        positionFrom: item.span.from,
        positionTo: item.span.to,
        streamEnd: item.streamEnd,
        refused: refused.length,
        recordedAt: this.#options.now(),
      },
      { chainId: state.chain.id, chainIndex: state.index, previousDigest: state.previousDigest },
    );
    await this.#insert(insert);
    state.index++;
    state.previousDigest = rowDigest;
    this.#checkpoint('after-ledger');
  }

  #count({ partition }: PartitionChain, item: ChainItem, refused: readonly string[]): void {
    const totals = this.#totals;
    const { meter } = this.#options;
    if (item.kind === 'gap') {
      totals.gaps++;
      meter?.gap();
      return;
    }
    totals.blocks++;
    totals.records += item.block.records;
    const reasons = [...item.block.reasons, ...refused];
    const behind = item.streamEnd > 0 ? { behind: Math.max(0, item.streamEnd - item.span.to) } : {};
    meter?.stored({
      ...{ stream: partition.stream, partition: partition.partition, records: item.block.records, reasons },
      ...behind,
    });
    for (const reason of reasons) {
      totals.deadLetters[reason] = (totals.deadLetters[reason] ?? 0) + 1;
    }
  }

  async #whenSettled(chain: PartitionChain): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    await this.#chains.get(chain)?.tail;
  }

  #fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = { error };
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#options.onFailure?.(error);
  }
}
