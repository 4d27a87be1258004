/** What could not become events: listed, shown whole, and tried again. */
import { z } from 'zod';
import { replayRequestSchema, replaySummarySchema } from '../../../schemas/api/dead-letters.ts';
import { rowsSchema } from '../../../schemas/api/questions.ts';
import { REJECTION_REASONS } from '../../../schemas/rejection.ts';
import { SOURCES, sourceNamed } from '../../../schemas/sources/index.ts';
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../core/limits.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route } from '../route.ts';
import { statementRows } from './rows.ts';
import { RANGE_FIELDS, rangeOf } from './time.ts';

export const DEAD_LETTER_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/dead-letters',
    operation: 'listDeadLetters',
    summary: 'Records that could not become events, latest first.',
    tag: 'operations',
    ability: 'read',
    query: z.strictObject({
      ...RANGE_FIELDS,
      reason: z.array(z.enum(REJECTION_REASONS)).default([]),
      source: z.array(z.string().max(200)).default([]),
      state: z.enum(['open', 'replayed']).optional(),
      limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
    }),
    answer: rowsSchema,
    handle: async ({ query, store, services, signal }) => {
      const { from, to } = rangeOf(query, services.now());
      const { reason: reasons, source: sources, state = '', limit } = query;
      return statementRows(store, 'dead-letters-list', { from, to, reasons, sources, state, limit }, signal);
    },
  }),
  jsonRoute({
    path: '/api/v1/dead-letters/{hash}',
    operation: 'getDeadLetter',
    summary: 'One letter whole, with its text and everything that was done about it.',
    tag: 'operations',
    ability: 'read',
    params: z.strictObject({
      hash: z
        .string()
        .regex(/^[0-9a-f]{32}$/, 'a content hash: 32 hex digits')
        .meta({ description: 'Content hash.' }),
    }),
    query: z.strictObject({ reason: z.array(z.enum(REJECTION_REASONS)).default([]) }),
    answer: rowsSchema,
    handle: async ({ params, query, store, signal }) => {
      const found = await statementRows(
        store,
        'dead-letters-show',
        { hashes: [params.hash], reasons: query.reason },
        signal,
      );
      if (found.rows.length > 0) return found;
      throw new Problem(404, 'LETTER_UNKNOWN', 'there is no letter of this hash', { got: params.hash });
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/dead-letters/replay',
    operation: 'replayDeadLetters',
    summary: 'Reads open letters again, and stores the events that they now are.',
    tag: 'operations',
    ability: 'triage',
    deed: 'replay',
    // A letter whose account is missing belongs to none.
    isCommon: true,
    body: replayRequestSchema,
    answer: replaySummarySchema,
    handle: async ({ body, services, signal }) => {
      const { letters, reasons, source: named, account: accountId, dry_run: dryRun } = body;
      const source = named === '' ? undefined : sourceNamed(named);
      if (named !== '' && source === undefined) throw sourceUnknown(named);
      const selection = { letters, reasons, sources: named === '' ? [] : [named, ''] };
      const summary = await services.replay({ selection, given: { source, accountId }, dryRun, signal });
      const { notReplayable, ...counts } = summary;
      return { ...counts, refused: { ...counts.refused }, dry_run: dryRun, not_replayable: notReplayable };
    },
  }),
];

function sourceUnknown(got: string): Problem {
  const expected = SOURCES.map(({ name }) => name).join(', ');
  return new Problem(400, 'SOURCE_UNKNOWN', 'no source is named so', { got, expected });
}
