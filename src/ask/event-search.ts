/**
 * Pages of events, latest first. A page is looked for in a short stretch of time first, and then in longer ones before
 * it: where events are many the first stretch fills the page, and nothing else is read.
 */
import { z } from 'zod';
import { PAGE_ROWS_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Parameters, Store } from '../store/store.ts';
import type { AnswerColumn, Cell } from './answer.ts';
import type { FilterClauses } from './event-filters.ts';
import { readAnswer } from './read-answer.ts';
import { timeParameter } from './time-range.ts';

const FIRST_STRETCH_MS = 3_600_000;
const STRETCH_RATIO = 6;

/** Where a page ends: the sorting of the events, which is total, and no number of rows that could shift. */
export const cursorSchema = z.strictObject({
  time: z.string().max(40),
  account: z.string().max(1_000),
  key: z.string().max(10_000),
  source: z.string().max(200),
  id: z.string().max(10_000),
  hash: z.string().regex(/^[0-9a-f]{32}$/),
});
export type EventCursor = z.infer<typeof cursorSchema>;

export interface EventSearch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly filters: FilterClauses;
  readonly limit: number;
  readonly cursor?: EventCursor | undefined;
  readonly signal: AbortSignal;
}

export interface EventPage {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly Record<string, Cell>[];
  /** Behind the last event; absent where no event is left. */
  readonly next?: EventCursor;
}

export async function searchEvents(store: Store, search: EventSearch): Promise<EventPage> {
  const limit = Math.min(search.limit, PAGE_ROWS_MAX);
  const reach = await reachOf(store, search);
  let columns: readonly AnswerColumn[] = [];
  const rows: Record<string, Cell>[] = [];
  let toMs = reach.toMs;
  let stretchMs = FIRST_STRETCH_MS;
  do {
    const fromMs = Math.max(reach.fromMs, toMs - stretchMs);
    const answer = await readAnswer(
      store,
      withFilters('events-search', search.filters),
      { ...parametersOf(search), from: timeParameter(fromMs), to: timeParameter(toMs), limit: limit + 1 - rows.length },
      { signal: search.signal },
    );
    columns = answer.columns;
    for await (const row of answer.rows) {
      rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
    }
    toMs = fromMs;
    stretchMs *= STRETCH_RATIO;
  } while (rows.length <= limit && toMs > reach.fromMs);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { columns, rows: page, ...(rows.length > limit && last !== undefined ? { next: cursorOf(last) } : {}) };
}

/** @param name a file of schemas/clickhouse/statements with lines for the conditions */
export function withFilters(name: string, filters: FilterClauses): string {
  return statement(name).replaceAll('    -- filters', () => filters.sql);
}

/** Parameters of a search that begins with the latest event. */
export const NO_CURSOR = {
  ...{ is_continued: 0, cursor_time: '1970-01-01 00:00:00.000', cursor_account: '', cursor_key: '' },
  ...{ cursor_source: '', cursor_id: '', cursor_hash: '' },
} as const;

function parametersOf({ filters, cursor }: EventSearch): Parameters {
  if (cursor === undefined) return { ...filters.parameters, ...NO_CURSOR };
  const { time, account, key, source, id, hash } = cursor;
  return {
    ...{ ...filters.parameters, is_continued: 1, cursor_time: time, cursor_account: account, cursor_key: key },
    ...{ cursor_source: source, cursor_id: id, cursor_hash: hash },
  };
}

/** No further than there are events, whatever range was asked for: the store knows both ends by heart. */
async function reachOf(store: Store, { fromMs, toMs, cursor }: EventSearch): Promise<{ fromMs: number; toMs: number }> {
  const [row] = await store.rows<{ first_ms: string; last_ms: string }>(statement('events-reach'), { role: 'reader' });
  const before = cursor === undefined ? toMs : Math.min(toMs, Date.parse(`${cursor.time.replace(' ', 'T')}Z`) + 1);
  return {
    fromMs: Math.max(fromMs, Number(row?.first_ms ?? 0)),
    toMs: Math.min(before, Number(row?.last_ms ?? 0) + 1),
  };
}

function cursorOf(row: Record<string, Cell>): EventCursor {
  return cursorSchema.parse({
    time: String(row.event_time).replace('T', ' ').replace('Z', ''),
    account: row.account_id,
    key: row.key_id,
    source: row.source,
    id: row.event_id,
    hash: row.content_hash,
  });
}
