/**
 * Records that clients push. Each origin (a token) is a stream of its own whose positions are the bytes that it ever
 * sent; what arrives while a block is being stored goes into the next one, so many small pushes cost few inserts.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { type CutReason, type Framed, Framer } from '../core/framing.ts';
import {
  EXPANSION_RATIO_FROM_BYTES,
  EXPANSION_RATIO_MAX,
  FILE_CHUNK_BYTES,
  PUSH_EXPANDED_BYTES_MAX,
  PUSH_STREAMS_HELD_ENTRIES_MAX,
} from '../core/limits.ts';
import { gunzip } from './file/gunzip.ts';
import type { Chain, Receiver } from './intake.ts';

export interface PushOrigin {
  /** `push:<token id>` */
  readonly stream: string;
  readonly source: string;
  /** The one account whose records it may bring; `''`: the records name theirs. */
  readonly accountId: string;
}

export interface PushReceipt {
  readonly stream: string;
  readonly chainId: string;
  /** Positions of its records, half-open. */
  readonly from: number;
  readonly to: number;
  /** Records and what could not be cut into one. */
  readonly received: number;
  readonly deadLetters: Readonly<Record<string, number>>;
}

export interface PushOptions {
  readonly receiver: Receiver;
  readonly recordBytesMax: number;
  /** The position behind the last one that the stream ever had, 0 for a new one. */
  readonly lastPosition: (stream: string) => Promise<number>;
  readonly expandedBytesMax?: number;
}

/** The body expands beyond its bound; nothing of it was taken. */
export class PushTooLarge extends Error {
  override readonly name = 'PushTooLarge';
}

/** The intake ended first: the body may be stored or not, and is sent again. */
export class PushInterrupted extends Error {
  override readonly name = 'PushInterrupted';
}

interface Delivered {
  readonly chain: Chain;
  readonly receipt: PushReceipt;
}

export class PushIntake {
  readonly #options: PushOptions;
  readonly #streams = new Map<string, PushStream>();

  constructor(options: PushOptions) {
    this.#options = options;
  }

  get hasRoom(): boolean {
    return this.#options.receiver.hasRoom;
  }

  /**
   * Resolves when everything in the body is durable; the same body again is harmless.
   *
   * @param body as received; may be compressed
   * @throws PushTooLarge before anything was taken; what the store stops with
   */
  async take(origin: PushOrigin, body: Buffer, isGzip: boolean): Promise<PushReceipt> {
    const { chunks, cut } = isGzip ? await this.#expand(body) : { chunks: piecesOf(body), cut: undefined };
    const stream = this.#streamOf(origin);
    const delivered = await stream.inTurn((chain) => stream.deliver(chain, chunks, cut, this.#options.recordBytesMax));
    await stream.durable(delivered);
    return delivered.receipt;
  }

  /** Everything that was taken becomes durable. */
  async flush(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.flush()));
  }

  async #expand(body: Buffer): Promise<{ chunks: readonly Buffer[]; cut: CutReason | undefined }> {
    const limits = {
      expandedBytesMax: this.#options.expandedBytesMax ?? PUSH_EXPANDED_BYTES_MAX,
      ratioMax: EXPANSION_RATIO_MAX,
      ratioFromBytes: EXPANSION_RATIO_FROM_BYTES,
    };
    const chunks: Buffer[] = [];
    const expanding = gunzip(once(body), limits);
    for (;;) {
      const next = await expanding.next();
      if (!next.done) chunks.push(next.value);
      else if (next.value === 'container-too-large')
        throw new PushTooLarge(`more than ${limits.expandedBytesMax} bytes`);
      else return { chunks, cut: next.value };
    }
  }

  #streamOf(origin: PushOrigin): PushStream {
    const key = JSON.stringify([origin.stream, origin.source, origin.accountId]);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      this.#forgetIdle();
      stream = new PushStream(origin, this.#options);
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /** Tokens come and go: a stream that has nothing under way begins again where it ended. */
  #forgetIdle(): void {
    if (this.#streams.size < PUSH_STREAMS_HELD_ENTRIES_MAX) return;
    for (const [key, stream] of this.#streams) {
      if (!stream.isIdle) continue;
      stream.abandon();
      this.#streams.delete(key);
    }
  }
}

