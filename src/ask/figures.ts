/** Figures of what a search finds: counted over time, by value, and against the time before. */
import { z } from 'zod';
import type {
  HistogramDocument,
  NewcomersDocument,
  OverviewDocument,
  TOP_FIELDS,
  TopDocument,
} from '../../schemas/api/overview.ts';
import { JUDGEMENTS, type Judgement } from '../../schemas/judgement.ts';
import { COURSE_POINTS_MAX, NEWCOMER_NAMES_CHARS_MAX, NEWCOMER_NAMES_ENTRIES_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Parameters, Store } from '../store/store.ts';
import { readableAddress } from './cells.ts';
import type { FilterClauses } from './event-filters.ts';
import { withFilters } from './event-search.ts';
import { ANSWER_SETTINGS } from './read-answer.ts';
import { explainStoreError } from './store-errors.ts';
import { timeParameter } from './time-range.ts';
import { type TimeSteps, timeSteps } from './time-steps.ts';

export type TopField = (typeof TOP_FIELDS)[number];

export interface FiguresOptions {
  readonly fromMs: number;
  readonly toMs: number;
  readonly filters: FilterClauses;
  readonly signal: AbortSignal;
}

export type Counts = Record<Judgement, number>;
const count = z.number();
/** Columns of a row that counts events by what became of them. */
export const counted = {
  allowed: count,
  denied: count,
  should_be_denied: count,
  should_be_allowed: count,
  events: count,
};
const histogramRow = z.object({ at_ms: count, judgement: z.enum(JUDGEMENTS), events: count });
const topRow = z.object({
  ...{ value: z.string(), account_id: z.string(), ...counted, first_ms: count, last_ms: count },
  course: z.array(z.tuple([count, count])),
});
const overviewRow = z.object({ ...topRow.shape, facet: z.string(), failures: count, total: count });
const beforeRow = z.object({ events: count, failures: count });
const newcomerRow = z.object({
  kind: z.enum(['key_id', 'source_ip', 'country', 'user_agent', 'app']),
  ...{ value: z.string(), events: count, keys: count, first_ms: count, judgement: z.string() },
});

/** @param stepsMax how many steps the range is cut into at most */
export async function histogramOf(
  store: Store,
  { fromMs, toMs, filters, signal }: FiguresOptions,
  stepsMax: number,
): Promise<HistogramDocument> {
  const { stepMs, starts } = timeSteps(fromMs, toMs, stepsMax);
  const parameters = { ...filters.parameters, ...between(fromMs, toMs), step_ms: stepMs };
  const rows = await rowsOf(store, withFilters('events-histogram', filters), parameters, signal, histogramRow);
  const buckets = new Map(starts.map((at) => [at, noCounts()]));
  for (const { at_ms, judgement, events } of rows) {
    const bucket = buckets.get(at_ms);
    if (bucket !== undefined) bucket[judgement] += events;
  }
  return {
    ...{ from: iso(fromMs), to: iso(toMs), step_ms: stepMs },
    buckets: [...buckets].map(([at, counts]) => ({ at: iso(at), ...counts })),
  };
}

export async function topOf(
  store: Store,
  { fromMs, toMs, filters, signal }: FiguresOptions,
  { field, limit, stepsMax }: { readonly field: TopField; readonly limit: number; readonly stepsMax: number },
): Promise<TopDocument> {
  const steps = timeSteps(fromMs, toMs, stepsMax);
  const parameters = { ...filters.parameters, ...between(fromMs, toMs), step_ms: steps.stepMs, field, limit };
  const rows = await rowsOf(store, withFilters('events-top', filters), parameters, signal, topRow);
  return {
    ...{ field, from: iso(fromMs), to: iso(toMs), step_ms: steps.stepMs },
    rows: rows.map((row) =>
      topRowOf({ ...row, value: field === 'source_ip' ? readableAddress(row.value) : row.value }, steps),
    ),
  };
}

function topRowOf(row: z.infer<typeof topRow>, steps: TimeSteps): TopDocument['rows'][number] {
  return {
    ...{ value: row.value, account_id: row.account_id, events: row.events, ...countsOf(row) },
    ...{ first_seen: iso(row.first_ms), last_seen: iso(row.last_ms), course: courseOf(row.course, steps) },
  };
}

