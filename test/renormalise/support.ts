/** Stores whose rows look as an older normaliser left them. */
import { randomUUID } from 'node:crypto';
import { NO_DATABASE } from '../../src/core/network.ts';
import { noCheckpoint } from '../../src/pipeline/pause-points.ts';
import { type MonthDone, type RenormaliseOptions, renormalise } from '../../src/renormalise/renormalise.ts';
import { withRetry } from '../../src/store/retry.ts';
import type { Store } from '../../src/store/store.ts';
import { READER } from '../support/take-in.ts';

export function optionsFor(store: Store, more: Partial<RenormaliseOptions> = {}): RenormaliseOptions {
  return {
    store,
    reader: READER,
    networks: NO_DATABASE,
    networkOnly: false,
    first: 197_001,
    last: 229_912,
    uuid: randomUUID,
    retry: withRetry,
    guard: async () => undefined,
    checkpoint: noCheckpoint,
    ...more,
  };
}

export async function renormalised(store: Store, more: Partial<RenormaliseOptions> = {}): Promise<MonthDone[]> {
  const months: MonthDone[] = [];
  await renormalise(optionsFor(store, more), (done) => months.push(done));
  return months;
}

/**
 * Puts other values into rows that are stored, as another normaliser might have.
 *
 * @param replacements expressions for columns, as in `SELECT * REPLACE (…)`
 */
export async function age(store: Store, replacements: string, where = '1'): Promise<void> {
  await store.command('CREATE TABLE aged AS audit_events');
  await store.command(`INSERT INTO aged SELECT * REPLACE (${replacements}) FROM audit_events AS event WHERE ${where}`);
  await store.command(`ALTER TABLE audit_events DELETE WHERE ${where.replaceAll('event.', '')}`, {
    settings: { mutations_sync: 2 },
  });
  await store.command('INSERT INTO audit_events SELECT * FROM aged');
  await store.command('DROP TABLE aged');
}

/** Everything that questions can see, but for what the database of networks says. */
export function seen(store: Store): Promise<Record<string, unknown>[]> {
  const network = 'asn, as_name, country, city, latitude, longitude, network_edition';
  return store.rows(
    `SELECT * EXCEPT (${network}, content_hash), hex(content_hash) AS content_hash FROM activity
    ORDER BY source, account_id, event_id, content_hash`,
  );
}

/** What lies in the table itself, part by part. */
export function parts(store: Store): Promise<{ name: string; rows: string }[]> {
  return store.rows(
    `SELECT name, rows FROM system.parts WHERE database = currentDatabase() AND table = 'audit_events' AND active
    ORDER BY name`,
  );
}

export async function tables(store: Store): Promise<string[]> {
  const rows = await store.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'renormalise%' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}
