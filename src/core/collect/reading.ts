/**
 * What `GET /v1/` and `GET /v1/users` say, as entries of the registry: the account, its users, and the key that asked.
 */
import { z } from 'zod';
import { parseInstant } from '../../../schemas/fields/time.ts';
import type { RegistryFile, RegistryKey, RegistryUser } from '../../../schemas/registry.ts';
import type { PlaceOf } from '../registry/entries.ts';

const text = z.string().catch('').default('');
const id = z.union([z.number(), z.string()]).transform(String);

/** What is not there says nothing; only who is meant must be. */
const accountAnswer = z.object({
  account: z.object({
    id,
    name: text,
    key: z
      .object({
        name: text,
        allowedSourceIps: z.array(z.string()).optional().catch(undefined),
        createdTimestamp: text,
        owner: z.object({ name: text, email: text }).optional().catch(undefined),
        httpSourceIp: text,
      })
      .optional()
      .catch(undefined),
  }),
});
const usersAnswer = z.object({
  users: z.array(
    z.object({
      id: id.optional().catch(undefined),
      name: text,
      email: text,
      role: text,
      hasApiKey: z.boolean().optional().catch(undefined),
      options: z
        .object({ mfaEnabled: z.boolean().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    }),
  ),
});

export interface ReadAccount {
  readonly id: string;
  readonly name: string;
  readonly key: OwnKey | undefined;
}

/** The key that keytrail itself uses. */
export interface OwnKey {
  readonly name: string;
  readonly ownerEmail: string;
  /** As the API shows them; undefined where it does not. */
  readonly allowedSourceIps: readonly string[] | undefined;
  /** ms since 1970 */
  readonly createdAt: number | undefined;
  /** The address that the API saw the request come from. */
  readonly address: string;
}

export interface ReadUser {
  readonly id: string | undefined;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly hasApiKey: boolean | undefined;
  readonly mfa: boolean | undefined;
}

/** @returns undefined when the answer does not say which account it is */
export function readAccount(json: unknown): ReadAccount | undefined {
  const parsed = accountAnswer.safeParse(json);
  if (!parsed.success) return undefined;
  const { id: account, name, key } = parsed.data.account;
  const created = parseInstant(key?.createdTimestamp ?? '');
  return {
    id: account,
    name,
    key: key && {
      name: key.name,
      ownerEmail: key.owner?.email.toLowerCase() ?? '',
      allowedSourceIps: key.allowedSourceIps,
      createdAt: typeof created === 'number' ? created : undefined,
      address: key.httpSourceIp,
    },
  };
}

/** @returns undefined when the answer is no list of users */
export function readUsers(json: unknown): ReadUser[] | undefined {
  const parsed = usersAnswer.safeParse(json);
  if (!parsed.success) return undefined;
  return parsed.data.users.map(({ options, email, ...user }) => ({
    ...{ id: user.id, name: user.name, role: user.role, hasApiKey: user.hasApiKey },
    email: email.toLowerCase(),
    mfa: options?.mfaEnabled,
  }));
}

/**
 * @param users undefined where the key may not read them
 * @param before emails of the reading before this one: who is not listed any more may not act any more
 */
export function registryOf(
  account: ReadAccount,
  users: readonly ReadUser[] | undefined,
  before: readonly string[],
): RegistryFile {
  const account_id = account.id;
  const listed = (users ?? []).filter(({ email }) => email !== '');
  const emails = new Set(listed.map(({ email }) => email));
  const gone = users === undefined ? [] : before.filter((email) => !emails.has(email));
  return {
    accounts: [{ account_id, ...(account.name === '' ? {} : { name: account.name }), account_key: 'valid' }],
    users: [
      ...[...new Map(listed.map((user) => [user.email, user])).values()].map((user) => userEntry(account_id, user)),
      ...gone.map((email) => ({ account_id, email, active: false })),
    ],
    keys: account.key === undefined || account.key.name === '' ? [] : [keyEntry(account_id, account.key)],
  };
}

const PLACES: Readonly<Record<string, string>> = { users: 'GET /v1/users', keys: 'GET /v1/ key' };

export const placeOfReading: PlaceOf = ([kind]) => PLACES[String(kind)] ?? 'GET /v1/';

function userEntry(account_id: string, { id: user_id, email, name, role, hasApiKey, mfa }: ReadUser): RegistryUser {
  return {
    ...{ account_id, email, active: true },
    ...(user_id === undefined ? {} : { user_id }),
    ...(name === '' ? {} : { name }),
    ...(role === '' ? {} : { role: role.toLowerCase() }),
    ...(hasApiKey === undefined ? {} : { has_api_key: hasApiKey }),
    ...(mfa === undefined ? {} : { mfa }),
  };
}

function keyEntry(account_id: string, key: OwnKey): RegistryKey {
  return {
    ...{ account_id, key_id: key.name, state: 'active', purpose: 'the key that keytrail itself reads with' },
    ...{ owner: key.ownerEmail === '' ? undefined : key.ownerEmail },
    ...(key.createdAt === undefined ? {} : { created_at: key.createdAt }),
    ...(key.allowedSourceIps === undefined ? {} : { allow_list: [...key.allowedSourceIps] }),
  };
}
