/**
 * What the source says of owners: a key has one owner, an owner has the owner role, and a key belongs to the account
 * of its owner. Only what an import states is held against it: that a role was lost later, with the key still active,
 * is how the world may be, and something else alerts on it.
 */
import { entityKey, entityName, type KnownEntity, type UserSays } from './entities.ts';
import type { Remark } from './entries.ts';
import type { ownersStated } from './plan.ts';
import { foldTimeline, versionAt } from './timeline.ts';

const OWNER_ROLE = 'owner';

/** Finds a user, with what the import says of it. */
export type FindUser = (accountId: string, email: string) => KnownEntity<'user'> | undefined;

/**
 * @param stated the owners that the import names
 * @param accountsOf accounts in which a user of this email is known
 */
export function ownerFaults(
  stated: ReturnType<typeof ownersStated>,
  findUser: FindUser,
  accountsOf: (email: string) => readonly string[],
): Remark[] {
  return stated.flatMap(({ id, owner, at, place }) => {
    const [accountId = ''] = id;
    const user = findUser(accountId, owner);
    if (user !== undefined) return roleFault(user, entityName('key', id), at, place) ?? [];
    const elsewhere = accountsOf(owner);
    if (elsewhere.length === 0) return [];
    return [
      {
        code: 'OWNER_ACCOUNT',
        place,
        got: `${entityName('key', id)} under ${owner}, who is a user of account ${elsewhere.join(', ')}`,
        expected: 'a key in the account of its owner',
      },
    ];
  });
}

function roleFault(user: KnownEntity<'user'>, key: string, at: number, place: string): Remark | undefined {
  const role = roleAround(user, at);
  if (role === undefined || role === '' || role === OWNER_ROLE) return undefined;
  return {
    code: 'OWNER_ROLE',
    place,
    got: `${key} under ${user.id[1]}, whose role is ${role}`,
    expected: `an owner with the role ${OWNER_ROLE}`,
  };
}

/** The role at the time, or where none is known of it the first that is known later. */
function roleAround(user: KnownEntity<'user'>, at: number): string | undefined {
  const versions = foldTimeline<UserSays>(user.statements);
  return versionAt(versions, at)?.says.role ?? versions.find(({ says }) => says.role !== undefined)?.says.role;
}

/** The users that are known, and those that an import speaks of, by account and email. */
export function userFinder(
  known: ReadonlyMap<string, KnownEntity>,
  planned: ReadonlyMap<string, KnownEntity>,
): { readonly findUser: FindUser; readonly accountsOf: (email: string) => readonly string[] } {
  const accounts = new Map<string, Set<string>>();
  for (const { kind, id } of [...known.values(), ...planned.values()]) {
    if (kind !== 'user') continue;
    const [accountId = '', email = ''] = id;
    const of = accounts.get(email) ?? new Set();
    accounts.set(email, of.add(accountId));
  }
  return {
    findUser: (accountId, email) => {
      const key = entityKey('user', [accountId, email]);
      return (planned.get(key) ?? known.get(key)) as KnownEntity<'user'> | undefined;
    },
    accountsOf: (email) => [...(accounts.get(email) ?? [])].sort(),
  };
}
