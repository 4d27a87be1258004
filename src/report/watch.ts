/**
 * Scheduled reports as long as a process runs: one process of all that run them on a store makes and sends them, the
 * others stand by until it is gone.
 */
import { LEASE_POLL_MS, REPORT_STEP_MS } from '../core/limits.ts';
import { ifUnlocked, REPORT_LEASE } from '../store/lock.ts';
import { pause, type RetryNotice, withRetry } from '../store/retry.ts';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';
import type { ReportSender } from './sender.ts';

export interface ReportWatchOptions extends SchedulerOptions {
  readonly sender: Pick<ReportSender, 'step'>;
  readonly signal: AbortSignal;
  /** Told when this process becomes the one that makes reports, and when it is not any more. */
  readonly onLease: (isHeld: boolean) => void;
  readonly onRetry: (note: RetryNotice) => void;
}

/** Resolves when the signal comes; rejects with what does not heal. */
export async function watchReports(options: ReportWatchOptions): Promise<void> {
  const { store, signal, onLease } = options;
  while (!signal.aborted) {
    await ifUnlocked(store, REPORT_LEASE, async () => {
      onLease(true);
      try {
        await keepMaking(options);
      } finally {
        onLease(false);
      }
    });
    await pause(LEASE_POLL_MS, signal);
  }
}

async function keepMaking(options: ReportWatchOptions): Promise<void> {
  const { sender, signal, onRetry } = options;
  // Of its own for each lease: what others recorded before counts.
  const scheduler = new Scheduler(options);
  const retry = { signal, onRetry };
  const send = (): Promise<void> => withRetry(() => sender.step(), retry);
  while (!signal.aborted) {
    await send();
    await withRetry(() => scheduler.step(send), retry);
    await send();
    await pause(REPORT_STEP_MS, signal);
  }
}
