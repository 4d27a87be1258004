/** A value that somebody found somewhere: which key it is, and what it was used for. The value itself goes nowhere. */
import { leakedSecretAnswerSchema, leakedSecretSchema } from '../../../schemas/api/overview.ts';
import { ALL_TIME, timeParameter } from '../../ask/time-range.ts';
import { readingsOf } from '../../core/secret-readings.ts';
import { jsonRoute, type Route } from '../route.ts';
import { statementRows } from './rows.ts';

export const LEAKED_SECRET_ROUTES: readonly Route[] = [
  jsonRoute({
    method: 'post',
    path: '/api/v1/leaked-secret',
    operation: 'findLeakedSecret',
    summary: 'Which key a leaked value is, and where its fingerprint stands. The value is not kept anywhere.',
    tag: 'registry',
    // Whoever may only look must not be able to try out values.
    ability: 'triage',
    deed: 'find-secret',
    isSecret: true,
    body: leakedSecretSchema,
    answer: leakedSecretAnswerSchema,
    handle: async ({ body, store, services, signal }) => {
      const readings = readingsOf(body.value);
      const fingerprints = (await Promise.all(readings.map((one) => services.fingerprintsOf(one)))).flat();
      const parameters = {
        fingerprints,
        ...{ from: timeParameter(ALL_TIME.fromMs), to: timeParameter(ALL_TIME.toMs) },
        now: timeParameter(services.now()),
      };
      const { rows } = await statementRows(store, 'find-secret', parameters, signal);
      return { tried: readings.length, found: rows as never };
    },
  }),
];
