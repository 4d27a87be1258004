/** What every store does, whoever answers behind the protocol. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDurability, durabilityWeaknesses } from '../../src/store/durability.ts';
import { withStoreLock } from '../../src/store/lock.ts';
import { appliedIn, checkSchema, migrate, readMigrations } from '../../src/store/migrations.ts';
import { type RowBinaryInsert, type Store, StoreError } from '../../src/store/store.ts';

export interface Subject {
  /** An empty, migrated store. */
  readonly store: Store;
  /** Whether the server knows the reader role. */
  readonly hasReaderRole: boolean;
}

const U32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer);

/** Rows (n, text) for the table that `makeTable` makes. */
export function numbered(table: string, values: readonly number[], token: string): RowBinaryInsert {
  const body = values.map((value) => Buffer.concat([U32(value), Buffer.from([2, 0xff, 0x41])]));
  return { table, columns: ['n', 'text'], body, rows: values.length, token };
}

export async function makeTable(store: Store, table: string): Promise<void> {
  await store.command(
    `CREATE TABLE ${table} (n UInt32, text LowCardinality(String)) ENGINE = ReplacingMergeTree ORDER BY (n, text)
     SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`,
  );
}

export async function countOf(store: Store, table: string): Promise<{ rows: number; distinct: number }> {
  const [found] = await store.rows<{ rows: number; distinct: number }>(
    `SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(n)) AS distinct FROM ${table}`,
  );
  if (found === undefined) throw new Error('a count has one row');
  return found;
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return (await bytesOf(chunks)).toString('utf8');
}

const EVENT_COLUMNS = 'source, account_id, event_id, content_hash, event_time, ingested_at, key_id, stream_offset, raw';

/** One event; `arrival` only says when it came, and so does not make it another one. */
async function putEvent(store: Store, id: string, arrival: string, offset: number): Promise<void> {
  await store.command(
    `INSERT INTO audit_events (${EVENT_COLUMNS}) SELECT 'gateway/request', '1', {id:String}, unhex(lower(hex(MD5({id:String})))),
     toDateTime64('2026-03-04 05:06:07.008', 3, 'UTC'), toDateTime64({arrival:String}, 3, 'UTC'), 'k', {offset:UInt64}, '{}'`,
    { parameters: { id, arrival, offset } },
  );
}

/** The half of the contract that only reads. */
export function readingContract(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store?.close());
    readingTests(() => store);
  });
}

