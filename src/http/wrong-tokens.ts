/**
 * How many wrong tokens an address may show. It slows a search down and keeps the log readable; a right token is always
 * let in, else whoever shares an address with a stranger could be locked out by him.
 */
import { WRONG_TOKEN_ADDRESS_ENTRIES_MAX, WRONG_TOKEN_MS, WRONG_TOKEN_REQUESTS_MAX } from '../core/limits.ts';

interface Window {
  readonly sinceMs: number;
  wrong: number;
}

export class WrongTokens {
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns seconds to wait when the address has shown too many; 0 while it has not */
  add(address: string): number {
    const now = this.#now();
    const known = this.#windows.get(address);
    const window = known !== undefined && now - known.sinceMs < WRONG_TOKEN_MS ? known : { sinceMs: now, wrong: 0 };
    window.wrong++;
    this.#windows.delete(address);
    this.#windows.set(address, window);
    this.#forget();
    if (window.wrong <= WRONG_TOKEN_REQUESTS_MAX) return 0;
    return Math.max(1, Math.ceil((window.sinceMs + WRONG_TOKEN_MS - now) / 1_000));
  }

  get size(): number {
    return this.#windows.size;
  }

  /** The addresses that were wrong longest ago go first. */
  #forget(): void {
    for (const address of this.#windows.keys()) {
      if (this.#windows.size <= WRONG_TOKEN_ADDRESS_ENTRIES_MAX) return;
      this.#windows.delete(address);
    }
  }
}
