/**
 * keytrail/access-log: what somebody asked of keytrail itself, exported from it, or changed in it. The daemon writes
 * it; nobody pushes it.
 *
 * It names no key: it is about tokens of keytrail, and never about keys of the API that is watched.
 */
import { z } from 'zod';
import { EMPTY_FIELDS, type EventFields } from '../../audit-event.ts';
import { parseSourceAddress } from '../../fields/address.ts';
import { optionalText } from '../../fields/text.ts';
import { parseInstant } from '../../fields/time.ts';
import { rejectedByShape, rejectedTime } from '../rejected.ts';
import { identity, instant, text } from '../shape.ts';
import type { JsonObject, NormaliseContext, Normalised, Source } from '../source.ts';

export const ACCESS_LOG = 'keytrail/access-log';
/** The account under which all of it stands. */
export const OWN_ACCOUNT = 'keytrail';

export const accessLogEntrySchema = z
  .object({
    id: identity('Id of the entry.'),
    time: instant('When it was asked, ISO 8601 with a zone.'),
    keytrail: z.literal('access').meta({ description: 'What tells the entry from those of other logs.' }),
    token: z
      .object({
        id: text('Id of the token.'),
        name: text('Its name.'),
        role: text('Its role.', ['viewer']),
      })
      .optional()
      .meta({ description: 'Whose request it was.' }),
    action: text('What was done.', ['ask', 'export', 'sql', 'sign-in']),
    target: text('What it was done to: an operation of the API, or a path.', ['askQuestion']),
    status: z.int().optional().meta({ description: 'The HTTP status of the answer.' }),
    address: text('The address that the request came from.'),
    request_id: text('Id of the request in the log of the daemon.'),
    detail: text('What was asked: the query of the request, or the statement.'),
  })
  .meta({ title: 'keytrail access log entry', description: 'What somebody asked of keytrail itself.' });

const ACTIVITY: Readonly<Record<string, EventFields['activity']>> = {
  read: 'read',
  ask: 'read',
  sql: 'read',
  export: 'read',
  'sign-in': 'authenticate',
};

function normalise(record: JsonObject, context: NormaliseContext): Normalised {
  const parsed = accessLogEntrySchema.safeParse(record);
  if (!parsed.success) return rejectedByShape(record, parsed.error);
  const entry = parsed.data;
  const eventTime = parseInstant(entry.time);
  if (typeof eventTime === 'string') return rejectedTime(eventTime, 'time', entry.time);
  const address = parseSourceAddress(optionalText(entry.address), context.isTrustedProxy);
  const action = optionalText(entry.action);
  const given = entry.status ?? 0;
  const status = given >= 100 && given <= 999 ? given : 0;
  return {
    kind: 'event',
    fields: {
      ...EMPTY_FIELDS,
      accountId: OWN_ACCOUNT,
      eventId: String(entry.id),
      eventTime,
      principalKind: 'service',
      principalName: optionalText(entry.token?.name),
      action,
      activity: ACTIVITY[action] ?? 'other',
      resourceType: 'keytrail',
      resourceId: optionalText(entry.target),
      description: optionalText(entry.detail),
      requestId: optionalText(entry.request_id),
      sourceIp: address.ip,
      sourceHost: address.host,
      statusCode: status,
      authResult: 'success',
      outcome: status === 0 ? 'unknown' : status < 400 ? 'success' : 'failure',
    },
  };
}

export const accessLog: Source = {
  name: ACCESS_LOG,
  title: 'keytrail access log',
  version: 1,
  timePrecisionMs: 1,
  accountFrom: 'record',
  recognises: (record) => record.keytrail === 'access',
  normalise,
};