function readingTests(store: () => Store): void {
  test('a parameter arrives as it was given, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer(), async (text, number) => {
        const rows = await store().rows(
          'SELECT {text:String} AS text, {number:Int64} AS number, {list:Array(String)} AS list',
          {
            parameters: { text, number, list: [text, "it's", '\\N'] },
          },
        );
        expect(rows).toEqual([{ text: text, number: String(number), list: [text, "it's", '\\N'] }]);
      }),
      { numRuns: 60 },
    );
  });

  test('an answer is the same whatever the server prefers: 64-bit integers as text, times in UTC', async () => {
    const rows = await store().rows(
      "SELECT toUInt64(18446744073709551615) AS big, toDateTime('2026-01-02 03:04:05') AS at, timezone() AS zone",
    );
    expect(rows).toEqual([{ big: '18446744073709551615', at: '2026-01-02 03:04:05', zone: 'UTC' }]);
    expect(await store().rows('SELECT 1 AS one WHERE 0')).toEqual([]);
  });

  test('a parameter or setting of one caller is never seen by the next', async () => {
    await store().rows('SELECT {secret:String} AS a', {
      parameters: { secret: 'mine' },
      settings: { max_result_rows: 7 },
    });
    for (let asked = 0; asked < 8; asked++) {
      await expect(store().rows('SELECT {secret:String} AS a')).rejects.toMatchObject({ code: 456 });
    }
    expect((await store().rows('SELECT number FROM numbers(100)')).length).toBe(100);
  });

  test('a failed query never leaks rows into the answer of another', async () => {
    const failing =
      "SELECT number, throwIf(number = 150000, 'late') FROM numbers(400000) SETTINGS max_block_size = 1000";
    for (let round = 0; round < 6; round++) {
      await expect(store().rows(failing)).rejects.toMatchObject({ code: 395 });
      const answers = await Promise.all(
        [1, 2, 3, 4].map((n) => store().rows('SELECT {n:UInt8} AS n', { parameters: { n } })),
      );
      expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 4 }]]);
      expect(await store().rows('SELECT 8 AS n')).toEqual([{ n: 8 }]);
    }
  });

  test('a streamed answer is whole, in any format', async () => {
    const csv = await textOf(store().stream('SELECT number FROM numbers(200000)', 'CSVWithNames'));
    expect(csv.split('\n').length).toBe(200_002);
    const document = JSON.parse(await textOf(store().stream('SELECT number AS n FROM numbers(100000)', 'JSON')));
    expect(document.rows).toBe(100_000);
    const parquet = await bytesOf(store().stream('SELECT number AS n FROM numbers(300000)', 'Parquet'));
    expect([parquet.subarray(0, 4), parquet.subarray(-4)].map(String)).toEqual(['PAR1', 'PAR1']);
    expect(parquet.indexOf('PAR1', 4)).toBe(parquet.length - 4);
    expect((await textOf(store().stream('SELECT 1 AS a WHERE 0', 'CSVWithNames'))).trim()).toBe('"a"');
  });

  test('a failure after the first byte rejects a streamed answer', async () => {
    const sql = "SELECT number, throwIf(number = 1000000, 'late') AS f FROM numbers(2000000)";
    let bytes = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of store().stream(sql, 'TabSeparated')) bytes += chunk.byteLength;
    };
    await expect(reading()).rejects.toMatchObject({ name: 'StoreError', code: 395 });
    expect(bytes).toBeGreaterThan(0);
  });

  test('a stream that its reader leaves frees its place', async () => {
    for (let left = 0; left < 12; left++) {
      for await (const chunk of store().stream('SELECT number FROM numbers(100000000)', 'TabSeparated')) {
        expect(chunk.byteLength).toBeGreaterThan(0);
        break;
      }
    }
    expect(await store().rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('an aborted question ends at once and frees its place', async () => {
    const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';
    for (let asked = 0; asked < 6; asked++) {
      const signal = AbortSignal.timeout(50);
      await expect(store().rows(endless, { signal })).rejects.toBe(await reasonOf(signal));
    }
    expect(await store().rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
}

export function storeContract(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let store: Store;
    beforeAll(async () => {
      subject = await open();
      store = subject.store;
    });
    afterAll(() => store?.close());

    readingTests(() => store);

    test('the same token twice is one insert, and bytes that are not UTF-8 stay what they are', async () => {
      await makeTable(store, 'contract_tokens');
      for (let sent = 0; sent < 3; sent++) await store.insert(numbered('contract_tokens', [1, 2, 3], 'same'));
      expect(await countOf(store, 'contract_tokens')).toEqual({ rows: 3, distinct: 3 });
      await store.insert(numbered('contract_tokens', [4], 'other'));
      const rows = await store.rows('SELECT DISTINCT hex(text) AS text FROM contract_tokens');
      expect([rows, await countOf(store, 'contract_tokens')]).toEqual([[{ text: 'FF41' }], { rows: 4, distinct: 4 }]);
    });

    test('an insert of 100,000 rows is one block: its retry adds nothing', async () => {
      await makeTable(store, 'contract_large');
      const values = Array.from({ length: 100_000 }, (_, n) => n);
      for (let sent = 0; sent < 2; sent++) await store.insert(numbered('contract_large', values, 'large'));
      expect(await countOf(store, 'contract_large')).toEqual({ rows: 100_000, distinct: 100_000 });
    });

    test('an error says whether to wait, to halve or to stop', async () => {
      await makeTable(store, 'contract_errors');
      const cut = { ...numbered('contract_errors', [1], 'cut'), body: [new Uint8Array([1, 0, 0, 0, 9])] };
      await expect(store.insert(cut)).rejects.toMatchObject({ kind: 'data' });
      await expect(store.insert(numbered('contract_nowhere', [1], 'x'))).rejects.toMatchObject({
        kind: 'fatal',
        code: 60,
      });
      await expect(store.rows('SELECT nope')).rejects.toMatchObject({ kind: 'fatal', code: 47 });
      await expect(store.rows('SELEKT 1')).rejects.toMatchObject({ kind: 'fatal', code: 62 });
      const slow = store.rows('SELECT sleepEachRow(0.1) FROM numbers(30)', { settings: { max_execution_time: 1 } });
      await expect(slow).rejects.toMatchObject({ kind: 'retriable', code: 159 });
      await expect(store.command('SELECT 1; SELECT 2')).rejects.toBeInstanceOf(StoreError);
      expect(await countOf(store, 'contract_errors')).toEqual({ rows: 0, distinct: 0 });
    });

    test('the first arrival stands, under FINAL and after OPTIMIZE', async () => {
      await putEvent(store, 'again', '2026-03-05 00:00:02.000', 200);
      await putEvent(store, 'again', '2026-03-05 00:00:01.000', 100);
      await putEvent(store, 'again', '2026-03-05 00:00:03.000', 300);
      const asked = "SELECT stream_offset AS o FROM activity WHERE event_id = 'again'";
      expect(await store.rows(asked)).toEqual([{ o: '100' }]);
      await store.command('OPTIMIZE TABLE audit_events FINAL');
      expect(await store.rows("SELECT stream_offset AS o FROM audit_events WHERE event_id = 'again'")).toEqual([
        { o: '100' },
      ]);
      expect(await store.rows(asked)).toEqual([{ o: '100' }]);
    });

    test('the view activity reads with the settings inside it: the index is not expanded, the filter moves to PREWHERE', async () => {
      await putEvent(store, 'look-up', '2026-03-05 00:00:02.000', 1);
      await putEvent(store, 'look-up', '2026-03-05 00:00:03.000', 2);
      const explain = async (settings: Record<string, number>): Promise<string> => {
        const sql = "EXPLAIN indexes = 1, actions = 1 SELECT stream_offset FROM activity WHERE event_id = 'look-up'";
        const rows = await store.rows<{ explain: string }>(sql, { settings });
        return rows.map((row) => row.explain).join('\n');
      };
      const plan = await explain({});
      expect(plan).toContain('event_id_bloom');
      expect(plan).toMatch(/Prewhere/);
      expect(plan).not.toContain('PrimaryKeyExpand');
      expect(await store.rows("SELECT count() AS n FROM activity WHERE event_id = 'look-up'")).toEqual([{ n: '1' }]);
    });

    test('the reader role reads the tables and nothing else', async () => {
      if (!subject.hasReaderRole) return;
      const asReader = (sql: string): Promise<unknown> => store.rows(sql, { role: 'reader' });
      expect(await asReader('SELECT count() >= 0 AS some FROM activity')).toEqual([{ some: 1 }]);
      for (const sql of [
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        'SELECT 1 SETTINGS readonly = 0',
        'SELECT 1 SETTINGS max_result_rows = 0',
        "SELECT 1 INTO /* far */ OUTFILE '/tmp/keytrail-contract-outfile'",
      ]) {
        await expect(asReader(sql), sql).rejects.toMatchObject({ name: 'StoreError' });
      }
      for (const sql of [
        'DROP TABLE ledger',
        "INSERT INTO ledger (stream) VALUES ('x')",
        'SET readonly = 0',
        'CREATE TABLE x (a UInt8) ENGINE = Memory',
      ]) {
        await expect(store.command(sql, { role: 'reader' }), sql).rejects.toMatchObject({ name: 'StoreError' });
      }
      expect(await store.rows('SELECT count() AS n FROM ledger')).toEqual([{ n: '0' }]);
      // What the reader could not do did not stay behind on a session of the program's own.
      await store.command('CREATE TABLE contract_after_reader (a UInt8) ENGINE = Memory');
    });

    test('migrations are applied once, also by two at the same time', async () => {
      const before = await appliedIn(store);
      expect(await migrate(store)).toEqual({ applied: [] });
      const known = await readMigrations();
      expect(before.map((one) => one.name)).toEqual(known.map((one) => one.name));
      const sql = 'CREATE TABLE contract_migrated (a UInt8) ENGINE = MergeTree ORDER BY a';
      const added = { number: 900, name: '900-added', sql, digest: 'd' };
      const runs = await Promise.all([1, 2, 3].map(() => migrate(store, [...known, added])));
      expect(runs.flatMap((run) => run.applied)).toEqual(['900-added']);
      await expect(checkSchema(store)).rejects.toMatchObject({ code: 'STORE_NEWER' });
      await expect(migrate(store)).rejects.toMatchObject({ code: 'STORE_NEWER' });
      await expect(migrate(store, [...known, { ...added, digest: 'e' }])).rejects.toMatchObject({
        code: 'MIGRATION_CHANGED',
      });
      await expect(checkSchema(store, [...known, added, { ...added, number: 901 }])).rejects.toMatchObject({
        code: 'STORE_OLDER',
      });
      await store.command('ALTER TABLE schema_migrations DELETE WHERE number = 900', {
        settings: { mutations_sync: 2 },
      });
      await checkSchema(store);
    });

    test('a lock is held by one at a time, and the lock of a dead holder is put aside', async () => {
      let inside = 0;
      let most = 0;
      const work = async (): Promise<void> => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 100));
        inside--;
      };
      await Promise.all([1, 2, 3].map(() => withStoreLock(store, 'contract', work)));
      expect(most).toBe(1);
      await store.command(
        "CREATE TABLE keytrail_lock_dead (beat DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY beat COMMENT 'deadholder'",
      );
      // A beat of a busy machine may come seconds late, and who is silent for less than that must not count as dead.
      const times = { beatMs: 100, staleMs: 15_000, waitMsMax: 300_000 };
      await Promise.all([1, 2, 3].map(() => withStoreLock(store, 'dead', work, times)));
      expect(most).toBe(1);
      expect(await store.rows("SELECT name FROM system.tables WHERE name = 'keytrail_lock_dead'")).toEqual([]);
    });

    test('a table that would not be durable is found', async () => {
      await checkDurability(store);
      await store.command('ALTER TABLE ledger MODIFY SETTING fsync_after_insert = 0');
      expect(await durabilityWeaknesses(store)).toEqual([
        { setting: 'ledger.fsync_after_insert', got: '0', expected: '1' },
      ]);
      await expect(checkDurability(store)).rejects.toMatchObject({ code: 'STORE_NOT_DURABLE' });
      await store.command('ALTER TABLE ledger MODIFY SETTING fsync_after_insert = 1');
      await checkDurability(store);
    });
  });
}

function reasonOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
}
