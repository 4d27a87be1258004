/**
 * The front matter of a question: what stands as YAML in the leading comment of `queries/<folder>/<id>.sql`.
 *
 * An unknown field is an error: a misspelt `parms` must not silently make a question without parameters.
 */
import { z } from 'zod';
import { detectionSectionSchema } from './detections.ts';

const NAME = /^[a-z][a-z0-9_]*$/;
const name = z.string().regex(NAME, 'a name of lower-case letters, digits and _, beginning with a letter');
const sentence = z.string().trim().min(1);

export const questionParameterSchema = z.strictObject({
  /** ClickHouse type, exactly as the SQL uses it: `String`, `IPv6`, `DateTime64(3, 'UTC')`. */
  type: z.string().trim().min(1),
  /** What stands in when the parameter is not given; a parameter without one must be given. */
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]).optional(),
  description: sentence.optional(),
  /** Why the default is what it is; every threshold of a detection has one. */
  reason: sentence.optional(),
});
export type QuestionParameter = z.infer<typeof questionParameterSchema>;

/** `key_id: what it is`, or with a unit. */
export const questionColumnSchema = z.union([
  sentence.transform((description) => ({ description })),
  z
    .strictObject({ unit: sentence.optional(), description: sentence.optional() })
    .refine((column) => column.unit !== undefined || column.description !== undefined, 'a unit or a description'),
]);
export type QuestionColumn = { unit?: string | undefined; description?: string | undefined };

/** `x`, `y` and `by` are columns; `by` parts each `y` into a series for each of its values. */
export const questionChartSchema = z.strictObject({
  kind: z.enum(['bar', 'line', 'area', 'scatter']),
  x: name,
  y: name,
  by: name.optional(),
});
export type QuestionChart = z.infer<typeof questionChartSchema>;

export const questionHeaderSchema = z.strictObject({
  title: sentence,
  question: sentence.refine((text) => text.endsWith('?'), 'one plain sentence that ends with a question mark'),
  description: sentence.optional(),
  params: z.record(name, questionParameterSchema).default({}),
  /** Parameters with defaults of which a person gives at least one: without any the question would ask for nothing. */
  one_of: z.array(name).min(2).optional(),
  columns: z.record(name, questionColumnSchema).refine((columns) => Object.keys(columns).length > 0, 'at least one'),
  tags: z.array(sentence).default([]),
  chart: questionChartSchema.optional(),
  /** Present: the question is a detection, and each row of its answer something found. */
  detection: detectionSectionSchema.optional(),
});
export type QuestionHeader = z.infer<typeof questionHeaderSchema>;

export interface Question extends QuestionHeader {
  /** The file's name without `.sql`. */
  readonly id: string;
  /** The folder that the file stands in: attribution, investigation, hygiene, detections, operations. */
  readonly folder: string;
  readonly file: string;
  /** One SELECT, without the leading comment and without a semicolon at its end. */
  readonly sql: string;
}

/** Filled by the runner with the moment of asking; declared like any parameter, never given by a person. */
export const MOMENT_PARAMETER = 'now';
/** The one type that times have in parameters, so that comparisons with `event_time` need no conversion. */
export const TIME_TYPE = "DateTime64(3, 'UTC')";
