import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sourceNamed } from '../../schemas/sources/index.ts';
import type { LetterSelection } from '../../src/dead-letters/letters.ts';
import { type ReplayOptions, type ReplaySummary, replay } from '../../src/dead-letters/replay.ts';
import { findLetters } from '../../src/dead-letters/selectors.ts';
import { statement } from '../../src/store/statements.ts';
import type { RowBinaryInsert, Store } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { READER, systemLogEntry, takeIn } from '../support/take-in.ts';

const ALL: LetterSelection = { reasons: [], sources: [], letters: [] };
const SYSTEM_LOG = 'redis-cloud/system-log';
let store: Store;

beforeAll(async () => {
  ({ store } = await temporaryStore());
});

beforeEach(async () => {
  for (const table of ['audit_events', 'dead_letters', 'dead_letter_log', 'ledger']) {
    await store.command(`TRUNCATE TABLE ${table}`);
  }
});

function replayAll(more: Partial<ReplayOptions> = {}): Promise<ReplaySummary> {
  return replay({
    store,
    reader: READER,
    selection: ALL,
    given: { accountId: '' },
    dryRun: false,
    now: Date.now,
    uuid: randomUUID,
    retry: (insert) => insert(),
    ...more,
  });
}

const withAccount = (accountId: string, more: Partial<ReplayOptions> = {}) =>
  replayAll({ given: { accountId }, ...more });

/** Everything of the events but when and under which block they were stored. */
function events(): Promise<Record<string, unknown>[]> {
  return store.rows(
    `SELECT * EXCEPT (block_id, ingested_at, content_hash, stream, stream_partition, stream_offset, record_index),
       lower(hex(content_hash)) AS content_hash FROM activity ORDER BY account_id, event_id, content_hash`,
  );
}

const origins = () =>
  store.rows<Record<string, unknown>>(
    'SELECT stream, stream_partition, toFloat64(stream_offset) AS position, record_index FROM activity ORDER BY stream_offset',
  );

function letters(state = ''): Promise<{ content_hash: string; reason: string; state: string; last_detail: string }[]> {
  return store.rows(statement('dead-letters-list'), {
    parameters: {
      from: '1970-01-01 00:00:00',
      to: '2299-01-01 00:00:00',
      reasons: [],
      sources: [],
      state,
      limit: 9_999,
    },
  });
}

