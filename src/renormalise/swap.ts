/**
 * Puts a new month in the place of the old one while others write to it. At no instant is a row missing: the new rows
 * come first, and only then do the parts go whose rows they replace. Old and new rows with the same sorting key
 * collapse meanwhile, and the new one is read, because it came last.
 *
 * What arrives meanwhile lies in parts of its own, which stay. A part that a merge made of older rows and such arrivals
 * goes too, after the arrivals were taken out of it. Every step may be done twice: what is there twice collapses.
 */
import { z } from 'zod';
import { RENORMALISE_KEYS_ROWS, RENORMALISE_ROUNDS_MAX } from '../core/limits.ts';
import type { Checkpoint } from '../pipeline/pause-points.ts';
import { storeErrorOf } from '../store/errors.ts';
import { statement } from '../store/statements.ts';
import { command, type Hands, type SwapState } from './tables.ts';

const NO_SUCH_DATA_PART = 232;
const partRow = z.object({ name: z.string(), block_from: z.number(), block_to: z.number() });
const monthRow = z.object({ month: z.string() });
const rowsRow = z.object({ rows: z.number() });

export interface Part {
  readonly name: string;
  readonly blockFrom: number;
  readonly blockTo: number;
}

/** The active parts of a month that hold rows. */
export async function partsOf({ store }: Hands, month: number): Promise<Part[]> {
  const rows = await store.rows(statement('renormalise-parts'), { parameters: { month: String(month) } });
  return z
    .array(partRow)
    .parse(rows)
    .map(({ name, block_from, block_to }) => ({ name, blockFrom: block_from, blockTo: block_to }));
}

/** @throws Error when merges keep making new parts of the old ones for as long as it looks */
export async function swap(hands: Hands, state: SwapState, checkpoint: Checkpoint): Promise<void> {
  for (let round = 0; round < RENORMALISE_ROUNDS_MAX; round++) {
    const old = (await partsOf(hands, state.month)).filter(({ blockFrom }) => blockFrom <= state.blockHigh);
    if (old.length === 0) return;
    await takeOutArrivals(
      hands,
      old.filter(({ blockTo }) => blockTo > state.blockLow),
    );
    await attachReady(hands);
    await checkpoint('renormalise:attached');
    for (const { name } of old) {
      await dropPart(hands, name);
      await checkpoint('renormalise:dropped');
    }
  }
  throw new Error(`the parts of ${state.month} were merged anew in each of ${RENORMALISE_ROUNDS_MAX} rounds`);
}

async function takeOutArrivals(hands: Hands, parts: readonly Part[]): Promise<void> {
  if (parts.length === 0) return;
  const [counted] = z.array(rowsRow).parse(await hands.store.rows(statement('renormalise-snapshot-rows')));
  const slices = Math.max(1, Math.ceil((counted?.rows ?? 0) / RENORMALISE_KEYS_ROWS));
  const names = parts.map(({ name }) => name);
  for (let slice = 0; slice < slices; slice++) {
    // Rows that are there already must be stored again: their first copy goes with its part.
    await command(hands, 'renormalise-extract', { parts: names, slices, slice }, { insert_deduplicate: 0 });
  }
}

async function attachReady(hands: Hands): Promise<void> {
  const months = z.array(monthRow).parse(await hands.store.rows(statement('renormalise-months')));
  for (const { month } of months) {
    await command(hands, 'renormalise-attach', { month });
  }
}

/** A part that is gone was merged into another one, which the next round finds. */
async function dropPart(hands: Hands, part: string): Promise<void> {
  try {
    await command(hands, 'drop-part', { part });
  } catch (cause) {
    if (storeErrorOf(cause).code !== NO_SUCH_DATA_PART) throw cause;
  }
}
