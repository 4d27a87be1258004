/**
 * The event: the one noun that all rooms share.
 *
 * Names are camelCase here and snake_case in SQL, and mean the same. Absent text is `''`, an absent address is `''`
 * (stored as `::`), an absent number is `0`, or `null` where 0 is meaningful. No question needs to know which source an
 * event came from.
 */
import { z } from 'zod';

export const PRINCIPAL_KINDS = ['unknown', 'api-key', 'console-user', 'system', 'service'] as const;
export const ACTIVITIES = ['other', 'create', 'read', 'update', 'delete', 'authenticate'] as const;
export const AUTH_RESULTS = ['unknown', 'success', 'failure'] as const;
export const OUTCOMES = ['unknown', 'success', 'failure'] as const;
export const AUTH_REASONS = [
  '',
  'missing-account-key',
  'missing-user-key',
  'invalid-account-key',
  'invalid-user-key',
  'account-mismatch',
  'source-ip-not-allowed',
  'api-disabled',
  'other',
] as const;

/**
 * The first instant that an event may have, in ms since 1970 UTC: an audit record older than the epoch is a clock that
 * was never set.
 */
export const EVENT_TIME_MS_MIN = 0;
/** The last instant that `DateTime64(3)` holds without wrapping: 2299-12-31T23:59:59.999Z, in ms since 1970 UTC. */
export const EVENT_TIME_MS_MAX = 10_413_791_999_999;

/**
 * What the record alone decides. The same bytes under the same schema version always give the same fields: filters on
 * them may act before duplicates are merged (docs/architecture.md, "Deduplicated reading").
 */
export const eventFieldsSchema = z.strictObject({
  /** `''` where the record does not name its account; the origin's account then stands in. */
  accountId: z.string(),
  /** The source's own identity of the entry; `''` where it has none, and the content hash stands in. */
  eventId: z.string(),
  /** When it happened: ms since 1970, UTC. */
  eventTime: z.int().min(EVENT_TIME_MS_MIN).max(EVENT_TIME_MS_MAX),
  keyId: z.string(),
  principalKind: z.enum(PRINCIPAL_KINDS),
  principalName: z.string(),
  principalEmail: z.string(),
  action: z.string(),
  activity: z.enum(ACTIVITIES),
  resourceType: z.string(),
  resourceId: z.string(),
  resourceName: z.string(),
  description: z.string(),
  requestId: z.string(),
  /** Canonical text of the address, `203.0.113.7` or `2001:db8::1`; never the mapped form. */
  sourceIp: z.string(),
  /** What stood in the place of the address when it was none, as written. */
  sourceHost: z.string(),
  httpMethod: z.string(),
  urlPath: z.string(),
  statusCode: z.int().min(0).max(65_535),
  userAgent: z.string(),
  authResult: z.enum(AUTH_RESULTS),
  authReason: z.enum(AUTH_REASONS),
  outcome: z.enum(OUTCOMES),
  errorCode: z.string(),
});
export type EventFields = z.infer<typeof eventFieldsSchema>;

export const auditEventSchema = eventFieldsSchema.extend({
  source: z.string().min(1),
  eventId: z.string().min(1),
  /** 128 bits as 32 hex digits; see src/core/identity.ts. */
  contentHash: z.string().regex(/^[0-9a-f]{32}$/),
  /** Version of the source's normaliser. */
  schemaVersion: z.int().min(1).max(65_535),
  /** Resolution of the clock that `eventTime` was read from, in ms: a property of the source. */
  timePrecisionMs: z.int().min(1).max(65_535),
  /** When it was stored: ms since 1970, UTC. Never part of an identity, never a cursor. */
  ingestedAt: z.int(),
  asn: z.int().min(0),
  asName: z.string(),
  country: z.string(),
  city: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  networkEdition: z.string(),
  stream: z.string(),
  streamPartition: z.int().min(0),
  streamOffset: z.int().min(0),
  recordIndex: z.int().min(0),
  blockId: z.uuid(),
  /** The scrubbed record without insignificant white space. */
  raw: z.string(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** An event about which nothing is known yet; normalisers fill in what their record says. */
export const EMPTY_FIELDS: Readonly<EventFields> = Object.freeze({
  accountId: '',
  eventId: '',
  eventTime: 0,
  keyId: '',
  principalKind: 'unknown',
  principalName: '',
  principalEmail: '',
  action: '',
  activity: 'other',
  resourceType: '',
  resourceId: '',
  resourceName: '',
  description: '',
  requestId: '',
  sourceIp: '',
  sourceHost: '',
  httpMethod: '',
  urlPath: '',
  statusCode: 0,
  userAgent: '',
  authResult: 'unknown',
  authReason: '',
  outcome: 'unknown',
  errorCode: '',
});
