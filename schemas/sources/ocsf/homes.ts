/** Where the fields of an event live in class 6003: the reading side. `write.ts` is the writing side. */
import { ACTIVITIES, EMPTY_FIELDS, type EventFields, OUTCOMES } from '../../audit-event.ts';
import { parseSourceAddress } from '../../fields/address.ts';
import { firstText, optionalObject, optionalStatus, optionalText } from '../../fields/text.ts';
import type { JsonObject } from '../source.ts';

/** OCSF's ids of what keytrail has in place of them; what is in no list is `other` or `unknown`. */
export const ACTIVITY_IDS: Readonly<Record<(typeof ACTIVITIES)[number], number>> = {
  create: 1,
  read: 2,
  update: 3,
  delete: 4,
  authenticate: 99,
  other: 99,
};
export const STATUS_IDS: Readonly<Record<(typeof OUTCOMES)[number], number>> = { unknown: 0, success: 1, failure: 2 };
export const USER_TYPE_IDS: Readonly<Record<EventFields['principalKind'], number>> = {
  unknown: 0,
  'api-key': 1,
  'console-user': 1,
  system: 3,
  service: 4,
};

/** `sourceIp` → `source_ip`: the name of the column. */
export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

function activityOf(id: unknown): EventFields['activity'] {
  return ACTIVITIES.find((activity) => ACTIVITY_IDS[activity] === id) ?? 'other';
}

function principalKindOf(typeId: unknown, keyId: string): EventFields['principalKind'] {
  if (typeId === USER_TYPE_IDS.system) return 'system';
  if (typeId === USER_TYPE_IDS.service) return 'service';
  if (keyId !== '') return 'api-key';
  return typeId === 1 || typeId === 2 ? 'console-user' : 'unknown';
}

/** The path of a URL that is given as an object, or as its text. */
function urlPathOf(url: unknown): string {
  const written = optionalObject(url);
  if (written.path !== undefined) return optionalText(written.path);
  const text = firstText(url, written.url_string);
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(text)?.[1] ?? '';
}

/** Everything but the time, as far as the class has a home for it. */
export function readHomes(record: JsonObject, isTrustedProxy: (ip: string) => boolean): EventFields {
  const actor = optionalObject(record.actor);
  const user = optionalObject(actor.user);
  const api = optionalObject(record.api);
  const apiResponse = optionalObject(api.response);
  const request = optionalObject(record.http_request);
  const endpoint = optionalObject(record.src_endpoint);
  const session = optionalObject(actor.session);
  const resource = optionalObject(Array.isArray(record.resources) ? record.resources[0] : record.resources);
  const written = firstText(endpoint.ip, endpoint.name, endpoint.hostname, endpoint.svc_name, endpoint.domain);
  const address = parseSourceAddress(written, isTrustedProxy);
  const keyId = firstText(user.credential_uid, session.credential_uid);
  return {
    ...EMPTY_FIELDS,
    accountId: firstText(
      optionalObject(optionalObject(record.cloud).account).uid,
      optionalObject(user.account).uid,
      optionalObject(actor.account).uid,
    ),
    eventId: optionalText(optionalObject(record.metadata).uid),
    keyId,
    principalKind: principalKindOf(user.type_id, keyId),
    principalName: firstText(user.name, user.uid, actor.app_name, actor.invoked_by),
    principalEmail: optionalText(user.email_addr),
    action: optionalText(api.operation),
    activity: activityOf(record.activity_id),
    resourceType: optionalText(resource.type),
    resourceId: optionalText(resource.uid),
    resourceName: optionalText(resource.name),
    description: optionalText(record.message),
    requestId: firstText(optionalObject(api.request).uid, request.uid),
    sourceIp: address.ip,
    sourceHost: address.host,
    httpMethod: optionalText(request.http_method),
    urlPath: urlPathOf(request.url),
    statusCode: optionalStatus(optionalObject(record.http_response).code),
    userAgent: optionalText(request.user_agent),
    outcome: OUTCOMES.find((outcome) => STATUS_IDS[outcome] === record.status_id) ?? 'unknown',
    errorCode: optionalText(apiResponse.error),
  };
}
