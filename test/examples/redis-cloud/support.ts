/** A stand-in of the example accounts, and a client that takes whatever it answers. */
import { onTestFinished } from 'vitest';
import type { Account } from '../../../examples/redis-cloud/accounts.ts';
import { type MovableClock, movableClock } from '../../../examples/redis-cloud/clock.ts';
import { exampleAccounts, headersFor } from '../../../examples/redis-cloud/example-accounts.ts';
import type { SystemLogEntry } from '../../../examples/redis-cloud/rows.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../../../examples/redis-cloud/stand-in.ts';

export const START = Date.parse('2026-11-20T08:00:00Z');
export const PRODUCTION = 1001;
export const STAGING = 2002;

export interface Started {
  readonly standIn: StandIn;
  readonly clock: MovableClock;
  readonly accounts: readonly Account[];
  /** GET with keytrail's own key of the production account, unless headers are given. */
  readonly get: (target: string, headers?: Readonly<Record<string, string>>) => Promise<Received>;
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: () => Body;
}

/** As much of the bodies as the tests look at. */
export interface Body {
  readonly entries: readonly SystemLogEntry[];
  readonly links: readonly Readonly<Record<string, string>>[];
  readonly account: { readonly id: number; readonly key: Readonly<Record<string, unknown>> };
  readonly users: readonly Readonly<Record<string, unknown>>[];
}

export type Given = Partial<StandInOptions> & { readonly rows?: number; readonly sessions?: number };

/** Closed when the test is over. */
export async function started({ rows, sessions, ...given }: Given = {}): Promise<Started> {
  const clock = movableClock(START);
  const seed = given.seed ?? 1;
  const size = { ...(rows !== undefined && { rows }), ...(sessions !== undefined && { sessions }) };
  const accounts = given.accounts ?? exampleAccounts({ seed, end: START, ...size });
  const standIn = await startStandIn({ seed, now: clock.now, accounts, ...given });
  onTestFinished(() => standIn.close());
  const [production] = accounts;
  if (production === undefined) throw new Error('there is an account');
  const own = headersFor(production);
  return { standIn, clock, accounts, get: (target, headers = own) => receive(standIn.url + target, headers) };
}

export async function receive(url: string, headers: Readonly<Record<string, string>>): Promise<Received> {
  const response = await fetch(url, { headers, redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Body };
}

/** Whole pages, one after the other, as a client walks that trusts offsets. */
export async function walk(get: Started['get'], rowsOfPage = 100): Promise<SystemLogEntry[]> {
  const rows: SystemLogEntry[] = [];
  for (let offset = 0; ; offset += rowsOfPage) {
    const { entries } = (await get(`/v1/logs?offset=${offset}&limit=${rowsOfPage}`)).json();
    rows.push(...entries);
    if (entries.length < rowsOfPage) return rows;
  }
}

export function accountOf(accounts: readonly Account[], id: number): Account {
  const found = accounts.find((account) => account.id === id);
  if (found === undefined) throw new Error(`there is no account ${id}`);
  return found;
}
