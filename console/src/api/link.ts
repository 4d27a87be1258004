/**
 * How the page stands with the daemon. A request that finds the session gone or the daemon away waits here until that
 * has changed, and goes on by itself: nothing that the page shows is lost meanwhile.
 */
import { signal } from '@preact/signals';

export interface Me {
  readonly name: string;
  readonly role: string;
  readonly accounts: readonly string[];
}

/** `unknown` until the first answer. */
export const session = signal<'unknown' | 'in' | 'out'>('unknown');
export const me = signal<Me | undefined>(undefined);

export interface Away {
  /** Whom requests wait for. */
  readonly who: 'daemon' | 'store';
  readonly sinceMs: number;
  readonly retryAtMs: number;
}
export const away = signal<Away | undefined>(undefined);

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000];
const waiting = new Set<() => void>();
const askers = new Set<() => void>();
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Resolves when somebody has signed in again. */
export function signedIn(signal?: AbortSignal): Promise<void> {
  return parked(askers, signal);
}

export function beginSession(caller: Me): void {
  me.value = caller;
  session.value = 'in';
  release(askers);
}

/** Resolves when it is time to try again: all that wait do so at once. */
export function reachable(who: Away['who'], pauseMs: number | undefined, signal?: AbortSignal): Promise<void> {
  if (timer === undefined) {
    const pause = pauseMs ?? PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 1_000;
    attempt++;
    away.value = { who, sinceMs: away.value?.sinceMs ?? Date.now(), retryAtMs: Date.now() + pause };
    timer = setTimeout(tryNow, pause);
  }
  return parked(waiting, signal);
}

export function tryNow(): void {
  clearTimeout(timer);
  timer = undefined;
  release(waiting);
}

export function answered(): void {
  if (away.value === undefined) return;
  attempt = 0;
  away.value = undefined;
}

function parked(where: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      where.delete(go);
      reject(new DOMException('not waited for any more', 'AbortError'));
    };
    const go = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    where.add(go);
    signal?.addEventListener('abort', leave, { once: true });
  });
}

function release(where: Set<() => void>): void {
  const all = [...where];
  where.clear();
  for (const go of all) go();
}
