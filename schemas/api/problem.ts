/** What a request that was not answered gets: RFC 9457, with the parts of keytrail's own errors. */
import { z } from 'zod';

export const problemSchema = z.strictObject({
  type: z.string().meta({ description: 'Names the kind of problem: `urn:keytrail:problem:` and its code.' }),
  title: z.string().meta({ description: 'The problem in one sentence.' }),
  status: z.int().meta({ description: 'The HTTP status.' }),
  code: z.string().meta({ description: 'What programs tell problems apart by.' }),
  got: z.string().optional(),
  expected: z.string().optional(),
  next: z.string().optional().meta({ description: 'What to do about it.' }),
  request_id: z.string().meta({ description: 'Names the request in the log of the daemon.' }),
});
export type ProblemDocument = z.infer<typeof problemSchema>;
