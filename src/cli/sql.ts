/** `keytrail sql`: one SELECT of a person's own, guarded. */
import type { Command } from 'commander';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { runSql } from '../ask/run-sql.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';

interface SqlFlags {
  readonly format?: string;
  readonly local?: boolean;
}

export function defineSql(program: Command, context: CliContext): void {
  program
    .command('sql')
    .description('ask with a SELECT of your own: read-only, over the view activity')
    .argument('<select>', 'one SELECT')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .option('--local', "times in this machine's zone instead of UTC")
    .action(async (select: string, flags: SqlFlags) => sql(select, flags, context));
}

async function sql(select: string, flags: SqlFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const options = formatOptions(context, flags.local === true);
  const opened = await context.open();
  try {
    await writeAnswer(await runSql(opened.store, select), format, context.stdout, options);
  } finally {
    await opened.close();
  }
}
