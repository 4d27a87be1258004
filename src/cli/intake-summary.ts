/** What an intake did, as people read it on a terminal and as programs read it in a pipe. */

import { COUNT_SECONDS_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import { type Store, StoreError } from '../store/store.ts';

export interface IntakeSummary {
  readonly records: number;
  /** Null when counting would have kept the program from ending; `keytrail query ingest-status` tells later. */
  readonly new_events: number | null;
  readonly already_known: number | null;
  readonly dead_letters: number;
  readonly dead_letters_by_reason: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly records_per_second: number;
}

/** Chains whose counts are asked for in one statement: their ids travel in an address line. */
const CHAINS_AT_ONCE = 100;

const TIMEOUT_EXCEEDED = 159;

/**
 * How many records of these chains are stored under them, and not under an earlier arrival.
 *
 * @param secondsMax what the count may take; beyond it the answer is null
 */
export async function countNew(
  store: Store,
  chainIds: readonly string[],
  secondsMax: number = COUNT_SECONDS_MAX,
): Promise<number | null> {
  const settings = { max_execution_time: secondsMax };
  let count = 0;
  for (let from = 0; from < chainIds.length; from += CHAINS_AT_ONCE) {
    const chains = chainIds.slice(from, from + CHAINS_AT_ONCE);
    try {
      const [row] = await store.rows<{ new: number }>(statement('chain-summary'), { parameters: { chains }, settings });
      count += Number(row?.new ?? 0);
    } catch (error) {
      if (error instanceof StoreError && error.code === TIMEOUT_EXCEEDED) return null;
      throw error;
    }
  }
  return count;
}

export function summarise(
  records: number,
  deadLetters: Readonly<Record<string, number>>,
  newEvents: number | null,
  elapsedMs: number,
): IntakeSummary {
  const letters = Object.values(deadLetters).reduce((sum, count) => sum + count, 0);
  const seconds = Math.round(elapsedMs) / 1000;
  return {
    records,
    new_events: newEvents,
    already_known: newEvents === null ? null : records - letters - newEvents,
    dead_letters: letters,
    dead_letters_by_reason: deadLetters,
    seconds,
    records_per_second: seconds > 0 ? Math.round(records / seconds) : 0,
  };
}

export function writeSummary(summary: IntakeSummary, format: string, out: NodeJS.WritableStream): void {
  if (format === 'json') out.write(`${JSON.stringify([summary])}\n`);
  else if (format === 'ndjson') out.write(`${JSON.stringify(summary)}\n`);
  else out.write(summaryText(summary));
}

function summaryText(summary: IntakeSummary): string {
  const number = (value: number | null) =>
    value?.toLocaleString('en-US') ?? 'not counted (keytrail query ingest-status)';
  const reasons = Object.entries(summary.dead_letters_by_reason)
    .map(([reason, count]) => `${reason} ${number(count)}`)
    .join(', ');
  return [
    `records        ${number(summary.records)}`,
    `new events     ${number(summary.new_events)}`,
    `already known  ${number(summary.already_known)}`,
    `dead letters   ${number(summary.dead_letters)}${reasons === '' ? '' : `  (${reasons})`}`,
    `rate           ${number(summary.records_per_second)} records/s over ${summary.seconds.toFixed(1)} s`,
    '',
  ].join('\n');
}
