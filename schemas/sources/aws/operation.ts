/** What a call of AWS did, and whether it was authenticated. */
import type { EventFields } from '../../audit-event.ts';
import type { Activity } from '../../fields/activity.ts';
import { optionalObject, optionalText } from '../../fields/text.ts';
import type { JsonObject } from '../source.ts';

/** Operations that hand out credentials: their callers ask to be someone. */
const AUTHENTICATES = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetFederationToken',
  'GetSessionToken',
]);

const OF_VERB: ReadonlyMap<string, Activity> = new Map([
  ...['Create', 'Run', 'Allocate', 'Issue', 'Import', 'Register', 'Invite'].map((verb) => [verb, 'create'] as const),
  ...['Get', 'List', 'Describe', 'Lookup', 'Search', 'Head'].map((verb) => [verb, 'read'] as const),
  ...['Delete', 'Terminate', 'Remove', 'Deregister', 'Release', 'Revoke'].map((verb) => [verb, 'delete'] as const),
  ...['Update', 'Modify', 'Put', 'Set', 'Add', 'Attach', 'Detach', 'Associate', 'Disassociate', 'Authorize'].map(
    (verb) => [verb, 'update'] as const,
  ),
  ...['Enable', 'Disable', 'Start', 'Stop', 'Reboot', 'Reset', 'Replace', 'Change', 'Tag', 'Untag'].map(
    (verb) => [verb, 'update'] as const,
  ),
]);

export function isSignIn(record: JsonObject): boolean {
  return record.eventType === 'AwsConsoleSignIn' || record.eventName === 'ConsoleLogin';
}

export function activityOf(record: JsonObject): Activity {
  const operation = optionalText(record.eventName);
  if (isSignIn(record) || AUTHENTICATES.has(operation)) return 'authenticate';
  if (record.readOnly === true || record.readOnly === 'true') return 'read';
  const verb = /^[A-Z][a-z]+/.exec(operation)?.[0] ?? '';
  return OF_VERB.get(verb) ?? 'other';
}

type Authentication = Pick<EventFields, 'authResult' | 'authReason'>;

const SUCCEEDED: Authentication = { authResult: 'success', authReason: '' };
const UNKNOWN: Authentication = { authResult: 'unknown', authReason: '' };

/**
 * Errors that say that the caller was not who it claimed to be. All others – `AccessDenied`, `UnauthorizedOperation`
 * – are answers to a caller who was.
 */
const REASON_OF_ERROR: ReadonlyMap<string, EventFields['authReason']> = new Map([
  ['InvalidClientTokenId', 'invalid-user-key'],
  ['InvalidAccessKeyId', 'invalid-user-key'],
  ['UnrecognizedClientException', 'invalid-user-key'],
  ['SignatureDoesNotMatch', 'invalid-user-key'],
  ['InvalidSignatureException', 'invalid-user-key'],
  ['MissingAuthenticationToken', 'missing-user-key'],
  ['MissingAuthenticationTokenException', 'missing-user-key'],
  ['AuthFailure', 'other'],
  ['ExpiredToken', 'other'],
  ['ExpiredTokenException', 'other'],
  ['IncompleteSignature', 'other'],
  ['IncompleteSignatureException', 'other'],
  ['RequestExpired', 'other'],
]);

export function authenticationOf(record: JsonObject, keyId: string, errorCode: string): Authentication {
  if (isSignIn(record)) return signInOf(record, errorCode);
  const error = errorCode.startsWith('Client.') ? errorCode.slice('Client.'.length) : errorCode;
  const reason = REASON_OF_ERROR.get(error);
  if (reason !== undefined) return { authResult: 'failure', authReason: reason };
  return keyId === '' ? UNKNOWN : SUCCEEDED;
}

function signInOf(record: JsonObject, errorCode: string): Authentication {
  const answers = Object.values(optionalObject(record.responseElements));
  if (answers.includes('Failure')) return { authResult: 'failure', authReason: 'other' };
  if (answers.includes('Success')) return SUCCEEDED;
  return errorCode === '' ? UNKNOWN : { authResult: 'failure', authReason: 'other' };
}
