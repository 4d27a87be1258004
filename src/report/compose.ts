/** A report as a document: each section's question is asked, held against the period before, and put into words. */
import type { Question } from '../../schemas/questions.ts';
import type { ReportDocument, ReportSection } from '../../schemas/reports.ts';
import { UsageError } from '../core/errors.ts';
import { reportId } from '../core/reports/identity.ts';
import { type Period, previousPeriod, stillRuns } from '../core/reports/period.ts';
import { limitedTo } from '../store/limited-store.ts';
import type { Store } from '../store/store.ts';
import { Asking } from './asking.ts';
import { askCoverage } from './coverage.ts';
import { kindParameters, type PlannedSection, plannedSections, type ReportRequest } from './request.ts';
import { type Ask, composeSection, momentOf } from './section.ts';

export type { ReportRequest, ReportScope } from './request.ts';

export interface ComposeDeps {
  /** What the caller may see: one that is held to accounts gives a report of these. */
  readonly store: Store;
  /** Those that the sections of the kind name. */
  readonly questions: readonly Question[];
  readonly now: () => Date;
}

/**
 * @throws UsageError PARAMETER_UNKNOWN, PARAMETER_MISSING, PARAMETER_INVALID, REPORT_SCOPE_EMPTY, before it asks
 * @throws StoreError when the store is away; what fails of one question is told in its section
 */
export async function composeReport(deps: ComposeDeps, request: ReportRequest): Promise<ReportDocument> {
  const planned = plannedSections(request, deps.questions);
  const [now, asking] = [deps.now(), new Asking(storeOf(deps, request))];
  const [coverage, sections] = await Promise.all([
    askCoverage(deps.store, request.period, now),
    composeSections(planned, request, now, (question, given, asOf) => asking.answer(question, given, asOf)),
  ]);
  return documentOf(request, sections, coverage, now);
}

/**
 * One document for each owner who has something in one of the sections, in the order of their names. The questions are
 * asked once for all of them.
 *
 * @param request without an owner
 */
export async function* composeForOwners(deps: ComposeDeps, request: ReportRequest): AsyncGenerator<ReportDocument> {
  const planned = plannedSections(request, deps.questions, true);
  const [now, asking] = [deps.now(), new Asking(storeOf(deps, request))];
  const asOf = momentOf(request.period, now);
  const coverage = await askCoverage(deps.store, request.period, now);
  const named = await Promise.all(planned.map(({ question, given }) => asking.ownersIn(question, given, asOf)));
  for (const owner of [...new Set(named.flat())].sort()) {
    const scoped = { ...request, scope: { ...request.scope, owner } };
    const own = plannedSections(scoped, deps.questions);
    const ask: Ask = (question, given, moment) => {
      const { owner: _, ...ofAll } = given;
      return asking.answerOf(owner, question, ofAll, moment);
    };
    yield documentOf(scoped, await composeSections(own, scoped, now, ask), coverage, now);
  }
}

/** A report of one account may be read by those who are held to it: it is made of what they may see, whoever asks. */
function storeOf({ store }: ComposeDeps, { scope }: ReportRequest): Store {
  return scope.account === undefined ? store : limitedTo(store, [scope.account]);
}

function composeSections(
  planned: readonly PlannedSection[],
  { period, scope }: ReportRequest,
  now: Date,
  ask: Ask,
): Promise<ReportSection[]> {
  const work = {
    ...{ ask, now, period, previous: previousPeriod(period) },
    isProvisional: stillRuns(period, now.getTime()),
    forOwner: scope.owner !== undefined,
    account: scope.account,
  };
  return Promise.all(planned.map((one) => composeSection(one, work)));
}

function documentOf(
  request: ReportRequest,
  sections: readonly ReportSection[],
  coverage: ReportDocument['coverage'],
  now: Date,
): ReportDocument {
  const { kind, period, scope } = request;
  const parameters = kindParameters(kind, request.parameters) as ReportDocument['parameters'];
  const place = { account: scope.account ?? null, owner: scope.owner ?? null };
  const rows = sections.reduce((sum, section) => sum + section.rows_total, 0);
  const previous = sections.some(({ changes }) => changes !== null) ? previousPeriod(period) : undefined;
  const isEmpty = rows === 0 && sections.every(({ error }) => error === null);
  return {
    version: 1,
    id: reportId({ kind: kind.id, ...period, parameters, ...place }),
    kind: kind.id,
    title: kind.title,
    description: kind.description,
    period: { ...shown(period), zone: period.zone, is_provisional: stillRuns(period, now.getTime()) },
    previous_period: previous === undefined ? null : shown(previous),
    scope: place,
    parameters,
    generated_at: now.toISOString(),
    is_empty: isEmpty,
    summary: isEmpty ? emptySummary(period, coverage) : summaryOf(request, sections),
    coverage,
    sections: [...sections],
    totals: { sections: sections.length, sections_failed: sections.filter(({ error }) => error !== null).length, rows },
  };
}

const shown = ({ name, fromMs, toMs }: Period) => ({
  ...{ name, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
});

/** The sentence of the section that the kind names: there, it is told of the same answer. */
function summaryOf({ kind, scope }: ReportRequest, sections: readonly ReportSection[]): string {
  const wanted = (scope.owner === undefined ? undefined : kind.owner_summary) ?? kind.summary;
  const told = sections.find(({ id }) => id === wanted) ?? sections[0];
  return told?.sentence ?? '';
}

const minuteOf = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

function emptySummary({ name }: Period, { data_until: until }: ReportDocument['coverage']): string {
  const reach =
    until === null
      ? 'Nothing is stored yet: keytrail ingest, consume or collect brings records in.'
      : `The latest event is of ${minuteOf(until)} UTC; keytrail query ingest-status says what was read.`;
  return `Nothing is known of ${name}. ${reach}`;
}

/** @throws UsageError PARAMETER_UNKNOWN and its like: what is wrong with a request, before a store is opened */
export function checkRequest(request: ReportRequest, questions: readonly Question[], perOwner = false): void {
  if (perOwner && request.scope.owner !== undefined) {
    throw new UsageError('OPTIONS_CONFLICT', 'one owner and a document for each owner do not go together', {
      expected: '--owner, or --per-owner',
    });
  }
  plannedSections(request, questions, perOwner || request.scope.owner !== undefined);
}
