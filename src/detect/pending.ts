/** What is new for a detection: the blocks whose rows of the ledger stand behind its cursor, by ranges of time. */
import { z } from 'zod';
import { timeParameter } from '../ask/time-range.ts';
import { DETECTION_BLOCKS_MAX, DETECTION_GAP_HOURS, DETECTION_SPAN_ROWS_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Span } from './run-detection.ts';

/** For each chain of the ledger the index of the first row that was not looked at. */
export type Cursor = ReadonlyMap<string, number>;

export interface Pending {
  readonly spans: readonly Span[];
  /** Where the cursor stands when they were looked at. */
  readonly next: Cursor;
  readonly blocks: number;
  readonly events: number;
  /** There may be more behind them. */
  readonly more: boolean;
}

const blockRow = z.object({
  chain_id: z.string(),
  chain_index: z.number(),
  block_id: z.string(),
  from_ms: z.number(),
  to_ms: z.number(),
  received: z.number(),
  dead_letters: z.number(),
});
export type PendingBlock = z.infer<typeof blockRow>;

const GAP_MS = DETECTION_GAP_HOURS * 3_600_000;

export async function pendingAfter(store: Store, cursor: Cursor): Promise<Pending> {
  const parameters = {
    chains: [...cursor.keys()],
    indexes: [...cursor.values()],
    blocks_max: DETECTION_BLOCKS_MAX,
  };
  const rows = z.array(blockRow).parse(await store.rows(statement('detect-pending'), { parameters }));
  const { blocks, next } = inOrder(rows, cursor);
  const held = blocks.filter(({ received, dead_letters }) => received > dead_letters);
  const spans: Span[] = [];
  for (const span of spansOf(held))
    spans.push({ ...span, blocks: [...span.blocks, ...(await orphansIn(store, span))] });
  const events = held.reduce((sum, { received, dead_letters }) => sum + received - dead_letters, 0);
  return { spans, next, blocks: blocks.length, events, more: rows.length === DETECTION_BLOCKS_MAX };
}

/** Of each chain the rows without a gap: one that is not visible yet must not be passed over. */
export function inOrder(
  rows: readonly PendingBlock[],
  cursor: Cursor,
): { readonly blocks: PendingBlock[]; readonly next: Cursor } {
  const next = new Map(cursor);
  const blocks = rows
    .toSorted((one, other) => one.chain_index - other.chain_index)
    .filter(({ chain_id, chain_index }) => {
      if (chain_index !== (next.get(chain_id) ?? 0)) return false;
      next.set(chain_id, chain_index + 1);
      return true;
    });
  return { blocks, next };
}

/** Ranges of time that hold the blocks; those that lie near each other share one, as long as they are not too many. */
export function spansOf(blocks: readonly PendingBlock[]): Span[] {
  const spans: { from: number; to: number; blocks: string[]; events: number }[] = [];
  for (const block of blocks.toSorted((one, other) => one.from_ms - other.from_ms)) {
    const { block_id, from_ms, to_ms } = block;
    const events = block.received - block.dead_letters;
    const last = spans.at(-1);
    if (last === undefined || from_ms > last.to + GAP_MS || last.events + events > DETECTION_SPAN_ROWS_MAX)
      spans.push({ from: from_ms, to: to_ms + 1, blocks: [block_id], events });
    else {
      last.to = Math.max(last.to, to_ms + 1);
      last.blocks.push(block_id);
      last.events += events;
    }
  }
  return spans.map(({ from, to, blocks }) => ({ from, to, blocks }));
}

async function orphansIn(store: Store, { from, to }: Span): Promise<string[]> {
  const parameters = { from: timeParameter(from), to: timeParameter(to), blocks_max: DETECTION_BLOCKS_MAX };
  const rows = await store.rows<{ block_id: string }>(statement('detect-orphans'), { parameters });
  return rows.map(({ block_id }) => block_id);
}

const cursorRow = z.object({ rule: z.string(), chain_id: z.string(), next_index: z.number() });

/** @returns the cursor of each rule that has one */
export async function readCursors(store: Store): Promise<Map<string, Cursor>> {
  const rows = z.array(cursorRow).parse(await store.rows(statement('detect-cursors')));
  const cursors = new Map<string, Map<string, number>>();
  for (const { rule, chain_id, next_index } of rows) {
    const cursor = cursors.get(rule) ?? new Map<string, number>();
    cursors.set(rule, cursor.set(chain_id, next_index));
  }
  return cursors;
}

/** @param now ms since 1970, UTC */
export async function moveCursors(
  store: Store,
  rules: readonly string[],
  before: Cursor,
  next: Cursor,
  now: number,
): Promise<void> {
  const moved = [...next].filter(([chain, index]) => before.get(chain) !== index);
  if (moved.length === 0 || rules.length === 0) return;
  const parameters = {
    rules,
    chains: moved.map(([chain]) => chain),
    indexes: moved.map(([, index]) => index),
    at: timeParameter(now),
  };
  await store.command(statement('detect-move-cursor'), { parameters });
}
