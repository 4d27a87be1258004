/** Questions, and their answers, as the API gives them. */
import { z } from 'zod';
import { answerEnvelopeSchema } from '../answer-envelope.ts';

export const questionSchema = z.strictObject({
  id: z.string(),
  folder: z.string(),
  title: z.string(),
  question: z.string(),
  description: z.string().nullable(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string().meta({ description: "ClickHouse's name of the type." }),
      required: z.boolean(),
      default: z.unknown().optional(),
      description: z.string().nullable(),
    }),
  ),
  one_of: z.array(z.string()).meta({ description: 'Parameters of which at least one must be given.' }),
  columns: z.array(
    z.strictObject({ name: z.string(), unit: z.string().nullable(), description: z.string().nullable() }),
  ),
  tags: z.array(z.string()),
  chart: z.strictObject({ kind: z.string(), x: z.string(), y: z.string(), by: z.string().optional() }).nullable(),
});
export type QuestionDocument = z.infer<typeof questionSchema>;

export const questionWholeSchema = questionSchema.extend({
  sql: z.string().meta({ description: 'The statement, with its parameters as `{name:Type}`.' }),
});
export type QuestionWhole = z.infer<typeof questionWholeSchema>;

export const questionListSchema = z.strictObject({ questions: z.array(questionSchema) });
export type QuestionList = z.infer<typeof questionListSchema>;

const { question, range, data_until, stored_until, dead_letters, conflicts, columns } = answerEnvelopeSchema.shape;

/** The same as `--envelope` of the command line; the cells are whatever their columns' types say. */
export const answerSchema = z.strictObject({
  question,
  parameters: z.record(z.string(), z.unknown()),
  range,
  data_until,
  stored_until,
  dead_letters,
  conflicts,
  columns,
  rows: z.array(z.record(z.string(), z.unknown())),
});
export type AnswerDocument = z.infer<typeof answerSchema>;

/** Rows of the program's own statements; their columns are said with them. */
export const rowsSchema = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.record(z.string(), z.unknown())),
});
export type RowsDocument = z.infer<typeof rowsSchema>;
