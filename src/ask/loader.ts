/** Reads questions from their folders. What is wrong with a file is told at once, before any question is asked. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { MOMENT_PARAMETER, type Question, questionHeaderSchema, TIME_TYPE } from '../../schemas/questions.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { SQL_CHARS_MAX } from '../core/limits.ts';
import { convertParameter, isParameterType } from './parameters.ts';
import { canonicalType, SqlTextError, tokenize, usedParameters } from './sql-text.ts';

const FRONT_MATTER = /^\s*\/\*(.*?)\*\//s;
const ID = /^[a-z][a-z0-9-]*$/;

/**
 * @param folders each is searched with its subfolders for `<id>.sql`
 * @returns questions in order of folder and id
 * @throws UserError QUESTION_INVALID, QUESTION_DUPLICATE or QUESTIONS_UNREADABLE
 */
export async function loadQuestions(folders: readonly string[]): Promise<Question[]> {
  const questions = new Map<string, Question>();
  for (const folder of folders) {
    for (const file of await filesIn(folder)) {
      const question = parseQuestion(await readFile(file, 'utf8'), file, resolve(folder));
      const other = questions.get(question.id);
      if (other !== undefined) throw duplicate(question, other);
      questions.set(question.id, question);
    }
  }
  return [...questions.values()].sort((a, b) => compare(`${a.folder}/${a.id}`, `${b.folder}/${b.id}`));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function filesIn(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder, { recursive: true });
    return files
      .filter((file) => file.endsWith('.sql'))
      .map((file) => resolve(folder, file))
      .sort();
  } catch (cause) {
    throw new UserError(
      'QUESTIONS_UNREADABLE',
      `the questions of ${folder} cannot be read`,
      { got: messageOf(cause), expected: 'a folder of .sql files', next: 'correct --queries' },
      { cause },
    );
  }
}

/**
 * @param text the file's content
 * @param file its path; its name is the question's id
 * @param root the folder that was given, so that a question in a subfolder is listed under its name
 * @throws UserError QUESTION_INVALID
 */
export function parseQuestion(text: string, file: string, root: string = dirname(file)): Question {
  const id = basename(file, '.sql');
  if (!ID.test(id)) throw invalid(file, id, 'a file name of lower-case letters, digits and -, ending in .sql');
  if (text.length > SQL_CHARS_MAX) throw invalid(file, `${text.length} characters`, `at most ${SQL_CHARS_MAX}`);
  const comment = FRONT_MATTER.exec(text);
  if (comment === null) throw invalid(file, text.trimStart().slice(0, 40), 'a leading /* … */ comment that holds YAML');
  const header = headerOf(comment[1] ?? '', file);
  const sql = statementOf(text.slice(comment[0].length), file);
  const question = { ...header, id, folder: folderOf(file, root), file, sql };
  checkParameters(question);
  checkOneOf(question);
  checkChart(question);
  return question;
}

function folderOf(file: string, root: string): string {
  const inside = relative(root, dirname(file));
  return inside === '' ? basename(root) : inside.split(sep).join('/');
}

function headerOf(yaml: string, file: string) {
  const document = parseDocument(yaml, { uniqueKeys: true });
  const fault = document.errors[0];
  if (fault !== undefined) throw invalid(file, fault.message.split('\n')[0] ?? '', 'YAML in the leading comment');
  const parsed = questionHeaderSchema.safeParse(document.toJS());
  if (!parsed.success) throw fromIssue(file, parsed.error);
  return parsed.data;
}

function fromIssue(file: string, error: z.ZodError): UserError {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const where = path === '' ? 'the front matter' : path;
    return invalid(file, `${where}: ${issue.keys.join(', ')}`, 'only fields of the question format');
  }
  return invalid(file, path === '' ? 'the front matter' : path, issue?.message ?? error.message);
}

/** One SELECT: a second statement would run, or not, depending on who executes the file. */
function statementOf(text: string, file: string): string {
  let tokens: ReturnType<typeof tokenize>;
  try {
    tokens = tokenize(text);
  } catch (cause) {
    if (cause instanceof SqlTextError) throw invalid(file, cause.message, 'SQL whose strings and comments are closed');
    throw cause;
  }
  const last = tokens.at(-1);
  const closed = last?.text === ';' ? tokens.slice(0, -1) : tokens;
  if (closed.some((token) => token.text === ';')) throw invalid(file, 'more than one statement', 'one SELECT');
  const first = closed.find((token) => token.text !== '(')?.text ?? '';
  if (!/^(?:select|with|from)$/i.test(first)) throw invalid(file, first || 'no statement', 'one SELECT');
  return (last?.text === ';' ? text.slice(0, last.at) : text).trim();
}

function checkParameters(question: Question): void {
  const { file, params } = question;
  const used = usedParameters(question.sql);
  for (const { name, type } of used) {
    const declared = params[name];
    if (declared === undefined) {
      throw invalid(file, `{${name}:${type}} in the SQL`, 'every parameter declared under params');
    }
    if (canonicalType(declared.type) !== type) {
      throw invalid(file, `${name}: ${declared.type} declared, ${type} used`, 'one type for both');
    }
  }
  for (const [name, { type, default: preset }] of Object.entries(params)) {
    if (!used.some((parameter) => parameter.name === name)) {
      throw invalid(file, `params.${name}, which the SQL does not use`, 'only parameters that the SQL uses');
    }
    if (!isParameterType(canonicalType(type)))
      throw invalid(file, `${name}: ${type}`, 'a type that parameters can have');
    if (name === MOMENT_PARAMETER && canonicalType(type) !== TIME_TYPE) {
      throw invalid(file, `${name}: ${type}`, `the type of the moment of asking, ${TIME_TYPE}`);
    }
    if (preset === undefined) continue;
    const converted = convertParameter(canonicalType(type), preset, 0);
    if ('expected' in converted) throw invalid(file, `${name}: default ${String(preset)}`, converted.expected);
  }
}

function checkOneOf({ file, params, one_of: names = [] }: Question): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) throw invalid(file, `one_of: ${name} twice`, 'every name once');
    const declared = params[name];
    if (declared === undefined || name === MOMENT_PARAMETER) {
      throw invalid(file, `one_of: ${name}`, 'names of parameters that are declared under params');
    }
    if (declared.default === undefined) {
      throw invalid(file, `one_of: ${name}, which has no default`, 'parameters that may be left out');
    }
  }
}

function checkChart({ file, columns, chart }: Question): void {
  for (const place of ['x', 'y', 'by'] as const) {
    const name = chart?.[place];
    if (name === undefined || Object.hasOwn(columns, name)) continue;
    throw invalid(file, `chart: ${place}: ${name}`, 'columns that are declared under columns');
  }
}

function invalid(file: string, got: string, expected: string): UserError {
  return new UserError('QUESTION_INVALID', `${file} is not a question`, {
    got,
    expected,
    next: 'correct the file; docs/questions.md tells the format',
  });
}

function duplicate(question: Question, other: Question): UserError {
  return new UserError('QUESTION_DUPLICATE', `two questions are named ${question.id}`, {
    got: `${other.file} and ${question.file}`,
    expected: 'one file of that name',
    next: 'rename one of them',
  });
}
