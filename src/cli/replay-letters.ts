/** A replay of dead letters over the configured store, as the command and the daemon do it. */
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { type ReplayOptions, type ReplaySummary, replay } from '../dead-letters/replay.ts';
import { pauseAt } from '../pipeline/pause-points.ts';
import { withRetry } from '../store/retry.ts';
import type { OpenedStore } from './context.ts';
import { diskGuard } from './disk-guard.ts';
import { networkDatabase, readerOptions } from './intake-session.ts';

export interface ReplayMeans {
  readonly config: Config;
  readonly opened: OpenedStore;
  readonly logger: Logger;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly env: NodeJS.ProcessEnv;
}

export async function replayLetters(
  wish: Pick<ReplayOptions, 'selection' | 'given' | 'dryRun'> & { readonly signal: AbortSignal },
  { config, opened, logger, now, uuid, env }: ReplayMeans,
): Promise<ReplaySummary> {
  if (!wish.dryRun) await opened.checkDurability();
  return replay({
    ...wish,
    store: opened.store,
    reader: readerOptions(config, await opened.storeKey()),
    networks: await networkDatabase(config, logger),
    now,
    uuid,
    retry: (insert) =>
      withRetry(insert, {
        signal: wish.signal,
        onRetry: ({ failures, pauseMs, error }) =>
          logger.warn({ failures, pauseMs, reason: error.message }, 'the store did not take an insert; trying again'),
      }),
    checkpoint: pauseAt(env.KEYTRAIL_PAUSE_AT, (point) => logger.fatal({ point }, 'paused')),
    ...(opened.dataDir === undefined ? {} : { guard: diskGuard(opened.dataDir, config.disk.freeBytesMin, now) }),
  });
}
