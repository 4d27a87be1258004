/** Collects from all configured accounts at once: each goes its own way, and none waits for another that fails. */
import PQueue from 'p-queue';
import { ACCOUNTS_AT_ONCE } from '../core/limits.ts';
import {
  AccountCollector,
  type AccountCycle,
  type CollectedAccount,
  type CollectOptions,
} from './account-collector.ts';

export type { AccountCycle, CollectedAccount, CollectOptions } from './account-collector.ts';

export interface CollectRun extends Omit<CollectOptions, 'lookEveryMs'> {
  readonly accounts: readonly CollectedAccount[];
  /** Ends when everything that is there now was read; else when the signal comes. */
  readonly once: boolean;
  readonly everyMs: number;
  /** Told after each cycle of each account. */
  readonly onCycle?: (cycle: AccountCycle) => void;
}

export interface CollectResult {
  readonly cycles: number;
  readonly rowsNew: number;
  readonly rowsLate: number;
  readonly gaps: number;
  /** Accounts whose last cycle had a failure. */
  readonly failing: readonly string[];
}

/** @throws what the store rejects with when it has stopped for good */
export async function collectRedisCloud(run: CollectRun): Promise<CollectResult> {
  const total = { cycles: 0, rowsNew: 0, rowsLate: 0, gaps: 0 };
  const failing = new Set<string>();
  const queue = new PQueue({ concurrency: ACCOUNTS_AT_ONCE });
  const over = new AbortController();
  const options = { ...run, lookEveryMs: run.once ? Number.POSITIVE_INFINITY : run.everyMs };
  const collectors = await Promise.all(run.accounts.map((account) => AccountCollector.open(account, options)));
  const goOn = () => !over.signal.aborted && run.signal?.aborted !== true;
  const follow = async (collector: AccountCollector): Promise<void> => {
    while (goOn()) {
      const cycle = await queue.add(() => collector.cycle());
      for (const name of ['rowsNew', 'rowsLate', 'gaps'] as const) total[name] += cycle[name];
      total.cycles += 1;
      failing[cycle.failures.length > 0 ? 'add' : 'delete'](collector.accountId);
      run.onCycle?.(cycle);
      if (cycle.unfinished && cycle.failures.length === 0) continue;
      if (run.once) return;
      await run.sleep(Math.round(run.everyMs * (0.9 + run.random() * 0.2)));
    }
  };
  const ended = await Promise.allSettled(
    collectors.map((collector) =>
      follow(collector).catch((error: unknown) => {
        if (run.signal?.aborted) return;
        over.abort();
        throw error;
      }),
    ),
  );
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  for (const collector of collectors) await collector.stop();
  return { ...total, failing: [...failing].sort() };
}
