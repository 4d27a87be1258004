/**
 * What came of pushes. Asking costs the same for one push as for several, so while an answer is awaited the next pushes
 * gather, and are asked about together.
 */
import { PUSH_COUNT_SECONDS_MAX } from '../core/limits.ts';
import type { PushReceipt } from '../intake/push.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

export interface PushCounts {
  /** Events that the store did not hold before. */
  readonly new: number;
  /** Records that the store itself would not take. */
  readonly refused: number;
}

interface Waiting {
  readonly receipt: PushReceipt;
  readonly resolve: (counts: PushCounts | undefined) => void;
}

interface Block {
  readonly chain_id: string;
  readonly block_id: string;
  readonly position_from: number;
  readonly position_to: number;
  /** ms since 1970, UTC */
  readonly event_time_min: number;
  readonly event_time_max: number;
  readonly has_events: boolean;
}

/** What a push has in one block. */
interface Range {
  readonly receipt: PushReceipt;
  readonly block: Block;
}

interface Row extends PushCounts {
  /** From 1, in the order that was asked. */
  readonly range: number;
}

const SETTINGS = { max_execution_time: PUSH_COUNT_SECONDS_MAX };

export class PushCounter {
  readonly #store: Store;
  #waiting: Waiting[] = [];
  #isAsking = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @returns undefined when it could not be found out in time: the records are stored all the same. */
  countsOf(receipt: PushReceipt): Promise<PushCounts | undefined> {
    const answer = new Promise<PushCounts | undefined>((resolve) => this.#waiting.push({ receipt, resolve }));
    if (!this.#isAsking) void this.#askAll();
    return answer;
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting;
      this.#waiting = [];
      const counts = await this.#ask(asked.map(({ receipt }) => receipt)).catch(() => undefined);
      for (const { receipt, resolve } of asked) resolve(counts?.get(receipt));
    }
    this.#isAsking = false;
  }

  async #ask(receipts: readonly PushReceipt[]): Promise<ReadonlyMap<PushReceipt, PushCounts>> {
    const ranges = rangesOf(receipts, await this.#blocks(receipts));
    const counts = new Map<PushReceipt, PushCounts>(receipts.map((receipt) => [receipt, { new: 0, refused: 0 }]));
    if (ranges.length === 0) return counts;
    for (const row of await this.#rows(ranges)) {
      const receipt = ranges[row.range - 1]?.receipt;
      const before = receipt && counts.get(receipt);
      if (!before) continue;
      counts.set(receipt, { new: before.new + row.new, refused: before.refused + row.refused });
    }
    return counts;
  }

  #blocks(receipts: readonly PushReceipt[]): Promise<Block[]> {
    const parameters = {
      streams: [...new Set(receipts.map(({ stream }) => stream))],
      chains: [...new Set(receipts.map(({ chainId }) => chainId))],
      from: Math.min(...receipts.map(({ from }) => from)),
      to: Math.max(...receipts.map(({ to }) => to)),
    };
    return this.#store.rows<Block>(statement('push-blocks'), { parameters, settings: SETTINGS });
  }

  #rows(ranges: readonly Range[]): Promise<Row[]> {
    const timed = ranges.flatMap(({ block }) => (block.has_events ? [block] : []));
    const parameters = {
      blocks: ranges.map(({ block }) => block.block_id),
      firsts: ranges.map(({ receipt }) => receipt.from),
      ends: ranges.map(({ receipt }) => receipt.to),
      // Where no block has events, a range that is empty.
      time_from: timed.length === 0 ? 1 : Math.min(...timed.map((block) => block.event_time_min)),
      time_to: timed.length === 0 ? 0 : Math.max(...timed.map((block) => block.event_time_max)),
    };
    return this.#store.rows<Row>(statement('push-summary'), { parameters, settings: SETTINGS });
  }
}

function rangesOf(receipts: readonly PushReceipt[], blocks: readonly Block[]): Range[] {
  return receipts.flatMap((receipt) =>
    blocks
      .filter(({ chain_id }) => chain_id === receipt.chainId)
      .filter(({ position_from, position_to }) => position_to > receipt.from && position_from < receipt.to)
      .map((block) => ({ receipt, block })),
  );
}
