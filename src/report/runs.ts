/** What is recorded of schedules: since when each is known, which periods are settled, and attempts that failed. */
import { z } from 'zod';
import { REPORT_RUN_PAUSE_MS_MAX, REPORT_RUN_PAUSE_MS_MIN } from '../core/limits.ts';
import type { Run, ScheduleRecord } from '../core/reports/due.ts';
import { RUN_RESULTS, type RunRow, runRows } from '../core/reports/rows.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { insertRows } from './archive.ts';

const runRow = z.object({
  ...{ schedule: z.string(), period: z.string(), last_result: z.enum(RUN_RESULTS), attempts: z.number() },
  ...{ first_ms: z.number(), last_ms: z.number() },
});

interface Attempts {
  readonly count: number;
  readonly lastMs: number;
}

interface Recorded {
  sinceMs: number;
  readonly settled: Set<string>;
  readonly failed: Map<string, Attempts>;
}

/** Read once by the holder of the lease, who alone writes it as long as he holds it. */
export class RunBook {
  readonly #store: Store;
  readonly #recorded = new Map<string, Recorded>();

  private constructor(store: Store) {
    this.#store = store;
  }

  /** Schedules that nobody knew are known from now on. */
  static async open(store: Store, schedules: readonly string[], nowMs: number): Promise<RunBook> {
    const book = new RunBook(store);
    const parameters = { schedules: [...schedules] };
    for (const row of z.array(runRow).parse(await store.rows(statement('reports-runs'), { parameters }))) {
      book.#enter(row);
    }
    const fresh = schedules.filter((schedule) => !book.#recorded.has(schedule));
    const known = { period: '', at: nowMs, result: 'known', attempt: 0, documents: 0, detail: '' } as const;
    await insertRows(store, runRows(fresh.map((schedule) => ({ schedule, ...known }))));
    for (const schedule of fresh) book.#of(schedule, nowMs);
    return book;
  }

  recordOf(schedule: string): ScheduleRecord | undefined {
    return this.#recorded.get(schedule);
  }

  /** Attempts at a run that failed. */
  attemptsOf({ schedule, period }: Run): number {
    return this.#recorded.get(schedule)?.failed.get(period.name)?.count ?? 0;
  }

  /** Whether a run that failed before is to be tried now; a clock that was set back lets nobody wait for it. */
  isToTry({ schedule, period }: Run, nowMs: number): boolean {
    const failed = this.#recorded.get(schedule)?.failed.get(period.name);
    if (failed === undefined) return true;
    return Math.abs(nowMs - failed.lastMs) >= runPause(failed.count);
  }

  async note(row: RunRow): Promise<void> {
    await insertRows(this.#store, runRows([row]));
    const recorded = this.#of(row.schedule, row.at);
    if (row.result === 'failed') recorded.failed.set(row.period, { count: row.attempt, lastMs: row.at });
    else recorded.settled.add(row.period);
  }

  #enter({ schedule, period, last_result: result, attempts, first_ms, last_ms }: z.infer<typeof runRow>): void {
    const recorded = this.#of(schedule, first_ms);
    if (result === 'known') recorded.sinceMs = first_ms;
    else if (result === 'failed') recorded.failed.set(period, { count: attempts, lastMs: last_ms });
    else recorded.settled.add(period);
  }

  #of(schedule: string, sinceMs: number): Recorded {
    const known = this.#recorded.get(schedule);
    if (known !== undefined) return known;
    const recorded = { sinceMs, settled: new Set<string>(), failed: new Map<string, Attempts>() };
    this.#recorded.set(schedule, recorded);
    return recorded;
  }
}

/** Doubling, and no matter of chance: nobody else tries the same. */
function runPause(failures: number): number {
  return Math.min(REPORT_RUN_PAUSE_MS_MAX, REPORT_RUN_PAUSE_MS_MIN * 2 ** Math.min(failures - 1, 20));
}
