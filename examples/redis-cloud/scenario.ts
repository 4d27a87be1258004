/**
 * A bad day from a seed: what grows in the logs between requests, and what goes wrong, for tests that hold for any
 * schedule. The accounts are those of the examples.
 */
import { type Random, seededRandom, seedOf } from '../random.ts';
import type { Account } from './accounts.ts';
import { exampleAccounts } from './example-accounts.ts';
import type { Fault, FaultRule } from './faults.ts';
import type { LiveAccount } from './live-account.ts';
import { isoSeconds } from './rows.ts';
import type { Change } from './stand-in.ts';

export interface ScenarioOptions {
  readonly seed: number;
  /** Ms since 1970: when the first request is made. */
  readonly start: number;
  /** No row becomes visible later than this after its time. */
  readonly latenessMsMax: number;
  /** So many requests see something change. */
  readonly requests: number;
  /** Rows of a burst. Default: 3,000, three of the API's largest pages. */
  readonly burstRowsMax?: number;
  /** Share of requests that meet a fault, at most. Default: 0.3. */
  readonly faultShareMax?: number;
}

export interface Scenario {
  readonly accounts: readonly Account[];
  readonly changes: readonly Change[];
  readonly faults: readonly FaultRule[];
}

const MS_PER_SECOND = 1_000;
const BURST_ROWS_MAX = 3_000;
const FAULT_SHARE_MAX = 0.3;
const HISTORY_ROWS_MAX = 2_500;
const SESSIONS_MAX = 250;

/** @param options the same options give the same day */
export function scenario(options: ScenarioOptions): Scenario {
  const { seed, start, requests, faultShareMax = FAULT_SHARE_MAX } = options;
  const random = seededRandom(seedOf(seed, 1));
  const [rows, sessions] = [random.below(HISTORY_ROWS_MAX), random.below(SESSIONS_MAX)];
  // A quarter of all days begins with empty logs.
  const size = random.chance(0.25) ? {} : { rows, sessions };
  const accounts = exampleAccounts({ seed, end: start, ...size });
  const changes = Array.from({ length: requests }, (_, index) => changeAfter(index + 1, accounts, random, options));
  const share = random.next() * faultShareMax;
  const faults = FAULTS.map((fault): FaultRule => ({ fault, chance: share / FAULTS.length }));
  return { accounts, changes, faults };
}

/** Faults that pass by themselves, so that whoever tries again gets through. */
const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 429, remaining: 0, retryAfter: '2' },
  { kind: 'status', status: 429, remaining: 0 },
  { kind: 'status', status: 429, retryAfter: '1' },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'truncated-json' },
  { kind: 'cut' },
  { kind: 'reset' },
];

function changeAfter(
  afterRequest: number,
  accounts: readonly Account[],
  random: Random,
  { latenessMsMax, burstRowsMax = BURST_ROWS_MAX }: ScenarioOptions,
): Change {
  const account = accounts[random.below(accounts.length)];
  const seed = random.below(4_294_967_296);
  const what: Change['what'] = (standIn) => {
    if (account === undefined) return;
    const own = seededRandom(seed);
    grow(standIn.account(account.id), own, latenessMsMax, burstRowsMax);
  };
  return { when: { afterRequest }, what };
}

/** One of the ways in which the logs grow; most often, nothing happens. */
function grow(account: LiveAccount, random: Random, latenessMsMax: number, burstRowsMax: number): void {
  // Times are whole seconds: a row is up to a second older than the moment at which it got its time.
  const lateMs = random.below(Math.max(1, latenessMsMax - MS_PER_SECOND));
  const ways: readonly (() => unknown)[] = [
    () => account.grow({ rows: 1 + random.below(5) }),
    () => account.grow({ rows: 1 + random.below(5), lateMs }),
    () => account.grow({ rows: 1 + random.below(burstRowsMax) }),
    () => account.growSessions({ rows: 1 + random.below(5) }),
    () => account.growSessions({ rows: 1 + random.below(120), lateMs }),
    () => oddRows(account, random, lateMs),
  ];
  if (random.chance(0.5)) ways[random.below(ways.length)]?.();
}

/** What no documentation rules out: bare rows, types never seen, a row twice, an id reused, ids out of order. */
function oddRows(account: LiveAccount, random: Random, backMs: number): void {
  const [bare] = account.append([{}]);
  account.append([{ type: `Type ${random.below(9)}`, description: 'A type that nobody has seen before' }]);
  if (bare === undefined) return;
  const { id, time } = bare;
  account.append([{ ...bare }, { id, time, type: 'Account', description: 'The same id, and another text' }]);
  // Two rows that change places: the one with the greater id stands behind.
  account.append([
    { id: id + 3, place: id + 2, originator: 'System' },
    { id: id + 2, place: id + 3 },
  ]);
  account.append([
    { time: isoSeconds(Date.parse(time) - backMs), originator: 'System', description: 'A clock that went back' },
  ]);
}
