import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { encodeLedgerRow } from '../../src/core/ledger-row.ts';
import { BLOCK_AGE_BACKLOG_RATIO, REFUSED_ROWS_MAX } from '../../src/core/limits.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { event, message, partition, streamOf, watchedPipeline } from './support.ts';

let store: Store;
beforeAll(async () => {
  ({ store } = await temporaryStore());
});

interface LedgerRow {
  readonly kind: string;
  readonly position_from: number;
  readonly position_to: number;
  readonly received: number;
  readonly dead_letters: number;
  readonly chain_index: number;
  readonly row_digest: string;
  readonly previous_digest: string;
  readonly block_digest: string;
  readonly leaves: string;
  readonly block_id: string;
}

const ledgerOf = (stream: string) =>
  store.rows<LedgerRow>(
    `SELECT kind, toFloat64(position_from) AS position_from, toFloat64(position_to) AS position_to, received, dead_letters, chain_index,
      lower(hex(row_digest)) AS row_digest, lower(hex(previous_digest)) AS previous_digest, lower(hex(block_digest)) AS block_digest,
      lower(hex(leaves)) AS leaves, toString(block_id) AS block_id
    FROM ledger WHERE stream = {stream:String} ORDER BY recorded_at, chain_id, chain_index`,
    { parameters: { stream } },
  );

const eventsOf = async (stream: string) =>
  (
    await store.rows<{ id: string }>(
      'SELECT event_id AS id FROM activity WHERE stream = {stream:String} ORDER BY stream_offset, record_index',
      {
        parameters: { stream },
      },
    )
  ).map(({ id }) => id);

const lettersOf = (stream: string) =>
  store.rows<{ reason: string; position: number; record_index: number; text: string }>(
    'SELECT reason, toFloat64(stream_offset) AS position, record_index, text FROM dead_letters FINAL WHERE stream = {stream:String} ORDER BY position, record_index',
    { parameters: { stream } },
  );

const away = () => new StoreError('retriable', 210, 'the store is away');
const refusing = (code = 53) => new StoreError('data', code, 'type mismatch');

describe('no loss', () => {
  it('a position is settled only when everything up to it is durable, however long the store is away', async () => {
    const stream = streamOf('away');
    let open = false;
    const before = async () => {
      await sleep(5);
      if (!open) throw away();
    };
    const { pipeline } = watchedPipeline(store, { before });
    const told: number[] = [];
    const chain = await pipeline.open(partition(stream), (position) => told.push(position));
    for (let at = 0; at < 10; at++) chain.add(message(at, event(`${stream}-${at}`)));
    chain.drained();
    await sleep(300);
    expect(told).toEqual([]);
    expect(chain.settled).toBe(0);
    expect(await eventsOf(stream)).toEqual([]);
    open = true;
    await chain.flush();
    expect(told).toEqual([10]);
    expect(await eventsOf(stream)).toHaveLength(10);
  });

  it('an assignment that begins while the store is away waits for it', async () => {
    const stream = streamOf('away-at-start');
    let refusals = 3;
    const beforeRead = () => {
      if (refusals-- > 0) throw away();
    };
    const { pipeline } = watchedPipeline(store, { beforeRead });
    const chain = await pipeline.open(partition(stream), () => undefined);
    chain.add(message(0, event(stream)));
    await chain.flush();
    expect(await eventsOf(stream)).toEqual([stream]);
  });

  it('a bad record harms only itself, and is durable before its position is settled', async () => {
    const stream = streamOf('bad');
    const { pipeline } = watchedPipeline(store);
    const chain = await pipeline.open(partition(stream, 5), () => undefined);
    chain.add(message(5, event(`${stream}-5`)));
    chain.add(message(6, Buffer.from('{"broken')));
    chain.add(message(7, Buffer.alloc(70_000, 'x')));
    chain.add(message(8, event(`${stream}-8`)));
    await chain.flush();
    expect(chain.settled).toBe(9);
    expect(await eventsOf(stream)).toEqual([`${stream}-5`, `${stream}-8`]);
    expect((await lettersOf(stream)).map(({ reason, position }) => `${position} ${reason}`)).toEqual([
      '6 invalid-json',
      '7 record-too-large',
    ]);
    expect(await ledgerOf(stream)).toMatchObject([{ position_from: 5, position_to: 9, received: 4, dead_letters: 2 }]);
  });

  it('an error that cannot heal stops everything with that error, and nothing is settled', async () => {
    const stream = streamOf('fatal');
    const failures: unknown[] = [];
    const before = () => {
      throw new StoreError('fatal', 516, 'authentication failed');
    };
    const { pipeline } = watchedPipeline(store, { before, onFailure: (error) => failures.push(error) });
    const chain = await pipeline.open(partition(stream), () => failures.push('settled'));
    chain.add(message(0, event(stream)));
    await expect(chain.flush()).rejects.toThrow('authentication failed');
    expect(pipeline.hasRoom).toBe(false);
    await expect(pipeline.whenRoom()).rejects.toThrow('authentication failed');
    expect(failures).toHaveLength(1);
    expect(chain.settled).toBe(0);
  });

  it('a guard that says no stops intake before anything is written', async () => {
    const stream = streamOf('guard');
    const guard = () => Promise.reject(new UserError('DISK_LOW', 'nearly full'));
    const { pipeline, inserts } = watchedPipeline(store, { guard });
    const chain = await pipeline.open(partition(stream), () => undefined);
    chain.add(message(0, event(stream)));
    await expect(chain.flush()).rejects.toMatchObject({ code: 'DISK_LOW' });
    expect(inserts).toEqual([]);
  });
});

