/** Reports of a store: the shipped kinds, asked as the command asks them. */
import { fileURLToPath } from 'node:url';
import type { ReportDocument, ReportKind } from '../../schemas/reports.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { type GivenParameters, runQuestion } from '../../src/ask/runner.ts';
import { type Period, parsePeriod } from '../../src/core/reports/period.ts';
import { type ComposeDeps, composeReport, type ReportRequest } from '../../src/report/compose.ts';
import { kindNamed, loadReportKinds } from '../../src/report/kinds.ts';
import { limitedTo } from '../../src/store/limited-store.ts';
import type { Store } from '../../src/store/store.ts';
import { patient, QUERIES } from '../ask/fixture.ts';

export const KINDS_FOLDER = fileURLToPath(new URL('../../reports', import.meta.url));
export const QUESTIONS = await loadQuestions([QUERIES]);
export const KINDS = await loadReportKinds([KINDS_FOLDER], QUESTIONS);

/** What a kind needs to be asked at all. */
export const NEEDED: Readonly<Record<string, GivenParameters>> = {
  incident: { keys: ['deploy', 'mystery'], source_ips: ['203.0.113.77'] },
};

export interface Wanted {
  readonly period?: string;
  readonly zone?: string;
  readonly parameters?: GivenParameters;
  readonly owner?: string;
  readonly account?: string;
}

export function requestOf(kind: string | ReportKind, wanted: Wanted = {}): ReportRequest {
  const known = typeof kind === 'string' ? kindNamed(KINDS, kind) : kind;
  const { period = '2026-11', zone = 'UTC', parameters = NEEDED[known.id] ?? {}, owner, account } = wanted;
  return {
    ...{ kind: known, parameters, period: parsePeriod(period, zone) as Period },
    scope: { ...(owner === undefined ? {} : { owner }), ...(account === undefined ? {} : { account }) },
  };
}

export function depsOf(store: Store, now: Date): ComposeDeps {
  return { store: patient(store), questions: QUESTIONS, now: () => now };
}

export function report(
  store: Store,
  now: Date,
  kind: string | ReportKind,
  wanted: Wanted = {},
): Promise<ReportDocument> {
  return composeReport(depsOf(store, now), requestOf(kind, wanted));
}

export type Row = ReportDocument['sections'][number]['rows'][number];

/** What the command of a section answers: its words are read as a shell reads them. */
export async function askedAgain(store: Store, command: string): Promise<Row[]> {
  const [program, verb, id, ...words] = shellWords(command);
  if (program !== 'keytrail' || verb !== 'query') throw new Error(`not a question: ${command}`);
  const question = QUESTIONS.find((one) => one.id === id);
  if (question === undefined) throw new Error(`no question ${id}`);
  const given: Record<string, string | string[]> = {};
  let asOf = new Date(0);
  let seen = store;
  for (let at = 0; at < words.length; at += 2) {
    const [option, value = ''] = [words[at], words[at + 1]];
    if (option === '--as-of') asOf = new Date(value);
    else if (option === '--account') seen = limitedTo(store, [value]);
    else if (option === '--param') add(given, ...(value.split(/=(.*)/s) as [string, string]));
    else given[option?.slice(2) ?? ''] = value;
  }
  const answer = await runQuestion(seen, question, given, { now: asOf });
  const rows: Row[] = [];
  for await (const row of answer.rows) {
    rows.push(Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at] ?? null])) as Row);
  }
  return rows;
}

function add(given: Record<string, string | string[]>, name: string, value: string): void {
  const before = given[name];
  given[name] = before === undefined ? value : [before, value].flat();
}

function shellWords(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|\\(.)/g,
      (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? '',
    ),
  );
}
