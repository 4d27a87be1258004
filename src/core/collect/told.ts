/**
 * What an entry of the system log tells of users and keys, as entries of the registry with its own time.
 *
 * The documentation shows two of these texts and says of the others only that they are in the log, so nothing depends
 * on them: any entry about the account makes the account be read again. One that is recognised says more than a
 * reading: since when, by whom, and of keys that nobody but their owner can read.
 */
import { parseOriginator } from '../../../schemas/fields/principal.ts';
import { parseInstant } from '../../../schemas/fields/time.ts';
import type { RegistryKey, RegistryUser } from '../../../schemas/registry.ts';

export type Told =
  | { readonly kind: 'key'; readonly entry: RegistryKey; readonly place: string }
  | { readonly kind: 'user'; readonly entry: RegistryUser; readonly place: string };

interface About {
  readonly account_id: string;
  /** ms since 1970 */
  readonly at: number;
  readonly by: string;
}

interface Text {
  readonly pattern: RegExp;
  readonly told: (match: Readonly<Record<string, string>>, about: About) => Pick<Told, 'kind' | 'entry'>;
}

const KEY = '(?<key>[A-Za-z0-9_-]{1,50})';
const EMAIL = String.raw`\(?(?<email>[^\s()@]+@[^\s()@]+)\)?`;
const PERSON = `(?:.{0,200} )?${EMAIL}`;

const TEXTS: readonly Text[] = [
  {
    pattern: new RegExp(`^API key ${KEY} was created for ${PERSON}$`, 'i'),
    told: ({ key = '', email = '' }, { account_id, at, by }) => ({
      kind: 'key',
      entry: {
        ...{ account_id, key_id: key, owner: email.toLowerCase(), state: 'active', created_at: at, valid_from: at },
        ...(by === '' ? {} : { created_by: by }),
      },
    }),
  },
  {
    pattern: new RegExp(`^API key ${KEY} was deleted$`, 'i'),
    told: ({ key = '' }, { account_id, at }) => ({
      kind: 'key',
      entry: { account_id, key_id: key, owner: undefined, deleted_at: at },
    }),
  },
  {
    // Which list it was before is not in the log, so what it is now is not known either, until it is read or imported.
    pattern: new RegExp(`^Source ip/subnet (?:added to|removed from) API key ${KEY}\\.`, 'i'),
    told: ({ key = '' }, { account_id, at }) => ({
      kind: 'key',
      entry: { account_id, key_id: key, owner: undefined, state: 'active', allow_list: 'unknown', valid_from: at },
    }),
  },
  {
    pattern: new RegExp(`^${PERSON}'s role was changed from .{1,100} to (?<role>.{1,100})$`, 'i'),
    told: ({ email = '', role = '' }, about) => user(email, about, { role: role.toLowerCase() }),
  },
  {
    pattern: new RegExp(`^${PERSON} was removed from team$`, 'i'),
    told: ({ email = '' }, about) => user(email, about, { active: false }),
  },
  {
    pattern: new RegExp(`^${PERSON}'s user name was changed to (?<name>.{1,200})$`, 'i'),
    told: ({ email = '', name = '' }, about) => user(email, about, { name }),
  },
];

function user(email: string, { account_id, at }: About, says: Partial<RegistryUser>): Pick<Told, 'kind' | 'entry'> {
  return { kind: 'user', entry: { account_id, email: email.toLowerCase(), valid_from: at, ...says } };
}

/** @param entry as the API wrote it: anything may be missing in it */
export function toldBy(entry: Readonly<Record<string, unknown>>, accountId: string): Told | undefined {
  const { id, time, type, description, originator } = entry;
  if (type !== 'Account' || typeof description !== 'string' || typeof time !== 'string') return undefined;
  const at = parseInstant(time);
  if (typeof at !== 'number') return undefined;
  const { email, name } = parseOriginator(typeof originator === 'string' ? originator : '');
  const about = { account_id: accountId, at, by: email === '' ? name : email };
  for (const { pattern, told } of TEXTS) {
    const match = pattern.exec(description.trim());
    if (match?.groups !== undefined) {
      return { ...told(match.groups, about), place: `GET /v1/logs entry ${String(id)}` } as Told;
    }
  }
  return undefined;
}
