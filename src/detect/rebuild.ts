/**
 * Makes the tables that are derived from events anew, month by month, and holds them against what is there: they must
 * be equal, in whatever order and however often the events came. The caller holds the lease: nobody else writes them.
 */
import { z } from 'zod';
import { REBUILD_ROUND_ENTRIES_MAX, REBUILD_TOLD_ROWS_MAX } from '../core/limits.ts';
import { monthName } from '../core/months.ts';
import { pause } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { DetectionEngine } from './engine.ts';
import { type DerivedTable, feed, HABITS, HOURS } from './habits.ts';

export interface RebuiltMonth {
  readonly table: DerivedTable;
  readonly month: string;
  /** Rows of the table, and of the one that was made anew. */
  readonly held: number;
  readonly rebuilt: number;
  readonly equal: boolean;
  /** Some rows that only one of the two holds. */
  readonly differences: readonly string[];
}

export interface RebuildOptions {
  readonly store: Store;
  readonly now: () => number;
  /** Compares only, and leaves the tables as they are. */
  readonly check: boolean;
}

const TABLES = [...Object.keys(HABITS), ...Object.keys(HOURS)] as DerivedTable[];
const WAIT_MS = 1_000;

/** Months of which no event is stored any more are left as they are: nothing could tell them anew. */
export async function* rebuild({ store, now, check }: RebuildOptions): AsyncIterable<RebuiltMonth> {
  const engine = new DetectionEngine({ store, detections: [], now });
  await engine.feedAll();
  const months = z.array(z.object({ month: z.number() })).parse(await store.rows(statement('rebuild-months')));
  for (const table of TABLES) {
    for (const { month } of months) yield await rebuildMonth(store, engine, table, month, { now, check });
  }
}

/** Records that come in meanwhile are in one of the two first: then both are brought up to date, and held again. */
async function rebuildMonth(
  store: Store,
  engine: DetectionEngine,
  table: DerivedTable,
  month: number,
  { now, check }: Pick<RebuildOptions, 'now' | 'check'>,
): Promise<RebuiltMonth> {
  const fresh = `${table}_rebuilt`;
  // Who was killed left one behind.
  await drop(store, fresh);
  try {
    for (let round = 1; ; round++) {
      await store.command(statement(`rebuild-create-${fileOf(table)}`));
      await feed(store, table, { ...rangeOf(month), blocks: [] }, now(), fresh);
      const [held, rebuilt] = [await digestOf(store, table, month), await digestOf(store, fresh, month)];
      const equal = held.digest === rebuilt.digest;
      const rows = { held: held.held, rebuilt: rebuilt.held };
      if (equal) return { table, month: monthName(month), ...rows, equal, differences: [] };
      const grew = round < REBUILD_ROUND_ENTRIES_MAX && (await engine.feedAll());
      if (!grew) {
        const differences = await differencesOf(store, { table, fresh, month });
        if (!check) await swap(store, { table, fresh, month }, rebuilt.held);
        return { table, month: monthName(month), ...rows, equal, differences };
      }
      await drop(store, fresh);
      await pause(WAIT_MS);
    }
  } finally {
    await drop(store, fresh);
  }
}

const drop = (store: Store, table: string): Promise<void> =>
  store.command(statement('drop-table'), { parameters: { table } });

/** A month that the events say nothing of has no partition to replace it by. */
async function swap(store: Store, { table, month }: Compared, rebuilt: number): Promise<void> {
  const parameters = { month: String(month) };
  if (rebuilt > 0) await store.command(statement(`rebuild-swap-${fileOf(table)}`), { parameters });
  else await store.command(statement('rebuild-drop-month'), { parameters: { table, ...parameters } });
}

const fileOf = (table: DerivedTable): string => table.replace('_', '-');

interface Compared {
  readonly table: DerivedTable;
  readonly fresh: string;
  readonly month: number;
}

async function digestOf(store: Store, table: string, month: number) {
  const parameters = { table, month: String(month) };
  const rows = await store.rows(statement('rebuild-digest'), { parameters });
  return z.tuple([z.object({ held: z.number(), digest: z.string() })]).parse(rows)[0];
}

async function differencesOf(store: Store, { month, ...tables }: Compared): Promise<string[]> {
  const parameters = { ...tables, month: String(month), rows_max: REBUILD_TOLD_ROWS_MAX };
  const rows = await store.rows<{ found: string; row: string }>(statement('rebuild-differences'), { parameters });
  return rows.map(({ found, row }) => `${found}: ${row}`);
}

/** Half-open, ms since 1970 UTC. */
function rangeOf(month: number): { readonly from: number; readonly to: number } {
  const [year, at] = [Math.floor(month / 100), (month % 100) - 1];
  return { from: Date.UTC(year, at), to: Date.UTC(year, at + 1) };
}
