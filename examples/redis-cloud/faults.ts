/** What goes wrong, and when: rules that hold for requests by number, path, account, time, or chance from the seed. */
import { seededRandom, seedOf } from '../random.ts';
import { type Answer, errorAnswer, jsonAnswer, jsonErrorAnswer, nginxAnswer, withHeaders } from './answers.ts';

export type Fault =
  /** An error of the API, or of what stands before it. The two headers are there when they are given. */
  | {
      readonly kind: 'status';
      readonly status: number;
      /** `X-Rate-Limit-Remaining` */
      readonly remaining?: number;
      /** `Retry-After`: seconds, or a date as HTTP writes it. */
      readonly retryAfter?: string;
      /** Default: as the API answers this status. */
      readonly body?: 'nginx' | 'json';
    }
  /** Status 200, and a page for people. */
  | { readonly kind: 'html' }
  /** A whole answer whose JSON ends in the middle. */
  | { readonly kind: 'truncated-json' }
  /** JSON that is none of the description's. */
  | { readonly kind: 'other-shape'; readonly value?: unknown }
  /** To the same path and query of another host: its scheme, name and port. */
  | { readonly kind: 'redirect'; readonly to: string }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'cut' }
  /** The connection is reset before there is an answer. */
  | { readonly kind: 'reset' }
  /** The answer, made at once and sent later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** No answer ever. */
  | { readonly kind: 'silence' };

/** Which requests; what is left out holds for all. */
export interface Match {
  readonly path?: string;
  readonly accountId?: number;
}

export interface FaultRule extends Match {
  readonly fault: Fault;
  /** Numbers, from 1, among the requests that match. */
  readonly requests?: readonly number[];
  /** Ms since 1970: from `since` up to, and without, `until`. */
  readonly since?: number;
  readonly until?: number;
  /** Share of requests, by the seed. Default: 1. */
  readonly chance?: number;
}

export interface Asked {
  readonly path: string;
  /** Undefined for an account key that nobody has. */
  readonly accountId: number | undefined;
  readonly now: number;
}

export function matches({ path, accountId }: Match, asked: Pick<Asked, 'path' | 'accountId'>): boolean {
  return (path === undefined || path === asked.path) && (accountId === undefined || accountId === asked.accountId);
}

/** The first rule that holds for a request wins. */
export class FaultPlan {
  readonly #seed: number;
  readonly #rules: readonly FaultRule[];
  readonly #matched: number[];
  /** Requests by account and path. Chance is drawn by them: what is asked side by side does not change each other's. */
  readonly #asked = new Map<string, number>();

  constructor(seed: number, rules: readonly FaultRule[]) {
    this.#seed = seed;
    this.#rules = rules;
    this.#matched = rules.map(() => 0);
  }

  next(asked: Asked): Fault | undefined {
    const series = `${asked.accountId} ${asked.path}`;
    const number = (this.#asked.get(series) ?? 0) + 1;
    this.#asked.set(series, number);
    const draw = seedOf(this.#seed, number, ...Buffer.from(series));
    const holds = this.#rules.map((rule, index) => this.#holds(rule, index, asked, draw));
    return this.#rules[holds.indexOf(true)]?.fault;
  }

  #holds(rule: FaultRule, index: number, asked: Asked, draw: number): boolean {
    const { requests, since, until, chance = 1 } = rule;
    if (!matches(rule, asked)) return false;
    const nth = (this.#matched[index] ?? 0) + 1;
    this.#matched[index] = nth;
    if (requests?.includes(nth) === false) return false;
    if (asked.now < (since ?? asked.now) || asked.now >= (until ?? Number.POSITIVE_INFINITY)) return false;
    return seededRandom(seedOf(draw, index)).chance(chance);
  }
}

/** @param answer makes what would be answered without the fault */
export function faultyAnswer(fault: Fault | undefined, asked: Asked, target: string, answer: () => Answer): Answer {
  switch (fault?.kind) {
    case 'status':
      return statusAnswer(fault, asked);
    case 'html':
      return nginxAnswer(200, 'Welcome to nginx!');
    case 'other-shape':
      return jsonAnswer(200, fault.value ?? { message: 'OK' });
    case 'redirect':
      return withHeaders(nginxAnswer(302), { Location: fault.to + target });
    case 'truncated-json': {
      const whole = answer();
      return { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) };
    }
    default:
      return answer();
  }
}

type StatusFault = Extract<Fault, { kind: 'status' }>;

function statusAnswer({ status, remaining, retryAfter, body }: StatusFault, { path, now }: Asked): Answer {
  const forced = body === 'nginx' ? nginxAnswer(status) : jsonErrorAnswer(status, path, now);
  return withHeaders(body === undefined ? errorAnswer(status, path, now) : forced, {
    ...(remaining !== undefined && { 'X-Rate-Limit-Remaining': String(remaining) }),
    ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
  });
}