class PushStream {
  readonly #origin: PushOrigin;
  readonly #options: PushOptions;
  #chain: Promise<Chain> | undefined;
  #opened: Chain | undefined;
  #next = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #flushing: Promise<void> | undefined;

  constructor(origin: PushOrigin, options: PushOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** One body after the other: its positions are a range of their own, and so are the letters that it gave. */
  async inTurn<T>(work: (chain: Chain) => Promise<T>): Promise<T> {
    this.#pending++;
    const before = this.#turn;
    const mine = (async () => {
      await before;
      return work(await this.#open());
    })();
    // A body that failed is no reason for the next one not to be tried.
    this.#turn = mine.catch(() => undefined);
    try {
      return await mine;
    } catch (error) {
      this.#pending--;
      throw error;
    }
  }

  async deliver(
    chain: Chain,
    chunks: readonly Buffer[],
    cut: CutReason | undefined,
    recordBytesMax: number,
  ): Promise<Delivered> {
    const from = this.#next;
    const before = { ...chain.letters };
    const framer = new Framer({ recordBytesMax });
    let received = 0;
    let bytes = 0;
    for (const chunk of chunks) {
      received += addAll(chain, framer.push(chunk), from);
      bytes += chunk.length;
      // Timers and other clients get their turn between pieces.
      await turn();
    }
    received += addAll(chain, framer.end(cut), from);
    // What is damaged from its first byte gives a letter and no text: it is behind a position all the same.
    this.#next = from + Math.max(bytes, Math.min(received, 1));
    chain.passed(this.#next);
    chain.end(this.#next);
    const deadLetters = difference(before, chain.letters);
    return {
      chain,
      receipt: { stream: this.#origin.stream, chainId: chain.id, from, to: this.#next, received, deadLetters },
    };
  }

  async durable({ chain, receipt }: Delivered): Promise<void> {
    try {
      // A flush that was under way already may have begun before this body; the next one has not.
      for (let flushes = 0; chain.settled < receipt.to; flushes++) {
        if (flushes === 2) throw new PushInterrupted('the intake ended before the records were stored');
        this.#flushing ??= chain.flush().finally(() => {
          this.#flushing = undefined;
        });
        await this.#flushing;
      }
    } finally {
      this.#pending--;
    }
  }

  async flush(): Promise<void> {
    await this.#opened?.flush();
  }

  abandon(): void {
    this.#opened?.abandon();
  }

  #open(): Promise<Chain> {
    this.#chain ??= this.#begin().catch((error: unknown) => {
      this.#chain = undefined;
      throw error;
    });
    return this.#chain;
  }

  async #begin(): Promise<Chain> {
    const { stream, source, accountId } = this.#origin;
    this.#next = await this.#options.lastPosition(stream);
    const isBound = accountId !== '';
    const partition = { stream, partition: 0, position: this.#next, source, accountId, isBound };
    this.#opened = await this.#options.receiver.open(partition, () => undefined);
    return this.#opened;
  }
}

/** @returns how many parts there were */
function addAll(chain: Chain, framed: readonly Framed[], base: number): number {
  for (const part of framed) {
    const position = base + part.position;
    const next = base + part.next;
    if (part.kind === 'record') chain.add({ position, next, value: part.bytes, framed: true });
    else chain.reject({ ...part, position, next });
  }
  return framed.length;
}

function difference(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const grown = Object.entries(after).map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

function piecesOf(body: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < body.length; from += FILE_CHUNK_BYTES) {
    pieces.push(body.subarray(from, from + FILE_CHUNK_BYTES));
  }
  return pieces;
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}
