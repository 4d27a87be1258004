/**
 * Fixtures of a detection, `<id>.yaml` beside its `<id>.sql`: a story that it must find something in, and small changes
 * of that story in which it must find nothing.
 *
 * Times are relative to the moment of asking (`-5m`, `-20d`), also in the registry. Each miss changes one value.
 */
import { z } from 'zod';
import { ACTIVITIES, AUTH_REASONS, AUTH_RESULTS, OUTCOMES, PRINCIPAL_KINDS } from './audit-event.ts';
import { SEVERITIES } from './detections.ts';

export const RELATIVE_TIME = /^-?(\d{1,6})(ms|s|m|h|d)$/;
const relative = z.string().regex(RELATIVE_TIME, 'a time before the moment of asking, such as -5m or -20d');
const duration = z.string().regex(/^\d{1,6}(?:ms|s|m|h|d)$/, 'a duration such as 10m or 1d');
const text = z.string().max(1_000);
const EVENTS_MAX = 5_000;
const repeat = z.strictObject({ times: z.int().min(2).max(EVENTS_MAX), every: duration });
const count = z.int().nonnegative();
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);

export const fixtureEventSchema = z.strictObject({
  at: relative,
  /** When it was stored; `at`: at once; absent: with the latest event of the story. */
  stored: z.union([relative, z.literal('at')]).optional(),
  /** Where it was read from. */
  stream: text.default('fixture'),
  repeat: repeat.optional(),
  account_id: text.default('a1'),
  key_id: text.default('key'),
  source_ip: text.default('198.51.100.20'),
  asn: z.int().min(0).default(64_500),
  as_name: text.default('Example Net'),
  country: text.default('NL'),
  latitude: z.number().nullable().default(null),
  longitude: z.number().nullable().default(null),
  principal_kind: z.enum(PRINCIPAL_KINDS).default('api-key'),
  action: text.default('listDatabases'),
  activity: z.enum(ACTIVITIES).default('read'),
  resource_type: text.default(''),
  resource_id: text.default(''),
  description: text.default(''),
  user_agent: text.default('client/1.0'),
  status_code: z.int().min(0).max(65_535).default(200),
  auth_result: z.enum(AUTH_RESULTS).default('success'),
  auth_reason: z.enum(AUTH_REASONS).default(''),
  outcome: z.enum(OUTCOMES).default('success'),
  /** Text of the record; events of one `event_id` with several are in conflict. */
  raw: text.default('{}'),
  event_id: text.optional(),
});
export type FixtureEvent = z.infer<typeof fixtureEventSchema>;

/** A row of the ledger, for detections that watch intake. */
export const fixtureBlockSchema = z.strictObject({
  /** When it was recorded. */
  at: relative,
  repeat: repeat.optional(),
  kind: z.enum(['block', 'gap']).default('block'),
  stream: text.default('requests'),
  partition: count.default(0),
  position_from: count.default(0),
  position_to: count.default(100),
  stream_end: count.default(100),
  received: count.default(100),
  dead_letters: count.default(0),
});
export type FixtureBlock = z.infer<typeof fixtureBlockSchema>;

/** A look of a collector. */
export const fixtureLookSchema = z.strictObject({
  at: relative,
  repeat: repeat.optional(),
  account_id: text.default('a1'),
  resource: z.enum(['account', 'system-log', 'session-log']).default('system-log'),
  kind: z.enum(['done', 'failed']).default('done'),
  failure: text.default(''),
});
export type FixtureLook = z.infer<typeof fixtureLookSchema>;

/** What became of sending an alert. */
export const fixtureDeliverySchema = z.strictObject({
  at: relative,
  repeat: repeat.optional(),
  channel: text.default('pager'),
  result: z.enum(['planned', 'failed', 'delivered', 'given-up']).default('delivered'),
  detail: text.default(''),
});
export type FixtureDelivery = z.infer<typeof fixtureDeliverySchema>;

/** What became of a scheduled report. */
export const fixtureReportSchema = z.strictObject({
  at: relative,
  repeat: repeat.optional(),
  schedule: text.default('weekly'),
  channel: text.default('mail'),
  /** `not-made`: there is no document. */
  result: z.enum(['planned', 'failed', 'delivered', 'given-up', 'not-made']).default('delivered'),
  detail: text.default(''),
});
export type FixtureReport = z.infer<typeof fixtureReportSchema>;

/** How many rows of the ledger a detection has looked at. */
export const fixtureCursorSchema = z.strictObject({ rule: text, blocks: count });
export type FixtureCursor = z.infer<typeof fixtureCursorSchema>;

export const expectedFindingSchema = z.strictObject({
  severity: z.enum(SEVERITIES),
  entity: z.record(z.string(), z.string()),
  events: z.int().nonnegative(),
  /** Some ids of its evidence, in order. */
  event_ids: z.array(z.string()),
});
export type ExpectedFinding = z.infer<typeof expectedFindingSchema>;

export const fixtureMissSchema = z.strictObject({
  because: text.min(1),
  /** One place of the story (`events.odd.source_ip`) and the value that stands there instead; null takes it away. */
  change: z
    .record(z.string(), z.union([value, z.null()]))
    .refine((change) => Object.keys(change).length === 1, 'exactly one place'),
  /** One parameter by one: with it the miss is a hit. Absent where nothing is counted. */
  hits_with: z
    .record(z.string(), value)
    .refine((given) => Object.keys(given).length === 1, 'exactly one parameter')
    .optional(),
});
export type FixtureMiss = z.infer<typeof fixtureMissSchema>;

export const fixtureSchema = z.strictObject({
  /** The moment of asking. */
  now: z.iso.datetime().default('2026-11-23T12:00:00Z'),
  /** As in a registry file, and in a networks file. */
  registry: z.record(z.string(), z.unknown()).optional(),
  networks: z.array(z.unknown()).optional(),
  events: z.record(z.string(), z.unknown()).default({}),
  /** What keytrail writes of itself. */
  blocks: z.record(z.string(), z.unknown()).default({}),
  looks: z.record(z.string(), z.unknown()).default({}),
  cursors: z.record(z.string(), z.unknown()).default({}),
  deliveries: z.record(z.string(), z.unknown()).default({}),
  reports: z.record(z.string(), z.unknown()).default({}),
  params: z.record(z.string(), value).default({}),
  hit: z.array(expectedFindingSchema).min(1),
  misses: z.array(fixtureMissSchema).min(2),
});
export type Fixture = z.infer<typeof fixtureSchema>;
