/**
 * redis-cloud/session-log: an entry of `GET /v1/session-logs`, who signed in to the console, from where.
 *
 * Entries do not name their account; it comes from the origin.
 */
import { z } from 'zod';
import { EMPTY_FIELDS, type EventFields } from '../../audit-event.ts';
import { parseSourceAddress } from '../../fields/address.ts';
import { parseOriginator, principalKindOf } from '../../fields/principal.ts';
import { isIdentity, optionalText } from '../../fields/text.ts';
import { parseInstant } from '../../fields/time.ts';
import { ACCOUNT_MISSING, rejectedByShape, rejectedTime } from '../rejected.ts';
import { identity, instant, text } from '../shape.ts';
import type { JsonObject, NormaliseContext, Normalised, Source } from '../source.ts';

export const sessionLogEntrySchema = z
  .object({
    id: identity('Id of the entry, a GUID.'),
    time: instant('When it happened, ISO 8601 with a zone.'),
    user: text('Who signed in: an email, `Name (email)` or a name.'),
    userAgent: text('The browser, as it names itself.'),
    ipAddress: text('The address that the session came from.'),
    userRole: text('Role of the user in the account.', ['owner']),
    type: text('How the user signed in.', ['sso']),
    action: text('What happened.', ['Successful login']),
  })
  .meta({ title: 'Redis Cloud session log entry', description: 'An entry of GET /v1/session-logs.' });

const SESSION_ACTION = /\b(?:log(?:ged)?[ -]?(?:in|out|on|off)|sign(?:ed)?[ -]?(?:in|out)|session|authenticat)/i;
const FAILED = /\b(?:fail|unsuccessful|denied|rejected|invalid|blocked|locked)/i;
const SUCCEEDED = /\bsuccess/i;

type Result = EventFields['outcome'];

function resultOf(action: string): Result {
  if (FAILED.test(action)) return 'failure';
  return SUCCEEDED.test(action) ? 'success' : 'unknown';
}

function normalise(record: JsonObject, context: NormaliseContext): Normalised {
  const parsed = sessionLogEntrySchema.safeParse(record);
  if (!parsed.success) return rejectedByShape(record, parsed.error);
  if (context.accountId === '') return ACCOUNT_MISSING;
  const entry = parsed.data;
  const eventTime = parseInstant(entry.time);
  if (typeof eventTime === 'string') return rejectedTime(eventTime, 'time', entry.time);
  const user = optionalText(entry.user);
  const principal = parseOriginator(user);
  const address = parseSourceAddress(optionalText(entry.ipAddress), context.isTrustedProxy);
  const action = optionalText(entry.action);
  const isAuthentication = SESSION_ACTION.test(action);
  const result = resultOf(action);
  const fields: EventFields = {
    ...EMPTY_FIELDS,
    accountId: context.accountId,
    eventId: `${context.accountId}/${entry.id}`,
    eventTime,
    principalKind: principalKindOf('', user),
    principalName: principal.name,
    principalEmail: principal.email,
    action,
    activity: isAuthentication ? 'authenticate' : 'other',
    resourceType: optionalText(entry.type),
    sourceIp: address.ip,
    sourceHost: address.host,
    userAgent: optionalText(entry.userAgent),
    authResult: isAuthentication ? result : 'unknown',
    authReason: isAuthentication && result === 'failure' ? 'other' : '',
    outcome: result,
  };
  return { kind: 'event', fields };
}

const OWN = ['ipAddress', 'userAgent', 'userRole', 'action'] as const;
/** Fields of other logs that have an id and a time as well. */
const FOREIGN = ['originator', 'description', 'request', 'authentication', 'class_uid', 'eventName'] as const;

function recognises(record: JsonObject): boolean {
  return (
    isIdentity(record.id) &&
    typeof record.time === 'string' &&
    typeof record.user === 'string' &&
    OWN.some((name) => typeof record[name] === 'string') &&
    !FOREIGN.some((name) => Object.hasOwn(record, name))
  );
}

export const sessionLog: Source = {
  name: 'redis-cloud/session-log',
  title: 'Redis Cloud session log',
  version: 1,
  timePrecisionMs: 1_000,
  accountFrom: 'origin',
  recognises,
  normalise,
};
