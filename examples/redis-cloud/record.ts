/** What the stand-in remembers of each request: enough to hold a client to its promises, and never a secret. */
import type { Account } from './accounts.ts';
import { accountOf, type Credentials, type Refusal } from './authentication.ts';
import type { Fault } from './faults.ts';

export interface RequestRecord {
  /** From 1, over all accounts and paths. */
  readonly number: number;
  /** Ms since 1970, by the stand-in's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** With its `?`, and `[secret]` where a key of an account stood. */
  readonly query: string;
  /** Names of the headers, in lower case. */
  readonly headers: readonly string[];
  /** Undefined for an account key that nobody has. */
  readonly accountId: number | undefined;
  readonly accountKey: 'missing' | 'wrong' | 'right';
  /** Right: it belongs to the account of the account key. Whether it is still good is in `refusal`. */
  readonly userKey: 'missing' | 'wrong' | 'right';
  /** A key of some account stood in the URL or in a header that is not its own: the client leaks. */
  readonly isSecretElsewhere: boolean;
  readonly address: string;
  readonly fault: Fault['kind'] | undefined;
  /** Undefined when no answer was made. */
  readonly status: number | undefined;
  /** Why the request was refused; undefined when it was let in, or met a fault before. */
  readonly refusal: Refusal | undefined;
}

type Identity = Pick<RequestRecord, 'accountId' | 'accountKey' | 'userKey'>;

export function identityOf(accounts: readonly Account[], { accountKey, userKey }: Credentials): Identity {
  const account = accountOf(accounts, accountKey);
  const isRight = account?.keys.some(({ secret }) => secret === userKey) ?? false;
  return {
    accountId: account?.id,
    accountKey: accountKey === undefined ? 'missing' : account === undefined ? 'wrong' : 'right',
    userKey: userKey === undefined ? 'missing' : isRight ? 'right' : 'wrong',
  };
}

/** The headers that may hold a key, and which. */
export const ACCOUNT_KEY_HEADER = 'x-api-key';
export const USER_KEY_HEADER = 'x-api-secret-key';

type Headers = NodeJS.Dict<string | string[]>;

/** Each key may stand in its own header, and nowhere else. */
export function isSecretElsewhere(accounts: readonly Account[], target: string, headers: Headers): boolean {
  const { [ACCOUNT_KEY_HEADER]: accountKey = '', [USER_KEY_HEADER]: userKey = '', ...others } = headers;
  const open = [target, decoded(target), ...Object.values(others).flat()].join('\n');
  const secrets = secretsOf(accounts);
  return (
    secrets.some((secret) => open.includes(secret)) ||
    userKeysOf(accounts).some((secret) => accountKey.includes(secret)) ||
    accounts.some((account) => userKey.includes(account.accountKey))
  );
}

export function withoutSecrets(accounts: readonly Account[], text: string): string {
  return secretsOf(accounts).reduce((left, secret) => left.replaceAll(secret, '[secret]'), decoded(text));
}

function userKeysOf(accounts: readonly Account[]): string[] {
  return accounts.flatMap(({ keys }) => keys.map(({ secret }) => secret));
}

function secretsOf(accounts: readonly Account[]): string[] {
  return [...accounts.map(({ accountKey }) => accountKey), ...userKeysOf(accounts)];
}

/** A key could be hidden by percent signs; what cannot be decoded is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
