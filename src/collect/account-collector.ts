/** Everything that is collected of one account, with one pair of keys and one budget. */
import { z } from 'zod';
import { newBudget, spentBudget } from '../core/collect/budget.ts';
import type { Told } from '../core/collect/told.ts';
import { UserError } from '../core/errors.ts';
import { READING_AGE_MS_MAX, SESSION_LOG_PAGE_ROWS, SYSTEM_LOG_PAGE_ROWS } from '../core/limits.ts';
import type { PlaceOf, Remark } from '../core/registry/entries.ts';
import { AccountReading, type Learn } from './account-reading.ts';
import { type AccountKeys, Api } from './api.ts';
import { ApiError, type ApiFailure } from './api-error.ts';
import { COLLECTOR, CollectorLog, type CollectorLogOptions, knownRowsOf, type LogEntry } from './collector-log.ts';
import { LogCollector, type LogResource, readLogState } from './log-collector.ts';
import type { OpenSink } from './row-sink.ts';
import type { Transport } from './transport.ts';

const LOGS: readonly LogResource[] = [
  { name: 'system-log', path: '/logs', source: 'redis-cloud/system-log', pageRows: SYSTEM_LOG_PAGE_ROWS },
  { name: 'session-log', path: '/session-logs', source: 'redis-cloud/session-log', pageRows: SESSION_LOG_PAGE_ROWS },
];

export interface CollectedAccount {
  readonly id: string;
  readonly keys: AccountKeys;
}

/** What all accounts share. */
export interface CollectOptions {
  /** With its `/v1`, without a slash at the end. */
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly store: CollectorLogOptions['store'];
  readonly retry: CollectorLogOptions['retry'];
  readonly openSink: OpenSink;
  readonly learn: Learn;
  /** Told of an entry that the registry does not take, because it contradicts what is known. */
  readonly onUnlearned?: (accountId: string, remark: Remark) => void;
  readonly storeKeyHex: string;
  readonly sharePercent: number;
  readonly latenessMs: number;
  readonly since: number | null;
  /** How often each log is looked at, also while the rest of another one is read. */
  readonly lookEveryMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly walkRequestsMax?: number;
}

export interface AccountFailure {
  readonly resource: string;
  readonly error: UserError;
}

export interface AccountCycle {
  readonly accountId: string;
  readonly rowsNew: number;
  readonly rowsLate: number;
  readonly gaps: number;
  readonly unfinished: boolean;
  readonly failures: readonly AccountFailure[];
}

/** What would happen to any other request too. */
const OF_ALL: ReadonlySet<ApiFailure> = new Set([
  ...(['KEYS_REFUSED', 'API_NOT_ENABLED', 'WRONG_ACCOUNT', 'REDIRECT_REFUSED', 'CERTIFICATE_REFUSED'] as const),
  ...(['API_UNREACHABLE', 'RATE_LIMITED'] as const),
]);

const stoppedState = z.object({ sent: z.array(z.number()) });

export class AccountCollector {
  readonly #account: CollectedAccount;
  readonly #options: CollectOptions;
  readonly #log: CollectorLog;
  readonly #api: Api;
  readonly #reading: AccountReading;
  readonly #logs: readonly { readonly name: string; readonly collector: LogCollector }[];
  readonly #unfinished = new Set<string>();
  readonly #lookedAt = new Map<string, number>();
  /** Resources that the role may not read, and when they were last tried. */
  readonly #refused = new Map<string, number>();

  private constructor(
    account: CollectedAccount,
    options: CollectOptions,
    log: CollectorLog,
    api: Api,
    logs: readonly { readonly name: string; readonly collector: LogCollector }[],
  ) {
    this.#account = account;
    this.#options = options;
    this.#log = log;
    this.#api = api;
    this.#logs = logs;
    const { learn, now } = options;
    this.#reading = new AccountReading({ accountId: account.id, api, log, learn, now });
  }

  static async open(account: CollectedAccount, options: CollectOptions): Promise<AccountCollector> {
    const { store, retry, now, storeKeyHex, latenessMs, since, walkRequestsMax } = options;
    const log = await CollectorLog.open({ store, retry, now, accountId: account.id });
    const { baseUrl, transport, random, sleep, signal } = options;
    const api = new Api({
      ...{ baseUrl, keys: account.keys, transport, budget: budgetOf(log, options), now, random, sleep },
      ...(signal === undefined ? {} : { signal }),
    });
    const known = knownRowsOf({ store, retry, accountId: account.id });
    const logs: { name: string; collector: LogCollector }[] = [];
    for (const resource of LOGS) {
      const { rows } = readLogState(log.last(resource.name)?.state);
      const sink = await options.openSink({ source: resource.source, accountId: account.id, position: rows });
      const tell = (told: readonly Told[]) => tellRegistry(told, account.id, options);
      const shared = { resource, api, sink, log, known, storeKeyHex, now, latenessMs, since, tell };
      const limit = walkRequestsMax === undefined ? {} : { walkRequestsMax };
      logs.push({ name: resource.name, collector: new LogCollector({ accountId: account.id, ...shared, ...limit }) });
    }
    const opened = new AccountCollector(account, options, log, api, logs);
    await opened.#mark('begun');
    return opened;
  }

  get accountId(): string {
    return this.#account.id;
  }

