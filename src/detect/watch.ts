/**
 * Detections as long as a process runs: one process of all that run them on a store looks, the others stand by until it
 * is gone.
 */
import { DETECTION_CYCLE_MS, LEASE_POLL_MS } from '../core/limits.ts';
import { ifUnlocked, LEASE } from '../store/lock.ts';
import { pause, type RetryNotice, withRetry } from '../store/retry.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';
import { type CycleReport, DetectionEngine } from './engine.ts';

export interface WatchOptions {
  readonly store: Store;
  readonly detections: readonly Detection[];
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told when this process becomes the one that looks, and when it is not any more. */
  readonly onLease: (isHeld: boolean) => void;
  /** Told after each cycle in which a detection was due. */
  readonly onCycle: (report: CycleReport, ms: number) => void;
  readonly onRetry: (note: RetryNotice) => void;
}

/** Resolves when the signal comes; rejects with what does not heal. */
export async function watch(options: WatchOptions): Promise<void> {
  const { store, signal, onLease } = options;
  while (!signal.aborted) {
    await ifUnlocked(store, LEASE, async () => {
      onLease(true);
      try {
        await look(options);
      } finally {
        onLease(false);
      }
    });
    await pause(LEASE_POLL_MS, signal);
  }
}

async function look({ store, detections, now, signal, onCycle, onRetry }: WatchOptions): Promise<void> {
  const engine = new DetectionEngine({ store, detections, now });
  while (!signal.aborted) {
    const started = performance.now();
    // A store that is away is waited for, as the intake does; what came meanwhile is what is new then.
    const report = await withRetry(() => engine.cycle({ onlyDue: true }), { signal, onRetry });
    if (report.rules.length > 0) onCycle(report, performance.now() - started);
    if (!report.more) await pause(DETECTION_CYCLE_MS, signal);
  }
}
