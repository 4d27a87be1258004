/** A pipeline over the configured store, as `ingest`, `consume` and replays use it. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createTrustedProxies } from '../../schemas/fields/cidr.ts';
import type { Config } from '../config/load.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { createFingerprinter } from '../core/fingerprint.ts';
import { INSERTS_AT_ONCE } from '../core/limits.ts';
import type { NetworkDatabase } from '../core/network.ts';
import type { ReaderOptions } from '../core/record-reader.ts';
import { createScrubber } from '../core/scrub.ts';
import { openNetworks } from '../enrich/open-networks.ts';
import type { IntakeMeter } from '../pipeline/meter.ts';
import { type Checkpoint, pauseAt } from '../pipeline/pause-points.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { withRetry } from '../store/retry.ts';
import type { OpenedStore } from './context.ts';
import { diskGuard } from './disk-guard.ts';

export interface IntakeSession {
  readonly pipeline: Pipeline;
  readonly reader: ReaderOptions;
  readonly checkpoint: Checkpoint;
  /** Inserts that had to be repeated so far. */
  readonly retries: () => number;
}

export interface SessionOptions {
  readonly config: Config;
  readonly opened: OpenedStore;
  readonly logger: Logger;
  readonly now: () => number;
  readonly env: NodeJS.ProcessEnv;
  /** Ends retries: the command is over. */
  readonly signal: AbortSignal;
  readonly onFailure?: (error: unknown) => void;
  readonly meter?: IntakeMeter;
}

export async function openIntake(options: SessionOptions): Promise<IntakeSession> {
  const { config, opened, logger, now, env, signal } = options;
  await opened.checkDurability();
  const networks = await networkDatabase(config, logger);
  const reader = readerOptions(config, await opened.storeKey());
  let retries = 0;
  const onRetry = ({ failures, pauseMs, error }: { failures: number; pauseMs: number; error: Error }) => {
    retries++;
    options.meter?.retried();
    // Once is what a change of the process that serves costs; more is worth a line.
    const level = failures === 1 ? 'debug' : 'warn';
    logger[level]({ failures, pauseMs, reason: error.message }, 'the store did not answer; trying again');
  };
  const limits = {
    blockRowsMax: config.block.rowsMax,
    blockBytesMax: config.block.bytesMax,
    blockAgeMsMax: config.block.ageMsMax,
    heldBytesMax: config.heldBytesMax,
    insertsAtOnce: INSERTS_AT_ONCE,
  };
  const checkpoint = pauseAt(env.KEYTRAIL_PAUSE_AT, (point) =>
    logger.fatal({ point, received: pipeline.received }, 'paused'),
  );
  const pipeline: Pipeline = new Pipeline({
    store: opened.store,
    reader,
    networks,
    limits,
    now,
    uuid: randomUUID,
    retry: (call) => withRetry(call, { signal, onRetry }),
    checkpoint,
    ...(options.meter === undefined ? {} : { meter: options.meter }),
    ...(opened.dataDir === undefined ? {} : { guard: diskGuard(opened.dataDir, config.disk.freeBytesMin, now) }),
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
  });
  return { pipeline, reader, checkpoint, retries: () => retries };
}

export function readerOptions(config: Config, storeKey: Buffer): ReaderOptions {
  return {
    storeKeyHex: storeKey.toString('hex'),
    scrubber: createScrubber(createFingerprinter(storeKey, config.fingerprintKeyId)),
    isTrustedProxy: trustedProxies(config.trustedProxies),
    recordBytesMax: config.recordBytesMax,
  };
}

/** Where addresses are looked up. A file that turns out to be damaged later costs its answers and no record. */
export function networkDatabase(config: Config, logger: Logger): Promise<NetworkDatabase> {
  return openNetworks(config.enrich, (setting, error) =>
    logger.warn({ setting, reason: messageOf(error) }, 'a network database is damaged; addresses in it stay unknown'),
  );
}

function trustedProxies(cidrs: readonly string[]): (ip: string) => boolean {
  const proxies = createTrustedProxies(cidrs);
  if (proxies.kind === 'proxies') return proxies.isTrusted;
  throw new UserError('CONFIG_INVALID', 'a network of trusted_proxies cannot be read', {
    got: proxies.cidr,
    expected: proxies.expected,
    next: 'correct trusted_proxies; nothing was read',
  });
}
