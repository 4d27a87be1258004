/** `keytrail rebuild`: makes what is derived from events anew, or proves that it equals it. */
import type { Command } from 'commander';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { EXIT } from '../core/errors.ts';
import { type RebuiltMonth, rebuild } from '../detect/rebuild.ts';
import { LEASE, withStoreLock } from '../store/lock.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith } from './context.ts';
import { madeAnswer } from './made-answer.ts';

interface RebuildFlags {
  readonly check?: boolean;
  readonly format?: string;
}

const COLUMNS = { table: 'text', month: 'text', rows: 'number', rebuilt: 'number', result: 'text' } as const;

export function defineRebuild(program: Command, context: CliContext): void {
  program
    .command('rebuild')
    .description('make what is derived from events anew: what is usual for keys, their hours, the ids of events')
    .option('--check', 'only say whether it equals what is there; exits with 4 when it does not')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .action((flags: RebuildFlags) => run(flags, context));
}

async function run(flags: RebuildFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const check = flags.check === true;
  const opened = await context.open();
  const months: RebuiltMonth[] = [];
  try {
    const { store } = opened;
    await withStoreLock(store, LEASE, async () => {
      for await (const month of rebuild({ store, now: context.now, check })) {
        months.push(month);
        for (const row of month.differences) context.stderr.write(`${month.table} ${month.month}, ${row}\n`);
      }
    });
  } finally {
    await opened.close();
  }
  const result = ({ equal }: RebuiltMonth) => (equal ? 'equal' : check ? 'differs' : 'replaced');
  const rows = months.map((one) => [one.table, one.month, one.held, one.rebuilt, result(one)]);
  await writeAnswer(madeAnswer(COLUMNS, rows), format, context.stdout, formatOptions(context, false));
  if (check && months.some(({ equal }) => !equal)) exitWith(EXIT.findings);
}
