/** Who may talk to a daemon, and what for. */
import { z } from 'zod';

/**
 * `push`: bring records in, and nothing else. `viewer`: read by API. `analyst`: also export, ask by SQL, and judge
 * findings. `admin`: everything.
 */
export const ROLES = ['push', 'viewer', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a route asks for. */
export type Ability = 'push' | 'read' | 'export' | 'sql' | 'triage' | 'operate';

const ABILITIES: Readonly<Record<Role, readonly Ability[]>> = {
  push: ['push'],
  viewer: ['read'],
  analyst: ['read', 'export', 'sql', 'triage'],
  admin: ['push', 'read', 'export', 'sql', 'triage', 'operate'],
};

export function may(role: Role, ability: Ability): boolean {
  return ABILITIES[role].includes(ability);
}

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
