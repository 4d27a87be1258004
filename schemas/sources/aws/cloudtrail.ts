/**
 * aws/cloudtrail: a record of AWS CloudTrail, one call of the AWS API or one sign-in to its console.
 *
 * The record names the access key, the identity it stands for, and an address that may be a host name of AWS itself.
 */
import { z } from 'zod';
import { EMPTY_FIELDS, type EventFields } from '../../audit-event.ts';
import { parseSourceAddress } from '../../fields/address.ts';
import { firstText, isObject, optionalObject, optionalText } from '../../fields/text.ts';
import { parseInstant } from '../../fields/time.ts';
import { rejectedByShape, rejectedTime } from '../rejected.ts';
import { instant, object, text } from '../shape.ts';
import type { JsonObject, NormaliseContext, Normalised, Source } from '../source.ts';
import { principalOf } from './identity.ts';
import { activityOf, authenticationOf, isSignIn } from './operation.ts';

export const cloudtrailRecordSchema = z
  .object({
    eventTime: instant('When the call was answered.'),
    eventName: z
      .string()
      .min(1)
      .meta({ description: 'The operation.', examples: ['GetSecretValue'] }),
    eventSource: text('The service.', ['secretsmanager.amazonaws.com']),
    eventID: text('Id of the record; without one its content identifies it.'),
    eventType: text('Kind of the record.', ['AwsApiCall', 'AwsConsoleSignIn', 'AwsServiceEvent']),
    recipientAccountId: text('Account that received the record.'),
    requestID: text('Id of the request, made by the service.'),
    sourceIPAddress: text('Address of the caller, or the name of an AWS service.'),
    userAgent: text('User agent of the caller.'),
    errorCode: text('Error of the call; absent when it succeeded.', ['AccessDenied']),
    errorMessage: text('The error in words.'),
    userIdentity: object('Who called.', {
      type: text('Kind of the identity.', ['IAMUser', 'AssumedRole', 'FederatedUser', 'Root', 'AWSService']),
      accountId: text('Account of the identity.'),
      accessKeyId: text('The access key that signed the call.'),
      arn: text('ARN of the identity.'),
      userName: text('Name of the user.'),
      principalId: text('Unique id of the identity.'),
      invokedBy: text('The AWS service that called on behalf of the identity.'),
    }),
  })
  .meta({ title: 'AWS CloudTrail record', description: 'One record of AWS CloudTrail.' });

interface Resource {
  readonly id: string;
  readonly type: string;
}

/** The first resource that the record lists; without one, the service stands for the type. */
function resourceOf(record: JsonObject): Resource {
  const listed: unknown = Array.isArray(record.resources) ? record.resources[0] : undefined;
  const resource = optionalObject(listed);
  return {
    id: firstText(resource.ARN, resource.arn),
    type: firstText(resource.type, record.eventSource),
  };
}

function normalise(record: JsonObject, context: NormaliseContext): Normalised {
  const parsed = cloudtrailRecordSchema.safeParse(record);
  if (!parsed.success) return rejectedByShape(record, parsed.error);
  const entry = parsed.data;
  const eventTime = parseInstant(entry.eventTime);
  if (typeof eventTime === 'string') return rejectedTime(eventTime, 'eventTime', entry.eventTime);
  const identity = optionalObject(entry.userIdentity);
  const address = parseSourceAddress(optionalText(entry.sourceIPAddress), context.isTrustedProxy);
  const errorCode = optionalText(entry.errorCode);
  const principal = principalOf(identity, optionalText(entry.eventType));
  const resource = resourceOf(record);
  const authentication = authenticationOf(record, principal.keyId, errorCode);
  const isFailure = errorCode !== '' || (isSignIn(record) && authentication.authResult === 'failure');
  const fields: EventFields = {
    ...EMPTY_FIELDS,
    accountId: firstText(entry.recipientAccountId, identity.accountId, context.accountId),
    eventId: optionalText(entry.eventID),
    eventTime,
    keyId: principal.keyId,
    principalKind: principal.kind,
    principalName: principal.name,
    principalEmail: principal.email,
    action: entry.eventName,
    activity: activityOf(record),
    resourceType: resource.type,
    resourceId: resource.id,
    description: optionalText(entry.errorMessage),
    requestId: optionalText(entry.requestID),
    sourceIp: address.ip,
    sourceHost: address.host,
    userAgent: optionalText(entry.userAgent),
    authResult: authentication.authResult,
    authReason: authentication.authReason,
    outcome: isFailure ? 'failure' : 'success',
    errorCode,
  };
  return { kind: 'event', fields };
}

function recognises(record: JsonObject): boolean {
  return (
    typeof record.eventTime === 'string' &&
    typeof record.eventName === 'string' &&
    (typeof record.eventSource === 'string' || isObject(record.userIdentity)) &&
    !Object.hasOwn(record, 'class_uid')
  );
}

export const cloudtrail: Source = {
  name: 'aws/cloudtrail',
  title: 'AWS CloudTrail',
  version: 1,
  timePrecisionMs: 1_000,
  accountFrom: 'record',
  recognises,
  normalise,
};
