/** Events: searched, counted, one by one, as files, and as they come. */
import { z } from 'zod';
import { eventPageSchema, eventSchema, facetsSchema } from '../../../schemas/api/events.ts';
import { cursorSchema, type EventCursor, NO_CURSOR, searchEvents, withFilters } from '../../ask/event-search.ts';
import { exportedText } from '../../ask/exported.ts';
import { readAnswer } from '../../ask/read-answer.ts';
import {
  ANSWER_ROWS_MAX,
  ASKED_VALUE_CHARS_MAX,
  FACET_ROWS_MAX,
  PAGE_ROWS_DEFAULT,
  PAGE_ROWS_MAX,
} from '../../core/limits.ts';
import { EXPORT_FORMATS, type ExportFormat, exportEvents } from '../../export/export-events.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route, streamRoute } from '../route.ts';
import { gathered } from '../streamed.ts';
import { CHARS_FIELD, cutTo } from './cut.ts';
import { FILTER_QUERY, filtersOf } from './filters.ts';
import { decodeToken, encodeToken } from './opaque.ts';
import { rowObjects, statementRows } from './rows.ts';
import { TAIL_ROUTE } from './tail.ts';
import { RANGE_FIELDS, rangeOf } from './time.ts';

const MEDIA: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  ocsf: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

export const EVENT_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/events',
    operation: 'searchEvents',
    summary: 'A page of events, latest first.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      ...RANGE_FIELDS,
      limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
      cursor: z.string().max(50_000).meta({ description: '`next` of the page before.' }).optional(),
      chars: CHARS_FIELD,
      ...FILTER_QUERY,
    }),
    answer: eventPageSchema,
    handle: async ({ query, store, services, signal }) => {
      const now = services.now();
      const { fromMs, toMs } = rangeOf(query, now);
      const cursor = decodeToken<EventCursor>(query.cursor, cursorSchema);
      const filters = filtersOf(query, now);
      const page = await searchEvents(store, { fromMs, toMs, filters, limit: query.limit, cursor, signal });
      return {
        events: page.rows.map(cutTo(query.chars)),
        next: page.next === undefined ? null : encodeToken(page.next),
      };
    },
  }),
  jsonRoute({
    path: '/api/v1/events/facets',
    operation: 'countEvents',
    summary: 'How many of the events that a search finds have which value, field by field.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({ ...RANGE_FIELDS, ...FILTER_QUERY }),
    answer: facetsSchema,
    handle: async ({ query, store, services, signal }) => {
      const now = services.now();
      const { from, to } = rangeOf(query, now);
      const filters = filtersOf(query, now);
      const parameters = { ...filters.parameters, from, to, limit: FACET_ROWS_MAX };
      const answer = await readAnswer(store, withFilters('events-facets', filters), parameters, { signal });
      const facets: Record<string, { value: string; events: number }[]> = {};
      for (const { facet, value, events } of await rowObjects(answer)) {
        const name = String(facet);
        facets[name] ??= [];
        facets[name].push({ value: String(value), events: Number(events) });
      }
      return { limit: FACET_ROWS_MAX, facets };
    },
  }),
  jsonRoute({
    path: '/api/v1/event',
    operation: 'getEvent',
    summary: 'One event whole, with its record, its origin and what the registry says of it.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      event_id: z.string().min(1).max(ASKED_VALUE_CHARS_MAX),
      source: z.string().max(200).default(''),
      account: z.string().max(1_000).default(''),
    }),
    answer: eventSchema,
    handle: async ({ query, store, signal }) => {
      const { event_id, source, account: account_id } = query;
      const { rows } = await statementRows(store, 'event-show', { event_id, source, account_id }, signal);
      if (rows.length === 0) throw new Problem(404, 'EVENT_UNKNOWN', 'there is no event of this id', { got: event_id });
      return { statements: rows };
    },
  }),
  streamRoute({
    path: '/api/v1/events/export',
    operation: 'exportEvents',
    summary: 'All events of a range as a file, each once.',
    tag: 'events',
    ability: 'export',
    isFile: true,
    query: z.strictObject({ ...RANGE_FIELDS, format: z.enum(EXPORT_FORMATS) }),
    types: [...new Set(Object.values(MEDIA))],
    stream: async ({ query, store, services, signal }) => {
      const { format } = query;
      const { fromMs, toMs } = rangeOf(query, services.now());
      const fileName = `events.${format === 'ocsf' ? 'ocsf.ndjson' : format}`;
      return { type: MEDIA[format], fileName, bytes: exportEvents({ store, format, fromMs, toMs, signal }) };
    },
  }),
  streamRoute({
    path: '/api/v1/events/found',
    operation: 'exportFoundEvents',
    summary: 'The events that a search finds as a file, latest first.',
    tag: 'events',
    ability: 'export',
    query: z.strictObject({ ...RANGE_FIELDS, format: z.enum(['csv', 'ndjson']), ...FILTER_QUERY }),
    types: [MEDIA.csv, MEDIA.ndjson],
    stream: async ({ query, store, services, signal }) => {
      const now = services.now();
      const { from, to } = rangeOf(query, now);
      const filters = filtersOf(query, now);
      const parameters = { ...filters.parameters, ...NO_CURSOR, from, to, limit: ANSWER_ROWS_MAX };
      const answer = await readAnswer(store, withFilters('events-search', filters), parameters, { signal });
      const { format } = query;
      return { type: MEDIA[format], fileName: `found.${format}`, bytes: gathered(exportedText(answer, format)) };
    },
  }),
  TAIL_ROUTE,
];
