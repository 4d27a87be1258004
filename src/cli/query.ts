/** `keytrail query`: asks a saved question, or lists them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Question } from '../../schemas/questions.ts';
import { askDoubts, askedRange, askFreshness } from '../ask/footer.ts';
import { envelopeHead, footerText } from '../ask/footer-text.ts';
import { ANSWER_FORMATS, type AnswerFormat } from '../ask/format/formats.ts';
import { writeAnswer, writeChart, writeEnvelope, writePieces } from '../ask/format/write-answer.ts';
import { loadQuestions } from '../ask/loader.ts';
import { chosenQuestions, groupedQuestions, listedQuestions } from '../ask/question-list.ts';
import { type GivenParameters, parametersOf, runQuestion } from '../ask/runner.ts';
import { UsageError } from '../core/errors.ts';
import { limitedTo } from '../store/limited-store.ts';
import type { Store } from '../store/store.ts';
import { answerFormat, formatOptions, outputOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { namedValues, several } from './option-values.ts';
import { givenTime } from './range.ts';

interface QueryFlags {
  readonly list?: boolean | string;
  readonly from?: string;
  readonly to?: string;
  readonly asOf?: string;
  readonly account: readonly string[];
  readonly param: readonly string[];
  readonly format?: string;
  readonly chart?: boolean;
  readonly envelope?: boolean;
  readonly footer: boolean;
  readonly queries: readonly string[];
  readonly local?: boolean;
}

export function defineQuery(program: Command, context: CliContext): void {
  program
    .command('query')
    .description('ask a saved question')
    .argument('[id]', 'the question; --list names them')
    .option('--list [word]', 'list the questions, or those that have a word')
    .option('--from <time>', 'events at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'events before this time')
    .option('--as-of <time>', 'answer as if it were asked at this time (default: now)')
    .option('--account <id>', 'see what those may see who are held to this account; again for another', several, [])
    .option('--param <name=value>', 'value of a parameter; again for another, or for one that is a list', several, [])
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .option('--chart', 'draw the chart that the question names, in place of its table')
    .option('--envelope', 'with --format json: one object that says what the footer says, and holds the rows')
    .option('--no-footer', 'do not say, and do not ask, how far the data reach and what may be missing')
    .option('--queries <dir>', 'a folder of your own questions; again for another', several, [])
    .option('--local', "times in this machine's zone instead of UTC")
    .action(async (id: string | undefined, flags: QueryFlags) => query(id, flags, context));
}

async function query(id: string | undefined, flags: QueryFlags, context: CliContext): Promise<void> {
  checkTogether(id, flags);
  const format = answerFormat(flags.format ?? (flags.envelope ? 'json' : undefined), context.stdout);
  const { queries } = await context.config();
  const own = queries === undefined ? flags.queries : [queries, ...flags.queries];
  const questions = await loadQuestions([builtInQuestions(), ...own]);
  if (isList(id, flags)) {
    await list(chosenQuestions(questions, typeof flags.list === 'string' ? flags.list : ''), format, context);
    return;
  }
  const question = named(questions, id ?? '');
  if (flags.chart === true && question.chart === undefined) throw withoutChart(question, questions);
  const given = givenBy(flags);
  const now = new Date(givenTime('--as-of', flags.asOf, context.now(), context.now()));
  // What was typed is checked before a store is opened: a mistake should not cost that second.
  const parameters = parametersOf(question, given, now.getTime());
  const opened = await context.open();
  try {
    const store = limitedTo(opened.store, flags.account);
    await answer({ store, question, given, parameters, now, flags, format }, context);
  } finally {
    await opened.close();
  }
}

const isList = (id: string | undefined, { list }: QueryFlags): boolean => list !== undefined || id === undefined;

/** @throws UsageError OPTIONS_CONFLICT */
function checkTogether(id: string | undefined, flags: QueryFlags): void {
  const chart = flags.chart === true && '--chart';
  const envelope = flags.envelope === true && '--envelope';
  const other = flags.format !== undefined && `--format ${flags.format}`;
  const pairs = [
    [chart, other, 'a chart, or a format'],
    [chart, envelope, 'a chart, or an envelope'],
    [envelope, flags.format !== 'json' && other, '--format json, which alone has an envelope'],
    [envelope, !flags.footer && '--no-footer', 'an envelope, or no footer: it holds what the footer says'],
    [
      isList(id, flags) && 'the list of questions',
      chart || envelope,
      'a question, for a chart or an envelope of its answer',
    ],
  ] as const;
  for (const [one, two, expected] of pairs) {
    if (!one || !two) continue;
    throw new UsageError('OPTIONS_CONFLICT', `${one} and ${two} do not go together`, { expected });
  }
}

/** The list is an answer like any other, and so comes in every format; people get it by folders. */
async function list(questions: readonly Question[], format: AnswerFormat, context: CliContext): Promise<void> {
  const options = formatOptions(context, false);
  if (format === 'table') await writePieces(groupedQuestions(questions, options), context.stdout);
  else await writeAnswer(listedQuestions(questions), format, context.stdout, options);
}

interface Asked {
  readonly store: Store;
  readonly question: Question;
  readonly given: GivenParameters;
  readonly parameters: ReturnType<typeof parametersOf>;
  /** The moment of asking. */
  readonly now: Date;
  readonly flags: QueryFlags;
  readonly format: AnswerFormat;
}

async function answer(asked: Asked, { stdout, stderr, env }: CliContext): Promise<void> {
  const { store, question, given, parameters, now, flags } = asked;
  const local = flags.local === true;
  const options = outputOptions(stdout, env, local);
  const range = askedRange(question, parameters);
  const fresh = flags.footer ? await askFreshness(store, now.getTime()) : undefined;
  if (fresh !== undefined && flags.envelope === true) {
    const head = envelopeHead(question, parameters, { range, ...fresh, ...(await askDoubts(store, range)) });
    await writeEnvelope(await runQuestion(store, question, given, { now }), head, stdout, options);
    return;
  }
  const rows = await runQuestion(store, question, given, { now });
  const taken =
    flags.chart === true && question.chart !== undefined
      ? await writeChart(rows, question.chart, stdout, options)
      : await writeAnswer(rows, asked.format, stdout, options);
  // Who went away (`| head`) waits for no footer.
  if (fresh === undefined || !taken) return;
  const footer = { range, ...fresh, ...(await askDoubts(store, range)) };
  await writePieces([footerText(footer, outputOptions(stderr, env, local))], stderr);
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

function withoutChart(question: Question, questions: readonly Question[]): UsageError {
  return new UsageError('CHART_NONE', `${question.id} has no chart`, {
    got: question.id,
    expected: questions.flatMap(({ id, chart }) => (chart === undefined ? [] : [id])).join(', '),
    next: 'ask it without --chart',
  });
}

function givenBy(flags: QueryFlags): GivenParameters {
  const given: Record<string, GivenParameters[string]> = { ...namedValues('--param', flags.param) };
  for (const name of ['from', 'to'] as const) {
    const value = flags[name];
    if (value === undefined) continue;
    if (Object.hasOwn(given, name))
      throw new UsageError('PARAMETER_INVALID', `${name} is given twice`, { expected: `one --${name}` });
    given[name] = value;
  }
  return given;
}
