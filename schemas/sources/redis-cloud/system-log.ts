/**
 * redis-cloud/system-log: an entry of `GET /v1/logs`, what changed in an account.
 *
 * It is a log of changes: it tells the *name* of the key, and neither address nor request. Entries do not name their
 * account, and their ids are unique only within it, so the account comes from the origin.
 */
import { z } from 'zod';
import type { EventFields } from '../../audit-event.ts';
import { type Activity, activityOfSentence } from '../../fields/activity.ts';
import { parseOriginator, principalKindOf } from '../../fields/principal.ts';
import { isIdentity, optionalText } from '../../fields/text.ts';
import { parseInstant } from '../../fields/time.ts';
import { ACCOUNT_MISSING, rejectedByShape, rejectedTime } from '../rejected.ts';
import { identity, instant, integer, text } from '../shape.ts';
import type { JsonObject, NormaliseContext, Normalised, Source } from '../source.ts';

/** The properties that a gateway's request event shares with a system log entry. */
export const SYSTEM_LOG_PROPERTIES = {
  time: instant('When it happened, ISO 8601 with a zone.'),
  originator: text('Who did it: `Name (email)`, an email, or `System`.', ['Ada Byron (ada@example.com)', 'System']),
  apiKeyName: text('Name of the user key that authenticated the request; absent for what was done in the console.'),
  resource: text('Name of the resource.'),
  resourceId: integer('Id of the resource.'),
  type: text('Kind of the entry. An open set.', ['Account', 'Subscription', 'Configuration', 'Notification', 'Alert']),
  description: text('What happened, in words.'),
};

export const systemLogEntrySchema = z
  .object({ id: identity('Id of the entry, unique within the account.'), ...SYSTEM_LOG_PROPERTIES })
  .meta({ title: 'Redis Cloud system log entry', description: 'An entry of GET /v1/logs.' });

/** Alerts and notifications tell of things, they do none. */
function activityOf(type: string, description: string): Activity {
  return type === 'Alert' || type === 'Notification' ? 'other' : activityOfSentence(description);
}

function normalise(record: JsonObject, context: NormaliseContext): Normalised {
  const parsed = systemLogEntrySchema.safeParse(record);
  if (!parsed.success) return rejectedByShape(record, parsed.error);
  if (context.accountId === '') return ACCOUNT_MISSING;
  const entry = parsed.data;
  const eventTime = parseInstant(entry.time);
  if (typeof eventTime === 'string') return rejectedTime(eventTime, 'time', entry.time);
  const originator = optionalText(entry.originator);
  const principal = parseOriginator(originator);
  const keyId = optionalText(entry.apiKeyName);
  const type = optionalText(entry.type);
  const description = optionalText(entry.description);
  const fields: EventFields = {
    accountId: context.accountId,
    eventId: `${context.accountId}/${entry.id}`,
    eventTime,
    keyId,
    principalKind: principalKindOf(keyId, originator),
    principalName: principal.name,
    principalEmail: principal.email,
    action: type,
    activity: activityOf(type, description),
    resourceType: type,
    resourceId: optionalText(entry.resourceId),
    resourceName: optionalText(entry.resource),
    description,
    requestId: '',
    sourceIp: '',
    sourceHost: '',
    httpMethod: '',
    urlPath: '',
    statusCode: 0,
    userAgent: '',
    // The key that is named authenticated the request; one that was refused changed nothing and is not in the log.
    authResult: keyId === '' ? 'unknown' : 'success',
    authReason: '',
    outcome: 'unknown',
    errorCode: '',
  };
  return { kind: 'event', fields };
}

/** Fields of other logs that have an id and a time as well. */
const FOREIGN = ['request', 'authentication', 'user', 'ipAddress', 'userAgent', 'class_uid', 'eventName'] as const;

function recognises(record: JsonObject): boolean {
  return (
    isIdentity(record.id) &&
    typeof record.time === 'string' &&
    typeof record.type === 'string' &&
    typeof record.description === 'string' &&
    !FOREIGN.some((name) => Object.hasOwn(record, name))
  );
}

export const systemLog: Source = {
  name: 'redis-cloud/system-log',
  title: 'Redis Cloud system log',
  version: 2,
  timePrecisionMs: 1_000,
  accountFrom: 'origin',
  recognises,
  normalise,
};
