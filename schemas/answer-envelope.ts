/** An answer with what stands around it, as one object: what was asked, how far the data reach, what may be missing. */
import { z } from 'zod';

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().nonnegative();
const NOT_COUNTED = 'null when counting them took too long';
/** What a cell or a parameter holds. */
const value = z.json().meta({ id: 'value' });

export const answerEnvelopeSchema = z
  .strictObject({
    question: z.string().meta({ description: 'Id of the question.' }),
    parameters: z.record(z.string(), value).meta({
      description: 'Every parameter by name, as it was asked with; null for an end of the range that was left open.',
    }),
    range: z
      .strictObject({ from: instant.nullable(), to: instant.nullable() })
      .meta({ description: 'The range that was asked for, half-open, UTC; null where it has no bound.' }),
    data_until: instant.nullable().meta({
      description: 'Time of the latest event up to the moment of asking; null when there is none.',
    }),
    stored_until: instant.nullable().meta({
      description: 'When the last block was stored; null when there is none.',
    }),
    dead_letters: count.nullable().meta({
      description: `Records that first arrived in the range, could not become events, and are still open; ${NOT_COUNTED}.`,
    }),
    conflicts: count.nullable().meta({
      description: `Event ids of the range with several contents; ${NOT_COUNTED}.`,
    }),
    columns: z.array(
      z.strictObject({
        name: z.string(),
        type: z.string().meta({ description: "ClickHouse's name of the type." }),
        unit: z.string().nullable(),
        description: z.string().nullable(),
      }),
    ),
    rows: z.array(z.record(z.string(), value)).meta({ description: 'The fields of each are the columns.' }),
  })
  .meta({
    title: 'Answer',
    description: 'What `keytrail query --format json --envelope` writes.',
  });
export type AnswerEnvelope = z.infer<typeof answerEnvelopeSchema>;
