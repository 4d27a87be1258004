/**
 * gateway/request: the request event, keytrail's own format for a gateway or proxy in front of the API.
 *
 * A system log entry with what that log leaves out: where the request came from, what it asked, how it was answered,
 * and whether its keys were accepted. `docs/sources/gateway-request.md` documents it for those who write it.
 */
import { z } from 'zod';
import { AUTH_REASONS, type EventFields } from '../../audit-event.ts';
import { activityOfMethod, activityOfSentence } from '../../fields/activity.ts';
import { parseSourceAddress } from '../../fields/address.ts';
import { parseOriginator, principalKindOf } from '../../fields/principal.ts';
import { isIdentity, isObject, optionalObject, optionalStatus, optionalText } from '../../fields/text.ts';
import { parseInstant } from '../../fields/time.ts';
import { SYSTEM_LOG_PROPERTIES } from '../redis-cloud/system-log.ts';
import { rejectedByShape, rejectedTime } from '../rejected.ts';
import { choice, identity, integer, name, object, text } from '../shape.ts';
import type { JsonObject, NormaliseContext, Normalised, Source } from '../source.ts';
import { routeOf } from './route.ts';

export const requestEventSchema = z
  .object({
    id: identity('Id of this entry, made by the gateway and unique in it. Never an id that a client can set.'),
    ...SYSTEM_LOG_PROPERTIES,
    request: z
      .object({
        sourceIp: text('The peer that the gateway saw, or the forwarded list with that peer at its right end.', [
          '203.0.113.7',
          '2001:db8::7',
        ]),
        method: text('HTTP method.', ['GET']),
        path: text('Path of the URL. A query after it is not stored in the column.', ['/v1/subscriptions/1206']),
        status: integer('HTTP status code of the answer.'),
        userAgent: text('User agent, as the client names itself.'),
        requestId: text('Id of the request. Clients may set it, so it identifies nothing by itself.'),
      })
      .meta({ description: 'What was asked, from where, and how it was answered.' }),
    authentication: object('Whether both keys were accepted.', {
      accountId: name('Account of the account key. Absent: the account that the origin names.'),
      keyName: text('Name of the user key, where apiKeyName is absent.'),
      result: choice('Of the authentication alone: a 403 for want of a role is a success here.', [
        'success',
        'failure',
        'unknown',
      ]),
      reason: choice('Why it failed; empty when it did not.', AUTH_REASONS),
    }),
  })
  .meta({ title: 'Request event', description: 'One request to the API, as a gateway in front of it saw it.' });

type AuthReason = EventFields['authReason'];
const REASONS: ReadonlyMap<string, AuthReason> = new Map(AUTH_REASONS.map((reason) => [reason, reason]));

function reasonOf(written: string): AuthReason {
  return REASONS.get(written) ?? REASONS.get(written.toLowerCase().replaceAll(/[ _]/g, '-')) ?? 'other';
}

function authResultOf(written: string, status: number): EventFields['authResult'] {
  if (written === 'success' || written === 'failure') return written;
  const lowered = written.toLowerCase();
  if (lowered === 'success' || lowered === 'failure') return lowered;
  // 401 says by itself that the keys were not accepted; a 403 may be about roles.
  return status === 401 ? 'failure' : 'unknown';
}

function outcomeOf(status: number, authResult: EventFields['authResult']): EventFields['outcome'] {
  if (status >= 400 || authResult === 'failure') return 'failure';
  return status >= 100 ? 'success' : 'unknown';
}

function withoutQuery(path: string): string {
  if (path.indexOf('?') < 0 && path.indexOf('#') < 0) return path;
  return path.slice(0, path.search(/[?#]/));
}

type RequestEvent = z.infer<typeof requestEventSchema>;

/**
 * Never true where the schema refuses the record or would change it. Nearly every record is one of these, and asking
 * the schema costs ten times as much.
 */
export function isPlainRequestEvent(record: JsonObject): record is RequestEvent {
  const { id, time, request } = record;
  return typeof id === 'string' && id !== '' && typeof time === 'string' && isObject(request);
}

function normalise(record: JsonObject, context: NormaliseContext): Normalised {
  if (isPlainRequestEvent(record)) return normalised(record, context);
  const parsed = requestEventSchema.safeParse(record);
  return parsed.success ? normalised(parsed.data, context) : rejectedByShape(record, parsed.error);
}

function normalised(entry: RequestEvent, context: NormaliseContext): Normalised {
  const eventTime = parseInstant(entry.time);
  if (typeof eventTime === 'string') return rejectedTime(eventTime, 'time', entry.time);
  return { kind: 'event', fields: fieldsOf(entry, eventTime, context) };
}

function fieldsOf(entry: RequestEvent, eventTime: number, context: NormaliseContext): EventFields {
  const { request } = entry;
  const authentication = optionalObject(entry.authentication);
  const originator = optionalText(entry.originator);
  const principal = parseOriginator(originator);
  const keyId = optionalText(entry.apiKeyName) || optionalText(authentication.keyName);
  const type = optionalText(entry.type);
  const description = optionalText(entry.description);
  const address = parseSourceAddress(optionalText(request.sourceIp), context.isTrustedProxy);
  const httpMethod = optionalText(request.method).toUpperCase();
  const urlPath = withoutQuery(optionalText(request.path));
  const statusCode = optionalStatus(request.status);
  const authResult = authResultOf(optionalText(authentication.result), statusCode);
  return {
    accountId: optionalText(authentication.accountId) || context.accountId,
    eventId: String(entry.id),
    eventTime,
    keyId,
    principalKind: principalKindOf(keyId, originator),
    principalName: principal.name,
    principalEmail: principal.email,
    action: routeOf(httpMethod, urlPath) || type,
    activity: httpMethod === '' ? activityOfSentence(description) : activityOfMethod(httpMethod),
    resourceType: type,
    resourceId: optionalText(entry.resourceId),
    resourceName: optionalText(entry.resource),
    description,
    requestId: optionalText(request.requestId),
    sourceIp: address.ip,
    sourceHost: address.host,
    httpMethod,
    urlPath,
    statusCode,
    userAgent: optionalText(request.userAgent),
    authResult,
    authReason: authResult === 'failure' ? reasonOf(optionalText(authentication.reason)) : '',
    outcome: outcomeOf(statusCode, authResult),
    errorCode: '',
  };
}

function recognises(record: JsonObject): boolean {
  if (!isIdentity(record.id) || typeof record.time !== 'string' || !isObject(record.request)) return false;
  if (Object.hasOwn(record, 'class_uid') || Object.hasOwn(record, 'eventName')) return false;
  const { sourceIp, method, path } = record.request;
  return isObject(record.authentication) || [sourceIp, method, path].some((value) => typeof value === 'string');
}

export const gatewayRequest: Source = {
  name: 'gateway/request',
  title: 'Request event of a gateway',
  version: 1,
  timePrecisionMs: 1,
  accountFrom: 'record',
  recognises,
  normalise,
};
