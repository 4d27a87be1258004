/**
 * Reports: what a kind of report is (`reports/<id>.yaml`), and the document that is made of one.
 *
 * A kind is data: sections, each a saved question with how it is shown and a sentence that tells it. An unknown field
 * is an error. The document is what every format is written from, and what `--format json` writes.
 */
import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'a name of lower-case letters, digits and _');
const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and -, beginning with a letter');
const sentence = z.string().trim().min(1).max(2_000);
const title = z.string().trim().min(1).max(200);
const values = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);

export const REPORT_PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export const REPORT_SHOWS = ['figures', 'table', 'bar', 'series', 'heat-map'] as const;
export type ReportShow = (typeof REPORT_SHOWS)[number];
export const REPORT_FORMATS = ['html', 'pdf', 'markdown', 'csv', 'json', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const SECTION_ENTRIES_MAX = 40;

const sectionKindSchema = z.strictObject({
  id: id.meta({ description: 'Name of the section within the report; the anchor of its place.' }),
  title,
  question: id.meta({ description: 'Id of the saved question whose answer the section shows.' }),
  parameters: z.record(name, values).default({}).meta({
    description:
      'Values for parameters of the question. `from`, `to`, `account_id`, `owner` and those of the kind are filled in by name.',
  }),
  show: z.enum(REPORT_SHOWS).meta({ description: 'How the answer is shown; there is a table behind every drawing.' }),
  columns: z.array(name).min(1).optional().meta({
    description: 'Columns that are shown, in this order; absent: all of them. Data formats always hold all.',
  }),
  chart: z.strictObject({ x: name, y: name.optional(), by: name.optional() }).optional().meta({
    description: 'Columns that are drawn: x, y (absent: rows are counted), and what parts y into series or rows.',
  }),
  compare: z
    .strictObject({
      by: z.array(name).default([]).meta({ description: 'Columns that say which rows are of the same thing.' }),
      of: z.array(name).default([]).meta({ description: 'Numbers that are held against those of the period before.' }),
      noun: z.string().trim().min(1).max(40).optional().meta({ description: 'What a row is of, in one word: key.' }),
    })
    .optional()
    .meta({ description: 'What is held against the period before.' }),
  when: z.array(name).optional().meta({
    description: 'The section is there only when all of these parameters of the kind were given.',
  }),
  owners: z.enum(['both', 'only', 'never']).default('both').meta({
    description: 'Whether it is in the document of one owner, only there, or never there.',
  }),
  sentence: sentence.meta({
    description: 'Tells the answer: `{column}` and `{column:unit}`, `[…]` where it has a value.',
  }),
  empty: sentence.optional().meta({ description: 'Tells that the answer has no rows, and what that means.' }),
});
export type ReportSectionKind = z.infer<typeof sectionKindSchema>;

export const reportKindSchema = z
  .strictObject({
    title,
    description: sentence,
    period: z.enum(REPORT_PERIODS).meta({ description: 'The period that it is about when none is named.' }),
    parameters: z
      .record(
        name,
        z.strictObject({
          default: values.optional().meta({ description: 'Absent: it must be given.' }),
          description: sentence,
        }),
      )
      .default({}),
    one_of: z.array(name).min(2).optional().meta({ description: 'Parameters of which one must be given.' }),
    summary: id.meta({ description: 'The section whose sentence tells the whole report.' }),
    owner_summary: id.optional().meta({ description: 'The same for the document of one owner.' }),
    sections: z.array(sectionKindSchema).min(1).max(SECTION_ENTRIES_MAX),
  })
  .meta({ title: 'Kind of report', description: 'A file reports/<id>.yaml.' });
export type ReportKindFile = z.infer<typeof reportKindSchema>;

export interface ReportKind extends ReportKindFile {
  /** The file's name without `.yaml`. */
  readonly id: string;
  readonly file: string;
}

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().nonnegative();
const NOT_COUNTED = 'null when it could not be counted';
/** What a cell or a parameter holds. */
const value = z.json().meta({ id: 'value' });

const periodSchema = z.strictObject({
  name: z.string().meta({ description: '2026-10, 2026-W47, 2026-Q4, 2026, 2026-11-25 or custom.' }),
  from: instant,
  to: instant.meta({ description: 'Half-open: the first instant that is not in it.' }),
});

const deltaSchema = z.strictObject({
  column: z.string(),
  unit: z.string().nullable(),
  now: z.number(),
  before: z.number(),
  direction: z.enum(['up', 'down', 'same']),
});
export type ReportDelta = z.infer<typeof deltaSchema>;

const changesSchema = z.strictObject({
  sentence: z.string(),
  by: z.array(z.string()).meta({ description: 'Columns that say which rows are of the same thing.' }),
  deltas: z.array(deltaSchema).meta({ description: 'Of all rows together.' }),
  new_total: count.meta({ description: 'Rows that the period before did not have.' }),
  gone_total: count.meta({ description: 'Rows that only the period before had.' }),
  gone: z.array(z.record(z.string(), value)).meta({ description: 'Those rows, as they were; cut like rows.' }),
  before: z
    .array(z.record(z.string(), z.number().nullable()).nullable())
    .meta({ description: 'For each row what its compared numbers were before; null for a row that is new.' }),
});
export type ReportChanges = z.infer<typeof changesSchema>;

const columnSchema = z.strictObject({
  name: z.string(),
  label: z.string().meta({ description: 'The name as a heading.' }),
  kind: z.enum(['text', 'number', 'time', 'other']),
  unit: z.string().nullable(),
  description: z.string().nullable(),
});
export type ReportColumn = z.infer<typeof columnSchema>;

export const reportSectionSchema = z.strictObject({
  id,
  title: z.string(),
  sentence: z.string(),
  shown_as: z.enum(REPORT_SHOWS),
  question: z.string().meta({ description: 'Id of the question that it is the answer of.' }),
  parameters: z.record(z.string(), value).meta({ description: 'Every parameter that it was asked with.' }),
  command: z.string().meta({ description: 'The command that asks the same.' }),
  columns: z.array(columnSchema),
  shown: z.array(z.string()).meta({ description: 'Names of the columns that people are shown, in order.' }),
  chart: z.strictObject({ x: z.string(), y: z.string().nullable(), by: z.string().nullable() }).nullable(),
  rows: z.array(z.record(z.string(), value)).meta({ description: 'The fields of each are the columns.' }),
  rows_total: count.meta({ description: 'Rows of the whole answer.' }),
  rows_note: z.string().nullable().meta({ description: 'Says that rows are left out here; null where none are.' }),
  changes: changesSchema.nullable().meta({ description: 'Against the period before; null where nothing is compared.' }),
  error: z
    .strictObject({ code: z.string(), message: z.string() })
    .nullable()
    .meta({ description: 'Why there is no answer; then there are no rows.' }),
});
export type ReportSection = z.infer<typeof reportSectionSchema>;

export const reportDocumentSchema = z
  .strictObject({
    version: z.literal(1),
    id: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .meta({ description: 'Of kind, period, parameters and scope: the same report has the same id.' }),
    kind: z.string(),
    title: z.string(),
    description: z.string(),
    period: z.strictObject({
      ...periodSchema.shape,
      zone: z.string().meta({ description: 'IANA name of the time zone that it is counted in.' }),
      is_provisional: z.boolean().meta({ description: 'It was still running when the report was made.' }),
    }),
    previous_period: periodSchema.nullable().meta({ description: 'What changes are counted against.' }),
    scope: z.strictObject({ account: z.string().nullable(), owner: z.string().nullable() }),
    parameters: z.record(z.string(), value).meta({ description: 'Those of the kind.' }),
    generated_at: instant,
    is_empty: z.boolean().meta({ description: 'No section has a row.' }),
    summary: z.string().meta({ description: 'The report in one sentence.' }),
    coverage: z
      .strictObject({
        sentence: z.string(),
        data_until: instant.nullable().meta({ description: 'Time of the latest event when the report was made.' }),
        stored_until: instant.nullable().meta({ description: 'When the last block was stored.' }),
        late_events: count.nullable().meta({
          description: `Events of the period that were stored more than a day after they happened; ${NOT_COUNTED}.`,
        }),
        dead_letters: count.nullable().meta({
          description: `Records that first arrived in the period, could not become events, and are open; ${NOT_COUNTED}.`,
        }),
        gaps: count.nullable().meta({ description: `Times that records were lost in the period; ${NOT_COUNTED}.` }),
        conflicts: count.nullable().meta({
          description: `Event ids of the period with several contents; ${NOT_COUNTED}.`,
        }),
      })
      .meta({ description: 'How far the record can be relied on for this period; of all that the reader may see.' }),
    sections: z.array(reportSectionSchema),
    totals: z.strictObject({
      sections: count,
      sections_failed: count.meta({ description: 'More than none: the command exits with 1.' }),
      rows: count,
    }),
  })
  .meta({ title: 'Report', description: 'What `keytrail report run --format json` writes.' });
export type ReportDocument = z.infer<typeof reportDocumentSchema>;