export const OVERVIEW_TOP_FIELDS = ['key_id', 'app', 'source_ip'] as const;

/** @param bucketsMax how many steps the range is cut into at most */
export async function overviewOf(
  store: Store,
  { fromMs, toMs, filters, signal }: FiguresOptions,
  { bucketsMax, limit }: { readonly bucketsMax: number; readonly limit: number },
): Promise<Pick<OverviewDocument, 'now' | 'histogram' | 'top'>> {
  const buckets = timeSteps(fromMs, toMs, bucketsMax);
  const steps = timeSteps(fromMs, toMs, COURSE_POINTS_MAX);
  const course = { step_ms: steps.stepMs, first_step: Math.floor(fromMs / steps.stepMs) };
  const parameters = { ...filters.parameters, ...between(fromMs, toMs), bucket_ms: buckets.stepMs, ...course, limit };
  const rows = await rowsOf(store, withFilters('overview', filters), parameters, signal, overviewRow);
  const of = (name: string) => rows.filter(({ facet }) => facet === name);
  const many = (name: string): number => of(name)[0]?.total ?? 0;
  const range = { from: iso(fromMs), to: iso(toMs) };
  const histogram = { ...range, step_ms: buckets.stepMs, buckets: bucketsOf(of('at'), buckets) };
  const sums = of('at').reduce(
    (sum, { events, failures }) => ({ events: sum.events + events, failures: sum.failures + failures }),
    { events: 0, failures: 0 },
  );
  const top = (field: (typeof OVERVIEW_TOP_FIELDS)[number]): TopDocument => ({
    ...{ field, ...range, step_ms: steps.stepMs },
    rows: of(field).map((row) => topRowOf(row, steps)),
  });
  return {
    now: {
      ...{ ...sums, ...judgedIn(histogram.buckets) },
      ...{ keys: many('key_id'), owners: many('owner'), apps: many('app'), source_ips: many('source_ip') },
    },
    histogram,
    top: { key_id: top('key_id'), app: top('app'), source_ip: top('source_ip') },
  };
}

export async function beforeOf(
  store: Store,
  { fromMs, toMs, filters, signal }: FiguresOptions,
): Promise<OverviewDocument['before']> {
  const parameters = { ...filters.parameters, from: timeParameter(fromMs), before: before(fromMs, toMs) };
  const [row] = await rowsOf(store, withFilters('overview-before', filters), parameters, signal, beforeRow);
  return row ?? { events: 0, failures: 0 };
}

/** Rows of steps, in steps of which each is there. */
export function bucketsOf(
  rows: readonly (z.infer<z.ZodObject<typeof counted>> & { readonly value: string })[],
  { starts }: TimeSteps,
): HistogramDocument['buckets'] {
  const found = new Map(rows.map((row) => [Number(row.value), countsOf(row)]));
  return starts.map((at) => ({ at: iso(at), ...(found.get(at) ?? noCounts()) }));
}

function judgedIn(buckets: HistogramDocument['buckets']): Counts {
  const sum = (word: Judgement): number => buckets.reduce((total, bucket) => total + bucket[word], 0);
  return Object.fromEntries(JUDGEMENTS.map((word) => [word, sum(word)])) as Counts;
}

const nameRow = z.object({ kind: newcomerRow.shape.kind, value: z.string() });

