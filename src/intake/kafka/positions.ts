/** Decisions about positions of a partition. They know no client, no clock and no store. */

/** What the broker says about a partition. */
export interface LogRange {
  /** First offset that the log still holds. */
  readonly start: number;
  /** The last stable offset: what a reader of committed records may reach. */
  readonly end: number;
}

export interface Opening {
  /** Where the chain begins: the committed offset, or the log's start when none is committed. */
  readonly position: number;
  /** Where reading begins; beyond `position` when the log was trimmed past the committed offset. */
  readonly readFrom: number;
  /** The committed offset lies beyond the stable end: the topic was made again, or a transaction is open. */
  readonly beyondEnd: boolean;
}

/** @param committed -1 when nothing is committed; kafkajs may have left another negative number there */
export function opening(committed: number, log: LogRange): Opening {
  const position = committed < 0 ? log.start : committed;
  return { position, readFrom: Math.max(position, log.start), beyondEnd: position > log.end };
}

export type Arrival =
  /** The batch continues where the last one ended. */
  | { readonly kind: 'next' }
  /** [position, to) was trimmed before it could be read; the batch continues there. */
  | { readonly kind: 'trimmed'; readonly to: number }
  /** Reading began again below what was read: the topic was made again or cut short. */
  | { readonly kind: 'restarted' }
  /** The batch was fetched for another assignment, or offsets before it were not seen: read again from the position. */
  | { readonly kind: 'stray' };

/**
 * Where a batch stands to the position that is expected. kafkajs fetches from exactly the expected position, with two
 * exceptions: it starts at the log's beginning when the position is out of range, and with several brokers a batch that
 * was fetched before a rebalance may still be handed over after it.
 *
 * @param position where reading should go on
 * @param fetchedFrom the offset that the fetch asked for
 * @param logStart the log's first offset; asked for only when the two differ
 */
export function arrival(position: number, fetchedFrom: number, logStart: number | undefined): Arrival {
  if (fetchedFrom === position) return { kind: 'next' };
  if (logStart === undefined) return { kind: 'stray' };
  if (fetchedFrom > position) return logStart >= fetchedFrom ? { kind: 'trimmed', to: fetchedFrom } : { kind: 'stray' };
  return logStart === fetchedFrom ? { kind: 'restarted' } : { kind: 'stray' };
}

/** One partition, as `--until-end` sees it. */
export interface Progress {
  readonly position: number;
  /** The last stable offset when the program started. */
  readonly target: number;
  /** The position came from a committed offset beyond the log's end and no fetch has confirmed it. */
  readonly unconfirmed: boolean;
}

export function reachedEnd(progress: Progress): boolean {
  return progress.position >= progress.target && !progress.unconfirmed;
}

/** What to think of a partition that has not reached its end although fetches come back empty. */
export type Stall =
  | { readonly kind: 'wait' }
  /** Everything up to the target is gone. */
  | { readonly kind: 'trimmed'; readonly to: number }
  /** Nothing will come: the log ends here, or what is left of it holds no records. */
  | { readonly kind: 'ended' };

/** How often a stalled partition is looked at before its rest counts as empty. */
export const STALLED_LOOKS_MAX = 4;

/** @param looks how often it was looked at before, with empty fetches between */
export function stalled(progress: Progress, log: LogRange, looks: number): Stall {
  if (log.start > progress.position) {
    // With records left, the next fetch tells more exactly where they begin.
    return log.start >= log.end || log.start >= progress.target ? { kind: 'trimmed', to: log.start } : { kind: 'wait' };
  }
  if (progress.position >= progress.target || progress.position >= log.end) return { kind: 'ended' };
  // Compaction can leave batches without a single record at the end of a log; kafkajs does not move over them.
  return looks >= STALLED_LOOKS_MAX ? { kind: 'ended' } : { kind: 'wait' };
}
