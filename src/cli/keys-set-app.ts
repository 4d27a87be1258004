/** `keys set-app`: the explicit assignment of keys to an app. */
import { writeAnswer } from '../ask/format/write-answer.ts';
import { assignApp } from '../registry/set-app.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { givenTime } from './range.ts';
import { importOptions, summaryOf } from './registry-import.ts';

interface SetAppFlags {
  readonly account?: string;
  readonly from?: string;
  readonly format?: string;
}

export async function setApp(
  app: string,
  names: readonly string[],
  flags: SetAppFlags,
  context: CliContext,
): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const now = context.now();
  const fromMs = flags.from === undefined ? undefined : givenTime('--from', flags.from, now, now);
  const opened = await context.open();
  try {
    const options = await importOptions(opened, context, false, fromMs);
    const keys = names.map((name) => ({ name, account: flags.account }));
    const result = await assignApp(keys, app, 'keys set-app', options);
    await writeAnswer(summaryOf(result), format, context.stdout, formatOptions(context, false));
  } finally {
    await opened.close();
  }
}
