/** `keytrail report`: documents for owners and auditors, made now or on a schedule. */
import type { Command } from 'commander';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { madeAnswer } from './made-answer.ts';
import { defineReportArchive } from './report-archive.ts';
import { knownReports } from './report-kinds.ts';
import { defineReportRun } from './report-run.ts';
import { defineReportSchedule } from './report-schedule.ts';

export function defineReport(program: Command, context: CliContext): void {
  const report = program.command('report').description('documents on the use of keys, for a period');
  defineReportRun(report, context);
  defineReportKinds(report, context);
  defineReportSchedule(report, context);
  defineReportArchive(report, context);
}

const KIND_COLUMNS = { id: 'text', period: 'text', tells: 'text', parameters: 'text', sections: 'number' } as const;

function defineReportKinds(report: Command, context: CliContext): void {
  report
    .command('kinds')
    .description('the kinds of reports that there are')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .action(async (flags: { readonly format?: string }) => {
      const { kinds } = await knownReports(context);
      const rows = kinds.map(({ id, period, description, parameters, sections }) => [
        ...[id, period, description, Object.keys(parameters).join(' '), sections.length],
      ]);
      const format = answerFormat(flags.format, context.stdout);
      await writeAnswer(madeAnswer(KIND_COLUMNS, rows), format, context.stdout, formatOptions(context, false));
    });
}
