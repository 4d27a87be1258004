/** Findings: listed, shown with their evidence, and judged. */
import { z } from 'zod';
import {
  FINDING_STATES,
  findingContextSchema,
  findingPageSchema,
  findingSchema,
  judgedSchema,
  judgementSchema,
} from '../../../schemas/api/findings.ts';
import { SEVERITIES } from '../../../schemas/detections.ts';
import type { Cell } from '../../ask/answer.ts';
import {
  ASKED_VALUE_CHARS_MAX,
  FILTER_VALUES_ENTRIES_MAX,
  PAGE_ROWS_DEFAULT,
  PAGE_ROWS_MAX,
} from '../../core/limits.ts';
import { act } from '../../findings/actions.ts';
import type { Store } from '../../store/store.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route } from '../route.ts';
import { addressOf } from './addresses.ts';
import { contextOf } from './finding-context.ts';
import { decodeToken, encodeToken } from './opaque.ts';
import { statementRows } from './rows.ts';
import { RANGE_FIELDS, rangeOf } from './time.ts';

const cursorSchema = z.strictObject({ time: z.iso.datetime(), id: z.string() });
const id = z.string().regex(/^[0-9a-f]{32}$/, 'the id of a finding: 32 hex digits');
const name = z.string().max(1_000).default('');

export const FINDING_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/findings',
    operation: 'listFindings',
    summary: 'A page of what detections found, latest found first.',
    tag: 'findings',
    ability: 'read',
    query: z.strictObject({
      ...RANGE_FIELDS,
      state: z.array(z.enum(FINDING_STATES)).default([]),
      severity: z.enum(SEVERITIES).default(SEVERITIES[0]).meta({ description: 'At least this.' }),
      rule: name,
      account: name,
      key: z.array(z.string().max(ASKED_VALUE_CHARS_MAX)).max(FILTER_VALUES_ENTRIES_MAX).default([]),
      address: z.string().max(100).default('').meta({ description: 'An IPv4 or IPv6 address.' }),
      limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
      cursor: z.string().max(1_000).meta({ description: '`next` of the page before.' }).optional(),
    }),
    answer: findingPageSchema,
    handle: async ({ query, store, services, signal }) => {
      const { from, to } = rangeOf(query, services.now());
      const { state: states, severity, rule, account: account_id, key: key_ids, limit } = query;
      const cursor = decodeToken(query.cursor, cursorSchema);
      const parameters = {
        ...{ states, rule, account_id, key_ids, limit, from, to, severity_min: SEVERITIES.indexOf(severity) + 1 },
        address: query.address === '' ? '::' : addressOf(query.address, services.now()),
        is_continued: cursor === undefined ? 0 : 1,
        cursor_time: (cursor?.time ?? '1970-01-01T00:00:00.000Z').replace('T', ' ').replace('Z', ''),
        cursor_id: cursor?.id ?? '',
      };
      const { rows } = await statementRows(store, 'findings-page', parameters, signal);
      const last = rows.length < limit ? undefined : rows.at(-1);
      return {
        findings: rows as never,
        next: last === undefined ? null : encodeToken({ time: last.found_at, id: last.id }),
      };
    },
  }),
  jsonRoute({
    path: '/api/v1/findings/{id}',
    operation: 'getFinding',
    summary: 'One finding whole: what was observed, how to see it again, and what was done about it.',
    tag: 'findings',
    ability: 'read',
    params: z.strictObject({ id: id.meta({ description: 'Id of the finding.' }) }),
    answer: findingSchema,
    handle: async ({ params, store, signal }) => {
      const [row] = (await statementRows(store, 'finding-whole', { id: params.id }, signal)).rows;
      if (row === undefined) throw unknown([params.id]);
      const actions = await statementRows(store, 'findings-actions', { fingerprint: params.id }, signal);
      const { parameters, facts, ...found } = row;
      return {
        ...found,
        facts: JSON.parse(String(facts)) as Record<string, unknown>,
        evidence: evidenceOf(row as Record<string, Cell>),
        actions: actions.rows,
      } as never;
    },
  }),
  jsonRoute({
    path: '/api/v1/findings/{id}/context',
    operation: 'getFindingContext',
    summary:
      'What stands around a finding: why it was looked for, what the same was before, and the case it belongs to.',
    tag: 'findings',
    ability: 'read',
    params: z.strictObject({ id: id.meta({ description: 'Id of the finding.' }) }),
    answer: findingContextSchema,
    handle: async ({ params, store, services, caller, signal }) => {
      const [row] = (await statementRows(store, 'finding-whole', { id: params.id }, signal)).rows;
      if (row === undefined) throw unknown([params.id]);
      const seesAll = caller.accounts.length === 0;
      return contextOf(store, services.questions, { row: row as Record<string, Cell>, seesAll, signal });
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/findings/judge',
    operation: 'judgeFindings',
    summary: 'Says that somebody looks at findings, or what they were.',
    tag: 'findings',
    ability: 'triage',
    deed: 'triage',
    body: judgementSchema,
    answer: judgedSchema,
    handle: async ({ body: { ids, action, note }, store, services, caller, signal }) => {
      const wanted = [...new Set(ids)];
      await requireVisible(store, wanted, signal);
      await act(services.store, wanted, { action, author: caller.name, note, at: services.now() });
      return { judged: wanted.length };
    },
  }),
];

/** All of them or none: whoever judges a hundred must not find out one by one which of them were judged. */
async function requireVisible(store: Store, ids: readonly string[], signal: AbortSignal): Promise<void> {
  const { rows } = await statementRows(store, 'findings-visible', { ids }, signal);
  const visible = new Set(rows.map((row) => row.id));
  const missing = ids.filter((one) => !visible.has(one));
  if (missing.length > 0) throw unknown(missing);
}

function unknown(ids: readonly string[]): Problem {
  return new Problem(404, 'FINDING_UNKNOWN', 'there is no such finding', { got: ids.slice(0, 10).join(', ') });
}

/** The question that shows it, with fixed times, so that it answers the same tomorrow. */
function evidenceOf({ rule, first_seen, last_seen, parameters }: Readonly<Record<string, Cell>>): string {
  const query = new URLSearchParams({ from: String(first_seen) });
  query.set('to', new Date(Date.parse(String(last_seen)) + 1).toISOString());
  for (const [parameter, value] of Object.entries(JSON.parse(String(parameters)) as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(`param.${parameter}`, String(one));
  }
  return `/api/v1/questions/${String(rule)}/answer?${query}`;
}
