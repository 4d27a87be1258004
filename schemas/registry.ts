/**
 * The registry file: accounts, users, keys and app rules as people write them, in YAML, JSON or (one kind of them)
 * CSV.
 *
 * What an entry says holds from its `valid_from` on, and without one from the import on: who reads how things stand
 * does not know since when. A field that is absent says nothing. Unknown fields are errors.
 */
import { z } from 'zod';
import { parseCidr } from './fields/cidr.ts';
import { parseInstant } from './fields/time.ts';

const TEXT_CHARS_MAX = 1_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const KEY_STATES = ['unknown', 'active', 'deleted', 'revoked'] as const;
export const ACCOUNT_KEY_STATES = ['unknown', 'valid', 'invalid'] as const;

export const registryText = (description: string) => z.string().trim().min(1).max(TEXT_CHARS_MAX).meta({ description });
/** An optional text of which the empty one says that there is none. */
export const registryNote = (description: string) =>
  z.string().trim().max(TEXT_CHARS_MAX).meta({ description }).optional();

/** Ids are digits in many systems, and YAML takes those for numbers. */
export const registryId = (description: string) =>
  z
    .union([z.string().trim().min(1).max(TEXT_CHARS_MAX), z.int().nonnegative()])
    .transform(String)
    .meta({ description });

/** `2026-11-20`, `2026-11-20T08:15:00Z`, `2026-11-20T08:15:00.250+01:00` → ms since 1970, UTC. */
export const registryInstant = (description: string) =>
  z
    .string()
    .trim()
    .transform((text, context) => {
      const instant = parseInstant(DATE.test(text) ? `${text}T00:00:00Z` : text);
      if (typeof instant === 'number') return instant;
      context.addIssue({ code: 'custom', message: 'a date, or a time with a zone such as 2026-11-20T08:15:00Z' });
      return z.NEVER;
    })
    .meta({ description })
    .optional();

/** A range of addresses; issues say what is wrong with it. */
export const registryCidr = z
  .string()
  .trim()
  .check((context) => {
    const parsed = parseCidr(context.value);
    if (parsed.kind === 'invalid')
      context.issues.push({ code: 'custom', message: parsed.expected, input: context.value });
  })
  .meta({ description: 'a range such as 10.0.0.0/8 or 2001:db8::/32, or one address' });

const email = registryText('how records name the person; for machines any name that is not used twice').transform(
  (text) => text.toLowerCase(),
);
const validFrom = registryInstant('since when this is so; absent: since the import');

export const registryAccountSchema = z
  .strictObject({
    account_id: registryId('id of the account'),
    name: registryNote('name of the account'),
    account_key: z.enum(ACCOUNT_KEY_STATES).meta({ description: 'state of the account key' }).optional(),
    api_enabled_since: registryInstant('since when the API is enabled for the account'),
    valid_from: validFrom,
    retract: z.boolean().meta({ description: 'takes back what was said of this instant before' }).optional(),
  })
  .meta({ title: 'Account' });

export const registryUserSchema = z
  .strictObject({
    account_id: registryId('account of the user'),
    email,
    user_id: registryId('id of the user in the account').optional(),
    name: registryNote('name of the person'),
    role: registryText('role in the account; only an owner may have keys')
      .transform((text) => text.toLowerCase())
      .optional(),
    active: z.boolean().meta({ description: 'false: the person may not act any more' }).optional(),
    has_api_key: z.boolean().meta({ description: 'whether the person has any user key' }).optional(),
    mfa: z.boolean().meta({ description: 'whether the person signs in with a second factor' }).optional(),
    valid_from: validFrom,
    retract: z.boolean().meta({ description: 'takes back what was said of this instant before' }).optional(),
  })
  .meta({ title: 'User' });

export const registryKeySchema = z
  .strictObject({
    account_id: registryId('account of the key'),
    key_id: registryId('what records write to name the key; in Redis Cloud its name'),
    owner: registryNote('email, or other name, of the user whose key it is; empty: not known').transform((text) =>
      text?.toLowerCase(),
    ),
    app: registryNote('app or job that the key was made for; empty: none'),
    purpose: registryNote('what it is for, in words'),
    state: z.enum(KEY_STATES).meta({ description: 'absent: active, because it is listed' }).optional(),
    created_at: registryInstant('when the key was made'),
    created_by: registryNote('who made it'),
    deleted_at: registryInstant('when it was deleted'),
    revoked_at: registryInstant('when it was revoked'),
    allow_list: z
      .union([z.literal('unknown'), z.array(registryCidr).max(1_000)])
      .meta({ description: 'ranges from which the key may be used; an empty list: no restriction' })
      .optional(),
    valid_from: validFrom,
    valid_to: registryInstant('until when this is known to hold; what follows is unknown unless another entry says it'),
    retract: z.boolean().meta({ description: 'takes back what was said of this instant before' }).optional(),
  })
  .meta({ title: 'User key' });

const pattern = (description: string) =>
  registryText(`${description}; * stands for any characters, ? for one`).optional();

export const appRuleSchema = z
  .strictObject({
    name: registryText('name of the rule, which each attribution tells').refine(
      (name) => name !== 'assigned',
      'another name: assigned is what apps are called that the registry names',
    ),
    app: registryText('app that the key is taken to serve'),
    key: pattern('keys of these names'),
    user_agent: pattern('requests of these user agents, in upper or lower case'),
    network: registryText('requests from this network').optional(),
  })
  .refine(
    ({ key, user_agent, network }) => key !== undefined || user_agent !== undefined || network !== undefined,
    'a rule that asks for a key, a user agent or a network',
  )
  .meta({ title: 'App rule' });

export const registryFileSchema = z
  .strictObject({
    accounts: z.array(registryAccountSchema).optional(),
    users: z.array(registryUserSchema).optional(),
    keys: z.array(registryKeySchema).optional(),
    app_rules: z
      .array(appRuleSchema)
      .max(200)
      .meta({ description: 'all rules, first match first; they replace those before' })
      .optional(),
  })
  .meta({ title: 'keytrail registry', description: 'Accounts, users, keys and app rules for keytrail keys import.' });

export type RegistryFile = z.infer<typeof registryFileSchema>;
export type RegistryAccount = z.infer<typeof registryAccountSchema>;
export type RegistryUser = z.infer<typeof registryUserSchema>;
export type RegistryKey = z.infer<typeof registryKeySchema>;
export type AppRule = z.infer<typeof appRuleSchema>;
