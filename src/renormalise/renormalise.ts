/**
 * Applies the present normalisers, or the present network data, to what is stored, month by month, while others write.
 * A month is made anew out of a snapshot, and then swapped (src/renormalise/swap.ts); a run that is cut leaves either
 * the old month or a swap that the next one to open the store finishes.
 */

import { UserError } from '../core/errors.ts';
import { NetworkColumns, type NetworkDatabase } from '../core/network.ts';
import type { ReaderOptions } from '../core/record-reader.ts';
import type { Checkpoint } from '../pipeline/pause-points.ts';
import { REWRITE_LOCK, withStoreLock } from '../store/lock.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { finishUnlocked } from './finish.ts';
import { copyOthers, type Making, normaliseOutdated, takeSnapshot } from './new-month.ts';
import { type MonthPlan, normaliserVersions, planMonths, storedRows, type Wanted } from './plan.ts';
import { swap } from './swap.ts';
import { dropTables, type Hands, readState } from './tables.ts';

export interface RenormaliseOptions {
  readonly store: Store;
  readonly reader: ReaderOptions;
  readonly networks: NetworkDatabase;
  readonly networkOnly: boolean;
  /** First and last month, `202601`. */
  readonly first: number;
  readonly last: number;
  readonly uuid: () => string;
  readonly retry: <T>(call: () => Promise<T>) => Promise<T>;
  readonly guard: () => Promise<void>;
  readonly checkpoint: Checkpoint;
  readonly signal?: AbortSignal;
  /** About how many rows are done, of how many. */
  readonly onProgress?: (rows: number, total: number) => void;
}

export interface MonthDone {
  readonly month: number;
  /** Rows as they lay there before, repeats included. */
  readonly rows: number;
  readonly normalised: number;
  /** Rows that the present normaliser does not accept, and that stay as they are. */
  readonly kept: number;
  /** False when nothing would have changed. */
  readonly rewritten: boolean;
}

/** What a run would do; nothing is changed. */
export async function renormalisePlan(options: RenormaliseOptions): Promise<MonthPlan[]> {
  const { store, networkOnly, networks, first, last } = options;
  await requirePlainTable(store);
  const wanted: Wanted = { networkOnly, edition: networks.edition };
  return planMonths(await storedRows(store, first, last), wanted);
}

/** @param onMonth told when a month is done */
export async function renormalise(options: RenormaliseOptions, onMonth: (done: MonthDone) => void): Promise<void> {
  const hands = { store: options.store, retry: options.retry };
  await withStoreLock(options.store, REWRITE_LOCK, async () => {
    await finishUnlocked(hands, options.checkpoint);
    const plan = await renormalisePlan(options);
    const rowsOf = ({ rows }: MonthPlan) => rows.reduce((sum, one) => sum + one.rows, 0);
    const total = plan.reduce((sum, month) => sum + rowsOf(month), 0);
    const networks = new NetworkColumns(options.networks);
    let before = 0;
    for (const month of plan) {
      let rows = 0;
      const onRows = (more: number) => {
        rows = Math.min(rows + more, rowsOf(month));
        options.onProgress?.(before + rows, total);
      };
      const done = await rewriteMonth(month.month, options, makingOf(hands, networks, options, onRows));
      before += rowsOf(month);
      onMonth({ month: month.month, rows: rowsOf(month), ...done });
    }
  });
}

function makingOf(
  hands: Hands,
  networks: NetworkColumns,
  options: RenormaliseOptions,
  onRows: (rows: number) => void,
): Making {
  const { reader, guard, signal } = options;
  const normalisers = normaliserVersions(options);
  return { hands, reader, networks, normalisers, runId: options.uuid(), onRows, guard, signal };
}

type Rewritten = Pick<MonthDone, 'normalised' | 'kept' | 'rewritten'>;

async function rewriteMonth(month: number, options: RenormaliseOptions, making: Making): Promise<Rewritten> {
  const { hands } = making;
  let made: Rewritten;
  try {
    made = await makeMonth(month, options, making);
  } catch (cause) {
    // Nothing was swapped yet. What cannot be dropped now is dropped by the next one to open the store.
    await dropTables({ store: options.store, retry: (call) => call() }).catch(() => undefined);
    throw cause;
  }
  if (made.rewritten) {
    await hands.store.command(statement('renormalise-ready'));
    await options.checkpoint('renormalise:ready');
    await swap(hands, await readState(hands), options.checkpoint);
    await options.checkpoint('renormalise:swapped');
  }
  await dropTables(hands);
  return made;
}

async function makeMonth(month: number, options: RenormaliseOptions, making: Making): Promise<Rewritten> {
  if (!(await takeSnapshot(making.hands, month))) return { normalised: 0, kept: 0, rewritten: false };
  await options.checkpoint('renormalise:snapshot');
  const normalised = await normaliseOutdated(making);
  // A month whose older rows are all refused would be rewritten in each run, to what it is.
  if (!options.networkOnly && normalised.normalised === 0) return { ...normalised, rewritten: false };
  await copyOthers(making);
  await options.checkpoint('renormalise:copied');
  return { ...normalised, rewritten: true };
}

async function requirePlainTable(store: Store): Promise<void> {
  const [table] = await store.rows<{ engine: string }>(statement('events-engine'));
  if (table?.engine === 'ReplacingMergeTree') return;
  throw new UserError('RENORMALISE_NOT_HERE', 'the events of this store lie in a table that cannot be rewritten', {
    got: table?.engine ?? 'no table of events',
    expected: 'ReplacingMergeTree, embedded or on one server',
    next: 'nothing was changed',
  });
}
