/**
 * The accounts of the examples as the API knows them: two accounts, their owners and keys, and in each a key of
 * keytrail's own. Its owner is a viewer: of the roles that may read all four resources, the least.
 */
import { ACCOUNTS, KEYS, OWNERS } from '../cast.ts';
import { seededRandom, seedOf } from '../random.ts';
import type { Account, History, User, UserKey } from './accounts.ts';

export const OWN_KEY = 'keytrail-collector';
const OWN_USER = { name: 'Keytrail Service', email: 'keytrail@northwind.example', role: 'Viewer' } as const;

const MS_PER_DAY = 86_400_000;
const KEY_DIGITS = 50;

export interface ExampleAccountsOptions {
  readonly seed: number;
  /** Ms since 1970: everything was made before it. */
  readonly end: number;
  /** Rows of the logs of each account, over `days` before the end. Default: none. */
  readonly rows?: number;
  readonly sessions?: number;
  readonly days?: number;
}

/** @param options the same options give the same accounts, keys and secrets */
export function exampleAccounts(options: ExampleAccountsOptions): readonly Account[] {
  const { seed, end, rows, sessions, days = 90 } = options;
  const historyOf = (count: number): History => ({ rows: count, from: end - days * MS_PER_DAY, to: end });
  return ACCOUNTS.map(({ id, name }) => {
    const random = seededRandom(seedOf(seed, Number(id)));
    const secret = () => random.hex(KEY_DIGITS);
    const keyOf = (key: string, ownerEmail: string, allowList: readonly string[]): UserKey => ({
      ...{ name: key, secret: secret(), ownerEmail, createdAt: end - 400 * MS_PER_DAY },
      allowedSourceIps: allowList.length === 0 ? ['0.0.0.0/0'] : allowList,
    });
    const theirs = KEYS.filter(({ accountId }) => accountId === id);
    return {
      ...{ id: Number(id), name, accountKey: secret(), createdAt: end - 800 * MS_PER_DAY },
      keys: [
        keyOf(OWN_KEY, OWN_USER.email, []),
        ...theirs.map((key) => keyOf(key.name, key.owner.email, key.allowList)),
      ],
      users: usersOf(Number(id)),
      ...(rows !== undefined && { history: historyOf(rows) }),
      ...(sessions !== undefined && { sessions: historyOf(sessions) }),
    };
  });
}

function usersOf(accountId: number): User[] {
  const owners = Object.values(OWNERS).map((owner) => ({ ...owner, role: 'Owner' as const, mfaEnabled: true }));
  return [...owners, OWN_USER].map((user, index) => ({ ...user, id: accountId * 100 + index }));
}

/** What a client needs of an account, as its headers. @throws Error for a key that the account does not have */
export function headersFor(account: Account, keyName = OWN_KEY): Readonly<Record<string, string>> {
  const key = account.keys.find(({ name }) => name === keyName);
  if (key === undefined) throw new Error(`account ${account.id} has no key ${keyName}`);
  return { 'x-api-key': account.accountKey, 'x-api-secret-key': key.secret };
}
