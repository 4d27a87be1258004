/**
 * Replays open dead letters: reads them again and stores what they now are.
 *
 * Order is what makes it safe to kill at any instant and to run twice at once: first the events are durable, then the
 * ledger row, and only then does the log say that a letter was replayed. Whoever comes between finds the letter open,
 * makes the same events of it, and they collapse onto the ones that are there.
 */
import { BlockBuilder, type BlockStamp } from '../core/block.ts';
import { NO_DIGEST } from '../core/dead-letter-row.ts';
import { NetworkColumns, type NetworkDatabase, NO_DATABASE } from '../core/network.ts';
import type { ReaderOptions } from '../core/record-reader.ts';
import { ChunkPool } from '../core/row-buffer.ts';
import { ledgerInsert } from '../pipeline/enter-block.ts';
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { storeBlock } from '../pipeline/store-block.ts';
import { statement } from '../store/statements.ts';
import type { RowBinaryInsert, Store } from '../store/store.ts';
import { type LetterSelection, type OpenLetter, openLetters } from './letters.ts';
import { type LogEntry, logInsert } from './log-rows.ts';
import { type Given, type ReadAgain, type ReadEvent, readAgain } from './read-again.ts';

/** The stream whose blocks a replay writes. Its positions count the letters that were replayed. */
export const REPLAY_STREAM = 'dead-letters';
const PARTITION = 0;

export interface ReplayOptions {
  readonly store: Store;
  readonly reader: ReaderOptions;
  /** Where the addresses of events are looked up. Default: nowhere. */
  readonly networks?: NetworkDatabase;
  readonly selection: LetterSelection;
  readonly given: Given;
  /** Reads and counts, and writes nothing. */
  readonly dryRun: boolean;
  readonly now: () => number;
  readonly uuid: () => string;
  /** Runs an insert until it is durable; rejects only for what does not heal or is refused for its data. */
  readonly retry: (insert: () => Promise<void>) => Promise<void>;
  /** Rejects when nothing may be written any more (a disk that is nearly full). */
  readonly guard?: () => Promise<void>;
  readonly checkpoint?: Checkpoint;
  /** Ends the replay behind the page under way. */
  readonly signal?: AbortSignal;
}

export interface ReplaySummary {
  readonly letters: number;
  readonly replayed: number;
  readonly events: number;
  /** Letters that stay open, by the reason for which they do now. */
  readonly refused: Readonly<Record<string, number>>;
  /** Letters that stay open because what is stored of them is not enough. */
  readonly notReplayable: number;
}

interface Tally {
  letters: number;
  replayed: number;
  events: number;
  refused: Record<string, number>;
  notReplayable: number;
}

interface Chain {
  readonly chainId: string;
  chainIndex: number;
  position: number;
  previousDigest: Buffer;
}

/** A letter of a page and what it came to. */
interface Tried {
  readonly letter: OpenLetter;
  readonly read: ReadAgain;
}

export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const tally: Tally = { letters: 0, replayed: 0, events: 0, refused: {}, notReplayable: 0 };
  const run = new ReplayRun(options);
  for await (const page of openLetters(options.store, options.selection)) {
    const tried = page.map((letter) => ({ letter, read: readAgain(letter, options.given, options.reader) }));
    const refusedRows = options.dryRun ? new Map<OpenLetter, string>() : await run.store(tried);
    for (const one of tried) count(tally, one, refusedRows);
    if (options.signal?.aborted) break;
  }
  return tally;
}

function count(tally: Tally, { letter, read }: Tried, refusedRows: ReadonlyMap<OpenLetter, string>): void {
  tally.letters++;
  if (read.kind === 'not-replayable') {
    tally.notReplayable++;
    return;
  }
  const reason = staysFor(read, refusedRows.get(letter));
  if (read.kind === 'events') tally.events += read.events.length;
  if (reason === undefined) tally.replayed++;
  else tally.refused[reason] = (tally.refused[reason] ?? 0) + 1;
}

/** Why the letter stays open; nothing when all of it became events. */
function staysFor(read: ReadAgain, refusedByStore: string | undefined): string | undefined {
  if (read.kind === 'refused') return read.reason;
  return read.kind === 'events' ? (refusedByStore ?? read.refused) : undefined;
}

