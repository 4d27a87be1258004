/** The questions that there are, for a person who looks for one. */
import { MOMENT_PARAMETER, type Question } from '../../schemas/questions.ts';
import type { Answer } from './answer.ts';
import type { FormatOptions } from './format/formats.ts';
import { faint, strong, visible, wrapped } from './format/text.ts';

/** The folders in the order in which an investigation needs them; those of people's own come after. */
const FOLDERS = ['attribution', 'investigation', 'hygiene', 'detections', 'operations'];
/** A line of words that is longer than this is hard to read. */
const LINE_COLUMNS_MAX = 110;

/**
 * @param word what a word in their id, folder, title, question, tags or parameters begins with; without it, all of them
 */
export function chosenQuestions(questions: readonly Question[], word = ''): Question[] {
  const wanted = new RegExp(`(?<![a-z0-9])${word.toLowerCase().replace(/[^a-z0-9]/g, '\\$&')}`);
  const says = ({ id, folder, title, question, tags, params }: Question): string =>
    [id, folder, title, question, ...tags, ...Object.keys(params)].join('\n').toLowerCase();
  const place = ({ folder }: Question): number => {
    const found = FOLDERS.indexOf(folder.split('/')[0] ?? '');
    return found < 0 ? FOLDERS.length : found;
  };
  return questions
    .filter((question) => wanted.test(says(question)))
    .sort(
      (one, other) => place(one) - place(other) || compare(`${one.folder}/${one.id}`, `${other.folder}/${other.id}`),
    );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The list as an answer like any other: one row a question. */
export function listedQuestions(questions: readonly Question[]): Answer {
  const columns = ['id', 'folder', 'question', 'params'].map((name) => ({
    name,
    type: 'String',
    kind: 'text' as const,
  }));
  return { columns, rows: rowsOf(questions) };
}

async function* rowsOf(questions: readonly Question[]): AsyncIterable<readonly string[]> {
  for (const { id, folder, question, params } of questions) yield [id, folder, question, parametersOf(params)];
}

/** Those that may be left out in brackets. */
function parametersOf(params: Question['params']): string {
  return Object.entries(params)
    .filter(([name]) => name !== MOMENT_PARAMETER)
    .map(([name, { default: preset }]) =>
      preset === undefined && name !== 'from' && name !== 'to' ? name : `[${name}]`,
    )
    .join(' ');
}

/** The list for a person: a heading for each folder, and below it each question with what it can be given. */
export function* groupedQuestions(questions: readonly Question[], options: FormatOptions): Iterable<string> {
  if (questions.length === 0) yield 'no question\n';
  let heading: string | undefined;
  for (const question of questions) {
    if (question.folder !== heading) {
      yield `${heading === undefined ? '' : '\n'}${strong(question.folder, options.color)}\n`;
      heading = question.folder;
    }
    yield* questionLines(question, options);
  }
}

const INDENT = '  ';
const INDENT_BELOW = '      ';

/** Without a terminal a line is as long as what it says, so that it is found as a whole. */
function* questionLines(asked: Question, { width, color }: FormatOptions): Iterable<string> {
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.min(width, LINE_COLUMNS_MAX) - INDENT_BELOW.length;
  const { id, question, params, chart } = asked;
  const given = [...parametersOf(params).split(' '), chart === undefined ? '' : '--chart'].filter(Boolean);
  const [first = '', ...more] = wrapped([`${id} `, ...given], ' ', room);
  yield `${INDENT}${id}${faint(first.slice(id.length), color)}`.trimEnd().concat('\n');
  for (const line of more) yield `${INDENT_BELOW}${faint(line, color)}\n`;
  for (const line of wrapped(question.split(/\s+/), ' ', room)) yield `${INDENT_BELOW}${visible(line)}\n`;
}
