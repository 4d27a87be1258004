/** What a report is asked for, checked before any question is. */
import { MOMENT_PARAMETER, type Question, TIME_TYPE } from '../../schemas/questions.ts';
import type { ReportKind, ReportSectionKind } from '../../schemas/reports.ts';
import { readableParameter } from '../ask/parameters.ts';
import { type GivenParameters, parametersOf } from '../ask/runner.ts';
import { canonicalType } from '../ask/sql-text.ts';
import { UsageError } from '../core/errors.ts';
import { shellQuoted } from '../core/reports/labels.ts';
import type { Period } from '../core/reports/period.ts';
import type { ParameterValue } from '../store/store.ts';

export interface ReportScope {
  readonly account?: string | undefined;
  readonly owner?: string | undefined;
}

export interface ReportRequest {
  readonly kind: ReportKind;
  /** Of the kind, by name, as a person gave them. */
  readonly parameters: GivenParameters;
  readonly period: Period;
  readonly scope: ReportScope;
}

/** A section that is part of a document, with what its question is given. */
export interface PlannedSection {
  readonly section: ReportSectionKind;
  readonly question: Question;
  readonly given: GivenParameters;
}

/**
 * The sections of a document. One for an account or an owner holds only sections whose question can be asked for just
 * that: nobody is shown the keys of others, and each figure can be asked again.
 *
 * @param forOwner whether the document is of one owner
 * @throws UsageError PARAMETER_UNKNOWN, PARAMETER_MISSING, PARAMETER_INVALID, REPORT_SCOPE_EMPTY
 */
export function plannedSections(
  request: ReportRequest,
  questions: readonly Question[],
  forOwner = request.scope.owner !== undefined,
): PlannedSection[] {
  const { kind } = request;
  const given = kindParameters(kind, request.parameters);
  const planned = kind.sections.flatMap((section) => {
    const question = questions.find(({ id }) => id === section.question);
    if (question === undefined || !belongs(section, question, request, forOwner)) return [];
    return [{ section, question, given: givenTo(section, question, request, given) }];
  });
  if (planned.length === 0) {
    throw new UsageError('REPORT_SCOPE_EMPTY', `${kind.id} has no section that is about this alone`, {
      got:
        Object.entries(request.scope)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ') || 'these parameters',
      expected: 'a kind of report whose questions can be asked for it, such as access-review',
    });
  }
  for (const { question, given: values } of planned) parametersOf(question, values, request.period.toMs);
  return planned;
}

function belongs(section: ReportSectionKind, question: Question, request: ReportRequest, forOwner: boolean): boolean {
  if (request.scope.account !== undefined && !Object.hasOwn(question.params, 'account_id')) return false;
  if (forOwner && (section.owners === 'never' || !isOfOwners(question))) return false;
  if (!forOwner && section.owners === 'only') return false;
  return (section.when ?? []).every((name) => isGiven(request, name));
}

/** Each row says whose it is, and the question can be asked for one of them: the rows of all can be parted. */
const isOfOwners = ({ params, columns }: Question): boolean =>
  Object.hasOwn(params, 'owner') && Object.hasOwn(columns, 'owner');

function isGiven({ kind, parameters }: ReportRequest, name: string): boolean {
  const value = parameters[name];
  return value !== undefined && String(value) !== '' && String(value) !== String(kind.parameters[name]?.default);
}

/** With their defaults. @throws UsageError PARAMETER_UNKNOWN, PARAMETER_MISSING */
export function kindParameters(kind: ReportKind, given: GivenParameters): GivenParameters {
  const names = Object.keys(kind.parameters);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError('PARAMETER_UNKNOWN', `${kind.id} has no parameter ${unknown}`, {
      ...{ got: unknown, expected: names.join(', ') || 'no parameters' },
    });
  }
  const values = names.map((name) => [name, given[name] ?? kind.parameters[name]?.default] as const);
  const missing = values.find(([, value]) => value === undefined);
  if (missing !== undefined) throw parameterMissing(kind, [missing[0]]);
  const chosen = (kind.one_of ?? []).some((name) => given[name] !== undefined && String(given[name]) !== '');
  if (kind.one_of !== undefined && !chosen) throw parameterMissing(kind, kind.one_of);
  return Object.fromEntries(values) as GivenParameters;
}

function parameterMissing(kind: ReportKind, names: readonly string[]): UsageError {
  return new UsageError('PARAMETER_MISSING', `${kind.id} needs ${names.join(' or ')}`, {
    expected: names.map((name) => `${name}: ${kind.parameters[name]?.description ?? ''}`).join('; '),
    next: `add --parameter ${names[0]}=…`,
  });
}

function givenTo(
  section: ReportSectionKind,
  question: Question,
  { period, scope }: ReportRequest,
  parameters: GivenParameters,
): GivenParameters {
  const filled: Record<string, GivenParameters[string] | undefined> = {
    ...parameters,
    zone: period.zone,
    from: new Date(period.fromMs).toISOString(),
    to: new Date(period.toMs).toISOString(),
    ...section.parameters,
    ...(scope.account === undefined ? {} : { account_id: scope.account }),
    ...(scope.owner === undefined ? {} : { owner: scope.owner }),
  };
  const taken = Object.keys(question.params).flatMap((name) => {
    const value = name === MOMENT_PARAMETER ? undefined : filled[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(taken);
}

/** The same question of the period before. */
export function ofPeriod(given: GivenParameters, { fromMs, toMs }: Period): GivenParameters {
  const bounds = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, name === 'from' || name === 'to' ? bounds[name] : value]),
  );
}

/** Every parameter as a person would give it. */
export function readableParameters(
  question: Question,
  values: Readonly<Record<string, ParameterValue>>,
): Record<string, ReturnType<typeof readableParameter>> {
  return Object.fromEntries(
    Object.entries(question.params).map(([name, { type }]) => [name, readableParameter(type, values[name] ?? null)]),
  );
}

/**
 * The command that asks the same again.
 *
 * @param asOf the moment of asking, for questions that know one
 * @param account whose readers it is told to: a key of another account is not known to them
 */
export function commandOf(question: Question, given: GivenParameters, asOf: Date, account?: string): string {
  const words = ['keytrail', 'query', question.id];
  if (account !== undefined) words.push('--account', shellQuoted(account));
  for (const name of ['from', 'to'] as const) {
    if (given[name] !== undefined && isTime(question, name)) words.push(`--${name}`, shortInstant(String(given[name])));
  }
  for (const [name, value] of Object.entries(given)) {
    if ((name === 'from' || name === 'to') && isTime(question, name)) continue;
    if (String(value) === String(question.params[name]?.default)) continue;
    for (const one of Array.isArray(value) ? value : [value])
      words.push('--param', shellQuoted(`${name}=${String(one)}`));
  }
  if (Object.hasOwn(question.params, MOMENT_PARAMETER)) words.push('--as-of', shortInstant(asOf.toISOString()));
  return words.join(' ');
}

const isTime = (question: Question, name: string): boolean =>
  canonicalType(question.params[name]?.type ?? '') === TIME_TYPE;

/** The shortest text that is read as the same instant: a day where one begins in UTC. */
const shortInstant = (iso: string): string => iso.replace(/T00:00:00\.000Z$/, '').replace(/\.000Z$/, 'Z');
