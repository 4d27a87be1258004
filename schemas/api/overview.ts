/** Figures of a range of time, as the API gives them to whoever draws them. */
import { z } from 'zod';

const count = z.int().nonnegative();
const instant = z.iso.datetime();

/** Events by what became of them and whether it should have: see `schemas/judgement.ts`. */
export const judged = {
  allowed: count,
  denied: count,
  'should-be-denied': count,
  'should-be-allowed': count,
  'not-judged': count,
};

export const histogramSchema = z.strictObject({
  from: instant,
  to: instant,
  step_ms: z.int().positive().meta({ description: 'How long each bucket is.' }),
  buckets: z
    .array(z.strictObject({ at: instant.meta({ description: 'When it begins, UTC.' }), ...judged }))
    .meta({ description: 'Every bucket of the range, also those without events. The first and the last may be cut.' }),
});
export type HistogramDocument = z.infer<typeof histogramSchema>;

export const TOP_FIELDS = ['key_id', 'owner', 'app', 'source_ip', 'network', 'country', 'user_agent'] as const;

export const topSchema = z.strictObject({
  field: z.enum(TOP_FIELDS),
  from: instant,
  to: instant,
  step_ms: z.int().positive().meta({ description: 'How long each point of a course is.' }),
  rows: z.array(
    z.strictObject({
      value: z.string(),
      account_id: z.string().meta({ description: 'The account, where all events are of one.' }),
      events: count,
      ...judged,
      first_seen: instant,
      last_seen: instant,
      course: z.array(count).meta({ description: 'Events over time, one number for each step.' }),
    }),
  ),
});
export type TopDocument = z.infer<typeof topSchema>;

export const overviewSchema = z.strictObject({
  from: instant,
  to: instant,
  now: z.strictObject({
    ...{ events: count, failures: count, ...judged },
    ...{ keys: count, owners: count, apps: count, source_ips: count },
  }),
  before: z.strictObject({ events: count, failures: count }).meta({ description: 'Of the time before it, as long.' }),
  histogram: histogramSchema,
  top: z
    .strictObject({ key_id: topSchema, app: topSchema, source_ip: topSchema })
    .meta({ description: 'The values that most of the events have, with their course.' }),
  open_findings: z.record(z.string(), count).meta({ description: 'By severity; of all time.' }),
  first_event: instant.nullable().meta({ description: 'Of all time.' }),
  last_event: instant.nullable(),
});
export type OverviewDocument = z.infer<typeof overviewSchema>;

export const completenessSchema = z.strictObject({
  last_event: instant.nullable(),
  stored_until: instant.nullable().meta({ description: 'When the last block was stored.' }),
  open_dead_letters: count
    .nullable()
    .meta({ description: 'That first arrived in the range; null when counting took too long.' }),
  conflicts: count.nullable().meta({ description: 'Event ids of the range with several contents; null likewise.' }),
  gaps: count.meta({ description: 'Ranges of a stream that were gone before they could be read, in the range.' }),
});
export type CompletenessDocument = z.infer<typeof completenessSchema>;

export const newcomersSchema = z.strictObject({
  rows: z.array(
    z.strictObject({
      kind: z.enum(['key_id', 'source_ip', 'country', 'user_agent', 'app']),
      value: z.string(),
      events: count,
      keys: count,
      first_seen: instant,
      judgement: z.string().meta({ description: 'The gravest of its events.' }),
    }),
  ),
});
export type NewcomersDocument = z.infer<typeof newcomersSchema>;

/** A value that somebody found. It is never part of an answer, and of no entry of the access log. */
export const leakedSecretSchema = z.strictObject({ value: z.string().min(1).max(4_096) });

export const leakedSecretAnswerSchema = z.strictObject({
  tried: count.meta({ description: 'Readings of the value that were looked for: whole, and its parts.' }),
  found: z.array(
    z.strictObject({
      found_in: z.enum(['registered key', 'event', 'dead letter']),
      account_id: z.string(),
      key_id: z.string(),
      owner: z.string(),
      occurrences: count,
      first_time: z.string(),
      last_time: z.string().nullable(),
      fingerprint: z.string(),
      example_id: z.string(),
    }),
  ),
});
export type LeakedSecretAnswer = z.infer<typeof leakedSecretAnswerSchema>;
