/** Asks a question: checks what was given, fills in what was not, and labels the columns of the answer. */
import {
  MOMENT_PARAMETER,
  type Question,
  type QuestionColumn,
  type QuestionParameter,
  TIME_TYPE,
} from '../../schemas/questions.ts';
import { UsageError } from '../core/errors.ts';
import { GOT_CHARS_MAX } from '../core/limits.ts';
import type { ParameterValue, Store } from '../store/store.ts';
import type { Answer, AnswerColumn } from './answer.ts';
import { convertParameter, type GivenValue } from './parameters.ts';
import { readAnswer } from './read-answer.ts';
import { canonicalType } from './sql-text.ts';
import { ALL_TIME, checkRange, timeOfParameter, timeParameter } from './time-range.ts';

/** What a person gave, by name; a parameter that may be given several times holds all of them. */
export type GivenParameters = Readonly<Record<string, GivenValue>>;

export interface AskOptions {
  /** The moment of asking: what relative times count from, and what `last_seen` never goes beyond. */
  readonly now: Date;
  readonly signal?: AbortSignal;
}

/**
 * @throws UsageError PARAMETER_UNKNOWN, PARAMETER_MISSING, PARAMETER_INVALID, RANGE_EMPTY
 * @throws UserError when the store refuses the answer for its size or its cost
 */
export async function runQuestion(
  store: Store,
  question: Question,
  given: GivenParameters,
  options: AskOptions,
): Promise<Answer> {
  const parameters = parametersOf(question, given, options.now.getTime());
  const answer = await readAnswer(store, question.sql, parameters, { signal: options.signal });
  return { ...answer, columns: answer.columns.map((column) => labelled(column, question.columns[column.name])) };
}

/** The typed values of every parameter that the question declares. */
export function parametersOf(
  question: Question,
  given: GivenParameters,
  nowMs: number,
): Record<string, ParameterValue> {
  refuseUnknown(question, given);
  requireOneOf(question, given);
  const values: Record<string, ParameterValue> = {};
  for (const [name, declared] of Object.entries(question.params)) {
    values[name] = parameterValue(question, name, declared, given[name], nowMs);
  }
  const [from, to] = [boundOf(question, 'from', values), boundOf(question, 'to', values)];
  if (from !== undefined && to !== undefined) checkRange(from, to);
  return values;
}

/** ms since 1970 UTC; `undefined` when the question has no such time. */
export function boundOf(
  question: Question,
  name: 'from' | 'to',
  parameters: Readonly<Record<string, ParameterValue>>,
): number | undefined {
  const declared = question.params[name];
  const value = parameters[name];
  const isTime = declared !== undefined && canonicalType(declared.type) === TIME_TYPE;
  return isTime && typeof value === 'string' ? timeOfParameter(value) : undefined;
}

function refuseUnknown(question: Question, given: GivenParameters): void {
  const open = Object.keys(question.params).filter((name) => name !== MOMENT_PARAMETER);
  const unknown = Object.keys(given).find((name) => !open.includes(name));
  if (unknown === undefined) return;
  throw new UsageError('PARAMETER_UNKNOWN', `${question.id} has no parameter ${unknown}`, {
    got: unknown,
    expected: open.length === 0 ? 'no parameters' : open.join(', '),
  });
}

/** A default given by hand (`--param id=`) chooses nothing, and counts as not given. */
function requireOneOf(question: Question, given: GivenParameters): void {
  const names = question.one_of;
  if (names === undefined) return;
  const chosen = names.some((name) => {
    const value = given[name];
    return value !== undefined && String(value) !== String(question.params[name]?.default);
  });
  if (chosen) return;
  throw new UsageError('PARAMETER_MISSING', `${question.id} needs one of ${names.join(', ')}`, {
    got: 'none of them',
    expected: names.map((name) => described(name, question.params[name])).join('; '),
    next: `add --param ${names[0]}=…`,
  });
}

function parameterValue(
  question: Question,
  name: string,
  declared: QuestionParameter,
  given: GivenValue | undefined,
  nowMs: number,
): ParameterValue {
  if (name === MOMENT_PARAMETER) return timeParameter(nowMs);
  const value = given ?? declared.default ?? allTime(name);
  if (value === undefined) throw missing(question, name, declared);
  const converted = convertParameter(canonicalType(declared.type), value, nowMs);
  if ('value' in converted) return converted.value;
  throw new UsageError('PARAMETER_INVALID', `${name} of ${question.id} is not what the question needs`, {
    got: String(value).slice(0, GOT_CHARS_MAX),
    expected: converted.expected,
  });
}

/** Without bounds a question covers all time. */
function allTime(name: string): string | undefined {
  if (name === 'from') return new Date(ALL_TIME.fromMs).toISOString();
  return name === 'to' ? new Date(ALL_TIME.toMs).toISOString() : undefined;
}

function missing(question: Question, name: string, declared: QuestionParameter): UsageError {
  return new UsageError('PARAMETER_MISSING', `${question.id} needs ${name}`, {
    expected: described(name, declared),
    next: `add --param ${name}=…`,
  });
}

function described(name: string, declared: QuestionParameter | undefined): string {
  if (declared === undefined) return name;
  const meaning = declared.description === undefined ? '' : `: ${declared.description}`;
  return `${name} (${declared.type})${meaning}`;
}

function labelled(column: AnswerColumn, declared: QuestionColumn | undefined): AnswerColumn {
  return {
    ...column,
    ...(declared?.unit === undefined ? {} : { unit: declared.unit }),
    ...(declared?.description === undefined ? {} : { description: declared.description }),
  };
}

/** Where the declared columns and those that the SQL gives differ: names that only one of them has, another order. */
export function columnDifferences(question: Question, answer: Answer): string[] {
  const declared = Object.keys(question.columns);
  const returned = answer.columns.map((column) => column.name);
  if (declared.length === returned.length && declared.every((name, index) => returned[index] === name)) return [];
  const oneSided = [
    ...declared.filter((name) => !returned.includes(name)).map((name) => `${name} is declared and not returned`),
    ...returned.filter((name) => !declared.includes(name)).map((name) => `${name} is returned and not declared`),
  ];
  return oneSided.length > 0 ? oneSided : ['the columns are declared in another order than they are returned'];
}
