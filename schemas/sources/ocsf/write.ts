/**
 * Writes events as OCSF class 6003 (API Activity), so that they read back as they were.
 *
 * Each field goes to its home in the class. What the home cannot say exactly – an outcome of the authentication, an
 * absent operation, a method that OCSF does not list – stands in `unmapped.keytrail` under its column's name. Which
 * fields these are is not listed anywhere: the record is read back, and what differs is written beside it.
 */
import type { AuditEvent, EventFields } from '../../audit-event.ts';
import { isEmail } from '../../fields/principal.ts';
import { API_ACTIVITY_CATEGORY, API_ACTIVITY_CLASS, HTTP_METHODS, OCSF_VERSION } from './class-6003.ts';
import { ACTIVITY_IDS, columnName, readHomes, STATUS_IDS, USER_TYPE_IDS } from './homes.ts';

type Network = Pick<AuditEvent, 'asn' | 'asName' | 'country' | 'city'>;
/** Of an event: what its record said, its source, and the network of its address where it is known. */
export type OcsfEvent = EventFields & Pick<AuditEvent, 'source'> & Partial<Network>;

const ACTIVITY_NAMES: Readonly<Record<EventFields['activity'], string>> = {
  create: 'Create',
  read: 'Read',
  update: 'Update',
  delete: 'Delete',
  authenticate: 'Authenticate',
  other: 'Other',
};
const STATUS_NAMES: Readonly<Record<EventFields['outcome'], string>> = {
  unknown: 'Unknown',
  success: 'Success',
  failure: 'Failure',
};
/** The class wants to be told who and what; where nobody knows, it is told so. */
const NOT_KNOWN = 'unknown';
const SEVERITY_INFORMATIONAL = 1;

export function toOcsf(event: OcsfEvent): Record<string, unknown> {
  const record = {
    category_uid: API_ACTIVITY_CATEGORY,
    category_name: 'Application Activity',
    class_uid: API_ACTIVITY_CLASS,
    class_name: 'API Activity',
    activity_id: ACTIVITY_IDS[event.activity],
    activity_name: ACTIVITY_NAMES[event.activity],
    type_uid: API_ACTIVITY_CLASS * 100 + ACTIVITY_IDS[event.activity],
    type_name: `API Activity: ${ACTIVITY_NAMES[event.activity]}`,
    severity_id: SEVERITY_INFORMATIONAL,
    severity: 'Informational',
    status_id: STATUS_IDS[event.outcome],
    status: STATUS_NAMES[event.outcome],
    time: event.eventTime,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'keytrail', vendor_name: 'keytrail' },
      uid: event.eventId,
      log_name: event.source,
      ...(event.accountId !== '' && { profiles: ['cloud'] }),
    },
    ...present('message', event.description),
    actor: { user: userOf(event) },
    api: apiOf(event),
    src_endpoint: endpointOf(event),
    ...requestOf(event),
    ...(event.statusCode !== 0 && { http_response: { code: event.statusCode } }),
    ...resourcesOf(event),
    ...(event.accountId !== '' && { cloud: { provider: providerOf(event.source), account: { uid: event.accountId } } }),
  };
  return { ...record, unmapped: { keytrail: { source: event.source, ...lost(event, record) } } };
}

/** A property, when there is something to say. */
function present(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}

function userOf(event: OcsfEvent): Record<string, unknown> {
  return {
    name: event.principalName || event.principalEmail || event.keyId || NOT_KNOWN,
    type_id: USER_TYPE_IDS[event.principalKind],
    ...present('email_addr', isEmail(event.principalEmail) ? event.principalEmail : ''),
    ...present('credential_uid', event.keyId),
  };
}

function apiOf(event: OcsfEvent): Record<string, unknown> {
  return {
    operation: event.action || NOT_KNOWN,
    ...(event.requestId !== '' && { request: { uid: event.requestId } }),
    ...(event.errorCode !== '' && { response: { error: event.errorCode } }),
  };
}

function endpointOf(event: OcsfEvent): Record<string, unknown> {
  const { asn = 0, asName = '', country = '', city = '' } = event;
  const place = { ...present('country', country), ...present('city', city) };
  return {
    ...(event.sourceIp === '' ? { name: event.sourceHost || NOT_KNOWN } : { ip: event.sourceIp }),
    ...(asn !== 0 && { autonomous_system: { number: asn, ...present('name', asName) } }),
    ...((country !== '' || city !== '') && { location: place }),
  };
}

function requestOf(event: OcsfEvent): Record<string, unknown> {
  const request = {
    ...present('http_method', HTTP_METHODS.includes(event.httpMethod) ? event.httpMethod : ''),
    ...(event.urlPath !== '' && { url: { path: event.urlPath } }),
    ...present('user_agent', event.userAgent),
  };
  return Object.keys(request).length === 0 ? {} : { http_request: request };
}

function resourcesOf(event: OcsfEvent): Record<string, unknown> {
  const resource = {
    ...present('uid', event.resourceId),
    ...present('name', event.resourceName),
    ...present('type', event.resourceType),
  };
  // A resource is named by its id or its name; a type alone names none.
  return event.resourceId === '' && event.resourceName === '' ? {} : { resources: [resource] };
}

function providerOf(source: string): string {
  if (source.startsWith('aws/')) return 'AWS';
  return source.startsWith('redis-cloud/') || source.startsWith('gateway/') ? 'Redis Cloud' : NOT_KNOWN;
}

/** What reading the record back would not give, by the names of the columns. */
function lost(event: OcsfEvent, record: Record<string, unknown>): Record<string, unknown> {
  const back = readHomes(record, () => false);
  const fields: Record<string, unknown> = {};
  for (const field of Object.keys(back) as (keyof EventFields)[]) {
    if (field !== 'eventTime' && back[field] !== event[field]) fields[columnName(field)] = event[field];
  }
  return fields;
}
