/** A collector over the real engine and the stand-in of the API: both have one clock, which moves when it is waited. */
import { randomUUID } from 'node:crypto';
import type { Account } from '../../examples/redis-cloud/accounts.ts';
import type { MovableClock } from '../../examples/redis-cloud/clock.ts';
import { headersFor, OWN_KEY } from '../../examples/redis-cloud/example-accounts.ts';
import type { StandIn } from '../../examples/redis-cloud/stand-in.ts';
import { type CollectResult, type CollectRun, collectRedisCloud } from '../../src/collect/collect.ts';
import { storeSinks } from '../../src/collect/row-sink.ts';
import { openTransport, type TransportOptions } from '../../src/collect/transport.ts';
import { Secret } from '../../src/config/secret.ts';
import { COLLECT_LATENESS_MS, COLLECT_SHARE_PERCENT } from '../../src/core/limits.ts';
import type { Receiver } from '../../src/intake/intake.ts';
import { noCheckpoint } from '../../src/pipeline/pause-points.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { recordReading } from '../../src/registry/import.ts';
import { withRetry } from '../../src/store/retry.ts';
import type { Store } from '../../src/store/store.ts';
import { READER } from '../support/take-in.ts';

export interface CollectParts extends Partial<Omit<CollectRun, 'transport'>>, TransportOptions {
  readonly store: Store;
  readonly standIn: StandIn;
  readonly clock: MovableClock;
  readonly state: readonly Account[];
  readonly keyName?: string;
  /** Default: a pipeline into the store. */
  readonly receiver?: Receiver;
  /** Default: the same store. */
  readonly registry?: Store;
}

/** As a process of its own would: a pipeline, a connection and collectors that remember nothing but what is stored. */
export async function collectOnce(parts: CollectParts): Promise<CollectResult> {
  const {
    store,
    standIn,
    clock,
    state,
    keyName = OWN_KEY,
    ca,
    answerMsMax,
    receiver,
    registry = store,
    ...more
  } = parts;
  const pipeline = new Pipeline({
    ...{ store, reader: READER, now: clock.now, uuid: randomUUID },
    limits: {
      ...{ blockRowsMax: 50_000, blockBytesMax: 16_777_216, blockAgeMsMax: 1_000 },
      ...{ heldBytesMax: 100_663_296, insertsAtOnce: 2 },
    },
    retry: (call) => withRetry(call),
  });
  const transport = openTransport({
    ...(ca === undefined ? {} : { ca }),
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
  try {
    return await collectRedisCloud({
      accounts: state.map((account) => ({ id: String(account.id), keys: keysOf(account, keyName) })),
      ...{ baseUrl: `${standIn.url}/v1`, transport, store, storeKeyHex: READER.storeKeyHex },
      retry: (call) => withRetry(call),
      openSink: storeSinks(receiver ?? pipeline, 'api.example'),
      learn: async (file, placeOf, origin) => {
        const options = { store: registry, now: clock.now, checkpoint: noCheckpoint, dryRun: false };
        return (await recordReading(file, placeOf, origin, options)).warnings;
      },
      ...{ sharePercent: COLLECT_SHARE_PERCENT, latenessMs: COLLECT_LATENESS_MS, since: null, once: true },
      ...{ everyMs: 60_000, now: clock.now, random: () => 0.5 },
      sleep: async (ms) => clock.advance(ms),
      ...more,
    });
  } finally {
    transport.close();
    pipeline.close();
  }
}

export function keysOf(account: Account, keyName = OWN_KEY) {
  const { 'x-api-key': accountKey = '', 'x-api-secret-key': userKey = '' } = headersFor(account, keyName);
  return { accountKey: new Secret(accountKey), userKey: new Secret(userKey) };
}

/** The very rows of a log as they are stored, each as often as it is counted, in order. */
export async function storedRows(store: Store, accountId: number, log = 'system-log'): Promise<string[]> {
  const rows = await store.rows<{ raw: string }>(
    'SELECT raw FROM activity WHERE account_id = {account:String} AND source = {source:String} ORDER BY raw',
    { parameters: { account: String(accountId), source: `redis-cloud/${log}` } },
  );
  return rows.map(({ raw }) => raw);
}

export function servedRows(standIn: StandIn, accountId: number, log = 'system-log'): string[] {
  const account = standIn.account(accountId);
  return [...(log === 'system-log' ? account.everyRow() : account.everySession())]
    .map((row) => JSON.stringify(row))
    .sort();
}

export async function emptied(store: Store): Promise<void> {
  for (const table of ['audit_events', 'dead_letters', 'collector_log', 'ledger']) {
    await store.command(`TRUNCATE TABLE ${table}`);
  }
}
