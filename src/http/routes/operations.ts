/** How the intake is doing, and the daemon itself. */
import { z } from 'zod';
import { partsSchema } from '../../../schemas/api/operations.ts';
import { rowsSchema } from '../../../schemas/api/questions.ts';
import { type GivenParameters, runQuestion } from '../../ask/runner.ts';
import { invariant } from '../../core/errors.ts';
import { ASKED_VALUE_CHARS_MAX, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../core/limits.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route } from '../route.ts';
import { rowObjects, statementRows } from './rows.ts';
import { RANGE_FIELDS, rangeOf } from './time.ts';

function givenRange({ from, to }: { from?: string | undefined; to?: string | undefined }): GivenParameters {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

export const OPERATION_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/ingest',
    operation: 'getIngestStatus',
    summary: 'How far each stream has been read, and what came of it.',
    tag: 'operations',
    ability: 'read',
    query: z.strictObject(RANGE_FIELDS),
    answer: rowsSchema,
    handle: async ({ query, store, services, signal }) => {
      const question = services.questions.find(({ id }) => id === 'ingest-status');
      invariant(question !== undefined, 'the question ingest-status is one of the bundled ones');
      const answer = await runQuestion(store, question, givenRange(query), { now: new Date(services.now()), signal });
      return { columns: answer.columns.map(({ name, type }) => ({ name, type })), rows: await rowObjects(answer) };
    },
  }),
  jsonRoute({
    path: '/api/v1/ledger',
    operation: 'listLedger',
    summary: 'Blocks and gaps as they were entered into the ledger, the latest first.',
    tag: 'operations',
    ability: 'read',
    isCommon: true,
    query: z.strictObject({
      ...RANGE_FIELDS,
      stream: z.string().max(ASKED_VALUE_CHARS_MAX).default('').meta({ description: 'Only of this stream.' }),
      limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
    }),
    answer: rowsSchema,
    handle: async ({ query, store, services, signal }) => {
      const { from, to } = rangeOf(query, services.now());
      const { stream, limit } = query;
      return statementRows(store, 'ledger-list', { from, to, stream, limit }, signal);
    },
  }),
  jsonRoute({
    path: '/api/v1/parts',
    operation: 'listParts',
    isUnnoted: true,
    summary: 'The parts of the daemon, and how each is doing.',
    tag: 'operations',
    ability: 'read',
    isCommon: true,
    answer: partsSchema,
    handle: async ({ services }) => ({
      parts: services.parts().map(({ sinceMs, retryAtMs, isOptional, ...part }) => ({
        ...part,
        optional: isOptional,
        mode: part.mode ?? null,
        since: new Date(sinceMs).toISOString(),
        retry_at: retryAtMs === undefined ? null : new Date(retryAtMs).toISOString(),
        failure: part.failure ?? null,
      })),
    }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/parts/{part}/restart',
    operation: 'restartPart',
    summary: 'Stops a part of the daemon in order, and starts it again.',
    tag: 'operations',
    ability: 'operate',
    deed: 'operate',
    isCommon: true,
    params: z.strictObject({ part: z.string().max(100).meta({ description: 'Name of the part.' }) }),
    answer: z.strictObject({ restarting: z.string() }),
    handle: async ({ params: { part }, services }) => {
      const state = services.parts().find(({ name }) => name === part);
      if (state === undefined) throw new Problem(404, 'PART_UNKNOWN', 'there is no such part', { got: part });
      if (state.status !== 'running') {
        throw new Problem(409, 'PART_NOT_RUNNING', 'the part is not running', { got: state.status });
      }
      // The part may be the one that carries this answer: it waits for what is under way before it ends.
      services.restart(part);
      return { restarting: part };
    },
  }),
  jsonRoute({
    path: '/api/v1/me',
    operation: 'getCaller',
    isUnnoted: true,
    summary: 'Who the token is, and what it may see.',
    tag: 'operations',
    ability: 'read',
    answer: z.strictObject({ name: z.string(), role: z.string(), accounts: z.array(z.string()) }),
    handle: async ({ caller: { name, role, accounts } }) => ({ name, role, accounts: [...accounts] }),
  }),
];
