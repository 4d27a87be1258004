/** How an answer is written: the format that was asked for, or the one that fits where it goes. */
import { ANSWER_FORMATS, type AnswerFormat, type FormatOptions } from '../ask/format/formats.ts';
import { UsageError } from '../core/errors.ts';
import type { CliContext } from './context.ts';

/** @throws UsageError FORMAT_UNKNOWN */
export function answerFormat(asked: string | undefined, out: NodeJS.WriteStream): AnswerFormat {
  if (asked === undefined) return out.isTTY ? 'table' : 'ndjson';
  const format = ANSWER_FORMATS.find((candidate) => candidate === asked);
  if (format !== undefined) return format;
  throw new UsageError('FORMAT_UNKNOWN', 'there is no such format', {
    got: asked,
    expected: ANSWER_FORMATS.join(', '),
  });
}

export function formatOptions(context: CliContext, local: boolean): FormatOptions {
  return outputOptions(context.stdout, context.env, local);
}

/** What a stream shows: colours and a width where it is a terminal. */
export function outputOptions(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv, local: boolean): FormatOptions {
  const color = out.isTTY && (env.NO_COLOR ?? '') === '';
  return { color, local, ...(out.isTTY ? { width: out.columns } : {}) };
}
