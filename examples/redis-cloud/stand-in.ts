/**
 * A stand-in for the Redis Cloud REST API: the paths that a collector reads, from logs that grow by a seed, with what
 * goes wrong with an API and its network. README.md says what it holds to.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from './accounts.ts';
import { withHeaders } from './answers.ts';
import { type Credentials, plainAddress, type Refusal } from './authentication.ts';
import { deliver } from './deliver.ts';
import { FaultPlan, type FaultRule, faultyAnswer, type Match, matches } from './faults.ts';
import { LiveAccount } from './live-account.ts';
import { mostInAMinute, RateWindow, REQUESTS_PER_MINUTE } from './rate-window.ts';
import {
  ACCOUNT_KEY_HEADER,
  identityOf,
  isSecretElsewhere,
  type RequestRecord,
  USER_KEY_HEADER,
  withoutSecrets,
} from './record.ts';
import { serve } from './serve.ts';

/** Something that happens between two requests. */
export interface Change {
  readonly when: /** Right after the n-th request that matches, from 1, was answered. */
    | (Match & { readonly afterRequest: number })
    /** With the first request at or after this time (ms since 1970). */
    | { readonly at: number };
  readonly what: (standIn: StandIn) => void;
}

export interface StandInOptions {
  /** Decides every generated row and every fault that is left to chance. */
  readonly seed: number;
  /** Ms since 1970. */
  readonly now: () => number;
  readonly accounts: readonly Account[];
  readonly changes?: readonly Change[];
  readonly faults?: readonly FaultRule[];
  /** Key and certificate, or a PKCS #12 with its passphrase: the stand-in then speaks TLS. */
  readonly tls?: Pick<TlsOptions, 'key' | 'cert' | 'pfx' | 'passphrase'>;
  /** Default: the API's own 400. */
  readonly requestsPerMinute?: number;
  /** The address that the API takes requests to come from. Default: the peer's own. */
  readonly addressOf?: (peer: string) => string;
}

export interface StandIn {
  /** Scheme, host and port, without a path: the API's `https://api.redislabs.com`. */
  readonly url: string;
  /** In the order of their arrival. */
  readonly requests: readonly RequestRecord[];
  /** @throws Error for an account that there is not */
  account(id: number): LiveAccount;
  /** The most requests that came with the key of an account within any 60 s. */
  busiestMinute(accountId: number): number;
  /** Others use the account's key too: so many requests of the present minute are theirs. */
  spend(accountId: number, requests: number): void;
  /** Connections are refused until `listenAgain`, which is on the same port. */
  stopListening(): Promise<void>;
  listenAgain(): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const running = new RunningStandIn(options);
  await running.listenAgain();
  return running;
}

class RunningStandIn implements StandIn {
  readonly requests: RequestRecord[] = [];
  readonly #options: StandInOptions;
  readonly #accounts: readonly LiveAccount[];
  readonly #windows: ReadonlyMap<number, RateWindow>;
  readonly #faults: FaultPlan;
  #changes: readonly Change[];
  #server: Server | undefined;
  #port = 0;

  constructor(options: StandInOptions) {
    const { seed, now, accounts, faults = [], changes = [], requestsPerMinute = REQUESTS_PER_MINUTE } = options;
    this.#options = options;
    this.#accounts = accounts.map((account) => new LiveAccount(account, seed, now));
    this.#windows = new Map(accounts.map(({ id }) => [id, new RateWindow(requestsPerMinute)]));
    this.#faults = new FaultPlan(seed, faults);
    this.#changes = changes;
  }

  get url(): string {
    return `${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  account(id: number): LiveAccount {
    const found = this.#accounts.find(({ state }) => state.id === id);
    if (found === undefined) throw new Error(`the stand-in has no account ${id}`);
    return found;
  }

  busiestMinute(accountId: number): number {
    return mostInAMinute(this.requests.filter((request) => request.accountId === accountId).map(({ at }) => at));
  }

  spend(accountId: number, requests: number): void {
    this.#windows.get(this.account(accountId).state.id)?.spend(this.#options.now(), requests);
  }

  async listenAgain(): Promise<void> {
    const listener: RequestListener = (request, response) => void this.#take(request, response);
    const { tls } = this.#options;
    const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  close(): Promise<void> {
    return this.stopListening();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client may leave at any moment: what is written after that reaches nobody.
    response.on('error', () => response.destroy());
    request.resume();
    const now = this.#options.now();
    this.#change(({ when }) => 'at' in when && when.at <= now);
    const states = this.#states;
    const { method = '', url: target = '/', headers } = request;
    const [path = '/', ...rest] = target.split('?');
    const search = rest.length === 0 ? '' : `?${rest.join('?')}`;
    const credentials = this.#credentialsOf(request);
    const identity = identityOf(states, credentials);
    const asked = { path, accountId: identity.accountId, now };
    const fault = this.#faults.next(asked);
    // Every request that names the account counts, whatever comes of it.
    const left = identity.accountId === undefined ? undefined : this.#windows.get(identity.accountId)?.take(now);
    let refusal: Refusal | undefined;
    const answer = faultyAnswer(fault, asked, target, () => {
      const query = new URLSearchParams(search);
      const served = serve(this.#accounts, { ...asked, method, query, credentials, left, origin: this.url });
      refusal = served.refusal;
      return served.answer;
    });
    this.requests.push({
      ...{ number: this.requests.length + 1, at: now, method, path: withoutSecrets(states, path) },
      ...{ query: withoutSecrets(states, search), headers: Object.keys(headers), ...identity },
      isSecretElsewhere: isSecretElsewhere(states, target, headers),
      ...{ address: credentials.address, fault: fault?.kind, refusal },
      status: fault?.kind === 'reset' || fault?.kind === 'silence' ? undefined : answer.status,
    });
    this.#change(({ when }) => 'afterRequest' in when && this.#countOf(when) >= when.afterRequest);
    // The API's own clock, which need not be the one of whoever asks.
    const dated = withHeaders(answer, { Date: new Date(now).toUTCString() });
    await deliver(response, dated, fault, wait);
  }

  /** Makes the changes that are due, each once, in the order in which they were given. */
  #change(isDue: (change: Change) => boolean): void {
    const due = this.#changes.filter(isDue);
    this.#changes = this.#changes.filter((change) => !due.includes(change));
    for (const { what } of due) what(this);
  }

  #countOf(match: Match): number {
    return this.requests.filter((request) => matches(match, request)).length;
  }

  #credentialsOf({ headers, socket }: IncomingMessage): Credentials {
    const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join() : value);
    const peer = plainAddress(socket.remoteAddress ?? '');
    return {
      accountKey: one(headers[ACCOUNT_KEY_HEADER]),
      userKey: one(headers[USER_KEY_HEADER]),
      address: this.#options.addressOf?.(peer) ?? peer,
    };
  }

  get #states(): Account[] {
    return this.#accounts.map(({ state }) => state);
  }
}