class ReplayRun {
  readonly #options: ReplayOptions;
  readonly #pool = new ChunkPool();
  readonly #networks: NetworkColumns;
  readonly #runId: string;
  readonly #checkpoint: Checkpoint;
  #chain: Chain | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#runId = options.uuid();
    this.#networks = new NetworkColumns(options.networks ?? NO_DATABASE);
    this.#checkpoint = options.checkpoint ?? noCheckpoint;
  }

  /** @returns the letters of which the store refused a row for its data, with the reason */
  async store(tried: readonly Tried[]): Promise<ReadonlyMap<OpenLetter, string>> {
    const refused = await this.#storeEvents(tried);
    const entries = tried.flatMap(({ letter, read }) => logEntry(letter, read, refused.get(letter)) ?? []);
    if (entries.length > 0) await this.#insert(logInsert(entries, this.#options.now(), this.#runId));
    return refused;
  }

  async #storeEvents(tried: readonly Tried[]): Promise<Map<OpenLetter, string>> {
    const chain = await this.#openChain();
    const block = new BlockBuilder(this.#stamp(), this.#pool, this.#networks);
    const letterOf: OpenLetter[] = [];
    const from = chain.position;
    for (const { letter, read } of tried) {
      if (read.kind !== 'events') continue;
      for (const [index, event] of read.events.entries()) {
        block.addFrom(letter.origin, event, chain.position, index);
        letterOf.push(letter);
      }
      chain.position++;
    }
    const refused = new Map<OpenLetter, string>();
    if (block.records === 0) return refused;
    this.#checkpoint('open-block');
    const onRefused = (ordinal: number) => {
      const letter = letterOf[ordinal];
      if (letter) refused.set(letter, 'store-refused');
    };
    await storeBlock({ pool: this.#pool, insert: (insert) => this.#insert(insert), onRefused }, block);
    this.#checkpoint('after-insert');
    await this.#enter(chain, block, from, refused.size);
    block.release();
    this.#checkpoint('after-ledger');
    return refused;
  }

  /** A chain of its own for each replay, linked to the last row that it saw; two at once may overlap. */
  async #openChain(): Promise<Chain> {
    if (this.#chain) return this.#chain;
    const [last] = await this.#options.store.rows<{ row_digest: string; position_to: number }>(
      statement('last-ledger-row'),
      { parameters: { stream: REPLAY_STREAM, partition: PARTITION } },
    );
    this.#chain = {
      chainId: this.#options.uuid(),
      chainIndex: 0,
      position: last?.position_to ?? 0,
      previousDigest: last ? Buffer.from(last.row_digest, 'hex') : NO_DIGEST,
    };
    return this.#chain;
  }

  #stamp(): BlockStamp {
    const { scrubber } = this.#options.reader;
    return {
      blockId: this.#options.uuid(),
      ingestedAt: this.#options.now(),
      stream: REPLAY_STREAM,
      partition: PARTITION,
      // Positions of two replays mean different letters: a token holds within one replay only.
      tokenScope: this.#runId,
      scrubberVersion: scrubber.version,
      fingerprintKeyId: scrubber.keyId,
    };
  }

  async #enter(chain: Chain, block: BlockBuilder, from: number, refused: number): Promise<void> {
    const { insert, rowDigest } = ledgerInsert(
      {
        kind: 'block',
        stamp: block.stamp,
        block,
        positionFrom: from,
        positionTo: chain.position,
        streamEnd: chain.position,
        refused,
        recordedAt: this.#options.now(),
      },
      chain,
    );
    await this.#insert(insert);
    chain.chainIndex++;
    chain.previousDigest = rowDigest;
  }

  async #insert(insert: RowBinaryInsert): Promise<void> {
    await this.#options.guard?.();
    await this.#options.retry(() => this.#options.store.insert(insert));
  }
}

/** Refused for the same reason as before is nothing new, and not worth a row for each attempt. */
function logEntry(letter: OpenLetter, read: ReadAgain, refusedByStore: string | undefined): LogEntry | undefined {
  const stays = staysFor(read, refusedByStore);
  const nothing = { eventSource: '', eventAccountId: '', eventId: '' };
  if (stays !== undefined) {
    return stays === letter.reason ? undefined : { letter, action: 'refused-again', ...nothing, detail: stays };
  }
  if (read.kind !== 'events') return undefined;
  const first: ReadEvent | undefined = read.events[0];
  return {
    letter,
    action: 'replayed',
    eventSource: first?.source.name ?? '',
    eventAccountId: first?.accountId ?? '',
    eventId: first?.eventId ?? '',
    detail: read.events.length === 1 ? '' : `${read.events.length} events`,
  };
}
