/** Scheduled reports as a part of the daemon: made while it holds their lease; else it stands by. */
import type { Logger } from 'pino';
import { REPORT_STOP_MS_MAX } from '../../core/limits.ts';
import type { ReportMetrics } from '../../http/report-metrics.ts';
import type { RunReport } from '../../report/scheduler.ts';
import type { ReportSender } from '../../report/sender.ts';
import { watchReports } from '../../report/watch.ts';
import type { Store } from '../../store/store.ts';
import type { CliContext } from '../context.ts';
import { openPress, type ScheduledReports } from '../report-press.ts';
import { openReportSender, reportCheckpoint } from '../report-sending.ts';
import { LeasedPart } from './leased-part.ts';

export interface ReportPartTools {
  readonly context: CliContext;
  readonly logger: Logger;
  readonly metrics: ReportMetrics;
}

export function reportPart(store: Store, reports: ScheduledReports, tools: ReportPartTools): LeasedPart<ReportSender> {
  const { context, logger: log, metrics } = tools;
  const { schedules } = reports;
  const press = openPress(store, reports, context);
  return new LeasedPart({
    name: 'reports',
    // Records are taken in and questions answered without it.
    isOptional: true,
    // What a run stored before it was left to itself stays, and whoever is next makes the rest.
    stopMsMax: REPORT_STOP_MS_MAX,
    open: () => openReportSender(store, press, context, (channel, result) => metrics.sent(channel, result)),
    onMode: (mode) => log.info({ schedules: schedules.length, mode }, 'reports'),
    work: (sender, signal, onLease) =>
      watchReports({
        ...{ store, press, schedules, now: context.now, sender, signal, onLease },
        onRetry: ({ failures, error }) => log.warn({ failures, reason: error.message }, 'reports wait for the store'),
        onDocument: (kind) => metrics.stored(kind),
        onRun: (report) => {
          tell(report, log);
          metrics.ran(report, context.now());
        },
        checkpoint: reportCheckpoint(context, log),
      }),
  });
}

function tell({ run, result, made }: RunReport, log: Logger): void {
  const facts = { schedule: run.schedule, period: run.period.name, result, documents: made.documents };
  if (result === 'made') log.info(facts, 'a report was made');
  else log.warn({ ...facts, reason: made.failures[0] }, 'a report could not be made');
}
