/** What a push is answered with, once everything in it is durable. */
import { z } from 'zod';

const count = z.int().nonnegative();
const LATER = 'null when counting took too long: `ingest-status` tells later';

export const pushReceiptSchema = z.strictObject({
  received: count.meta({ description: 'Records in the body, and what could not be cut into one.' }),
  new: count.nullable().meta({ description: `Events that the store did not hold before; ${LATER}.` }),
  already_known: count.nullable().meta({ description: `Events that the store held before; ${LATER}.` }),
  dead_letters: count.meta({
    description: 'Records that could not become events. They are kept, and can be replayed.',
  }),
  dead_letters_by_reason: z.record(z.string(), count),
});
export type PushReceiptDocument = z.infer<typeof pushReceiptSchema>;
