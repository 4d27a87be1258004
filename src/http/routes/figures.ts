/** Figures of a range of time: what a page draws before anybody has asked for a single event. */
import { z } from 'zod';
import {
  completenessSchema,
  histogramSchema,
  newcomersSchema,
  overviewSchema,
  TOP_FIELDS,
  topSchema,
} from '../../../schemas/api/overview.ts';
import {
  beforeOf,
  type FiguresOptions,
  gapsIn,
  histogramOf,
  newcomersOf,
  openFindings,
  overviewOf,
  reachOf,
  topOf,
} from '../../ask/figures.ts';
import { askDoubts, askFreshness } from '../../ask/footer.ts';
import {
  COURSE_POINTS_MAX,
  HISTOGRAM_BUCKETS_DEFAULT,
  HISTOGRAM_BUCKETS_MAX,
  NEWCOMER_ROWS,
  TOP_ROWS_DEFAULT,
  TOP_ROWS_MAX,
} from '../../core/limits.ts';
import type { Store } from '../../store/store.ts';
import { jsonRoute, type Route } from '../route.ts';
import { FILTER_QUERY, filtersOf } from './filters.ts';
import { RANGE_FIELDS, rangeOf } from './time.ts';

const FOUND = { ...RANGE_FIELDS, ...FILTER_QUERY };
const HOUR_MS = 3_600_000;
const OVERVIEW_SIZES = {
  bucketsMax: HISTOGRAM_BUCKETS_DEFAULT,
  limit: TOP_ROWS_DEFAULT,
};

interface Ranged {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A range without an end reaches as far as there are events: nobody wants to see all time in which nothing was. */
export async function figuresOf(
  store: Store,
  query: Ranged,
  nowMs: number,
  signal: AbortSignal,
): Promise<FiguresOptions> {
  const filters = filtersOf(query as Record<string, unknown>, nowMs);
  const asked = rangeOf(query, nowMs);
  if (query.from !== undefined && query.to !== undefined) return { ...asked, filters, signal };
  const reach = await reachOf(store);
  const toMs = query.to === undefined ? Math.max(reach?.lastMs ?? nowMs, nowMs) + 1 : asked.toMs;
  const fromMs = query.from === undefined ? Math.min(reach?.firstMs ?? nowMs, toMs - HOUR_MS) : asked.fromMs;
  return { fromMs: Math.min(fromMs, toMs - 1), toMs, filters, signal };
}

export const FIGURE_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/events/histogram',
    operation: 'countEventsOverTime',
    summary: 'How many of the events that a search finds fall into each step of time, by what became of them.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      ...FOUND,
      buckets: z.coerce
        .number<string>()
        .int()
        .min(1)
        .max(HISTOGRAM_BUCKETS_MAX)
        .default(HISTOGRAM_BUCKETS_DEFAULT)
        .meta({ description: 'How many steps the range is cut into at most.' }),
    }),
    answer: histogramSchema,
    handle: async ({ query, store, services, signal }) =>
      histogramOf(store, await figuresOf(store, query, services.now(), signal), query.buckets),
  }),
  jsonRoute({
    path: '/api/v1/events/top',
    operation: 'rankEvents',
    summary: 'The values of a field that most of the events have which a search finds, with their course over time.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      ...FOUND,
      field: z.enum(TOP_FIELDS).default(TOP_FIELDS[0]),
      limit: z.coerce.number<string>().int().min(1).max(TOP_ROWS_MAX).default(TOP_ROWS_DEFAULT),
    }),
    answer: topSchema,
    handle: async ({ query, store, services, signal }) => {
      const { field, limit } = query;
      const options = await figuresOf(store, query, services.now(), signal);
      return topOf(store, options, { field, limit, stepsMax: COURSE_POINTS_MAX });
    },
  }),
  jsonRoute({
    path: '/api/v1/overview',
    operation: 'getOverview',
    summary: 'A range of time in figures, beside the one before it, and open findings.',
    tag: 'overview',
    ability: 'read',
    query: z.strictObject(FOUND),
    answer: overviewSchema,
    handle: async ({ query, store, services, signal }) => {
      const options = await figuresOf(store, query, services.now(), signal);
      const [figures, before, findings, reach] = await Promise.all([
        overviewOf(store, options, OVERVIEW_SIZES),
        beforeOf(store, options),
        openFindings(store, signal),
        reachOf(store),
      ]);
      const range = { from: new Date(options.fromMs).toISOString(), to: new Date(options.toMs).toISOString() };
      const ends = { first_event: instantOf(reach?.firstMs), last_event: instantOf(reach?.lastMs) };
      return { ...range, ...figures, before, open_findings: findings, ...ends };
    },
  }),
  jsonRoute({
    path: '/api/v1/completeness',
    operation: 'getCompleteness',
    summary: 'How far the record reaches, and what of a range may be missing from it or doubtful in it.',
    tag: 'overview',
    ability: 'read',
    query: z.strictObject(RANGE_FIELDS),
    answer: completenessSchema,
    handle: async ({ query, store, services, signal }) => {
      const { fromMs, toMs } = await figuresOf(store, query, services.now(), signal);
      const [fresh, doubts, gaps] = await Promise.all([
        askFreshness(store, services.now()),
        askDoubts(store, { fromMs, toMs }),
        gapsIn(store, fromMs, toMs, signal),
      ]);
      return {
        last_event: instantOf(fresh.dataUntilMs),
        stored_until: instantOf(fresh.storedUntilMs),
        open_dead_letters: typeof doubts.deadLetters === 'number' ? doubts.deadLetters : null,
        conflicts: typeof doubts.conflicts === 'number' ? doubts.conflicts : null,
        gaps,
      };
    },
  }),
  jsonRoute({
    path: '/api/v1/newcomers',
    operation: 'listNewcomers',
    summary: 'Keys, apps, addresses, countries and user agents of a range that the one before it does not have.',
    tag: 'overview',
    ability: 'read',
    query: z.strictObject(FOUND),
    answer: newcomersSchema,
    handle: async ({ query, store, services, signal }) =>
      newcomersOf(store, await figuresOf(store, query, services.now(), signal), NEWCOMER_ROWS),
  }),
];

function instantOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
