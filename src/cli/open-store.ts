/** Opens the store that the configuration names: the embedded engine, or a server. Above this, nothing knows which. */
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { messageOf } from '../core/errors.ts';
import { START_ATTEMPTS_MAX } from '../core/limits.ts';
import { finishCutSwap } from '../renormalise/finish.ts';
import { checkDurability } from '../store/durability.ts';
import type { TenancyLog } from '../store/embedded/open.ts';
import { migrate } from '../store/migrations.ts';
import { withRetry } from '../store/retry.ts';
import type { Store } from '../store/store.ts';
import { resolveStoreKey } from '../store/store-key.ts';
import type { OpenedStore, OpenOptions } from './context.ts';

export async function openStore(config: Config, logger: Logger, options: OpenOptions): Promise<OpenedStore> {
  return config.clickhouse.url === undefined
    ? openEmbeddedStore(config, logger, options)
    : openServerStore(config, config.clickhouse.url, logger, options);
}

async function openEmbeddedStore(config: Config, logger: Logger, options: OpenOptions): Promise<OpenedStore> {
  const { openEmbedded } = await import('../store/embedded/open.ts');
  const { dataDir, storeKeyFile } = config;
  const embedded = await openEmbedded({ dataDir, mode: options.engine ?? 'in-process', logger: quiet(logger) });
  const { store } = embedded;
  try {
    if (!options.skipMigrations) {
      await finishRewriting(store, logger);
      await steadily(() => migrate(store));
    }
  } catch (error) {
    await embedded.close();
    throw error;
  }
  return {
    store,
    dataDir,
    embedded,
    storeKey: () => steadily(() => resolveStoreKey({ store, dataDir, keyFile: storeKeyFile, mayCreate: true })),
    // The embedded server sets what it is asked to set, and the tables are the program's own.
    checkDurability: async () => undefined,
    close: () => embedded.close(),
  };
}

async function openServerStore(
  config: Config,
  url: string,
  logger: Logger,
  options: OpenOptions,
): Promise<OpenedStore> {
  const { openClickHouseStore, CLUSTER_INSERT_SETTINGS } = await import('../store/clickhouse-store.ts');
  const { clickhouse, storeKeyFile } = config;
  const password = clickhouse.password?.reveal();
  const insertSettings =
    clickhouse.insertQuorum === 0 ? {} : { ...CLUSTER_INSERT_SETTINGS, insert_quorum: clickhouse.insertQuorum };
  const store = openClickHouseStore({
    url,
    username: clickhouse.username,
    database: clickhouse.database,
    // gzip costs as much as everything else that an intake does; a network that needs it is the exception.
    compression: false,
    idleMsMax: clickhouse.requestTimeoutMs,
    ...(password === undefined ? {} : { password }),
    insertSettings,
    ...(clickhouse.caFile === undefined ? {} : { caCertificate: await readFile(clickhouse.caFile) }),
  });
  if (!options.skipMigrations) await finishRewriting(store, logger);
  return {
    store,
    dataDir: undefined,
    storeKey: ({ mayCreate } = { mayCreate: false }) =>
      resolveStoreKey({ store, dataDir: undefined, keyFile: storeKeyFile, mayCreate }),
    checkDurability: () => checkDurability(store, insertSettings),
    close: () => store.close(),
  };
}

/**
 * Before the tables change: a month that is ready fits those that it was made for. Nothing of it is hidden meanwhile,
 * so a store that cannot be finished now (a server that is away, a user who may only read) can be asked all the same.
 */
async function finishRewriting(store: Store, logger: Logger): Promise<void> {
  try {
    if (await finishCutSwap(store)) logger.info('finished what a renormalise that was cut had left behind');
  } catch (error) {
    logger.warn({ reason: messageOf(error) }, 'a renormalise that was cut could not be finished');
  }
}

/** An engine that dies while the program begins is started again like any other; both steps may be run twice. */
function steadily<T>(step: () => Promise<T>): Promise<T> {
  return withRetry(step, { attemptsMaxFor: () => START_ATTEMPTS_MAX });
}

/** That the store is open is no news to a person who asked a question; that it was lost is. */
function quiet(logger: Logger): TenancyLog {
  return {
    info: (facts, message) => logger.debug(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
  };
}
