/**
 * The three rules by which the API authenticates a request, re-evaluated for an event against what the registry knew of
 * the time of the event:
 *
 * 1. both keys are valid and present in the headers,
 * 2. the user key belongs to the same account as the account key,
 * 3. the source address lies in the user key's allow list, when it has one.
 *
 * A rule that fails decides, else one that cannot be judged leaves all open: so results are ordered, and what is to be
 * expected is the greatest of the three. The view `activity` counts in the same way, in SQL.
 *
 * Source: the authentication conditions in the documentation of the Redis Cloud REST API.
 */
import type { EventFields } from '../../schemas/audit-event.ts';
import type { AddressRange } from '../../schemas/fields/cidr.ts';
import { addressNumber } from '../../schemas/fields/cidr.ts';

export const RULE_RESULTS = ['pass', 'unknown', 'fail'] as const;
export type RuleResult = (typeof RULE_RESULTS)[number];

export const EXPECTATIONS = ['allowed', 'unknown', 'denied'] as const;
export type Expected = (typeof EXPECTATIONS)[number];

export const VERDICTS = [
  'consistent',
  /** The control failed: what the rules forbid was let in. */
  'allowed-but-should-be-denied',
  /** Something is set up wrongly, here or there: what the rules allow was turned away. */
  'denied-but-should-be-allowed',
  /** A name that no version of any key ever had. */
  'unknown-key',
  'not-evaluable',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a verdict lacks, in the order in which it is listed. */
export const MISSING = [
  /** The record does not say whether the request was authenticated. */
  'auth-result',
  /** A change and the event lie so close that the clocks cannot order them. */
  'clock',
  /** The event does not name its account. */
  'account',
  /** Several other accounts had a key of this name. */
  'key-account',
  'key-state',
  'allow-list',
  'source-ip',
  /** No key was named, and the record does not say why the request was refused. */
  'auth-reason',
] as const;
export type Missing = (typeof MISSING)[number];

export type KeyState = 'unknown' | 'active' | 'deleted' | 'revoked';

/** What is known of a key at one instant. */
export interface KeyKnowledge {
  readonly state: KeyState;
  readonly allowList: 'unknown' | 'none' | readonly AddressRange[];
}

/**
 * Where the key of an event was found. `here`: the event's account has or had a key of this name; `elsewhere`: it never
 * had, and exactly one other account has or had.
 */
export type FoundKey =
  | { readonly where: 'here' | 'elsewhere'; readonly key: KeyKnowledge }
  | { readonly where: 'several' | 'nowhere' };

export interface AccountKnowledge {
  readonly accountKey: 'unknown' | 'valid' | 'invalid';
  /** ms since 1970, UTC; `undefined` where it was never learned. */
  readonly apiEnabledSince: number | undefined;
}

export interface Judged {
  readonly event: Pick<EventFields, 'accountId' | 'eventTime' | 'keyId' | 'sourceIp' | 'authResult' | 'authReason'>;
  readonly found: FoundKey;
  readonly account: AccountKnowledge;
  /** Whether a change that the rules ask for may lie on either side of the event. */
  readonly isUncertain: boolean;
}

export interface Judgement {
  readonly ruleKeys: RuleResult;
  readonly ruleAccount: RuleResult;
  readonly ruleSourceIp: RuleResult;
  readonly expected: Expected;
  readonly verdict: Verdict;
  readonly missing: readonly Missing[];
  /** `account-key`: its state was never learned, and it was taken to be valid. */
  readonly assumed: readonly 'account-key'[];
}

type AuthReason = EventFields['authReason'];

/** What only the record can know: what the headers of the request held. */
const ABOUT_HEADERS: readonly AuthReason[] = ['missing-account-key', 'missing-user-key', 'invalid-account-key'];
const ABOUT_KEYS: readonly AuthReason[] = [...ABOUT_HEADERS, 'invalid-user-key', 'api-disabled'];

const WORST = { pass: 0, unknown: 1, fail: 2 } as const;

/** @returns `undefined` for an event that no rule is about: no key was named, and no authentication failed */
export function judge(judged: Judged): Judgement | undefined {
  const { event, isUncertain } = judged;
  if (event.keyId === '' && event.authResult !== 'failure') return undefined;
  const ruleKeys = event.keyId === '' ? toldBy(event.authReason, ABOUT_KEYS) : keysRule(judged);
  const ruleAccount = event.keyId === '' ? toldBy(event.authReason, ['account-mismatch']) : accountRule(judged);
  const ruleSourceIp = event.keyId === '' ? toldBy(event.authReason, ['source-ip-not-allowed']) : sourceIpRule(judged);
  const expected = isUncertain && event.keyId !== '' ? 'unknown' : expectedOf(ruleKeys, ruleAccount, ruleSourceIp);
  const verdict = verdictOf(judged, expected);
  return {
    ruleKeys,
    ruleAccount,
    ruleSourceIp,
    expected,
    verdict,
    missing: verdict === 'not-evaluable' ? missingOf(judged, expected) : [],
    assumed: event.keyId !== '' && judged.found.where !== 'nowhere' ? assumedOf(judged.account) : [],
  };
}

export function expectedOf(...results: readonly RuleResult[]): Expected {
  return EXPECTATIONS[Math.max(...results.map((result) => WORST[result]))] ?? 'unknown';
}

/** A try without a key's name is judged by what the record says of it. */
function toldBy(reason: AuthReason, failing: readonly AuthReason[]): RuleResult {
  return failing.includes(reason) ? 'fail' : 'unknown';
}

function keysRule({ event, found, account }: Judged): RuleResult {
  const accountKeyFails = account.accountKey === 'invalid' || event.eventTime < (account.apiEnabledSince ?? 0);
  if (accountKeyFails || ABOUT_HEADERS.includes(event.authReason)) return 'fail';
  const state = 'key' in found ? found.key.state : 'unknown';
  if (state === 'deleted' || state === 'revoked') return 'fail';
  return state === 'active' ? 'pass' : 'unknown';
}

function accountRule({ event, found }: Judged): RuleResult {
  if (event.authReason === 'account-mismatch') return 'fail';
  if (found.where === 'here') return 'pass';
  // Whoever does not name an account cannot be said to be in the wrong one.
  return found.where === 'elsewhere' && event.accountId !== '' ? 'fail' : 'unknown';
}

function sourceIpRule({ event, found }: Judged): RuleResult {
  const list = 'key' in found ? found.key.allowList : 'unknown';
  if (list === 'none') return 'pass';
  if (list === 'unknown' || event.sourceIp === '') return 'unknown';
  const address = addressNumber(event.sourceIp);
  return list.some(({ first, last }) => address >= first && address <= last) ? 'pass' : 'fail';
}

/**
 * Expected × recorded. An authorisation that was refused (403 for want of a role) is an authentication that succeeded.
 */
const VERDICT_TABLE: Readonly<Record<EventFields['authResult'], Readonly<Record<Expected, Verdict>>>> = {
  success: { allowed: 'consistent', unknown: 'not-evaluable', denied: 'allowed-but-should-be-denied' },
  unknown: { allowed: 'not-evaluable', unknown: 'not-evaluable', denied: 'not-evaluable' },
  failure: { allowed: 'denied-but-should-be-allowed', unknown: 'not-evaluable', denied: 'consistent' },
};

function verdictOf({ event, found }: Judged, expected: Expected): Verdict {
  if (event.keyId !== '' && found.where === 'nowhere') return 'unknown-key';
  return VERDICT_TABLE[event.authResult][expected];
}

function missingOf({ event, found, isUncertain }: Judged, expected: Expected): Missing[] {
  const named = event.keyId !== '';
  const key = named && 'key' in found ? found.key : undefined;
  const lacks: Readonly<Record<Missing, boolean>> = {
    'auth-result': event.authResult === 'unknown',
    clock: named && isUncertain,
    account: named && event.accountId === '',
    'key-account': named && found.where === 'several',
    'key-state': key?.state === 'unknown',
    'allow-list': key?.allowList === 'unknown',
    'source-ip': typeof key?.allowList === 'object' && event.sourceIp === '',
    'auth-reason': !named && expected === 'unknown',
  };
  return MISSING.filter((what) => lacks[what]);
}

function assumedOf(account: AccountKnowledge): 'account-key'[] {
  return account.accountKey === 'unknown' ? ['account-key'] : [];
}
