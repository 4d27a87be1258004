/** Where collectors stand: rows of `collector_log`, written after what they claim is durable. */
import { z } from 'zod';
import type { RowFact } from '../core/collect/walk.ts';
import { invariant } from '../core/errors.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

export const COLLECTOR = 'redis-cloud';

/** `''`: the collector of the account as a whole. */
export type Resource = '' | 'account' | 'system-log' | 'session-log';

export interface LogEntry {
  readonly kind: 'begun' | 'progress' | 'done' | 'failed' | 'stopped';
  /** ms since 1970, UTC */
  readonly positionTime: number | null;
  /** Since the entry before. */
  readonly requests: number;
  readonly rowsNew: number;
  readonly rowsLate: number;
  readonly gaps: number;
  readonly minuteRequests: number;
  readonly minuteRequestsMax: number;
  readonly failure: string;
  readonly detail: string;
  /** JSON that only the collector reads. */
  readonly state: unknown;
}

export interface LastEntry {
  readonly kind: LogEntry['kind'];
  readonly state: unknown;
}

const lastRow = z.object({
  resource: z.enum(['', 'account', 'system-log', 'session-log']),
  number: z.number(),
  kind: z.enum(['begun', 'progress', 'done', 'failed', 'stopped']),
  state: z.string(),
});

export interface CollectorLogOptions {
  readonly store: Store;
  readonly accountId: string;
  readonly now: () => number;
  /** Runs a call of the store until it succeeds. */
  readonly retry: <T>(call: () => Promise<T>) => Promise<T>;
}

/** The log of one account's collector. One process writes it at a time. */
export class CollectorLog {
  readonly #options: CollectorLogOptions;
  readonly #last = new Map<Resource, LastEntry>();
  #number = 0;

  private constructor(options: CollectorLogOptions) {
    this.#options = options;
  }

  static async open(options: CollectorLogOptions): Promise<CollectorLog> {
    const log = new CollectorLog(options);
    const parameters = { collector: COLLECTOR, account_id: options.accountId };
    const rows = await options.retry(() => options.store.rows(statement('collector-last'), { parameters }));
    for (const { resource, number, kind, state } of z.array(lastRow).parse(rows)) {
      log.#last.set(resource, { kind, state: JSON.parse(state) as unknown });
      log.#number = Math.max(log.#number, number);
    }
    return log;
  }

  last(resource: Resource): LastEntry | undefined {
    return this.#last.get(resource);
  }

  async write(resource: Resource, entry: LogEntry): Promise<void> {
    const { store, accountId, now, retry } = this.#options;
    this.#number += 1;
    invariant(Number.isSafeInteger(this.#number), 'the entries of a collector can be counted');
    const parameters = {
      collector: COLLECTOR,
      account_id: accountId,
      resource,
      number: this.#number,
      recorded_at: dateTime(now()),
      kind: entry.kind,
      position_time: entry.positionTime === null ? null : dateTime(entry.positionTime),
      requests: entry.requests,
      rows_new: entry.rowsNew,
      rows_late: entry.rowsLate,
      gaps: entry.gaps,
      minute_requests: entry.minuteRequests,
      minute_requests_max: entry.minuteRequestsMax,
      failure: entry.failure,
      detail: entry.detail,
      state: JSON.stringify(entry.state),
    };
    await retry(() => store.command(statement('collector-record'), { parameters }));
    this.#last.set(resource, { kind: entry.kind, state: entry.state });
  }
}

/** Which of these records the store holds already. */
export type KnownRows = (source: string, rows: readonly RowFact[]) => Promise<Set<string>>;

export function knownRowsOf({ store, accountId, retry }: Omit<CollectorLogOptions, 'now'>): KnownRows {
  return async (source, rows) => {
    if (rows.length === 0) return new Set();
    // A row without a time can be known as a dead letter only, and those are found by their digests alone.
    const told = rows.flatMap(({ time }) => time ?? []);
    const times = told.length === 0 ? [0] : told;
    const parameters = {
      ...{ account_id: accountId, source, hashes: rows.map(({ hash }) => hash) },
      ...{ from: dateTime(Math.min(...times)), to: dateTime(Math.max(...times)) },
    };
    const known = await retry(() => store.rows<{ hash: string }>(statement('collector-known-rows'), { parameters }));
    return new Set(known.map(({ hash }) => hash));
  };
}

/** As ClickHouse reads it. */
function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}
