/** Scheduled reports as a part of the daemon: made while it holds their lease; else it stands by. */
import type { Logger } from 'pino';
import { REPORT_STOP_MS_MAX } from '../../core/limits.ts';
import type { ReportMetrics } from '../../http/report-metrics.ts';
import type { RunReport, SchedulerOptions } from '../../report/scheduler.ts';
import type { ReportSender } from '../../report/sender.ts';
import { watchReports } from '../../report/watch.ts';
import { pause } from '../../store/retry.ts';
import type { Store } from '../../store/store.ts';
import type { Part, PartLife, PartMode } from '../../supervisor/part.ts';
import type { CliContext } from '../context.ts';
import { openPress, type ScheduledReports } from '../report-press.ts';
import { openReportSender, reportCheckpoint } from '../report-sending.ts';

export interface ReportPartOptions extends Omit<SchedulerOptions, 'signal' | 'onRun'> {
  /** Opens what sends reports; nothing is sent before it is asked to. */
  readonly openSender: () => Promise<ReportSender>;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
  /** Told after each run: for figures. */
  readonly onRun: (report: RunReport) => void;
}

export class ReportPart implements Part {
  readonly name = 'reports';
  /** Records are taken in and questions answered without it. */
  readonly isOptional = true;
  readonly #options: ReportPartOptions;
  #mode: PartMode = 'standby';
  #stop = new AbortController();
  #running: Promise<void> | undefined;
  #sender: ReportSender | undefined;

  constructor(options: ReportPartOptions) {
    this.#options = options;
  }

  get mode(): PartMode {
    return this.#mode;
  }

  async start(life: PartLife): Promise<void> {
    const { openSender, log, onRun, ...making } = this.#options;
    const stop = new AbortController();
    this.#stop = stop;
    const sender = await openSender();
    this.#sender = sender;
    this.#running = watchReports({
      ...{ ...making, sender, signal: stop.signal },
      onLease: (isHeld) => {
        this.#mode = isHeld ? 'active' : 'standby';
        log.info({ schedules: making.schedules.length, mode: this.#mode }, 'reports');
      },
      onRetry: ({ failures, error }) => log.warn({ failures, reason: error.message }, 'reports wait for the store'),
      onRun: (report) => {
        const { run, result, made } = report;
        const facts = { schedule: run.schedule, period: run.period.name, result, documents: made.documents };
        if (result === 'made') log.info(facts, 'a report was made');
        else log.warn({ ...facts, reason: made.failures[0] }, 'a report could not be made');
        onRun(report);
      },
    }).catch((error: unknown) => life.failed(error));
  }

  /** A run under way is left to itself after a while: what it stored stays, and whoever is next makes the rest. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const over = new AbortController();
    await Promise.race([this.#running, pause(REPORT_STOP_MS_MAX, over.signal)]);
    over.abort();
    await this.#sender?.close();
    this.#sender = undefined;
    this.#running = undefined;
    this.#mode = 'standby';
  }
}

export interface ReportPartTools {
  readonly context: CliContext;
  readonly logger: Logger;
  readonly metrics: ReportMetrics;
}

export function reportPart(store: Store, reports: ScheduledReports, tools: ReportPartTools): ReportPart {
  const { context, logger, metrics } = tools;
  const press = openPress(store, reports, context);
  return new ReportPart({
    ...{ store, press, schedules: reports.schedules, now: context.now, log: logger },
    openSender: () => openReportSender(store, press, context, (channel, result) => metrics.sent(channel, result)),
    onDocument: (kind) => metrics.stored(kind),
    onRun: (report) => metrics.ran(report, context.now()),
    checkpoint: reportCheckpoint(context, logger),
  });
}
