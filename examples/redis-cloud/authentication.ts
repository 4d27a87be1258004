/** The three conditions under which the API lets a request in, and what it answers when one does not hold. */
import { BlockList, isIPv4 } from 'node:net';
import { type Account, mayRead, type Resource, type UserKey } from './accounts.ts';

/** Why a request was refused: what the real API keeps to itself, for tests. */
export type Refusal =
  | 'account-key-missing'
  | 'account-key-unknown'
  | 'api-not-enabled'
  | 'user-key-missing'
  | 'user-key-unknown'
  | 'user-key-of-another-account'
  | 'user-key-revoked'
  | 'owner-gone'
  | 'address-not-allowed'
  | 'role-not-allowed';

/** Keys that are wrong look alike from outside, and the answer to them is not even JSON: nginx gives it. */
const UNAUTHORISED = 401;
const FORBIDDEN = 403;
/** "Feature flag for this flow is off", says the description. */
const NOT_ENABLED = 412;

export function statusOf(refusal: Refusal): number {
  if (refusal === 'api-not-enabled') return NOT_ENABLED;
  return refusal === 'address-not-allowed' || refusal === 'role-not-allowed' ? FORBIDDEN : UNAUTHORISED;
}

export interface Credentials {
  /** The values of `x-api-key` and `x-api-secret-key`; undefined without the header. */
  readonly accountKey: string | undefined;
  readonly userKey: string | undefined;
  /** Where the request comes from. */
  readonly address: string;
}

export function accountOf(accounts: readonly Account[], accountKey: string | undefined): Account | undefined {
  return accounts.find((account) => account.accountKey === accountKey);
}

/** @returns the key that was shown, or why the request is refused */
export function authenticate(
  accounts: readonly Account[],
  { accountKey, userKey, address }: Credentials,
  now: number,
): UserKey | Refusal {
  if (accountKey === undefined) return 'account-key-missing';
  const account = accountOf(accounts, accountKey);
  if (account === undefined) return 'account-key-unknown';
  if (account.apiEnabled === false) return 'api-not-enabled';
  if (userKey === undefined) return 'user-key-missing';
  const key = account.keys.find(({ secret }) => secret === userKey);
  if (key === undefined) {
    const isElsewhere = accounts.some(({ keys }) => keys.some(({ secret }) => secret === userKey));
    return isElsewhere ? 'user-key-of-another-account' : 'user-key-unknown';
  }
  if (key.revokedAt !== undefined && key.revokedAt <= now) return 'user-key-revoked';
  if (!account.users.some(({ email }) => email === key.ownerEmail)) return 'owner-gone';
  return isAllowed(address, key.allowedSourceIps) ? key : 'address-not-allowed';
}

/** What the key may read is what its owner may read. */
export function authorise(account: Account, key: UserKey, resource: Resource): Refusal | undefined {
  const owner = account.users.find(({ email }) => email === key.ownerEmail);
  return owner !== undefined && mayRead(owner.role, resource) ? undefined : 'role-not-allowed';
}

/** Without a list, or with all of IPv4 in it, a key is good everywhere. */
export function isAllowed(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0 || networks.includes('0.0.0.0/0')) return true;
  const list = new BlockList();
  for (const network of networks) {
    const [net = '', prefix] = network.split('/', 2);
    const family = isIPv4(net) ? 'ipv4' : 'ipv6';
    list.addSubnet(net, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family);
  }
  const plain = plainAddress(address);
  return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/** A socket that listens for both families tells an IPv4 peer as `::ffff:203.0.113.7`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
