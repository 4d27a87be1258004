/** `keytrail renormalise` killed at every step, while somebody else writes to the same months. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { PAUSE_POINTS } from '../../src/pipeline/pause-points.ts';
import { finishCutSwap } from '../../src/renormalise/finish.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { lockLife, REWRITE_LOCK } from '../../src/store/lock.ts';
import type { Store } from '../../src/store/store.ts';
import { resolveStoreKey } from '../../src/store/store-key.ts';
import { runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { copyOf, openForTest, temporaryStore } from '../support/store.ts';
import { STORE_KEY, systemLogEntry, takeIn } from '../support/take-in.ts';
import { age, seen, tables } from './support.ts';

const SYSTEM_LOG = { source: 'redis-cloud/system-log', accountId: '7' };
const NEWEST = sourceNamed('redis-cloud/system-log')?.version ?? 0;
const POINTS = PAUSE_POINTS.filter((point) => point.startsWith('renormalise:'));
const OLD = 2_000;
/** Two months, and every fifth row had another key: it moves. */
const entry = (n: number) => systemLogEntry(n, { time: `2026-0${3 + (n % 2)}-05T10:00:00Z` });
const AGED = "toUInt16(1) AS schema_version, if(event.event_id LIKE '%5', 'old', event.key_id) AS key_id";

async function agedStore(dataDir: string): Promise<{ keyFile: string; today: unknown[] }> {
  const keyFile = path.join(dataDir, 'given.key');
  const { store, close } = await openEmbedded({ dataDir, mode: 'child' });
  await writeFile(keyFile, STORE_KEY, { mode: 0o600 });
  await resolveStoreKey({ store, dataDir, keyFile, mayCreate: true });
  const values = Array.from({ length: OLD }, (_, n) => entry(n));
  await takeIn(store, values, { ...SYSTEM_LOG, stream: 'file:old' });
  const today = await seen(store);
  await age(store, AGED);
  await close();
  return { keyFile, today };
}

const environment = (keyFile: string, at?: string) => ({
  KEYTRAIL_STORE_KEY_FILE: keyFile,
  KEYTRAIL_ENRICH_ENABLED: 'false',
  ...(at === undefined ? {} : { KEYTRAIL_PAUSE_AT: at }),
});

/** The holder is known to be dead: nobody needs to wait until it has been silent for long. */
const forgetHolder = (store: Store) => store.command(`DROP TABLE IF EXISTS keytrail_lock_${REWRITE_LOCK}`);

async function counts(store: Store): Promise<unknown> {
  const [row] = await store.rows(
    `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(event_id)) AS ids, toFloat64(countIf(schema_version < ${NEWEST})) AS older,
      toFloat64(countIf(key_id = 'old')) AS old_keys FROM activity`,
  );
  return row;
}

describe('beside another writer', () => {
  it('kills at every step lose and double nothing, and the next one to open the store finishes', async () => {
    const dataDir = await copyOf('migrated');
    const { keyFile } = await agedStore(dataDir);
    const { store } = await openForTest({ dataDir, mode: 'in-process' });
    let written = OLD;
    let writing = true;
    const writer = (async () => {
      while (writing) {
        // New rows of both months, and redeliveries of what was written before.
        const values = Array.from({ length: 40 }, (_, n) => entry(written + n));
        const again = Array.from({ length: 5 }, (_, n) => entry(OLD + ((written + n * 7) % (written - OLD + 1))));
        await takeIn(store, [...values, ...again], { ...SYSTEM_LOG, stream: `file:new-${written}` });
        written += values.length;
        await sleep(10);
      }
    })();
    for (const [round, point] of POINTS.entries()) {
      if (round > 0) await age(store, AGED, `event.stream = 'file:old' AND event.schema_version = ${NEWEST}`);
      const env = environment(keyFile, point);
      const running = startKeytrail(['renormalise', '--data-dir', dataDir, '--log-level', 'warn'], { env });
      await running.says('"msg":"paused"');
      const before = written;
      const [row] = await store.rows<{ ids: number }>('SELECT toFloat64(uniqExact(event_id)) AS ids FROM activity');
      expect(row?.ids, `${point}: a row was hidden`).toBeGreaterThanOrEqual(before);
      await running.kill9();
      expect(await tables(store), point).not.toEqual([]);
      await forgetHolder(store);
      expect(await finishCutSwap(store), point).toBe(true);
      expect(await tables(store), point).toEqual([]);
    }
    writing = false;
    await writer;
    const last = await runKeytrail(['renormalise', '--data-dir', dataDir], { env: environment(keyFile) });
    expect(last.code, last.stderr).toBe(0);
    expect(await counts(store)).toEqual({ rows: written, ids: written, older: 0, old_keys: 0 });
    const again = await runKeytrail(['renormalise', '--data-dir', dataDir], { env: environment(keyFile) });
    expect(again.stdout).toBe('');
  });
});

describe('together with the engine', () => {
  it.each(POINTS)('a kill at %s leaves a store that the next command finds whole and finishes', async (point) => {
    const dataDir = await copyOf('migrated');
    const { keyFile, today } = await agedStore(dataDir);
    const args = ['--data-dir', dataDir, '--log-level', 'warn'];
    const running = startKeytrail(['renormalise', ...args], { env: environment(keyFile, point) });
    await running.says('"msg":"paused"');
    await running.kill9();
    const opened = await openEmbedded({ dataDir, mode: 'child' });
    const [row] = await opened.store.rows<{ ids: number }>(
      'SELECT toFloat64(uniqExact(event_id)) AS ids FROM activity',
    );
    expect(row?.ids).toBe(OLD);
    await forgetHolder(opened.store);
    await opened.close();
    const asked = await runKeytrail(['sql', 'SELECT count() AS rows FROM activity', ...args]);
    expect(JSON.parse(asked.stdout)).toEqual({ rows: OLD });
    const rest = await runKeytrail(['renormalise', ...args], { env: environment(keyFile) });
    expect(rest.code, rest.stderr).toBe(0);
    const after = await openEmbedded({ dataDir, mode: 'child' });
    expect(await tables(after.store)).toEqual([]);
    expect(await seen(after.store)).toEqual(today);
    await after.close();
  });
});

describe('the one who opens a store', () => {
  const lock = async (store: Store, beat: string) => {
    const table = `keytrail_lock_${REWRITE_LOCK}`;
    await store.command(
      `CREATE TABLE ${table} (beat DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY beat COMMENT 'somebody'`,
    );
    await store.command(`INSERT INTO ${table} SELECT ${beat}`);
  };

  it('leaves a holder alone that lives, and takes the place of one that has been silent', async () => {
    const { store } = await temporaryStore('child');
    expect(await finishCutSwap(store)).toBe(false);
    await store.command('CREATE TABLE renormalise_staging AS audit_events');
    // As of one who gives signs of life all the time, however long this test takes to ask.
    await lock(store, 'now64(3) + toIntervalMinute(10)');
    expect(await finishCutSwap(store)).toBe(false);
    expect(await tables(store)).toEqual(['renormalise_staging']);
    await forgetHolder(store);
    await lock(store, 'now64(3) - toIntervalMinute(1)');
    // Of several that find the dead one, each puts aside that one's lock and nobody else's.
    const finished = await Promise.all([1, 2, 3].map(() => finishCutSwap(store)));
    expect(finished).toContain(true);
    expect(await tables(store)).toEqual([]);
    expect((await lockLife(store, REWRITE_LOCK)).life).toBe('free');
  });
});
