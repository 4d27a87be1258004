/** Answers as a demo shows them: under a title, the first rows, and of these the columns that tell the story. */
import { fileURLToPath } from 'node:url';
import type { Answer } from '../ask/answer.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { loadQuestions } from '../ask/loader.ts';
import { type GivenParameters, runQuestion } from '../ask/runner.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { formatOptions } from './answer-output.ts';
import type { CliContext, OpenedStore } from './context.ts';

const PIPE_WIDTH_CHARS = 144;
const ROWS_SHOWN_MAX = 10;

/** @param only columns to show; absent: all of them */
export type Tell = (title: string, id: string, given: GivenParameters, only?: readonly string[]) => Promise<void>;

export async function teller(opened: OpenedStore, context: CliContext, now: Date): Promise<Tell> {
  const questions = await loadQuestions([fileURLToPath(new URL('queries', PACKAGE_ROOT))]);
  return async (title, id, given, only) => {
    const question = questions.find((one) => one.id === id);
    if (!question) throw new Error(`there is no question ${id}`);
    context.stdout.write(`\n${title}\n`);
    const answer = await runQuestion(opened.store, question, given, { now });
    const view = projected(answer, only);
    const shown = { ...view, rows: first(view.rows, ROWS_SHOWN_MAX) };
    // In a pipe too it is a person who reads it.
    const options = { width: PIPE_WIDTH_CHARS, ...formatOptions(context, false) };
    await writeAnswer(shown, 'table', context.stdout, options);
  };
}

/** The named columns of an answer, in their order; all of them when none is named. */
function projected(answer: Answer, only: readonly string[] | undefined): Answer {
  if (!only) return answer;
  const places = answer.columns.flatMap(({ name }, at) => (only.includes(name) ? [at] : []));
  return {
    ...answer,
    columns: answer.columns.filter((_, at) => places.includes(at)),
    rows: mapped(answer.rows, (row) => places.map((at) => row[at] ?? null)),
  };
}

async function* mapped<From, To>(items: AsyncIterable<From>, change: (item: From) => To): AsyncIterable<To> {
  for await (const item of items) yield change(item);
}

async function* first<T>(rows: AsyncIterable<T>, count: number): AsyncIterable<T> {
  let left = count;
  for await (const row of rows) {
    if (left-- <= 0) return;
    yield row;
  }
}
