/** Trying again: only what is marked retriable, with a jittered pause that doubles. */
import { RETRY_ATTEMPTS_CAPPED_MAX, RETRY_PAUSE_MS_MAX, RETRY_PAUSE_MS_MIN } from '../core/limits.ts';
import { CAPPED_CODES, storeErrorOf } from './errors.ts';
import { StoreError } from './store.ts';

export interface RetryNotice {
  /** How many attempts have failed so far. */
  readonly failures: number;
  readonly pauseMs: number;
  readonly error: StoreError;
}

export interface RetryOptions {
  /** A number in [0, 1), as Math.random gives it. */
  readonly random?: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onRetry?: (notice: RetryNotice) => void;
  /** How many attempts an error is worth. Default: unlimited, but for codes that may be permanent. */
  readonly attemptsMaxFor?: (error: StoreError) => number;
}

/**
 * A store that is away may be away for hours, and the intake waits for it; a statement that never fits does not get
 * better.
 */
export function defaultAttemptsMax(error: StoreError): number {
  return CAPPED_CODES.has(error.code) ? RETRY_ATTEMPTS_CAPPED_MAX : Number.POSITIVE_INFINITY;
}

/**
 * The pause after the n-th failure in ms: between half and all of a doubling bound, so that many writers do not return
 * in step.
 */
export function pauseAfter(failures: number, random: () => number): number {
  const bound = Math.min(RETRY_PAUSE_MS_MAX, RETRY_PAUSE_MS_MIN * 2 ** Math.min(failures - 1, 30));
  return Math.round(bound / 2 + (random() * bound) / 2);
}

/**
 * Runs `operation` until it succeeds. Fatal and data errors pass through at once, as does an abort of the signal.
 *
 * @throws StoreError of the last attempt; when its attempts were capped, the message says so and its kind is `fatal`
 */
export async function withRetry<T>(operation: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { random = Math.random, sleep = pause, signal, onRetry, attemptsMaxFor = defaultAttemptsMax } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const error = storeErrorOf(cause);
      // What no store said (a broken promise of ours, an error for a person) passes unchanged.
      if (error.kind !== 'retriable') throw error.code > 0 ? error : cause;
      if (attempt >= attemptsMaxFor(error)) throw givenUp(error, attempt);
      const pauseMs = pauseAfter(attempt, random);
      onRetry?.({ failures: attempt, pauseMs, error });
      await sleep(pauseMs, signal);
    }
  }
}

function givenUp(error: StoreError, attempts: number): StoreError {
  return new StoreError('fatal', error.code, `${error.message} (given up after ${attempts} attempts)`, error);
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