describe('a replay', () => {
  it('makes of a letter the very event that its record gives when it is read rightly at once', async () => {
    const records = [1, 2, 3].map((id) => systemLogEntry(id));
    await takeIn(store, records, { source: SYSTEM_LOG, accountId: 'A1' });
    const expected = await events();
    for (const table of ['audit_events', 'ledger']) await store.command(`TRUNCATE TABLE ${table}`);
    await takeIn(store, records, { source: SYSTEM_LOG });
    expect(await letters()).toMatchObject([1, 2, 3].map(() => ({ reason: 'account-missing', state: 'open' })));

    expect(await withAccount('A1')).toEqual({ letters: 3, replayed: 3, events: 3, refused: {}, notReplayable: 0 });
    expect(await events()).toEqual(expected);
    expect(await letters('open')).toEqual([]);
  });

  it('keeps the origin of the letter, and writes block and ledger row of its own stream', async () => {
    const records = [systemLogEntry(1), systemLogEntry(2)];
    await takeIn(store, records, { source: SYSTEM_LOG, stream: 'file:a.json#1' });
    await withAccount('A1');
    expect(await origins()).toEqual([
      { stream: 'file:a.json#1', stream_partition: 0, position: 0, record_index: 0 },
      { stream: 'file:a.json#1', stream_partition: 0, position: (records[0]?.length ?? 0) + 1, record_index: 0 },
    ]);
    const rows = await store.rows(
      `SELECT stream, received, dead_letters, toFloat64(position_from) AS position_from, toFloat64(position_to) AS position_to,
         (SELECT groupUniqArray(block_id) FROM activity) = [block_id] AS holds_the_events
       FROM ledger WHERE stream = 'dead-letters'`,
    );
    expect(rows).toEqual([
      { stream: 'dead-letters', received: 2, dead_letters: 0, position_from: 0, position_to: 2, holds_the_events: 1 },
    ]);
  });

  it('carries the content hash on and leaves what was cut as it is', async () => {
    const secret = 'S3cr3t-value-of-a-key';
    const record = systemLogEntry(1, { headers: { 'x-api-secret-key': secret } });
    await takeIn(store, [record], { source: SYSTEM_LOG, accountId: 'A1' });
    const expected = await events();
    await store.command('TRUNCATE TABLE audit_events');
    await takeIn(store, [record], { source: SYSTEM_LOG });
    await withAccount('A1');
    expect(await events()).toEqual(expected);
    expect(JSON.stringify(expected)).toContain('[secret:k1:');
    expect(JSON.stringify(expected)).not.toContain(secret);
  });

  it('carries an event id on that was made from the content hash', async () => {
    const record = JSON.stringify({ class_uid: 6003, time: 'yesterday', password: 'x', headers: { cookie: 'a=1' } });
    await takeIn(store, [record]);
    const [letter] = await letters();
    // What a corrected normaliser would see: the same letter with a time that can be read.
    await store.command(
      `ALTER TABLE dead_letters UPDATE text = replaceOne(text, '"yesterday"', '1772704800000') WHERE 1`,
      { settings: { mutations_sync: 2 } },
    );
    expect(await replayAll()).toMatchObject({ replayed: 1 });
    expect(await events()).toMatchObject([{ event_id: letter?.content_hash, content_hash: letter?.content_hash }]);
  });

  it('run twice changes no answer, and the second finds nothing to do', async () => {
    await takeIn(store, [systemLogEntry(1), systemLogEntry(2)], { source: SYSTEM_LOG });
    await withAccount('A1');
    const before = await store.rows('SELECT * EXCEPT content_hash FROM activity ORDER BY event_id');
    expect(await withAccount('A1')).toMatchObject({ letters: 0, replayed: 0 });
    expect(await store.rows('SELECT * EXCEPT content_hash FROM activity ORDER BY event_id')).toEqual(before);
  });

  it('two at once make each event once', async () => {
    const records = Array.from({ length: 2_500 }, (_, id) => systemLogEntry(id));
    await takeIn(store, records, { source: SYSTEM_LOG });
    const both = await Promise.all([withAccount('A1'), withAccount('A1')]);
    expect(both.map(({ letters: seen }) => seen)).toEqual([2_500, 2_500]);
    const found = await events();
    expect(new Set(found.map((event) => event.event_id)).size).toBe(2_500);
    expect(found).toHaveLength(2_500);
    expect(await letters('open')).toEqual([]);
  });

  it.each(['open-block', 'after-insert', 'after-ledger'])(
    'that ends at %s is completed by the next one',
    async (point) => {
      await takeIn(store, [systemLogEntry(1), systemLogEntry(2)], { source: SYSTEM_LOG });
      const ended = withAccount('A1', {
        checkpoint: (reached) => {
          if (reached === point) throw new Error('killed');
        },
      });
      await expect(ended).rejects.toThrow('killed');
      expect(await letters('open')).toHaveLength(2);
      expect(await withAccount('A1')).toMatchObject({ letters: 2, replayed: 2 });
      expect(await events()).toHaveLength(2);
    },
  );

  it('under another account after one that was killed is no repeat of it', async () => {
    await takeIn(store, [systemLogEntry(1)], { source: SYSTEM_LOG });
    const killed = withAccount('WRONG', {
      checkpoint: (reached) => {
        if (reached === 'after-insert') throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    await withAccount('RIGHT');
    expect((await events()).map((event) => event.account_id)).toEqual(['RIGHT', 'WRONG']);
  });

  it('without an account leaves letters open and does not log the same refusal again', async () => {
    await takeIn(store, [systemLogEntry(1)], { source: SYSTEM_LOG });
    expect(await replayAll()).toMatchObject({ replayed: 0, refused: { 'account-missing': 1 } });
    expect(await letters()).toMatchObject([{ state: 'open', last_detail: '' }]);
    expect(await store.rows('SELECT 1 FROM dead_letter_log')).toEqual([]);
  });

  it('logs a refusal for another reason, makes no second letter, and leaves it open', async () => {
    await takeIn(store, [JSON.stringify({ something: 'else' })]);
    const given = { source: sourceNamed(SYSTEM_LOG), accountId: '' };
    expect(await replayAll({ given })).toMatchObject({ replayed: 0, refused: { 'invalid-record': 1 } });
    expect(await letters()).toMatchObject([
      { reason: 'unrecognised-source', state: 'open', last_action: 'refused-again', last_detail: 'invalid-record' },
    ]);
  });

  it('reads letters that nobody recognised as the named source, under the named account', async () => {
    await takeIn(store, [JSON.stringify({ id: 5, time: '2026-03-05T10:00:00Z', note: 'of no known shape' })]);
    expect(await letters()).toMatchObject([{ reason: 'unrecognised-source' }]);
    const given = { source: sourceNamed(SYSTEM_LOG), accountId: 'A1' };
    expect(await replayAll({ given })).toMatchObject({ replayed: 1 });
    expect(await events()).toMatchObject([{ source: SYSTEM_LOG, account_id: 'A1', event_id: 'A1/5' }]);
  });

  it('that is dry stores nothing', async () => {
    await takeIn(store, [systemLogEntry(1)], { source: SYSTEM_LOG });
    expect(await withAccount('A1', { dryRun: true })).toMatchObject({ replayed: 1, events: 1 });
    expect(await events()).toEqual([]);
    expect(await letters('open')).toHaveLength(1);
    expect(await store.rows("SELECT 1 FROM ledger WHERE stream = 'dead-letters'")).toEqual([]);
  });

  it('does not try a record above the limit, of which only the head was kept', async () => {
    const tooLong = systemLogEntry(1, { description: 'x'.repeat(READER.recordBytesMax) });
    await takeIn(store, [tooLong], { source: SYSTEM_LOG });
    expect(await withAccount('A1')).toMatchObject({ letters: 1, replayed: 0, notReplayable: 1 });
    const [shown] = await store.rows<Record<string, unknown>>(statement('dead-letters-show'), {
      parameters: { hashes: [(await letters())[0]?.content_hash ?? ''], reasons: [] },
    });
    expect(shown).toMatchObject({
      reason: 'record-too-large',
      replayable: false,
      text_bytes: String(tooLong.length),
      text_sha256: createHash('sha256').update(tooLong).digest('hex'),
    });
  });

  it('takes letters in pages whatever their number', async () => {
    const records = Array.from({ length: 2_001 }, (_, id) => systemLogEntry(id));
    await takeIn(store, records, { source: SYSTEM_LOG });
    expect(await withAccount('A1')).toMatchObject({ letters: 2_001, replayed: 2_001 });
    const chain = await store.rows(
      `SELECT chain_index, received, toFloat64(position_from) AS position_from FROM ledger
       WHERE stream = 'dead-letters' ORDER BY chain_index`,
    );
    expect(chain).toEqual([
      { chain_index: 0, received: 1_000, position_from: 0 },
      { chain_index: 1, received: 1_000, position_from: 1_000 },
      { chain_index: 2, received: 1, position_from: 2_000 },
    ]);
    expect(await events()).toHaveLength(2_001);
  });

  it('leaves open what the store refuses for its data, and stores its neighbours', async () => {
    await takeIn(store, [systemLogEntry(1), systemLogEntry(2)], { source: SYSTEM_LOG });
    const picky = refusing(store, 'Database 2 created');
    expect(await withAccount('A1', { store: picky })).toMatchObject({ replayed: 1, refused: { 'store-refused': 1 } });
    expect(await events()).toMatchObject([{ event_id: 'A1/1' }]);
    expect(await letters()).toHaveLength(2);
    expect(await letters('open')).toMatchObject([{ last_detail: 'store-refused' }]);
  });
});

describe('a letter that holds several records', () => {
  const lines = (more: Record<string, unknown> = {}) =>
    `[${systemLogEntry(1, { apiKeyName: 'k' })},${systemLogEntry(2, more)}]`;

  it('becomes several events when nothing was cut from it, each as when it is read by itself', async () => {
    await takeIn(store, [systemLogEntry(1, { apiKeyName: 'k' }), systemLogEntry(2)], {
      source: SYSTEM_LOG,
      accountId: 'A1',
    });
    const expected = await events();
    await store.command('TRUNCATE TABLE audit_events');
    await takeIn(store, [lines()], { source: SYSTEM_LOG });
    expect(await letters()).toMatchObject([{ reason: 'not-an-object' }]);
    expect(await withAccount('A1')).toMatchObject({ letters: 1, replayed: 1, events: 2 });
    expect(await events()).toEqual(expected);
  });

  it('and a cut secret is not replayable: its records have no identity but in their origin', async () => {
    await takeIn(store, [lines({ 'x-api-key': 'A-secret-account-key' })], { source: SYSTEM_LOG });
    expect(await withAccount('A1')).toMatchObject({ letters: 1, replayed: 0, notReplayable: 1 });
    expect(await events()).toEqual([]);
    expect(await letters('open')).toHaveLength(1);
  });
});

describe('a letter', () => {
  it('is named by the beginning of its content hash', async () => {
    await takeIn(store, [systemLogEntry(1)], { source: SYSTEM_LOG });
    const hash = (await letters())[0]?.content_hash ?? '';
    expect(await findLetters(store, [hash.slice(0, 8)])).toEqual([{ contentHash: hash }]);
    expect(await findLetters(store, [`${hash.slice(0, 8)}:account-missing`])).toEqual([
      { contentHash: hash, reason: 'account-missing' },
    ]);
    await expect(findLetters(store, [`${hash}:invalid-json`])).rejects.toMatchObject({ code: 'LETTER_UNKNOWN' });
    await expect(findLetters(store, ['ab'])).rejects.toMatchObject({ code: 'LETTER_NAME_INVALID' });
  });

  it('is refused by a name that fits more than one', async () => {
    await takeIn(
      store,
      Array.from({ length: 300 }, (_, id) => systemLogEntry(id)),
      { source: SYSTEM_LOG },
    );
    const hashes = (await letters()).map((letter) => letter.content_hash);
    const twice = hashes.map((hash) => hash.slice(0, 4)).find((start, at, all) => all.indexOf(start) !== at);
    // The store key of the tests is fixed, and so are the hashes.
    expect(twice).toBeDefined();
    await expect(findLetters(store, [twice ?? ''])).rejects.toMatchObject({ code: 'LETTER_AMBIGUOUS' });
  });

  it('is replayed alone when it is named', async () => {
    await takeIn(store, [systemLogEntry(1), systemLogEntry(2)], { source: SYSTEM_LOG });
    const [first, second] = await letters();
    const selection = { ...ALL, letters: [`${first?.content_hash}:account-missing`] };
    expect(await withAccount('A1', { selection })).toMatchObject({ letters: 1, replayed: 1 });
    expect(await letters('open')).toMatchObject([{ content_hash: second?.content_hash }]);
  });
});

/** A store that refuses rows which hold the text, as an engine refuses data that it cannot read. */
function refusing(inner: Store, text: string): Store {
  return {
    rows: (sql, options) => inner.rows(sql, options),
    stream: (sql, format, options) => inner.stream(sql, format, options),
    command: (sql, options) => inner.command(sql, options),
    close: () => inner.close(),
    insert: (insert: RowBinaryInsert) =>
      insert.table === 'audit_events' && Buffer.concat(insert.body).includes(text)
        ? Promise.reject(new StoreError('data', 117, 'refused by the test'))
        : inner.insert(insert),
  };
}
