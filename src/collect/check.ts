/**
 * Tries what the API asks of whoever authenticates – it is enabled, the account key is right, the user key is of the
 * same account, and the address may use it – and says which of them does not hold, as far as the API lets anyone tell.
 */
import { newBudget } from '../core/collect/budget.ts';
import { type ReadAccount, readAccount } from '../core/collect/reading.ts';
import type { CollectedAccount, CollectOptions } from './account-collector.ts';
import { Api } from './api.ts';
import { ApiError } from './api-error.ts';

export type Condition =
  | 'connection'
  | 'api-enabled'
  | 'account-key'
  | 'user-key'
  | 'source-address'
  | 'read-account'
  | 'read-users'
  | 'read-system-log'
  | 'read-session-log';

export interface Finding {
  readonly accountId: string;
  readonly condition: Condition;
  readonly result: 'ok' | 'failed' | 'unknown';
  readonly detail: string;
}

export interface CheckOptions
  extends Pick<CollectOptions, 'baseUrl' | 'transport' | 'sharePercent' | 'now' | 'random' | 'sleep'> {
  readonly accounts: readonly CollectedAccount[];
  /** The address that the API saw this machine at, when it last let it in. */
  readonly lastAddress: (accountId: string) => Promise<string | undefined>;
}

type Told = Omit<Finding, 'accountId'>;

const READS = [
  { condition: 'read-users', path: '/users' },
  { condition: 'read-system-log', path: '/logs' },
  { condition: 'read-session-log', path: '/session-logs' },
] as const;
const ATTEMPTS_MAX = 2;

export async function checkAccounts(options: CheckOptions): Promise<Finding[]> {
  const checked = await Promise.all(
    options.accounts.map(async (account) => {
      const told = await checkAccount(account, options);
      return told.map((one) => ({ accountId: account.id, ...one }));
    }),
  );
  return checked.flat();
}

async function checkAccount(account: CollectedAccount, options: CheckOptions): Promise<Told[]> {
  const api = apiFor(account.keys, options);
  const first = await attempt(() => accountOf(api));
  if (!(first instanceof ApiError)) {
    return first === undefined ? [unreadable()] : [...letIn(account, first), ...(await readsOf(api))];
  }
  switch (first.failure) {
    case 'KEYS_REFUSED':
      return [ok('connection'), ...(await keysRefused(account, options))];
    case 'API_NOT_ENABLED':
      return [
        ok('connection'),
        failed('api-enabled', 'the API is not enabled for this account: Access Management > API Keys, by its owner'),
        ok('account-key', 'known to the API'),
        ...unknown('user-key', 'source-address'),
      ];
    case 'ADDRESS_OR_ROLE_REFUSED':
      return [...keysAreRight(), ...(await notLetIn(account, first, api, options))];
    default:
      return [failed('connection', `${first.message}: ${first.explanation.got ?? ''}`)];
  }
}

function letIn({ id }: CollectedAccount, { id: got, name, key }: ReadAccount): Told[] {
  if (got !== id) return [ok('connection'), failed('account-key', `these are keys of account ${got} (${name})`)];
  const list = key?.allowedSourceIps?.join(', ') ?? 'not told';
  return [
    ...keysAreRight(`key ${key?.name ?? ''} of ${key?.ownerEmail ?? ''}`),
    ok('source-address', `the API sees ${key?.address ?? ''}; allowed: ${list === '' ? 'everywhere' : list}`),
    ok('read-account', name),
  ];
}

/**
 * 401 is all that the API says of both keys. Only another account's key can tell more: to whom the user key belongs.
 */
async function keysRefused(account: CollectedAccount, options: CheckOptions): Promise<Told[]> {
  for (const other of options.accounts.filter(({ id }) => id !== account.id)) {
    const keys = { accountKey: other.keys.accountKey, userKey: account.keys.userKey };
    const answer = await attempt(() => accountOf(apiFor(keys, options)));
    if (answer instanceof ApiError || answer === undefined) continue;
    return [
      ...unknown('api-enabled', 'account-key'),
      failed('user-key', `this user key (${answer.key?.name ?? ''}) is one of account ${answer.id}`),
      ...unknown('source-address'),
    ];
  }
  const either = 'the API says only that one of the two keys is wrong';
  return [
    ...unknown('api-enabled'),
    failed('account-key', `${either}: compare it with the account key in Access Management > API Keys`),
    failed('user-key', `${either}: it may be misspelt, deleted, of another account, or its owner may be gone`),
    ...unknown('source-address'),
  ];
}

/** The role may be too small for one thing; an address that is not allowed may do nothing. */
async function notLetIn(
  { id }: CollectedAccount,
  error: ApiError,
  api: Api,
  { lastAddress }: CheckOptions,
): Promise<Told[]> {
  const reads = await readsOf(api);
  if (reads.some(({ result }) => result === 'ok')) {
    const detail = 'the role of the key may not; Viewer is the least that may read all';
    return [ok('source-address'), failed('read-account', detail), ...reads];
  }
  const before = await lastAddress(id);
  const seen = before === undefined ? 'the API has not told yet which address it sees' : `it last saw ${before}`;
  const got = error.explanation.got ?? '';
  return [
    failed('source-address', `${got}; ${seen}: add this machine's address to the key's CIDR allow list`),
    failed('read-account', 'if the address is allowed, the role of the owner is too small: it must be Viewer'),
  ];
}

async function readsOf(api: Api): Promise<Told[]> {
  const told: Told[] = [];
  for (const { condition, path } of READS) {
    const query = path === '/users' ? {} : { offset: 0, limit: 1 };
    const answer = await attempt(() => api.get(path, query, () => undefined));
    told.push(answer instanceof ApiError ? failed(condition, answer.explanation.got ?? '') : ok(condition));
  }
  return told;
}

function accountOf(api: Api): Promise<ReadAccount | undefined> {
  return api.get('/', {}, ({ json }) => readAccount(json));
}

function apiFor(keys: CollectedAccount['keys'], options: CheckOptions): Api {
  const { baseUrl, transport, sharePercent, now, random, sleep } = options;
  const budget = newBudget(sharePercent);
  return new Api({ baseUrl, keys, transport, budget, now, random, sleep, attemptsMax: ATTEMPTS_MAX });
}

async function attempt<T>(call: () => Promise<T>): Promise<T | ApiError> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

const ok = (condition: Condition, detail = ''): Told => ({ condition, result: 'ok', detail });
const failed = (condition: Condition, detail: string): Told => ({ condition, result: 'failed', detail });
const unknown = (...conditions: Condition[]): Told[] =>
  conditions.map((condition) => ({ condition, result: 'unknown', detail: 'the API did not come so far' }));
const keysAreRight = (detail = ''): Told[] => [
  ...(['connection', 'api-enabled', 'account-key'] as const).map((condition) => ok(condition)),
  ok('user-key', detail),
];
const unreadable = (): Told => failed('connection', 'an answer that names no account: check base_url');
