import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { lookAtStore, type StoreFacts } from '../../src/doctor/store.ts';
import { REWRITE_LOCK, withStoreLock } from '../../src/store/lock.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { resolveStoreKey } from '../../src/store/store-key.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';

let store: Store;
let dataDir: string;

beforeAll(async () => {
  ({ store, dataDir } = await temporaryStore());
});

function look(more: Partial<StoreFacts> = {}): Promise<Finding[]> {
  return lookAtStore({
    store,
    dataDir,
    storeKeyFile: undefined,
    insertSettings: {},
    where: 'here',
    now: Date.now,
    ...more,
  });
}

const notOk = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok');
const of = (findings: readonly Finding[], wanted: string) => findings.filter(({ check }) => check === wanted);

async function everything(): Promise<unknown> {
  const tables = await store.rows<{ name: string }>(
    'SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  );
  const counts = await store.rows(
    'SELECT table, sum(rows) AS rows FROM system.parts WHERE active GROUP BY table ORDER BY table',
  );
  return { tables, counts };
}

describe('doctor', () => {
  it('asks a store and leaves it as it was', async () => {
    const before = await everything();
    const findings = await look();
    expect(await everything()).toEqual(before);
    expect(notOk(findings)).toMatchObject([{ check: 'store key', level: 'warn' }]);
    expect(findings.map(({ check }) => check)).toEqual([
      'store',
      'engine',
      'clock',
      'migrations',
      'schema versions',
      'rewriting',
      'durability',
      'repeated inserts',
      'reader role',
      'registry',
      'store key',
    ]);
  });

  it('knows the key that the store was written with from another one', async () => {
    await resolveStoreKey({ store, dataDir, mayCreate: true });
    expect(notOk(await look())).toEqual([]);
    const other = path.join(await temporaryDirectory(), 'other.key');
    await writeFile(other, randomBytes(32).toString('hex'));
    expect(notOk(await look({ storeKeyFile: other }))).toMatchObject([{ check: 'store key', level: 'fail' }]);
    const missing = path.join(await temporaryDirectory(), 'none.key');
    expect(notOk(await look({ storeKeyFile: missing }))).toMatchObject([{ check: 'store key', level: 'fail' }]);
  });

  it('names the settings of tables that weaken durability', async () => {
    await store.command('ALTER TABLE dead_letters MODIFY SETTING fsync_after_insert = 0');
    await store.command('ALTER TABLE audit_events MODIFY SETTING non_replicated_deduplication_window = 0');
    const findings = await look();
    await store.command('ALTER TABLE dead_letters MODIFY SETTING fsync_after_insert = 1');
    await store.command('ALTER TABLE audit_events MODIFY SETTING non_replicated_deduplication_window = 10000');
    expect(notOk(findings)).toMatchObject([
      { check: 'durability', level: 'fail', found: expect.stringContaining('dead_letters.fsync_after_insert') },
      { check: 'repeated inserts', level: 'warn', found: expect.stringContaining('audit_events') },
    ]);
    expect(notOk(await look())).toEqual([]);
  });

  it('names the settings of the server that weaken durability', async () => {
    const overriding = wrapped({
      rows: (sql, options) =>
        sql.includes('system.settings')
          ? (Promise.resolve([{ name: 'async_insert', value: '1' }]) as Promise<never[]>)
          : store.rows(sql, options),
    });
    expect(notOk(await look({ store: overriding }))).toMatchObject([
      { check: 'durability', level: 'fail', found: expect.stringContaining('async_insert') },
    ]);
  });

  it('names months with mixed versions of a source, and the command that helps', async () => {
    await takeIn(store, [systemLogEntry(1)], { source: 'redis-cloud/system-log', accountId: 'A1' });
    await store.command(
      `INSERT INTO audit_events (source, account_id, event_id, content_hash, schema_version, event_time, ingested_at)
       SELECT 'redis-cloud/system-log', 'A1', 'x', unhex('00'), 9, toDateTime64('2026-03-01 00:00:00', 3, 'UTC'), now64(3)`,
    );
    const [finding] = notOk(await look());
    expect(finding).toMatchObject({
      check: 'schema versions',
      level: 'warn',
      found: expect.stringMatching(/2026-03 of redis-cloud\/system-log .* 2, 9/),
      next: expect.stringContaining('renormalise'),
    });
    await store.command('TRUNCATE TABLE audit_events');
  });

  it('tells a rewriting that is under way from one that was cut', async () => {
    await store.command('CREATE TABLE renormalise_ready AS audit_events');
    await withStoreLock(store, REWRITE_LOCK, async () => {
      expect(of(await look(), 'rewriting')).toMatchObject([{ level: 'ok' }]);
    });
    expect(of(await look(), 'rewriting')).toMatchObject([{ level: 'warn', next: expect.any(String) }]);
    await store.command('DROP TABLE renormalise_ready');
  });

  it('warns of clocks that lie apart, by more than the way to the store explains', async () => {
    // An hour: no way to the store takes as long, however busy the machine is.
    expect(of(await look({ now: () => Date.now() + 3_600_000 }), 'clock')).toMatchObject([{ level: 'warn' }]);
    let asked = 0;
    const slowWay = () => Date.now() + (asked++ === 0 ? -60_000 : 0);
    expect(of(await look({ now: slowWay }), 'clock')).toMatchObject([{ level: 'ok' }]);
  });

  it('says when questions cannot be asked for want of the reader role', async () => {
    const without = wrapped({
      rows: (sql, options) =>
        options?.role === 'reader'
          ? Promise.reject(new StoreError('fatal', 511, 'there is no role keytrail_reader'))
          : store.rows(sql, options),
    });
    expect(notOk(await look({ store: without }))).toMatchObject([{ check: 'reader role', level: 'fail' }]);
  });

  it('says plainly that the store is away, and asks it nothing more', async () => {
    let asked = 0;
    const gone = wrapped({
      rows: () => {
        asked++;
        return Promise.reject(new StoreError('retriable', 0, 'ECONNREFUSED: connect'));
      },
    });
    expect(await look({ store: gone, where: 'server http://ch:8123' })).toMatchObject([
      { check: 'store', level: 'fail', found: expect.stringMatching(/away.*http:\/\/ch:8123.*ECONNREFUSED/) },
    ]);
    expect(asked).toBe(1);
  });

  it('fails a store that is newer than the program, or lacks its tables', async () => {
    await store.command("INSERT INTO schema_migrations SELECT 999, '999-later', 'x', now64(3)");
    expect(notOk(await look())).toMatchObject([
      { check: 'migrations', level: 'fail', found: expect.stringContaining('999-later') },
    ]);
    await store.command('ALTER TABLE schema_migrations DELETE WHERE number IN (999, 6)', {
      settings: { mutations_sync: 2 },
    });
    expect(notOk(await look())).toMatchObject([
      { check: 'migrations', level: 'fail', next: expect.stringContaining('keytrail migrate') },
    ]);
  });
});

function wrapped(other: Partial<Store>): Store {
  return {
    rows: (sql, options) => store.rows(sql, options),
    stream: (sql, format, options) => store.stream(sql, format, options),
    command: (sql, options) => store.command(sql, options),
    insert: (insert) => store.insert(insert),
    close: () => store.close(),
    ...other,
  };
}