describe('blocks', () => {
  it('close on rows, on bytes, and on age only when the partition is drained', async () => {
    const stream = streamOf('limits');
    const { pipeline } = watchedPipeline(store, { limits: { blockRowsMax: 3, blockBytesMax: 1_500 } });
    const chain = await pipeline.open(partition(stream), () => undefined);
    for (let at = 0; at < 4; at++) chain.add(message(at, event(`${stream}-${at}`)));
    await expect.poll(() => chain.settled).toBe(3);
    await sleep(200);
    expect(chain.settled, 'an old block stays open while more may come').toBe(3);
    chain.drained();
    await expect.poll(() => chain.settled).toBe(4);
    chain.add(message(4, event(`${stream}-4`, { description: 'x'.repeat(2_000) })));
    await expect.poll(() => chain.settled).toBe(5);
    expect((await ledgerOf(stream)).map(({ received }) => received)).toEqual([3, 1, 1]);
  });

  it('stay open longer while their partition is known to hold more, and not for ever', async () => {
    const stream = streamOf('backlog');
    const blockAgeMsMax = 100;
    let now = Date.now();
    const { pipeline } = watchedPipeline(store, { limits: { blockAgeMsMax }, now: () => now });
    const chain = await pipeline.open(partition(stream), () => undefined);
    chain.end(1_000);
    chain.add(message(0, event(`${stream}-0`)));
    chain.drained();
    now += blockAgeMsMax * (BLOCK_AGE_BACKLOG_RATIO - 1);
    await sleep(200);
    expect(chain.settled).toBe(0);
    now += blockAgeMsMax;
    await expect.poll(() => chain.settled).toBe(1);
  });

  it('cover positions that never carried a record, with a row of zero records when there is nothing else', async () => {
    const stream = streamOf('holes');
    const { pipeline } = watchedPipeline(store);
    const chain = await pipeline.open(partition(stream, 10), () => undefined);
    chain.add(message(15, event(`${stream}-15`)));
    chain.passed(20);
    await chain.flush();
    chain.passed(23);
    chain.drained();
    await expect.poll(() => chain.settled).toBe(23);
    expect(await ledgerOf(stream)).toMatchObject([
      { position_from: 10, position_to: 20, received: 1 },
      { position_from: 20, position_to: 23, received: 0 },
    ]);
  });

  it('a range that was lost is a row of kind gap between its neighbours', async () => {
    const stream = streamOf('gap');
    const { pipeline } = watchedPipeline(store);
    const chain = await pipeline.open(partition(stream, 10), () => undefined);
    chain.gap(10, 40);
    chain.add(message(40, event(`${stream}-40`)));
    await chain.flush();
    expect(chain.settled).toBe(41);
    expect(await ledgerOf(stream)).toMatchObject([
      { kind: 'gap', position_from: 10, position_to: 40, received: 0 },
      { kind: 'block', position_from: 40, position_to: 41, received: 1 },
    ]);
  });

  it('a message is not split across blocks unless it alone exceeds one, and settles with its last record', async () => {
    const stream = streamOf('container');
    const { pipeline } = watchedPipeline(store, { limits: { blockRowsMax: 4 } });
    const told: number[] = [];
    const chain = await pipeline.open(partition(stream), (position) => told.push(position));
    const several = (from: number, count: number) =>
      Buffer.from(`[${Array.from({ length: count }, (_, at) => event(`${stream}-${from}-${at}`)).join()}]`);
    chain.add(message(0, event(`${stream}-0`)));
    chain.add(message(1, several(1, 4)));
    chain.add(message(2, several(2, 9)));
    await chain.flush();
    expect((await ledgerOf(stream)).map((row) => [row.position_from, row.position_to, row.received])).toEqual([
      [0, 1, 1],
      [1, 2, 4],
      [2, 2, 4],
      [2, 2, 4],
      [2, 3, 1],
    ]);
    expect(told.slice(-3)).toEqual([2, 2, 3]);
    expect(await eventsOf(stream)).toHaveLength(14);
  });

  it('an insert holds rows of one month, with a token of its own', async () => {
    const stream = streamOf('months');
    const { pipeline, inserts } = watchedPipeline(store);
    const chain = await pipeline.open(partition(stream), () => undefined);
    const times = ['2026-10-31T23:59:59.999Z', '2026-11-01T00:00:00Z', '2026-10-01T00:00:00Z', '1999-12-31T00:00:00Z'];
    for (const [at, time] of times.entries()) chain.add(message(at, event(`${stream}-${at}`, { time })));
    await chain.flush();
    const events = inserts.filter(({ table }) => table === 'audit_events');
    expect(events.map(({ rows }) => rows)).toEqual([2, 1, 1]);
    expect(new Set(events.map(({ token }) => token)).size).toBe(3);
    expect(await ledgerOf(stream)).toHaveLength(1);
    const months = await store.rows(
      'SELECT DISTINCT partition FROM system.parts WHERE table = {table:String} AND active AND partition = {partition:String}',
      {
        parameters: { table: 'audit_events', partition: '199912' },
      },
    );
    expect(months).toHaveLength(1);
  });

  it('a block begun before the assignment ended is dropped, and never reported', async () => {
    const stream = streamOf('abandoned');
    const { pipeline } = watchedPipeline(store);
    const told: number[] = [];
    const chain = await pipeline.open(partition(stream), (position) => told.push(position));
    chain.add(message(0, event(stream)));
    chain.abandon();
    chain.add(message(1, event(`${stream}-1`)));
    await chain.flush();
    expect(told).toEqual([]);
    expect(pipeline.heldBytes).toBe(0);
    expect(await eventsOf(stream)).toEqual([]);
  });

  it.each([3, 8])(
    'the byte budget holds intake back, and %i open blocks alone can never use it up for good',
    async (open) => {
      const stream = streamOf('budget');
      const { pipeline } = watchedPipeline(store, { limits: { heldBytesMax: 4_000, blockBytesMax: 1_048_576 } });
      const chains = await Promise.all(
        Array.from({ length: open }, (_, one) => one).map((one) =>
          pipeline.open({ ...partition(stream), partition: one }, () => undefined),
        ),
      );
      let position = 0;
      while (pipeline.hasRoom) {
        for (const chain of chains)
          chain.add(message(position, event(`${stream}-${position}-${chain.partition.partition}`)));
        position++;
      }
      await pipeline.whenRoom();
      expect(pipeline.heldBytes).toBeLessThan(4_000);
      for (const chain of chains) await chain.flush();
      expect(pipeline.heldBytes).toBe(0);
      expect(await eventsOf(stream)).toHaveLength(position * open);
    },
  );
});

