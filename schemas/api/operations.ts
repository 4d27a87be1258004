/** The daemon itself, as the API tells of it. */
import { z } from 'zod';

export const partsSchema = z.strictObject({
  parts: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(['starting', 'running', 'waiting', 'stopping', 'stopped']),
      optional: z.boolean(),
      mode: z
        .enum(['active', 'standby'])
        .nullable()
        .meta({ description: '`standby`: another process on the same store does its work.' }),
      since: z.iso.datetime(),
      restarts: z.int().nonnegative(),
      failure: z.string().nullable(),
      retry_at: z.iso.datetime().nullable(),
    }),
  ),
});
export type PartsDocument = z.infer<typeof partsSchema>;
