/** The API's limit: so many requests a minute for each account key, whoever uses it. */

/** What the documentation says. */
export const REQUESTS_PER_MINUTE = 400;
export const WINDOW_MS = 60_000;

/** A window begins with the first request after the last one ended, as public clients of the API take it to. */
export class RateWindow {
  readonly #limit: number;
  #start = Number.NEGATIVE_INFINITY;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** One request. @returns how many are left, or undefined when there was none left for this one */
  take(now: number): number | undefined {
    this.spend(now, 0);
    if (this.#used >= this.#limit) return undefined;
    this.#used += 1;
    return this.#limit - this.#used;
  }

  /** Requests of others with the same account key. */
  spend(now: number, requests: number): void {
    // A clock that was set back is in no window that is known.
    if (now >= this.#start + WINDOW_MS || now < this.#start) {
      this.#start = now;
      this.#used = 0;
    }
    this.#used = Math.min(this.#limit, this.#used + requests);
  }
}

/** The most of these times (ms) that lie in any one minute. */
export function mostInAMinute(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  let most = 0;
  let oldest = 0;
  sorted.forEach((time, index) => {
    while ((sorted[oldest] ?? time) <= time - WINDOW_MS) oldest += 1;
    most = Math.max(most, index - oldest + 1);
  });
  return most;
}
