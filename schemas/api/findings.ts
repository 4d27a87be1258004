/** Findings and what people do about them, as the API gives and takes them. */
import { z } from 'zod';

export const FINDING_STATES = ['open', 'acknowledged', 'true-positive', 'false-positive', 'withdrawn'] as const;

/** Findings that one request may judge. */
const JUDGED_ENTRIES_MAX = 100;
const text = z.string().max(4_000);

const findingFields = {
  id: z
    .string()
    .meta({ description: 'Fingerprint of rule, entity and time: finding the same again is the same finding.' }),
  rule: z.string(),
  rule_version: z.int(),
  severity: z.string(),
  raises: z.string().meta({ description: '`signal`: kept silently; `alert`: told to somebody.' }),
  state: z.enum(FINDING_STATES),
  backfill: z.boolean().meta({ description: 'Its events were old when they were stored.' }),
  suppression: z.string().meta({ description: 'Id of the suppression that covers it, or nothing.' }),
  account_id: z.string(),
  key_id: z.string(),
  entity: z.record(z.string(), z.string()),
  summary: z.string().meta({ description: 'Empty for a token that is limited to accounts: it may name others.' }),
  first_seen: z.string(),
  last_seen: z.string(),
  events: z.number(),
  found_at: z.string(),
  acted_at: z.string().nullable(),
  author: z.string(),
  note: z.string(),
};

export const findingPageSchema = z.strictObject({
  findings: z.array(z.strictObject(findingFields)),
  next: z.string().nullable().meta({ description: 'Where the next page begins: `cursor` of its request.' }),
});

export const findingSchema = z.strictObject({
  ...findingFields,
  event_ids: z.array(z.string()).meta({ description: 'Some of its events, earliest first.' }),
  facts: z.record(z.string(), z.unknown()).meta({ description: 'What the detection told of it.' }),
  evidence: z.string().meta({ description: 'The path that asks the detection again, with fixed times.' }),
  actions: z.array(z.strictObject({ at: z.string(), action: z.string(), author: z.string(), note: z.string() })),
});

const numbered = z.record(z.string(), z.int().positive());

/** What stands around a finding: why it was looked for, what the same was before, and what belongs to it. */
export const findingContextSchema = z.strictObject({
  detection: z
    .strictObject({
      title: z.string(),
      question: z.string(),
      description: z.string(),
      basis: z.enum(['usual', 'registry', 'record']).meta({
        description:
          'What it is held against: what is usual for the entity, what the registry says, or the record alone.',
      }),
      runbook: z.array(z.string()),
      questions: z
        .array(z.strictObject({ id: z.string(), parameters: z.array(z.string()) }))
        .meta({ description: 'Saved questions that the runbook names, with the names of their parameters.' }),
      references: z.array(z.string()),
      thresholds: z.array(
        z.strictObject({ name: z.string(), value: z.unknown(), description: z.string(), reason: z.string() }),
      ),
    })
    .nullable()
    .meta({ description: 'null: a detection that this daemon does not have.' }),
  before: z.strictObject({
    same_key: numbered.meta({ description: 'Other findings of the detection about the same key, by state.' }),
    others: numbered.meta({ description: 'Those about anything else, by state.' }),
    last_of_key: z.string().nullable(),
  }),
  case: z.strictObject({
    id: z.string(),
    total: z.int().nonnegative().meta({ description: 'Findings of the case, itself among them.' }),
    findings: z.array(
      z.strictObject({
        ...{ id: z.string(), rule: z.string(), severity: z.string(), state: z.string(), summary: z.string() },
        ...{ account_id: z.string(), key_id: z.string(), source_ip: z.string() },
        ...{ first_seen: z.string(), last_seen: z.string() },
      }),
    ),
  }),
});
export type FindingContext = z.infer<typeof findingContextSchema>;

/** `withdraw` is keytrail's own word, and nobody's to say. */
export const judgementSchema = z.strictObject({
  ids: z
    .array(z.string().regex(/^[0-9a-f]{32}$/, 'the id of a finding: 32 hex digits'))
    .min(1)
    .max(JUDGED_ENTRIES_MAX),
  action: z.enum(['acknowledge', 'close-true-positive', 'close-false-positive']),
  note: text.default(''),
});

export const judgedSchema = z.strictObject({ judged: z.int().nonnegative() });

const suppressionFields = {
  rule: z.string().max(200).default('').meta({ description: 'Id of a detection; empty for every one.' }),
  entity: z
    .record(z.string().max(100), z.string().max(1_000))
    .default({})
    .meta({ description: 'Patterns by column of the entity; `*` stands for any text.' }),
  cidr: z.string().max(100).default('').meta({ description: 'A range that the address lies in; empty for any.' }),
};

export const coverSchema = z.strictObject(suppressionFields);
export type Cover = z.infer<typeof coverSchema>;

export const newSuppressionSchema = z.strictObject({
  ...suppressionFields,
  until: z.string().max(40).meta({ description: 'When it ends: ISO 8601.' }),
  reason: text.min(1),
});

export const previewedSchema = z.strictObject({
  ...suppressionFields,
  since: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'Only findings of which something was seen since: ISO 8601.' }),
});

export const coveredSchema = z.strictObject({
  looked_at: z.int().nonnegative().meta({ description: 'Findings that were compared, latest first.' }),
  covered: z.int().nonnegative(),
  open: z.int().nonnegative().meta({ description: 'Those of them that are open now.' }),
  by_rule: z.record(z.string(), z.int().positive()),
});

const suppressionSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  entity: z.record(z.string(), z.string()),
  cidr: z.string(),
  until: z.string(),
  author: z.string(),
  reason: z.string(),
});
export const suppressionListSchema = z.strictObject({ suppressions: z.array(suppressionSchema) });
export const suppressedSchema = z.strictObject({ id: z.string() });

export type FindingPage = z.infer<typeof findingPageSchema>;
export type FindingDocument = z.infer<typeof findingSchema>;
export type Judged = z.infer<typeof judgedSchema>;
export type Covered = z.infer<typeof coveredSchema>;
export type SuppressionList = z.infer<typeof suppressionListSchema>;
