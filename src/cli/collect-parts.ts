/** What every collector of this program is made of, whichever API it asks: store, registry, clock and chance. */
import type { Logger } from 'pino';
import type { RedisCloudAccount } from '../../schemas/config.ts';
import type { AccountCycle, CollectedAccount, CollectRun } from '../collect/collect.ts';
import { requireSecret } from '../config/load.ts';
import { UsageError } from '../core/errors.ts';
import { recordReading } from '../registry/import.ts';
import { pause, withRetry } from '../store/retry.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { importOptions } from './registry-import.ts';

type Parts = Pick<CollectRun, 'store' | 'retry' | 'learn' | 'storeKeyHex' | 'now' | 'random' | 'sleep' | 'signal'>;

interface Signals {
  /** Ends collecting, in order; absent: it ends by itself. */
  readonly stop: AbortSignal | undefined;
  /** Ends what waits for the store. */
  readonly over: AbortSignal;
}

export async function collectParts(opened: OpenedStore, context: CliContext, { stop, over }: Signals): Promise<Parts> {
  const registry = await importOptions(opened, context, false, undefined);
  return {
    store: opened.store,
    retry: (call) => withRetry(call, { signal: over }),
    learn: async (file, placeOf, origin) => (await recordReading(file, placeOf, origin, registry)).warnings,
    storeKeyHex: (await opened.storeKey()).toString('hex'),
    ...{ now: context.now, random: Math.random },
    sleep: (ms) => pause(ms, stop),
    ...(stop === undefined ? {} : { signal: stop }),
  };
}

/** What fails is told at each look, because it is still so; what was found is told where there was something. */
export function reportCycle({ accountId, failures, rowsNew, rowsLate, gaps }: AccountCycle, logger: Logger): void {
  for (const { resource, error } of failures) {
    const { got, next } = error.explanation;
    logger.error({ account: accountId, resource, code: error.code, got, next }, error.message);
  }
  if (gaps > 0) logger.warn({ account: accountId, gaps }, 'rows that were there before are not in the log any more');
  if (rowsNew > 0) logger.info({ account: accountId, rowsNew, rowsLate }, 'collected');
}

export function accountsOf(
  configured: readonly RedisCloudAccount[],
  wanted: readonly string[] | undefined,
): CollectedAccount[] {
  const strange = wanted?.find((id) => configured.every((account) => account.id !== id));
  if (configured.length === 0 || strange !== undefined) {
    throw new UsageError('ACCOUNT_UNKNOWN', strange === undefined ? 'no account is configured' : 'no such account', {
      got: strange ?? 'collect.redis_cloud.accounts is empty',
      expected: configured.length === 0 ? 'ids of accounts' : configured.map(({ id }) => id).join(', '),
      next: 'name them in collect.redis_cloud.accounts, and give the keys of each as docs/sources/redis-cloud.md says',
    });
  }
  return configured
    .filter(({ id }) => wanted === undefined || wanted.includes(id))
    .map(({ id, accountKey, userKey }) => ({
      id,
      keys: {
        accountKey: requireSecret(accountKey, `collect.redis_cloud.${id}.account_key`),
        userKey: requireSecret(userKey, `collect.redis_cloud.${id}.user_key`),
      },
    }));
}
