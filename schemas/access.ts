/** Who may talk to a daemon, and what for. */
import { z } from 'zod';
import { ROLES } from './roles.ts';

export { type Ability, may, ROLES, type Role } from './roles.ts';

/** A row of the statement tokens-list; times in ms since 1970 UTC, 0 for never. */
export const tokenRowSchema = z.object({
  token_id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  digest: z.string(),
  accounts: z.array(z.string()),
  source: z.string(),
  added_at_ms: z.number(),
  expires_at_ms: z.number(),
  revoked_at_ms: z.number(),
});
export type TokenRow = z.infer<typeof tokenRowSchema>;
