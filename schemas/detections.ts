/**
 * What a detection says of itself, beyond what every question does: the section `detection` of its front matter.
 *
 * One row of its answer is one thing found: of an entity, in a span of time, with the events that show it.
 */
import { z } from 'zod';

/** Least first. */
export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `once`: one finding of an entity for ever; else one for each such span of UTC that `anchor_at` falls into. */
export const ANCHORS = ['once', 'hour', 'day', 'week', 'month'] as const;
export type Anchor = (typeof ANCHORS)[number];

/** What makes a detection look: events that were stored, the passing of time, or a change of the registry. */
export const TRIGGERS = ['events', 'time', 'registry'] as const;

/** What of the registry decides what is found, beside what is only told: it is looked at again when that is learned. */
export const DEPENDENCIES = ['keys', 'networks', 'apps'] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'the name of a column or parameter');
const sentence = z.string().trim().min(1);
const ENTITY_COLUMNS_MAX = 4;

export const detectionSectionSchema = z.strictObject({
  /** Raised when the SQL or a default changes what is found. */
  version: z.int().min(1).max(65_535),
  severity: z.enum(SEVERITIES),
  /** A signal is kept; an alert is also sent. */
  raises: z.enum(['signal', 'alert']),
  /** Columns that say of what something was found; with rule and anchor they are a finding's identity. */
  entity: z.array(name).min(1).max(ENTITY_COLUMNS_MAX),
  anchor: z.enum(ANCHORS),
  trigger: z.enum(TRIGGERS).default('events'),
  /** Absent: by the columns that the SQL reads. */
  depends_on: z.array(z.enum(DEPENDENCIES)).optional(),
  /** Parameters: how long the events of one finding may lie apart, how far back it looks, and how long it learns. */
  window: name.optional(),
  history: name.optional(),
  learning: name.optional(),
  interval_seconds: z.int().min(1).max(86_400).default(30),
  runbook: z.array(sentence).min(2).max(3),
  /** ATT&CK ids such as T1078.004, and addresses of pages. */
  references: z.array(z.string().regex(/^(?:T\d{4}(?:\.\d{3})?|https:\/\/\S+)$/, 'T1078.004 or https://…')).default([]),
  /** One sentence with `{column}` where a value of the row belongs. */
  summary: sentence.refine((text) => text.endsWith('.'), 'one sentence that ends with a full stop'),
});
export type DetectionSection = z.infer<typeof detectionSectionSchema>;

/** Columns that every detection returns besides its entity; `anchor_at` unless its anchor is `once`. */
export const EVIDENCE_COLUMNS = ['first_seen', 'last_seen', 'stored_until', 'events', 'event_ids'] as const;
export const ANCHOR_COLUMN = 'anchor_at';

/** Filled by the engine: what is new, as a range of time and blocks (none: all that is there). */
export const RANGE_PARAMETERS = ['from', 'to'] as const;
export const BLOCKS_PARAMETER = 'blocks';
/** Filled with the names of keys of which something was learned; none for all. */
export const KEYS_PARAMETER = 'keys';
/** Filled with the ids of the detections that look, unless it is given. */
export const RULES_PARAMETER = 'rules';
