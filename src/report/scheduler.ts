/**
 * Makes reports when their time has come, and sends them. What is due is decided anew in each step, from the clock and
 * from what is recorded: a period is settled when all of its documents are stored, and only then.
 */
import { REPORT_RUN_ATTEMPTS_MAX } from '../core/limits.ts';
import { dueRuns, type Run } from '../core/reports/due.ts';
import type { RunResult } from '../core/reports/rows.ts';
import { noCheckpoint } from '../pipeline/pause-points.ts';
import { type Made, type MakerOptions, makeRun } from './maker.ts';
import { RunBook } from './runs.ts';
import type { Schedule } from './schedules.ts';

export interface RunReport {
  readonly run: Run;
  /** `failed`: it is tried again. */
  readonly result: Exclude<RunResult, 'known'>;
  readonly made: Made;
}

export interface SchedulerOptions extends MakerOptions {
  readonly schedules: readonly Schedule[];
  readonly onRun?: (report: RunReport) => void;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #schedules: ReadonlyMap<string, Schedule>;
  #book: RunBook | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#schedules = new Map(options.schedules.map((schedule) => [schedule.name, schedule]));
  }

  /** What is known is read when the lease was taken: from then on nobody else writes it. */
  async begin(): Promise<void> {
    const { store, now } = this.#options;
    this.#book ??= await RunBook.open(store, [...this.#schedules.keys()], now());
  }

  /**
   * Makes what is due, one run after the other, the oldest first.
   *
   * @param onStored told after each run, for whoever sends what it made
   * @returns how many runs could not be made, and are tried again later
   */
  async step(onStored: () => Promise<void> = async () => undefined): Promise<number> {
    await this.begin();
    const { schedules, now, signal, onRun } = this.#options;
    const book = this.#book as RunBook;
    let failed = 0;
    for (const run of dueRuns(schedules, (name) => book.recordOf(name), now())) {
      if (signal?.aborted) return failed;
      if (!book.isToTry(run, now())) {
        failed++;
        continue;
      }
      const report = await this.#make(run, book);
      onRun?.(report);
      if (report.result === 'failed') failed++;
      await onStored();
    }
    return failed;
  }

  async #make(run: Run, book: RunBook): Promise<RunReport> {
    const { now, checkpoint = noCheckpoint } = this.#options;
    const schedule = this.#schedules.get(run.schedule) as Schedule;
    const attempts = book.attemptsOf(run);
    const made = await makeRun(run, schedule, attempts, this.#options);
    const attempt = attempts + 1;
    const isLast = attempt >= REPORT_RUN_ATTEMPTS_MAX;
    const result = made.failures.length === 0 ? 'made' : isLast ? 'given-up' : 'failed';
    await checkpoint('report:settled');
    const row = { schedule: run.schedule, period: run.period.name, at: now(), result, attempt } as const;
    await book.note({ ...row, documents: made.documents, detail: made.failures.slice(0, 5).join('; ') });
    return { run, result, made };
  }
}
