/** Events, as the API gives them. */
import { z } from 'zod';

const event = z.record(z.string(), z.unknown()).meta({ description: 'Fields as the columns of `activity`.' });

export const eventPageSchema = z.strictObject({
  events: z.array(event),
  next: z.string().nullable().meta({ description: 'Where the next page begins: `cursor` of its request.' }),
});

export const facetsSchema = z.strictObject({
  limit: z.int().positive().meta({ description: 'Of a field with so many values these are the most frequent only.' }),
  facets: z.record(z.string(), z.array(z.strictObject({ value: z.string(), events: z.int().nonnegative() }))),
});

export const eventSchema = z.strictObject({
  statements: z.array(event).meta({
    description: 'The event; several when the same id came with several contents. The first arrival is first.',
  }),
});

export type EventPage = z.infer<typeof eventPageSchema>;
export type FacetsDocument = z.infer<typeof facetsSchema>;
export type EventDocument = z.infer<typeof eventSchema>;