  /** One look at everything that is due. @throws what ends the whole program: a store that is gone, a signal */
  async cycle(): Promise<AccountCycle> {
    const failures: AccountFailure[] = [];
    const total = { rowsNew: 0, rowsLate: 0, gaps: 0, unfinished: false };
    let hopeless = await this.#readIfDue(failures);
    for (const { name, collector } of this.#logs) {
      if (hopeless !== undefined) await collector.leaveOut(hopeless);
      else if (this.#isTurnOf(name) && this.#isWorthATry(name)) {
        this.#lookedAt.set(name, this.#options.now());
        const cycle = await this.#collect(name, collector, failures);
        const isLeft = !(cycle instanceof UserError) && cycle.unfinished;
        this.#unfinished[isLeft ? 'add' : 'delete'](name);
        if (cycle instanceof UserError) {
          if (cycle instanceof ApiError && OF_ALL.has(cycle.failure)) hopeless = cycle;
        } else {
          for (const count of ['rowsNew', 'rowsLate', 'gaps'] as const) total[count] += cycle[count];
          total.unfinished ||= cycle.unfinished;
        }
      }
    }
    if (this.#refused.size === this.#logs.length) this.#reading.wasNotTheRole();
    if (hopeless === undefined && this.#logs.map(({ collector }) => collector.takeTellsAccount()).includes(true)) {
      this.#reading.outdated();
      await this.#readIfDue(failures);
    }
    return { accountId: this.accountId, ...total, failures };
  }

  /** The last word of this process: what it has used of the minute, so that the next one need not wait for it. */
  async stop(): Promise<void> {
    await this.#mark('stopped');
  }

  /** @returns the error for which nothing else need be tried */
  async #readIfDue(failures: AccountFailure[]): Promise<ApiError | undefined> {
    if (!this.#reading.isDue) return undefined;
    try {
      await this.#reading.read();
    } catch (error) {
      if (this.#api.isAborted || !(error instanceof UserError)) throw error;
      failures.push({ resource: 'account', error });
      if (error instanceof ApiError && (OF_ALL.has(error.failure) || !this.#reading.mayCollect)) return error;
    }
    return undefined;
  }

  async #collect(name: string, collector: LogCollector, failures: AccountFailure[]) {
    try {
      const cycle = await collector.cycle();
      this.#refused.delete(name);
      return cycle;
    } catch (error) {
      if (this.#api.isAborted || !(error instanceof UserError)) throw error;
      if (error instanceof ApiError && error.failure === 'ADDRESS_OR_ROLE_REFUSED')
        this.#refused.set(name, this.#options.now());
      failures.push({ resource: name, error });
      return error;
    }
  }

  /** While there is a rest of one log to be read, the others wait until they would be looked at anyway. */
  #isTurnOf(name: string): boolean {
    if (this.#unfinished.size === 0 || this.#unfinished.has(name)) return true;
    const { now, lookEveryMs } = this.#options;
    return now() - (this.#lookedAt.get(name) ?? Number.NEGATIVE_INFINITY) >= lookEveryMs;
  }

  /**
   * A role that may not read a log rarely changes; an address that is not allowed refuses everything, also the rest.
   */
  #isWorthATry(name: string): boolean {
    const refusedAt = this.#refused.get(name);
    const others = this.#logs.filter((log) => log.name !== name);
    if (refusedAt === undefined || others.every((log) => this.#refused.has(log.name))) return true;
    return this.#options.now() - refusedAt >= READING_AGE_MS_MAX;
  }

  #mark(kind: Extract<LogEntry['kind'], 'begun' | 'stopped'>): Promise<void> {
    const { budget } = this.#api;
    return this.#log.write('', {
      ...{ kind, positionTime: null, requests: this.#api.takeRequests(), rowsNew: 0, rowsLate: 0, gaps: 0 },
      ...{ minuteRequests: this.#api.minuteRequests, minuteRequestsMax: budget.requestsMax, failure: '', detail: '' },
      state: { sent: budget.sent },
    });
  }
}

/** @throws UserError when the registry cannot take anything now */
async function tellRegistry(told: readonly Told[], accountId: string, options: CollectOptions): Promise<void> {
  const users = told.filter((one) => one.kind === 'user');
  const keys = told.filter((one) => one.kind === 'key');
  const places = { users, keys };
  const placeOf: PlaceOf = ([kind, index]) => places[kind === 'users' ? 'users' : 'keys'][Number(index)]?.place ?? '';
  const file = { users: users.map(({ entry }) => entry), keys: keys.map(({ entry }) => entry) };
  const remarks = await options.learn(file, placeOf, `${COLLECTOR} ${accountId}`);
  for (const remark of remarks) options.onUnlearned?.(accountId, remark);
}

function budgetOf(log: CollectorLog, { sharePercent, now }: CollectOptions) {
  const last = log.last('');
  if (last === undefined) return newBudget(sharePercent);
  const stopped = last.kind === 'stopped' ? stoppedState.safeParse(last.state) : undefined;
  // A clock that was set back: what was sent then was sent by now.
  if (stopped?.success)
    return newBudget(
      sharePercent,
      stopped.data.sent.map((at) => Math.min(at, now())),
    );
  return spentBudget(sharePercent, now());
}
