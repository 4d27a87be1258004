/**
 * Events as they become durable. A tail follows the ledger: its place is how far it has come in each chain of blocks,
 * and never a time, so a block that is entered late is not passed over, and one that was told is not told again.
 */
import { z } from 'zod';
import { TAIL_ORPHANS_ENTRIES_MAX, TAIL_POLL_MS, TAIL_RESUME_HOURS_MAX } from '../core/limits.ts';
import { pause } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Cell } from './answer.ts';
import type { FilterClauses } from './event-filters.ts';
import { withFilters } from './event-search.ts';
import { readAnswer } from './read-answer.ts';
import { timeParameter } from './time-range.ts';

/** How far the clocks of writers, and the instants at which their rows become visible, may lie apart. */
const SLACK_MS = 60_000;

export const placeSchema = z.strictObject({
  /** The latest entry that was seen, ms since 1970 UTC: where looking begins, less the slack. */
  since: z.number(),
  /** Of each chain that was active within the slack: the last index that was told, and when it was entered. */
  chains: z.record(z.uuid(), z.tuple([z.int().nonnegative(), z.number()])),
});
export type TailPlace = z.infer<typeof placeSchema>;

interface BlockRow {
  readonly block_id: string;
  readonly chain_id: string;
  readonly chain_index: number;
  readonly events: number;
  readonly stream: string;
  readonly stream_partition: number;
  readonly position_from: number;
  readonly position_to: number;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly recorded_at_ms: number;
}

/** `events` in order of time within a block; behind each block the place from which a tail goes on. */
export type TailPiece =
  | { readonly kind: 'event'; readonly event: Record<string, Cell> }
  | { readonly kind: 'place'; readonly place: TailPlace }
  | { readonly kind: 'idle' };

export interface TailOptions {
  /** Sees the ledger whole. */
  readonly ledger: Store;
  /** Sees what the caller may see. */
  readonly store: Store;
  readonly filters: FilterClauses;
  /** Absent: from now on. */
  readonly place?: TailPlace | undefined;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

export function isTooOld(place: TailPlace, nowMs: number): boolean {
  return nowMs - place.since > TAIL_RESUME_HOURS_MAX * 3_600_000;
}

/** Ends when the signal is aborted. */
export async function* tailEvents(options: TailOptions): AsyncGenerator<TailPiece> {
  const { signal, pollMs = TAIL_POLL_MS } = options;
  let place =
    options.place ?? placeAfter({ since: options.now(), chains: {} }, await blocksSince(options, options.now()));
  yield { kind: 'place', place };
  while (!signal.aborted) {
    const fresh = (await blocksSince(options, place.since)).filter((block) => isNew(block, place));
    const orphans = await orphansBeside(fresh, options);
    for (const block of fresh) {
      if (block.events > 0) yield* eventsOf(block, orphans, options);
      place = placeAfter(place, [block]);
      yield { kind: 'place', place };
    }
    if (fresh.length === 0) yield { kind: 'idle' };
    await pause(pollMs, signal);
  }
}

function isNew({ chain_id, chain_index }: BlockRow, { chains }: TailPlace): boolean {
  return chain_index > (chains[chain_id]?.[0] ?? -1);
}

function blocksSince({ ledger, signal }: TailOptions, sinceMs: number): Promise<BlockRow[]> {
  const parameters = { since: timeParameter(Math.max(0, sinceMs - SLACK_MS)) };
  return ledger.rows<BlockRow>(statement('tail-blocks'), { parameters, signal });
}

function placeAfter(place: TailPlace, blocks: readonly BlockRow[]): TailPlace {
  const chains = { ...place.chains };
  let { since } = place;
  for (const { chain_id, chain_index, recorded_at_ms } of blocks) {
    const [index = 0] = chains[chain_id] ?? [];
    chains[chain_id] = [Math.max(chain_index, index), recorded_at_ms];
    since = Math.max(since, recorded_at_ms);
  }
  // What was entered before the slack is not looked at again, so its chain need not be remembered.
  const active = Object.entries(chains).filter(([, [, enteredAt]]) => enteredAt >= since - SLACK_MS);
  return { since, chains: Object.fromEntries(active) };
}

/**
 * A process that was killed between a block's events and its row of the ledger leaves events that no block of the
 * ledger has: the one that brings the same positions again tells them.
 */
async function orphansBeside(fresh: readonly BlockRow[], { ledger, signal }: TailOptions): Promise<string[]> {
  const blocks = fresh.filter(({ events }) => events > 0);
  if (blocks.length === 0) return [];
  const parameters = {
    streams: [...new Set(blocks.map(({ stream }) => stream))],
    from: timeParameter(Math.min(...blocks.map(({ from_ms }) => from_ms))),
    to: timeParameter(Math.max(...blocks.map(({ to_ms }) => to_ms))),
    blocks_max: TAIL_ORPHANS_ENTRIES_MAX,
  };
  const rows = await ledger.rows<{ block_id: string }>(statement('tail-orphans'), { parameters, signal });
  return rows.map(({ block_id }) => block_id);
}

async function* eventsOf(block: BlockRow, orphans: readonly string[], options: TailOptions): AsyncGenerator<TailPiece> {
  const answer = await readAnswer(
    options.store,
    withFilters('events-of-block', options.filters),
    {
      ...options.filters.parameters,
      block: block.block_id,
      orphans,
      stream: block.stream,
      partition: block.stream_partition,
      position_from: block.position_from,
      position_to: block.position_to,
      from: timeParameter(block.from_ms),
      to: timeParameter(block.to_ms),
    },
    { signal: options.signal },
  );
  for await (const row of answer.rows) {
    yield { kind: 'event', event: Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at] ?? null])) };
  }
}
