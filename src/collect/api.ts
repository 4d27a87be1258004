/**
 * The REST API of Redis Cloud with the keys of one account: within a budget, with another try for what passes.
 */
import type { SecretValue } from '../../schemas/config.ts';
import { arrived, type Budget, heard, hold, spend, used, waitFor } from '../core/collect/budget.ts';
import { API_ATTEMPTS_MAX, API_PAUSE_MS_MAX, API_PAUSE_MS_MIN, API_WINDOW_MS } from '../core/limits.ts';
import { ApiError, networkError, statusError } from './api-error.ts';
import type { HttpAnswer, Transport } from './transport.ts';

export interface AccountKeys {
  readonly accountKey: SecretValue;
  readonly userKey: SecretValue;
}

export interface ApiOptions {
  /** With its `/v1`, without a slash at the end. */
  readonly baseUrl: string;
  readonly keys: AccountKeys;
  readonly transport: Transport;
  readonly budget: Budget;
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly attemptsMax?: number;
}

export interface ApiAnswer {
  readonly json: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  /** ms since 1970, no later than the moment at which the API looked at its log, by its own clock where it tells it. */
  readonly apiNow: number;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The Date header has whole seconds. */
const DATE_MS = 1_000;

export class Api {
  readonly #options: ApiOptions;
  #budget: Budget;
  #requests = 0;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#budget = options.budget;
  }

  get budget(): Budget {
    return this.#budget;
  }

  /** The collector was told to stop. */
  get isAborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Requests sent since the last time that this was asked. */
  takeRequests(): number {
    const requests = this.#requests;
    this.#requests = 0;
    return requests;
  }

  get minuteRequests(): number {
    return used(this.#budget, this.#options.now());
  }

  /**
   * @param read takes what is needed from an answer; an ApiError of its own may pass like any other
   * @throws ApiError when it does not pass, or not within a few tries; the signal's reason when it aborts
   */
  async get<T>(path: string, query: Query, read: (answer: ApiAnswer) => T): Promise<T> {
    const { attemptsMax = API_ATTEMPTS_MAX, signal } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return read(await this.#once(path, query));
      } catch (cause) {
        signal?.throwIfAborted();
        if (!(cause instanceof ApiError) || !cause.isPassing || attempt >= attemptsMax) throw cause;
        await this.#backOff(cause, attempt);
      }
    }
  }

  async #backOff(error: ApiError, attempt: number): Promise<void> {
    const { now, random, sleep } = this.#options;
    const bound = Math.min(API_PAUSE_MS_MAX, API_PAUSE_MS_MIN * 2 ** attempt);
    const jittered = Math.round(bound / 2 + (random() * bound) / 2);
    // Who is told to wait waits at least that long, and a little longer, so that many do not come back in step.
    const asked = error.failure === 'RATE_LIMITED' ? (error.retryAfterMs ?? 0) : 0;
    const pauseMs = Math.min(asked, 2 * API_WINDOW_MS) + jittered;
    if (asked > 0) this.#budget = hold(this.#budget, now() + pauseMs);
    await sleep(pauseMs);
  }

  async #once(path: string, query: Query): Promise<ApiAnswer> {
    const { now, sleep, signal } = this.#options;
    for (let wait = waitFor(this.#budget, now()); wait > 0; wait = waitFor(this.#budget, now())) {
      await sleep(wait);
      signal?.throwIfAborted();
    }
    const sentAt = now();
    this.#budget = spend(this.#budget, sentAt);
    this.#requests += 1;
    const answer = await this.#send(path, query).finally(() => {
      this.#budget = arrived(this.#budget, now());
    });
    const receivedAt = now();
    this.#budget = heard(this.#budget, integerOf(answer.header('x-rate-limit-remaining')), receivedAt);
    const error = statusError(answer, receivedAt);
    if (error !== undefined) throw error;
    return { json: objectOf(answer), body: answer.body, apiNow: apiNowOf(answer, sentAt, receivedAt) };
  }

  async #send(path: string, query: Query): Promise<HttpAnswer> {
    const { baseUrl, keys, transport } = this.#options;
    const url = new URL(baseUrl + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = { 'x-api-key': keys.accountKey.reveal(), 'x-api-secret-key': keys.userKey.reveal() };
    try {
      return await transport.get(url, headers);
    } catch (cause) {
      throw networkError(cause);
    }
  }
}

/** As the API's parameters want a time. */
export function apiTime(ms: number | null): string | undefined {
  return ms === null ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function objectOf({ body }: HttpAnswer): Readonly<Record<string, unknown>> {
  const text = body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const seen = /^\s*</.test(text) ? 'a page' : 'text that ends too early, or is no JSON';
    throw new ApiError('ANSWER_NOT_JSON', `${seen} of ${body.length} bytes`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ApiError('ANSWER_OF_ANOTHER_SHAPE', Array.isArray(value) ? 'a list' : `a ${typeof value}`);
}

/** An answer may be old when it arrives: what it took to arrive is taken off. */
function apiNowOf(answer: HttpAnswer, sentAt: number, receivedAt: number): number {
  const told = Date.parse(answer.header('date') ?? '');
  return Number.isNaN(told) ? sentAt : told - (receivedAt - sentAt) - DATE_MS;
}

function integerOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
