/** Who may talk to the daemon, as the API tells and takes it. */
import { z } from 'zod';
import { ROLES } from '../roles.ts';

const instant = z.iso.datetime();
const ACCOUNT_ENTRIES_MAX = 100;

export const tokenListSchema = z.strictObject({
  tokens: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      role: z.enum(ROLES),
      accounts: z.array(z.string()).meta({ description: 'Empty: all.' }),
      source: z.string().meta({ description: 'Of a token that pushes: the source of its records.' }),
      state: z.enum(['counts', 'expired', 'revoked']),
      added_at: instant,
      expires_at: instant.nullable(),
      revoked_at: instant.nullable(),
      is_own: z.boolean().meta({ description: 'It is the one that asks.' }),
    }),
  ),
});
export type TokenList = z.infer<typeof tokenListSchema>;

export const newTokenSchema = z.strictObject({
  name: z.string(),
  role: z.enum(ROLES),
  accounts: z.array(z.string().trim().min(1).max(1_000)).max(ACCOUNT_ENTRIES_MAX).default([]),
  source: z.string().max(200).default(''),
  expires: z.string().max(40).meta({ description: 'ISO 8601, or after so long: 90d, 12h.' }).optional(),
});

export const tokenMadeSchema = z.strictObject({
  id: z.string(),
  token: z.string().meta({ description: 'It is told this once, and kept nowhere.' }),
});
export type TokenMade = z.infer<typeof tokenMadeSchema>;

export const tokenRevokedSchema = z.strictObject({ id: z.string(), name: z.string() });

export const sourceListSchema = z.strictObject({
  sources: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      account_from: z.enum(['record', 'origin']).meta({ description: 'Who names the account of a record.' }),
    }),
  ),
});
export type SourceList = z.infer<typeof sourceListSchema>;
