/** What is answered to a request when nothing goes wrong: limit, conditions, role, and then the resource. */
import type { Answer } from './answers.ts';
import { errorAnswer, withHeaders } from './answers.ts';
import { authenticate, authorise, type Credentials, type Refusal, statusOf } from './authentication.ts';
import type { Asked } from './faults.ts';
import type { LiveAccount } from './live-account.ts';
import { routeOf } from './routes.ts';

export interface ToServe extends Asked {
  readonly method: string;
  /** Scheme, host and port that the answer's links lead to. */
  readonly origin: string;
  readonly query: URLSearchParams;
  readonly credentials: Credentials;
  /** Requests that the limit still allows after this one; undefined when it does not allow this one. */
  readonly left: number | undefined;
}

export interface Served {
  readonly answer: Answer;
  readonly refusal?: Refusal;
}

export function serve(accounts: readonly LiveAccount[], request: ToServe): Served {
  const { method, path, now, left, credentials } = request;
  const error = (status: number) => withLimit(errorAnswer(status, path, now), left);
  const refuse = (refusal: Refusal) => ({ answer: error(statusOf(refusal)), refusal });
  const account = accounts.find(({ state }) => state.id === request.accountId);
  if (account !== undefined && left === undefined) return { answer: error(429) };
  const states = accounts.map(({ state }) => state);
  const key = authenticate(states, credentials, now);
  if (typeof key === 'string') return refuse(key);
  const route = routeOf(method, path);
  if (account === undefined || route === undefined) return { answer: error(404) };
  const refusal = authorise(account.state, key, route.resource);
  if (refusal !== undefined) return refuse(refusal);
  const routed = { ...request, url: request.origin + path, account, key, address: credentials.address };
  return { answer: withLimit(route.answer(routed), left) };
}

/** nginx answers a 401 by itself, and knows of no limit. */
function withLimit(answer: Answer, left = 0): Answer {
  return answer.status === 401 ? answer : withHeaders(answer, { 'X-Rate-Limit-Remaining': String(left) });
}