/** First by name, which is little to read; then what is new, which nearly always is little, is told of and judged. */
export async function newcomersOf(
  store: Store,
  { fromMs, toMs, filters, signal }: FiguresOptions,
  limit: number,
): Promise<NewcomersDocument> {
  const range = { ...filters.parameters, ...between(fromMs, toMs), before: before(fromMs, toMs) };
  const most = { ...range, limit: NEWCOMER_NAMES_ENTRIES_MAX + 1 };
  const names = await rowsOf(store, withFilters('newcomers-names', filters), most, signal, nameRow);
  if (names.length === 0) return { rows: [] };
  const chars = names.reduce((sum, { value }) => sum + value.length, 0);
  const isNamed = names.length <= NEWCOMER_NAMES_ENTRIES_MAX && chars <= NEWCOMER_NAMES_CHARS_MAX;
  const ofNames = isNamed ? conditionOn(names) : { sql: '', parameters: {} };
  const parameters = {
    ...{ ...range, ...ofNames.parameters, limit, is_named: Number(isNamed) },
    names: isNamed ? names.map(({ kind, value }) => `${kind} ${value}`) : [],
    ...(isNamed ? { before: range.from } : {}),
  };
  const sql = withFilters('newcomers', filters).replaceAll('    -- of the names', () => ofNames.sql);
  const rows = await rowsOf(store, sql, parameters, signal, newcomerRow);
  return { rows: rows.map(({ first_ms, ...row }) => ({ ...row, first_seen: iso(first_ms) })) };
}

function conditionOn(names: readonly z.infer<typeof nameRow>[]): {
  readonly sql: string;
  readonly parameters: Parameters;
} {
  const kinds = [...new Set(names.map(({ kind }) => kind))];
  const one = (kind: string): string => `${kind} IN {new_${kind}:Array(${kind === 'source_ip' ? 'IPv6' : 'String'})}`;
  const valuesOf = (of: string) => names.filter(({ kind }) => kind === of).map(({ value }) => value);
  return {
    sql: `    AND (${kinds.map(one).join(' OR ')})`,
    parameters: Object.fromEntries(kinds.map((kind) => [`new_${kind}`, valuesOf(kind)])),
  };
}

const numbered = z.object({ severity: z.string(), findings: count });
export async function openFindings(store: Store, signal: AbortSignal): Promise<Record<string, number>> {
  const rows = await rowsOf(store, statement('overview-findings'), {}, signal, numbered);
  return Object.fromEntries(rows.map(({ severity, findings }) => [severity, findings]));
}

export async function gapsIn(store: Store, fromMs: number, toMs: number, signal: AbortSignal): Promise<number> {
  const row = z.object({ gaps: count });
  const [found] = await rowsOf(store, statement('overview-gaps'), between(fromMs, toMs), signal, row);
  return found?.gaps ?? 0;
}

/** First and last time of any event, ms since 1970 UTC; `undefined` without events. */
export async function reachOf(store: Store): Promise<{ firstMs: number; lastMs: number } | undefined> {
  const [row] = await store.rows<{ first_ms: string; last_ms: string }>(statement('events-reach'), { role: 'reader' });
  const [firstMs, lastMs] = [Number(row?.first_ms ?? 0), Number(row?.last_ms ?? 0)];
  return lastMs === 0 ? undefined : { firstMs, lastMs };
}

/** The columns are known: nobody has to ask the store what they are, which costs as much as planning the statement. */
export async function rowsOf<Row>(
  store: Store,
  sql: string,
  parameters: Parameters,
  signal: AbortSignal,
  schema: z.ZodType<Row>,
): Promise<Row[]> {
  try {
    const options = { role: 'reader', parameters, settings: ANSWER_SETTINGS, signal } as const;
    return z.array(schema).parse(await store.rows(sql, options));
  } catch (cause) {
    throw explainStoreError(cause);
  }
}

export function between(fromMs: number, toMs: number) {
  return { from: timeParameter(fromMs), to: timeParameter(toMs) };
}

function before(fromMs: number, toMs: number): string {
  return timeParameter(Math.max(0, fromMs - (toMs - fromMs)));
}

function noCounts(): Counts {
  return Object.fromEntries(JUDGEMENTS.map((word) => [word, 0])) as Counts;
}

export function countsOf(row: z.infer<z.ZodObject<typeof counted>>): Counts {
  const { events, allowed, denied, should_be_denied, should_be_allowed } = row;
  const judged = { allowed, denied, 'should-be-denied': should_be_denied, 'should-be-allowed': should_be_allowed };
  return { ...judged, 'not-judged': events - allowed - denied - should_be_denied - should_be_allowed };
}

function courseOf(course: readonly (readonly [number, number])[], { starts }: TimeSteps): number[] {
  const of = new Map(course);
  return starts.map((at) => of.get(at) ?? 0);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
