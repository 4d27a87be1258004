/**
 * Record schemas check what identity, time and shape need, and nothing else: an optional field that does not parse
 * never costs the event. What an optional field should hold is documented in its JSON Schema all the same.
 *
 * Fields that a schema does not name are allowed: they stay in the record's text. The schemas are plain objects and not
 * loose ones, which would copy them, a fifth of the time of a record.
 */
import { z } from 'zod';

/** An optional text. Anything is accepted; what is no text reads as absent. */
export function text(description: string, examples: readonly string[] = []) {
  return z
    .unknown()
    .optional()
    .meta({ type: 'string', description, ...(examples.length > 0 && { examples }) });
}

/** An optional text out of a closed list; what is not in it reads as unknown. */
export function choice(description: string, values: readonly string[]) {
  return z
    .unknown()
    .optional()
    .meta({ type: 'string', enum: [...values], description });
}

/** An optional id, which some write as a number. */
export function name(description: string) {
  return z
    .unknown()
    .optional()
    .meta({ type: ['string', 'integer'], description });
}

/** An optional number, accepted as its text too. */
export function integer(description: string) {
  return z.unknown().optional().meta({ type: 'integer', description });
}

/** An optional object. Anything else reads as an empty one. */
export function object(description: string, properties: Readonly<Record<string, z.ZodType>>) {
  const shape = z.toJSONSchema(z.object(properties), { io: 'input' });
  return z.unknown().optional().meta({ type: 'object', description, properties: shape.properties });
}

/** The identity of an entry: a text with something in it, or an integer. Beyond 2^53 it has to be text. */
export function identity(description: string) {
  return z.union([z.string().min(1), z.int()]).meta({ description });
}

export function instant(description: string) {
  return z.string().meta({ format: 'date-time', description });
}
