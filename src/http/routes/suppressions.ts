/** Suppressions: what is known, and shall be kept without an alert; tried on what was found before it counts. */
import { z } from 'zod';
import {
  type Cover,
  coveredSchema,
  newSuppressionSchema,
  previewedSchema,
  suppressedSchema,
  suppressionListSchema,
} from '../../../schemas/api/findings.ts';
import type { Caller } from '../../access/token-book.ts';
import { timeParameter } from '../../ask/time-range.ts';
import { suppressedBy } from '../../core/findings/suppression.ts';
import { FINDINGS_PREVIEWED_ROWS_MAX } from '../../core/limits.ts';
import { checkSuppression, suppress, suppressionsInForce } from '../../findings/suppressions.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route } from '../route.ts';
import { statementRows } from './rows.ts';
import { timeOf } from './time.ts';

export const SUPPRESSION_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/suppressions',
    operation: 'listSuppressions',
    summary: 'The suppressions in force.',
    tag: 'findings',
    ability: 'read',
    answer: suppressionListSchema,
    handle: async ({ store, services }) => ({
      suppressions: (await suppressionsInForce(store, services.now())).map(({ until, ...one }) => ({
        ...one,
        until: new Date(until).toISOString(),
      })),
    }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/suppressions/preview',
    operation: 'previewSuppression',
    summary: 'How many of the findings that there are a suppression would cover.',
    tag: 'findings',
    ability: 'triage',
    body: previewedSchema,
    answer: coveredSchema,
    handle: async ({ body: { since, ...body }, store, services, caller, signal }) => {
      const now = services.now();
      requireOwn(caller, body);
      checkSuppression({ ...body, until: now + 1 }, now);
      const { rule } = body;
      const sinceText = timeParameter(timeOf('since', since, 0, now));
      const parameters = { rule, since: sinceText, limit: FINDINGS_PREVIEWED_ROWS_MAX };
      const { rows } = await statementRows(store, 'findings-compared', parameters, signal);
      const one = { id: '', until: now + 1, ...body };
      const covered = rows.filter(
        (row) => suppressedBy([one], String(row.rule), { entity: entriesOf(row.entity) }, now) !== undefined,
      );
      const byRule: Record<string, number> = {};
      for (const row of covered) byRule[String(row.rule)] = (byRule[String(row.rule)] ?? 0) + 1;
      return {
        looked_at: rows.length,
        covered: covered.length,
        open: covered.filter(({ state }) => state === 'open').length,
        by_rule: byRule,
      };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/suppressions',
    operation: 'addSuppression',
    summary: 'Keeps what is known without an alert, until a time.',
    tag: 'findings',
    ability: 'triage',
    deed: 'suppress',
    body: newSuppressionSchema,
    answer: suppressedSchema,
    handle: async ({ body: { until: untilText, ...body }, services, caller }) => {
      const now = services.now();
      const until = timeOf('until', untilText, now, now);
      requireOwn(caller, body);
      checkSuppression({ ...body, until }, now);
      const id = services.uuid().slice(0, 8);
      await suppress(services.store, { id, ...body, until, author: caller.name }, now);
      return { id };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/suppressions/{id}/end',
    operation: 'endSuppression',
    summary: 'Takes a suppression back.',
    tag: 'findings',
    ability: 'triage',
    deed: 'suppress',
    params: z.strictObject({ id: z.string().max(100).meta({ description: 'Id of the suppression.' }) }),
    answer: suppressedSchema,
    handle: async ({ params: { id }, store, services, caller }) => {
      const now = services.now();
      const found = (await suppressionsInForce(store, now)).find((one) => one.id === id);
      if (found === undefined) {
        throw new Problem(404, 'SUPPRESSION_UNKNOWN', 'no suppression in force has this id', { got: id });
      }
      await suppress(services.store, { ...found, until: now, author: caller.name }, now);
      return { id };
    },
  }),
];

/** Who is held to accounts may silence nothing of another one, and so names one of his own. */
function requireOwn(caller: Caller, { entity }: Pick<Cover, 'entity'>): void {
  if (caller.accounts.length === 0 || caller.accounts.includes(entity.account_id ?? '')) return;
  throw new Problem(403, 'ACCOUNT_LIMITED', 'the token is limited to accounts, and the suppression is not', {
    got: entity.account_id ?? 'no account_id in entity',
    expected: `entity.account_id with one of ${caller.accounts.join(', ')}`,
  });
}

function entriesOf(entity: unknown): [string, string][] {
  return Object.entries(entity as Record<string, string>);
}
