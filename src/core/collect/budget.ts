/**
 * How many requests may still be sent: a share of what the API allows a minute, because the account's own automation
 * uses the same key. Pure; the one who sends waits as long as it says.
 */
import { API_WINDOW_MS, REMAINING_REQUESTS_MIN, SHARE_REQUESTS_MAX } from '../limits.ts';

export interface Budget {
  /** Requests that may lie in any one minute. */
  readonly requestsMax: number;
  /** When the requests of the last minute reached the API at the latest, ms since 1970, oldest first. */
  readonly sent: readonly number[];
  /** No request before this time: others have used up the limit, or the API asked to wait. */
  readonly heldUntil: number;
}

export function newBudget(sharePercent: number, sent: readonly number[] = []): Budget {
  const requestsMax = Math.max(1, Math.floor((SHARE_REQUESTS_MAX * sharePercent) / 100));
  return { requestsMax, sent, heldUntil: 0 };
}

/** Who was killed may have used all of the present minute. */
export function spentBudget(sharePercent: number, now: number): Budget {
  const budget = newBudget(sharePercent);
  return { ...budget, sent: Array.from({ length: budget.requestsMax }, () => now) };
}

/** @returns ms to wait; 0: send now */
export function waitFor({ sent, requestsMax, heldUntil }: Budget, now: number): number {
  const recent = sent.filter((at) => at > now - API_WINDOW_MS);
  // The one that has to leave the minute before there is room for another.
  const oldest = recent.length < requestsMax ? undefined : recent.at(-requestsMax);
  const full = oldest === undefined ? 0 : oldest + API_WINDOW_MS - now;
  return Math.max(0, full, heldUntil - now);
}

/** One request is sent now. */
export function spend(budget: Budget, now: number): Budget {
  return { ...budget, sent: [...budget.sent.filter((at) => at > now - API_WINDOW_MS), now] };
}

/**
 * The request that was sent last is answered, or lost: it may have reached the API as late as now, and counts in the
 * API's minute from then on.
 */
export function arrived(budget: Budget, now: number): Budget {
  return { ...budget, sent: [...budget.sent.slice(0, -1), now] };
}

/** @param remaining what the API says is left of the minute for all users of the key */
export function heard(budget: Budget, remaining: number | undefined, now: number): Budget {
  if (remaining === undefined || remaining > REMAINING_REQUESTS_MIN) return budget;
  return hold(budget, now + API_WINDOW_MS);
}

export function hold(budget: Budget, until: number): Budget {
  return { ...budget, heldUntil: Math.max(budget.heldUntil, until) };
}

/** Requests of the last minute. */
export function used({ sent }: Budget, now: number): number {
  return sent.filter((at) => at > now - API_WINDOW_MS).length;
}