describe('what the store refuses for its data', () => {
  it('is halved down to the row at fault, which becomes a dead letter; the others are stored', async () => {
    const stream = streamOf('refused');
    const before = ({ table, body }: { table: string; body: readonly Uint8Array[] }) => {
      if (table === 'audit_events' && Buffer.concat(body).includes('poison')) throw refusing();
    };
    const { pipeline, inserts } = watchedPipeline(store, { before });
    const chain = await pipeline.open(partition(stream), () => undefined);
    for (let at = 0; at < 100; at++) {
      chain.add(message(at, event(`${stream}-${at}`, at % 40 === 7 ? { description: 'poison' } : {})));
    }
    await chain.flush();
    expect(await eventsOf(stream)).toHaveLength(97);
    const letters = await lettersOf(stream);
    expect(letters.map(({ position, reason }) => `${position} ${reason}`)).toEqual([
      '7 store-refused',
      '47 store-refused',
      '87 store-refused',
    ]);
    expect(JSON.parse(letters[0]?.text ?? '')).toMatchObject({ id: `${stream}-7`, description: 'poison' });
    expect(await ledgerOf(stream)).toMatchObject([{ received: 100, dead_letters: 3 }]);
    const tokens = inserts.filter(({ table }) => table === 'audit_events').map(({ token }) => token);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(pipeline.totals.deadLetters).toEqual({ 'store-refused': 3 });
  });

  it('stops when nearly everything is refused: then the fault is not the data’s', async () => {
    const stream = streamOf('all-refused');
    const before = ({ table }: { table: string }) => {
      if (table === 'audit_events') throw refusing();
    };
    const { pipeline } = watchedPipeline(store, { before });
    const chain = await pipeline.open(partition(stream), () => undefined);
    for (let at = 0; at <= REFUSED_ROWS_MAX; at++) chain.add(message(at, event(`${stream}-${at}`)));
    await expect(chain.flush()).rejects.toMatchObject({ code: 'STORE_REFUSES_ROWS' });
    expect(chain.settled).toBe(0);
  });
});

