/** Reports that were made and kept: listed, shown in any format, and sent once more. */
import type { Command } from 'commander';
import { REPORT_FORMATS, type ReportFormat } from '../../schemas/reports.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import { REPORT_HISTORY_ROWS_MAX } from '../core/limits.ts';
import { documentNamed, keptDocument } from '../report/archive.ts';
import { resendReports } from '../report/outbox.ts';
import { ifUnlocked, REPORT_LEASE } from '../store/lock.ts';
import { type CliContext, exitWith } from './context.ts';
import { knownReports } from './report-kinds.ts';
import { openPress } from './report-press.ts';
import { formatsOf, writeDocument } from './report-run.ts';
import { openReportSender } from './report-sending.ts';
import { answerStatement } from './statement-answer.ts';

const FORMAT_HELP = `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`;
const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

interface ListFlags {
  readonly kind?: string;
  readonly schedule?: string;
  readonly owner?: string;
  readonly undelivered?: boolean;
  readonly format?: string;
}

interface ShowFlags {
  readonly format: readonly string[];
  readonly out?: string;
}

export function defineReportArchive(report: Command, context: CliContext): void {
  report
    .command('list')
    .description('documents that are kept, the latest first')
    .option('--kind <kind>', 'only of this kind')
    .option('--schedule <name>', 'only of this schedule')
    .option('--owner <owner>', 'only of this owner')
    .option('--format <format>', FORMAT_HELP)
    .action((flags: ListFlags) => list(flags, context));
  report
    .command('history')
    .description('what became of making and sending reports, the latest first')
    .option('--undelivered', 'only what was not delivered, or not made')
    .option('--format <format>', FORMAT_HELP)
    .action((flags: ListFlags) => history(flags, context));
  report
    .command('show')
    .description('a document that is kept')
    .argument('<id>', 'id of the document or of the report, or the beginning of it')
    .option('--format <format>', `${REPORT_FORMATS.join(', ')}; again for another (default: markdown)`, several, [])
    .option('--out <dir>', 'folder for the files (default: standard output, for one text)')
    .action((id: string, flags: ShowFlags) => show(id, flags, context));
  report
    .command('resend')
    .description('send a document to its channels once more')
    .argument('[id]', 'id of the document or of the report, or the beginning of it')
    .option('--all', 'whatever was given up')
    .action((id: string | undefined, flags: { readonly all?: boolean }) => resend(id, flags, context));
}

function list({ kind = '', schedule = '', owner = '', format }: ListFlags, context: CliContext): Promise<void> {
  const flags = format === undefined ? {} : { format };
  return answerStatement(context, 'reports-list', flags, () => ({
    ...{ kind, schedule, owner, rows_max: REPORT_HISTORY_ROWS_MAX },
  }));
}

function history({ undelivered = false, format }: ListFlags, context: CliContext): Promise<void> {
  const flags = format === undefined ? {} : { format };
  return answerStatement(context, 'reports-history', flags, () => ({
    ...{ undelivered, rows_max: REPORT_HISTORY_ROWS_MAX },
  }));
}

async function show(id: string, flags: ShowFlags, context: CliContext): Promise<void> {
  const formats: readonly ReportFormat[] = formatsOf(flags);
  const { chromiumFile: chromium } = await context.config();
  const opened = await context.open();
  try {
    const kept = await keptDocument(opened.store, await documentNamed(opened.store, id));
    if (kept !== undefined) await writeDocument(kept.document, formats, { chromium, out: flags.out }, context);
  } finally {
    await opened.close();
  }
}

async function resend(id: string | undefined, { all }: { readonly all?: boolean }, context: CliContext): Promise<void> {
  if ((id === undefined) === (all !== true) || id === '') {
    throw new UsageError('REPORT_UNNAMED', 'which reports shall be sent again is not said', {
      got: id === undefined ? 'none' : 'an id and --all',
      expected: 'the id of a document, or --all',
      next: 'keytrail report history --undelivered',
    });
  }
  const known = await knownReports(context);
  const opened = await context.open();
  try {
    const { store } = opened;
    const document = id === undefined ? '' : await documentNamed(store, id);
    const sender = await openReportSender(store, openPress(store, known, context), context);
    try {
      const again = await resendReports(store, document, context.now());
      let left = 0;
      // Where another process sends reports, it sees what is asked for and sends it.
      const isMine = await ifUnlocked(store, REPORT_LEASE, async () => {
        left = await sender.flush();
      });
      context.stdout.write(`${again} to be sent again, ${isMine ? `${left} left` : 'by the process that sends'}\n`);
      if (left > 0) exitWith(EXIT.failed);
    } finally {
      await sender.close();
    }
  } finally {
    await opened.close();
  }
}
