/**
 * The tables of one month that is being rewritten. Which of them exist is the whole state: without `ready` nothing of
 * the month has changed, and with it the swap is all that is left to do.
 */
import { z } from 'zod';
import { invariant } from '../core/errors.ts';
import { statement } from '../store/statements.ts';
import type { Parameters, Settings, Store } from '../store/store.ts';

/** In the order in which they go at the end: what comes first decides what the others mean. */
export const TABLES = [
  'renormalise_ready',
  'renormalise_staging',
  'renormalise_snapshot',
  'renormalise_networks',
  'renormalise_kept',
  'renormalise_state',
] as const;
export type WorkTable = (typeof TABLES)[number];

/** The store, and how its statements are tried again. */
export interface Hands {
  readonly store: Store;
  /** Runs a call until it succeeds; what it is given may be run twice. */
  readonly retry: <T>(call: () => Promise<T>) => Promise<T>;
}

/** The month of a swap, and the numbers of its blocks between which the snapshot was taken. */
export interface SwapState {
  readonly month: number;
  readonly blockLow: number;
  readonly blockHigh: number;
}

const tableRow = z.object({ name: z.string() });
const stateRow = z.object({ month: z.number(), block_low: z.number(), block_high: z.number() });

export async function workTables(store: Store): Promise<readonly string[]> {
  return z
    .array(tableRow)
    .parse(await store.rows(statement('renormalise-tables')))
    .map(({ name }) => name);
}

export function command(
  { store, retry }: Hands,
  name: string,
  parameters: Parameters = {},
  settings: Settings = {},
): Promise<void> {
  return retry(() => store.command(statement(name), { parameters, settings }));
}

export async function createLikeEvents({ store }: Hands, table: WorkTable): Promise<void> {
  await store.command(statement('renormalise-create-like-events'), { parameters: { table } });
}

export async function dropTables(hands: Hands): Promise<void> {
  for (const table of TABLES) await command(hands, 'drop-table', { table });
}

export async function noteState({ store }: Hands, { month, blockLow, blockHigh }: SwapState): Promise<void> {
  await store.command(statement('renormalise-create-state'));
  const parameters = { month, block_low: blockLow, block_high: blockHigh };
  await store.command(statement('renormalise-note-state'), { parameters });
}

export async function readState({ store }: Hands): Promise<SwapState> {
  const [row] = z.array(stateRow).parse(await store.rows(statement('renormalise-state')));
  invariant(row, 'the state was noted before the new month was ready');
  return { month: row.month, blockLow: row.block_low, blockHigh: row.block_high };
}
