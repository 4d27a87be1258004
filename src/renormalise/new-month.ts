/** Makes a month anew beside the old one, out of a snapshot of it: nothing that is read changes here. */
import { z } from 'zod';
import { formatAddress } from '../../schemas/fields/address.ts';
import { timeParameter } from '../ask/time-range.ts';
import {
  EXPORT_BLOCK_ROWS,
  RENORMALISE_COPY_ROWS,
  RENORMALISE_INSERT_BYTES,
  RENORMALISE_INSERT_ROWS,
} from '../core/limits.ts';
import { NETWORK_COLUMNS, type NetworkColumns } from '../core/network.ts';
import type { ReaderOptions } from '../core/record-reader.ts';
import { linesOf } from '../store/lines.ts';
import { statement } from '../store/statements.ts';
import type { RowBinaryInsert, Settings } from '../store/store.ts';
import { Batch } from './batch.ts';
import { outdatedRow, Rewriter } from './outdated.ts';
import { slicesOf } from './slices.ts';
import { partsOf } from './swap.ts';
import { command, createLikeEvents, type Hands, noteState } from './tables.ts';

export interface Making {
  readonly hands: Hands;
  readonly reader: ReaderOptions;
  readonly networks: NetworkColumns;
  /** Names and versions of the normalisers that are run. */
  readonly normalisers: { readonly sources: readonly string[]; readonly versions: readonly number[] };
  /** What no other month and run has. */
  readonly runId: string;
  /** Told of rows that are done. */
  readonly onRows: (rows: number) => void;
  /** Rejects when nothing may be written any more (a disk that is nearly full). */
  readonly guard: () => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

export interface Normalised {
  readonly normalised: number;
  /** Rows that the present normaliser does not accept. */
  readonly kept: number;
}

const addressRow = z.object({ address: z.string() });
const hourRow = z.object({ hour_ms: z.number(), rows: z.number() });
/** One thread and small blocks: the engine then holds little of a month, whatever its size. */
const READING: Settings = { max_threads: 1, max_block_size: EXPORT_BLOCK_ROWS };
const COPYING: Settings = {
  ...READING,
  // A filter on the time may act before duplicates are merged: the time stands in the sorting key.
  optimize_move_to_prewhere_if_final: 1,
  insert_deduplicate: 0,
  min_insert_block_size_rows: RENORMALISE_INSERT_ROWS * 4,
  min_insert_block_size_bytes: RENORMALISE_INSERT_BYTES * 4,
};

/** @returns whether the month holds anything */
export async function takeSnapshot(hands: Hands, month: number): Promise<boolean> {
  const last = (parts: readonly { readonly blockTo: number }[]) => Math.max(...parts.map(({ blockTo }) => blockTo));
  const before = await partsOf(hands, month);
  if (before.length === 0) return false;
  await createLikeEvents(hands, 'renormalise_snapshot');
  await command(hands, 'renormalise-take-snapshot', { month: String(month) });
  // Block numbers only grow: what was there before is in the snapshot, and what comes after is not.
  const blockHigh = last(await partsOf(hands, month));
  await noteState(hands, { month, blockLow: last(before), blockHigh });
  return true;
}

/** Rows of older normalisers, made anew into the staging table; those that are not accepted are noted. */
export async function normaliseOutdated(making: Making): Promise<Normalised> {
  const { hands, reader, networks, runId } = making;
  await createLikeEvents(hands, 'renormalise_staging');
  await hands.store.command(statement('renormalise-create-kept'));
  const insert = async (rows: RowBinaryInsert) => {
    await making.guard();
    await hands.retry(() => hands.store.insert(rows));
  };
  const rewriter = new Rewriter({ reader, networks, table: 'renormalise_staging', runId, insert });
  const keep = new Batch(hands, 'renormalise_kept', ['row_key'], runId);
  const done = { normalised: 0, kept: 0 };
  for await (const line of answered(making, 'renormalise-outdated', { ...making.normalisers })) {
    const row = outdatedRow.parse(line);
    if (await rewriter.add(row)) done.normalised++;
    else {
      done.kept++;
      await keep.add(Buffer.from(row.row_key, 'hex'));
    }
    making.onRows(1);
  }
  await rewriter.flush();
  await keep.flush();
  return done;
}

/** All other rows, inside the engine, with the network columns of the present edition. */
export async function copyOthers(making: Making): Promise<void> {
  const { hands, normalisers } = making;
  await lookUpAddresses(making);
  const hours = z.array(hourRow).parse(await hands.store.rows(statement('renormalise-hours')));
  const slices = slicesOf(
    hours.map(({ hour_ms, rows }) => ({ hourMs: hour_ms, rows })),
    RENORMALISE_COPY_ROWS,
  );
  for (const { fromMs, toMs, rows } of slices) {
    making.signal?.throwIfAborted();
    await making.guard();
    const range = { from: timeParameter(fromMs), to: timeParameter(toMs) };
    await command(hands, 'renormalise-copy', { ...normalisers, ...range }, COPYING);
    making.onRows(rows);
  }
}

async function lookUpAddresses(making: Making): Promise<void> {
  const { hands, networks } = making;
  await hands.store.command(statement('renormalise-create-networks'));
  if (networks.edition === '') return;
  const found = new Batch(hands, 'renormalise_networks', ['source_ip', ...NETWORK_COLUMNS], making.runId);
  for await (const line of answered(making, 'renormalise-addresses', { edition: networks.edition })) {
    const bytes = Buffer.from(addressRow.parse(line).address, 'hex');
    await found.add(Buffer.concat([bytes, Buffer.from(networks.of(formatAddress(bytes)), 'latin1')]));
  }
  await found.flush();
}

async function* answered(
  { hands, signal }: Making,
  name: string,
  parameters: Readonly<Record<string, string | readonly string[] | readonly number[]>>,
): AsyncGenerator<unknown> {
  const options = { parameters, settings: READING, ...(signal === undefined ? {} : { signal }) };
  for await (const line of linesOf(hands.store.stream(statement(name), 'JSONEachRow', options))) {
    if (line !== '') yield JSON.parse(line);
  }
}
