/** Another try for records that could not become events, as the API takes and answers it. */
import { z } from 'zod';
import { REJECTION_REASONS } from '../rejection.ts';

const count = z.int().nonnegative();
/** Letters that one request may name; whoever means more names their reason or their source. */
const LETTERS_NAMED_ENTRIES_MAX = 500;

export const replayRequestSchema = z
  .strictObject({
    letters: z
      .array(z.string().regex(/^[0-9a-f]{32}(:[a-z0-9-]{1,50})?$/, 'a content hash, with or without :reason'))
      .max(LETTERS_NAMED_ENTRIES_MAX)
      .default([]),
    reasons: z.array(z.enum(REJECTION_REASONS)).default([]),
    source: z.string().max(200).default('').meta({
      description: 'Letters of this source, and those of none: they are read as its records.',
    }),
    account: z.string().max(1_000).default('').meta({ description: 'Account of letters whose account is missing.' }),
    all: z.boolean().default(false).meta({ description: 'Every open letter.' }),
    dry_run: z.boolean().default(false).meta({ description: 'Read and count, and store nothing.' }),
  })
  .refine(
    ({ letters, reasons, source, all }) => all || letters.length > 0 || reasons.length > 0 || source !== '',
    'letters, reasons, a source, or all: which letters are to be replayed',
  );
export type ReplayRequest = z.input<typeof replayRequestSchema>;

export const replaySummarySchema = z.strictObject({
  dry_run: z.boolean(),
  letters: count.meta({ description: 'Open letters that were tried.' }),
  replayed: count.meta({ description: 'Letters that became events.' }),
  events: count,
  refused: z.record(z.string(), count).meta({ description: 'Letters that stay open, by the reason for it now.' }),
  not_replayable: count.meta({
    description: 'Letters of which too little is kept: read them from their origin again.',
  }),
});
export type ReplaySummaryDocument = z.infer<typeof replaySummarySchema>;
