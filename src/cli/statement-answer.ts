/** Answers of the program's own statements, in every format, for commands that are no questions. */
import { writeAnswer } from '../ask/format/write-answer.ts';
import { readAnswer } from '../ask/read-answer.ts';
import { statement } from '../store/statements.ts';
import type { Parameters } from '../store/store.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext, OpenedStore } from './context.ts';

export interface AnswerFlags {
  readonly format?: string;
  readonly local?: boolean;
}

/**
 * @param name a file of schemas/clickhouse/statements
 * @param parametersOf may ask the opened store first
 */
export async function answerStatement(
  context: CliContext,
  name: string,
  flags: AnswerFlags,
  parametersOf: (opened: OpenedStore) => Promise<Parameters> | Parameters,
): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const opened = await context.open();
  try {
    const rows = await readAnswer(opened.store, statement(name), await parametersOf(opened));
    await writeAnswer(rows, format, context.stdout, formatOptions(context, flags.local === true));
  } finally {
    await opened.close();
  }
}
