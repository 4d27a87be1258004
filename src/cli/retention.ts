/** `keytrail retention`: drops what is past its days, by whole months. */
import type { Command } from 'commander';
import type { Cell } from '../ask/answer.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { monthName } from '../core/months.ts';
import { applyRetention, retentionPlan } from '../retention/apply.ts';
import type { MonthPlan } from '../retention/plan.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { madeAnswer } from './made-answer.ts';

interface RetentionFlags {
  readonly dryRun?: boolean;
  readonly format?: string;
}

const COLUMNS = {
  month: 'text',
  source: 'text',
  rows: 'number',
  days: 'number',
  action: 'text',
  done: 'text',
} as const;

export function defineRetention(program: Command, context: CliContext): void {
  program
    .command('retention')
    .description('drop events past their days, month by month; dead letters and the ledger are evidence and stay')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .action(async (flags: RetentionFlags) => retention(flags, context));
}

async function retention(flags: RetentionFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const config = await context.config();
  if (Object.keys(config.retention).length === 0) {
    context.stderr.write(
      'no source has days to keep, so everything is kept; name them in keytrail.yaml, for example\n' +
        '  retention: {gateway/request: 400}\n',
    );
  }
  const opened = await context.open();
  try {
    const plan = await retentionPlan(opened.store, config.retention, context.now());
    const touched = plan.filter(({ action }) => action !== 'keep');
    const done = flags.dryRun !== true;
    if (done) {
      await applyRetention(opened.store, touched, ({ month }) => {
        if (context.stderr.isTTY) context.stderr.write(`${monthName(month)} done\n`);
      });
    }
    await writeAnswer(
      madeAnswer(
        COLUMNS,
        touched.flatMap((month) => rowsOf(month, done)),
      ),
      format,
      context.stdout,
      formatOptions(context, false),
    );
    context.stderr.write('dead letters and the ledger are evidence and stay\n');
  } finally {
    await opened.close();
  }
}

function rowsOf({ month, action, sources }: MonthPlan, done: boolean): Cell[][] {
  return sources.map(({ source, rows, days, past }) => {
    const what = past ? (action === 'drop' ? 'drop-month' : 'delete-rows') : 'keep';
    return [monthName(month), source, rows, days ?? null, what, past && done];
  });
}
