/** `keytrail report schedule`: what would run when, and from cron what is due. */
import type { Command } from 'commander';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import { REPORT_RUNS_SHOWN_ENTRIES } from '../core/limits.ts';
import { nextRuns, type Run } from '../core/reports/due.ts';
import { localTime } from '../core/reports/local-time.ts';
import { type RunReport, Scheduler } from '../report/scheduler.ts';
import { ifUnlocked, REPORT_LEASE } from '../store/lock.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith } from './context.ts';
import { madeAnswer } from './made-answer.ts';
import { openPress, type ScheduledReports, scheduledReports } from './report-press.ts';
import { openReportSender, reportCheckpoint } from './report-sending.ts';

interface ScheduleFlags {
  readonly check?: boolean;
  readonly once?: boolean;
  readonly format?: string;
}

export function defineReportSchedule(report: Command, context: CliContext): void {
  report
    .command('schedule')
    .description('schedules of the configuration: what would run, or what is due now')
    .option('--check', `check them, and show the next ${REPORT_RUNS_SHOWN_ENTRIES} runs`)
    .option('--once', 'make and send what is due, and end: for cron')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .action((flags: ScheduleFlags) => schedule(flags, context));
}

async function schedule(flags: ScheduleFlags, context: CliContext): Promise<void> {
  if ((flags.check === true) === (flags.once === true)) {
    throw new UsageError('OPTIONS_CONFLICT', 'what is to be done with the schedules is not said', {
      got: flags.check === true ? '--check and --once' : 'neither --check nor --once',
      expected: 'one of them',
    });
  }
  const known = await scheduledReports(context);
  if (flags.check === true) await check(known, flags, context);
  else await once(known, context);
}

const RUN_COLUMNS = {
  at: 'text',
  zone: 'text',
  at_utc: 'time',
  schedule: 'text',
  kind: 'text',
  period: 'text',
  period_from: 'time',
  period_to: 'time',
  documents: 'text',
  formats: 'text',
  channels: 'text',
} as const;

async function check({ schedules }: ScheduledReports, flags: ScheduleFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const rowOf = ({ schedule: name, period, atMs }: Run) => {
    const one = schedules.find((other) => other.name === name);
    const documents = one?.isPerOwner === true ? 'one for each owner' : 'one';
    return [
      ...[localTime(atMs, period.zone), period.zone, iso(atMs), name, one?.kind.id ?? '', period.name],
      ...[iso(period.fromMs), iso(period.toMs), documents],
      ...[(one?.formats ?? []).join(' '), (one?.channels ?? []).join(' ')],
    ];
  };
  const runs = nextRuns(schedules, context.now(), REPORT_RUNS_SHOWN_ENTRIES);
  await writeAnswer(madeAnswer(RUN_COLUMNS, runs.map(rowOf)), format, context.stdout, formatOptions(context, false));
  if (schedules.length === 0) context.stderr.write('no schedule is configured: reports.schedules\n');
}

async function once(known: ScheduledReports, context: CliContext): Promise<void> {
  const logger = await context.logger();
  const opened = await context.open();
  try {
    const { store } = opened;
    const press = openPress(store, known, context);
    const sender = await openReportSender(store, press, context);
    try {
      let failed = 0;
      let left = 0;
      const isMine = await ifUnlocked(store, REPORT_LEASE, async () => {
        const scheduler = new Scheduler({
          ...{ store, press, schedules: known.schedules, now: context.now },
          onRun: (report) => tell(report, context),
          checkpoint: reportCheckpoint(context, logger),
        });
        failed = await scheduler.step(() => sender.step());
        left = await sender.flush();
      });
      if (!isMine) context.stderr.write('another process makes the reports of this store\n');
      if (left > 0) context.stderr.write(`${left} not delivered; the next run tries again\n`);
      if (failed > 0 || left > 0) exitWith(EXIT.failed);
    } finally {
      await sender.close();
    }
  } finally {
    await opened.close();
  }
}

function tell({ run, result, made }: RunReport, { stderr, stdout }: CliContext): void {
  const { schedule: name, period } = run;
  stdout.write(
    `${name} ${period.name}: ${result}, ${made.documents} ${made.documents === 1 ? 'document' : 'documents'}\n`,
  );
  for (const failure of made.failures) stderr.write(`${name} ${period.name}: ${failure}\n`);
}
