/** `keytrail query`: asks a saved question, or lists them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Question } from '../../schemas/questions.ts';
import { MOMENT_PARAMETER } from '../../schemas/questions.ts';
import type { Answer } from '../ask/answer.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { loadQuestions } from '../ask/loader.ts';
import { type GivenParameters, parametersOf, runQuestion } from '../ask/runner.ts';
import { UsageError } from '../core/errors.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';

interface QueryFlags {
  readonly list?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly param: readonly string[];
  readonly format?: string;
  readonly queries: readonly string[];
  readonly local?: boolean;
}

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function defineQuery(program: Command, context: CliContext): void {
  program
    .command('query')
    .description('ask a saved question')
    .argument('[id]', 'the question; --list names them')
    .option('--list', 'list the questions')
    .option('--from <time>', 'events at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'events before this time')
    .option('--param <name=value>', 'value of a parameter; again for another, or for one that is a list', several, [])
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .option('--queries <dir>', 'a folder of your own questions; again for another', several, [])
    .option('--local', "times in this machine's zone instead of UTC")
    .action(async (id: string | undefined, flags: QueryFlags) => query(id, flags, context));
}

async function query(id: string | undefined, flags: QueryFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const options = formatOptions(context, flags.local === true);
  const { queries } = await context.config();
  const own = queries === undefined ? flags.queries : [queries, ...flags.queries];
  const questions = await loadQuestions([builtInQuestions(), ...own]);
  if (flags.list === true || id === undefined) {
    await writeAnswer(listed(questions), format, context.stdout, options);
    return;
  }
  const question = named(questions, id);
  const given = givenBy(flags);
  const now = new Date(context.now());
  // What was typed is checked before a store is opened: a mistake should not cost that second.
  parametersOf(question, given, now.getTime());
  const opened = await context.open();
  try {
    await writeAnswer(await runQuestion(opened.store, question, given, { now }), format, context.stdout, options);
  } finally {
    await opened.close();
  }
}

/** The folder stands beside package.json, and the program runs from the sources or from their build. */
export function builtInQuestions(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  return path.join(folder, 'queries');
}

function named(questions: readonly Question[], id: string): Question {
  const found = questions.find((question) => question.id === id || `${question.folder}/${question.id}` === id);
  if (found !== undefined) return found;
  throw new UsageError('QUESTION_UNKNOWN', `there is no question ${id}`, {
    got: id,
    expected: questions.map((question) => question.id).join(', '),
    next: 'keytrail query --list says what each of them answers',
  });
}

function givenBy(flags: QueryFlags): GivenParameters {
  const given = new Map<string, string | string[]>();
  for (const text of flags.param) {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError('PARAMETER_INVALID', '--param is not a name and a value', {
        got: text,
        expected: 'name=value',
      });
    }
    const name = text.slice(0, at);
    const value = text.slice(at + 1);
    const before = given.get(name);
    given.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  for (const name of ['from', 'to'] as const) {
    const value = flags[name];
    if (value === undefined) continue;
    if (given.has(name))
      throw new UsageError('PARAMETER_INVALID', `${name} is given twice`, { expected: `one --${name}` });
    given.set(name, value);
  }
  return Object.fromEntries(given);
}

/** The list is an answer like any other, and so comes in every format. */
function listed(questions: readonly Question[]): Answer {
  const columns = ['id', 'folder', 'question', 'params'].map((name) => ({
    name,
    type: 'String',
    kind: 'text' as const,
  }));
  return { columns, rows: rowsOf(questions) };
}

async function* rowsOf(questions: readonly Question[]): AsyncIterable<readonly string[]> {
  for (const { id, folder, question, params } of questions) {
    const names = Object.entries(params)
      .filter(([name]) => name !== MOMENT_PARAMETER)
      .map(([name, { default: preset }]) =>
        preset === undefined && name !== 'from' && name !== 'to' ? name : `[${name}]`,
      );
    yield [id, folder, question, names.join(' ')];
  }
}
