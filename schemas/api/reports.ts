/** Reports as the API gives and takes them. */
import { z } from 'zod';
import { REPORT_FORMATS, REPORT_PERIODS } from '../reports.ts';

const text = z.string().max(1_000);
const instant = z.iso.datetime();
const value = z.union([text, z.number(), z.boolean(), z.array(z.union([text, z.number()])).max(1_000)]);
export const documentId = z.string().regex(/^[0-9a-f]{32}$/, 'the id of a document: 32 hex digits');

export const reportsSchema = z.strictObject({
  kinds: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      period: z.enum(REPORT_PERIODS),
      parameters: z.record(z.string(), z.strictObject({ default: value.nullable(), description: z.string() })),
    }),
  ),
  schedules: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.string(),
        period: z.enum(REPORT_PERIODS),
        zone: z.string(),
        account: z.string().nullable(),
        per_owner: z.boolean(),
        formats: z.array(z.enum(REPORT_FORMATS)),
        channels: z.array(z.string()),
        next: z
          .strictObject({ at: instant, period: z.string() })
          .nullable()
          .meta({ description: 'The next run, and the period that it tells of.' }),
      }),
    )
    .meta({ description: 'Of a token that is limited to accounts: the schedules of these.' }),
});

const documentFields = {
  id: documentId,
  report: z.string().meta({ description: 'Id of the report: the same for whoever gets it.' }),
  kind: z.string(),
  title: z.string(),
  period: z.string(),
  period_from: instant,
  period_to: instant,
  zone: z.string(),
  provisional: z.boolean(),
  account: z.string(),
  owner: z.string(),
  schedule: z.string().meta({ description: 'Empty: somebody asked for it.' }),
  author: z.string().meta({ description: 'Who asked for it; empty for a schedule.' }),
  rows: z.number(),
  sections_failed: z.number(),
  formats: z.array(z.string()),
  stored_at: instant,
  summary: z.string(),
};

export const documentPageSchema = z.strictObject({
  documents: z.array(z.strictObject(documentFields)),
  next: z.string().nullable().meta({ description: 'Where the next page begins: `cursor` of its request.' }),
});

/** The whole of it is docs/schemas/report.schema.json. */
export const documentSchema = z
  .looseObject({
    version: z.literal(1),
    id: z.string(),
    kind: z.string(),
    summary: z.string(),
    sections: z.array(z.looseObject({ id: z.string(), sentence: z.string() })),
  })
  .meta({ description: 'A report, as `keytrail report run --format json` writes it.' });

export const reportRequestSchema = z.strictObject({
  kind: z.string().max(100),
  period: z.string().max(100).optional().meta({ description: '2026-10, 2026-W47, from..to; absent: the last one.' }),
  zone: z.string().max(100).default('UTC'),
  parameters: z.record(z.string().max(100), value).default({}),
  account: text.min(1).optional().meta({ description: 'A token that is limited to several accounts must name one.' }),
  owner: text.min(1).optional(),
});

export const reportMadeSchema = z.strictObject({
  document: documentId,
  report: z.string(),
  summary: z.string(),
  sections_failed: z.number(),
});

export const reportDeliveriesSchema = z.strictObject({
  deliveries: z.array(
    z.strictObject({
      document: documentId,
      kind: z.string(),
      period: z.string(),
      account: z.string(),
      owner: z.string(),
      schedule: z.string(),
      channel: z.string(),
      result: z.enum(['planned', 'failed', 'delivered', 'given-up', 'again']),
      attempts: z.number(),
      at: instant,
      detail: z.string(),
    }),
  ),
});

export type ReportsDocument = z.infer<typeof reportsSchema>;
export type DocumentPage = z.infer<typeof documentPageSchema>;
export type DeliveryList = z.infer<typeof reportDeliveriesSchema>;
export type ReportMade = z.infer<typeof reportMadeSchema>;