describe('no double count, no silent change', () => {
  it('the same records cut into other blocks, or delivered to another stream, change no answer', async () => {
    const stream = streamOf('first');
    const deliver = async (name: string, blockRowsMax: number) => {
      const { pipeline } = watchedPipeline(store, { limits: { blockRowsMax } });
      const chain = await pipeline.open(partition(name), () => undefined);
      for (let at = 0; at < 50; at++) chain.add(message(at, event(`${stream}-${at}`)));
      await chain.flush();
    };
    await deliver(stream, 7);
    const answer = () =>
      store.rows(`SELECT * EXCEPT raw FROM activity WHERE startsWith(event_id, '${stream}') ORDER BY event_id`);
    const before = await answer();
    expect(before).toHaveLength(50);
    await deliver(stream, 11);
    await deliver(streamOf('second'), 50);
    expect(await answer()).toEqual(before);
  });

  it('the same id with other bytes is kept beside the first, also when it comes in the same block', async () => {
    const stream = streamOf('conflict');
    const { pipeline } = watchedPipeline(store);
    const chain = await pipeline.open(partition(stream), () => undefined);
    chain.add(message(0, event(stream)));
    chain.add(message(1, event(stream)));
    chain.add(message(2, event(stream, { description: 'changed' })));
    await chain.flush();
    expect(await eventsOf(stream)).toEqual([stream, stream]);
  });
});

describe('the ledger', () => {
  it('links each row of a chain to the one before, over restarts, and its digests can be recomputed from what is stored', async () => {
    const stream = streamOf('chain');
    for (const start of [0, 4]) {
      const { pipeline } = watchedPipeline(store, { limits: { blockRowsMax: 2 } });
      const chain = await pipeline.open(partition(stream, start), () => undefined);
      for (let at = start; at < start + 4; at++)
        chain.add(message(at, at === 5 ? Buffer.from('no json') : event(`${stream}-${at}`)));
      await chain.flush();
    }
    const rows = await ledgerOf(stream);
    expect(rows.map((row) => [row.position_from, row.position_to])).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
    ]);
    expect(rows[0]?.previous_digest).toBe('0'.repeat(64));
    for (let at = 1; at < rows.length; at++) expect(rows[at]?.previous_digest).toBe(rows[at - 1]?.row_digest);
    for (const row of rows) {
      const stored = await store.rows<{ leaf: string }>(
        `SELECT lower(hex(SHA256(concat('\\0', raw)))) AS leaf FROM
          (SELECT raw, stream_offset FROM audit_events WHERE block_id = {block:UUID}
           UNION ALL SELECT text AS raw, stream_offset FROM dead_letters WHERE block_id = {block:UUID})
        ORDER BY stream_offset`,
        { parameters: { block: row.block_id } },
      );
      expect(stored.map(({ leaf }) => leaf).join('')).toBe(row.leaves);
      expect(createHash('sha256').update(Buffer.from(row.leaves, 'hex')).digest('hex')).toBe(row.block_digest);
    }
  });

  it('a row that says something else has another digest', () => {
    const entry = {
      blockId: '00112233-4455-6677-8899-aabbccddeeff',
      kind: 'block' as const,
      stream: 's',
      partition: 0,
      chainId: '00112233-4455-6677-8899-aabbccddeef0',
      chainIndex: 0,
      positionFrom: 0,
      positionTo: 1,
      streamEnd: 1,
      received: 1,
      deadLetters: 0,
      eventTimeMin: 1,
      eventTimeMax: 1,
      receivedAt: 1,
      recordedAt: 1,
      scrubberVersion: 1,
      fingerprintKeyId: '1',
      blockDigest: Buffer.alloc(32),
      previousDigest: Buffer.alloc(32),
      leaves: Buffer.alloc(32),
    };
    const digests = [
      entry,
      { ...entry, received: 2 },
      { ...entry, positionTo: 2 },
      { ...entry, kind: 'gap' as const },
      { ...entry, blockDigest: Buffer.alloc(32, 1) },
      { ...entry, previousDigest: Buffer.alloc(32, 1) },
      { ...entry, recordedAt: 2 },
    ].map((one) => encodeLedgerRow(one).rowDigest.toString('hex'));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
