import { beforeAll, describe, expect, it } from 'vitest';
import { type GivenParameters, parametersOf } from '../../src/ask/runner.ts';
import type { Store } from '../../src/store/store.ts';
import { ask, eventRow, insertEvents, insertRows, NOW, question } from '../ask/fixture.ts';
import { temporaryStore } from '../support/store.ts';

const BLOCK_A = '00000000-0000-4000-8000-00000000000a';
const BLOCK_B = '00000000-0000-4000-8000-00000000000b';
const BLOCK_C = '00000000-0000-4000-8000-00000000000c';
const GAP = '00000000-0000-4000-8000-00000000000d';
const LOST = '00000000-0000-4000-8000-00000000000e';
const CHAIN = '00000000-0000-4000-8000-0000000000ff';
const hash = (text: string): string => Buffer.from(text).toString('hex').padStart(32, '0');

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

describe('conflicting-events', () => {
  beforeAll(async () => {
    const same = eventRow({ event_id: 'same', content_hash: hash('1') });
    const first = eventRow({
      event_id: 'changed',
      content_hash: hash('a'),
      key_id: 'ci',
      action: 'read',
      event_time: '2026-01-31T00:00:00.000Z',
    });
    const second = { ...first, content_hash: hash('b'), action: 'delete', event_time: '2026-02-20T00:00:00.000Z' };
    const elsewhere = { ...first, content_hash: hash('c'), account_id: 'a2' };
    const otherSource = { ...first, content_hash: hash('d'), source: 'redis-cloud/system-log' };
    await insertEvents(store, [same, first, second, elsewhere, otherSource]);
    await insertEvents(store, [same, first]);
  });

  const conflict = {
    account_id: 'a1',
    source: 'gateway/request',
    event_id: 'changed',
    statements: 2,
    keys: ['ci'],
    actions: ['delete', 'read'],
    first_event_time: '2026-01-31T00:00:00.000Z',
    last_event_time: '2026-02-20T00:00:00.000Z',
    content_hashes: [hash('a'), hash('b')],
  };

  it('lists what has one id and several contents; a repeat, another account or another source is none', async () => {
    expect(await ask(store, 'conflicting-events')).toEqual([conflict]);
  });

  it('finds a conflict by either of its statements', async () => {
    expect(await ask(store, 'conflicting-events', { to: '2026-02-01' })).toEqual([conflict]);
    expect(await ask(store, 'conflicting-events', { from: '2026-02-01' })).toEqual([conflict]);
    expect(await ask(store, 'conflicting-events', { from: '2026-03-01' })).toEqual([]);
  });
});

describe('ingest-status', () => {
  const entry = (fields: Record<string, string | number>) => ({
    block_id: BLOCK_A,
    kind: 'block',
    stream: 'kafka:c/topic',
    stream_partition: 0,
    chain_id: CHAIN,
    chain_index: 0,
    position_from: 0,
    position_to: 10,
    stream_end: 10,
    received: 5,
    dead_letters: 1,
    event_time_min: '2026-11-01T00:00:00.000Z',
    event_time_max: '2026-11-02T00:00:00.000Z',
    received_at: '2026-11-22T00:00:00.000Z',
    recorded_at: '2026-11-22T00:00:00.000Z',
    ...fields,
  });
  const event = (id: string, block_id: string, ingested_at: string, event_time = '2026-11-01T12:00:00.000Z') =>
    eventRow({ event_id: id, content_hash: hash(id), block_id, ingested_at, event_time, key_id: 'ingest' });

  beforeAll(async () => {
    // A block that a crash kept from the ledger left its rows: their first arrival is its.
    await insertEvents(store, [event('e1', LOST, '2026-11-21T00:00:00.000Z')]);
    await insertEvents(
      store,
      ['e1', 'e2', 'e3', 'e4'].map((id) => event(id, BLOCK_A, '2026-11-22T00:00:00.000Z')),
    );
    // Delivered again, with two more, one of them stating a time that is still to come.
    await insertEvents(store, [
      ...['e3', 'e4', 'e5'].map((id) => event(id, BLOCK_B, '2026-11-22T01:00:00.000Z')),
      event('e6', BLOCK_B, '2026-11-22T01:00:00.000Z', '2027-01-01T00:00:00.000Z'),
    ]);
    await insertRows(store, 'ledger', [
      entry({}),
      entry({
        block_id: GAP,
        kind: 'gap',
        chain_index: 1,
        position_from: 10,
        position_to: 30,
        received: 0,
        dead_letters: 0,
        event_time_min: '1970-01-01T00:00:00.000Z',
        event_time_max: '1970-01-01T00:00:00.000Z',
        recorded_at: '2026-11-22T00:30:00.000Z',
      }),
      entry({
        block_id: BLOCK_B,
        chain_index: 2,
        position_from: 30,
        position_to: 40,
        stream_end: 47,
        received: 4,
        dead_letters: 0,
        event_time_max: '2027-01-01T00:00:00.000Z',
        recorded_at: '2026-11-22T01:00:00.000Z',
      }),
      entry({
        block_id: BLOCK_C,
        stream: 'file:x',
        position_to: 3,
        stream_end: 2,
        received: 1,
        dead_letters: 1,
        event_time_min: '1970-01-01T00:00:00.000Z',
        event_time_max: '1970-01-01T00:00:00.000Z',
        recorded_at: '2026-11-22T02:00:00.000Z',
      }),
    ]);
    // A ledger row whose insert was repeated.
    await insertRows(store, 'ledger', [entry({})]);
  });

  const KAFKA = {
    stream: 'kafka:c/topic',
    stream_partition: 0,
    last_position: 40,
    last_event_time: '2026-11-02T00:00:00.000Z',
    lag: 7,
    blocks: 2,
    received: 9,
    new: 5,
    already_known: 3,
    dead_letters: 1,
    gaps: 1,
    gap_positions: 20,
    last_recorded_at: '2026-11-22T01:00:00.000Z',
  };

  it('what is new counts once, rows of a block that was never entered count as already known', async () => {
    const rows = await ask(store, 'ingest-status');
    expect(rows).toEqual([
      {
        stream: 'file:x',
        stream_partition: 0,
        last_position: 3,
        last_event_time: null,
        lag: 0,
        blocks: 1,
        received: 1,
        new: 0,
        already_known: 0,
        dead_letters: 1,
        gaps: 0,
        gap_positions: 0,
        last_recorded_at: '2026-11-22T02:00:00.000Z',
      },
      KAFKA,
    ]);
  });

  it('a range holds the blocks that were recorded in it', async () => {
    const rows = await ask(store, 'ingest-status', { from: '2026-11-22T00:45:00Z', to: '2026-11-22T01:30:00Z' });
    expect(rows).toEqual([
      {
        ...KAFKA,
        blocks: 1,
        received: 4,
        new: 2,
        already_known: 2,
        dead_letters: 0,
        gaps: 0,
        gap_positions: 0,
        last_event_time: '2026-11-01T12:00:00.000Z',
      },
    ]);
  });
});

describe('dead-letter-summary', () => {
  const letter = (id: string, fields: Record<string, string | boolean> = {}) => ({
    content_hash: hash(id),
    reason: 'invalid-json',
    source: 'gateway/request',
    account_id: 'a1',
    stream: 's1',
    ingested_at: '2026-11-22T00:00:00.000Z',
    replayable: true,
    ...fields,
  });
  const done = (id: string, action: string, at: string) => ({
    content_hash: hash(id),
    reason: 'invalid-json',
    source: 'gateway/request',
    account_id: 'a1',
    at,
    action,
    run_id: CHAIN,
  });

  beforeAll(async () => {
    await insertRows(store, 'dead_letters', [
      letter('1'),
      letter('2'),
      letter('3'),
      letter('4', { replayable: false }),
    ]);
    await insertRows(store, 'dead_letters', [
      letter('5', { reason: 'unrecognised-source', source: '' }),
      // The same letter again, from elsewhere and later: the first arrival is what counts.
      letter('1', { stream: 's2', ingested_at: '2026-11-22T09:00:00.000Z' }),
    ]);
    await insertRows(store, 'dead_letter_log', [
      done('1', 'refused-again', '2026-11-22T10:00:00.000Z'),
      done('1', 'replayed', '2026-11-22T11:00:00.000Z'),
      done('2', 'refused-again', '2026-11-22T11:00:00.000Z'),
    ]);
    await insertRows(store, 'dead_letter_log', [done('1', 'replayed', '2026-11-22T12:00:00.000Z')]);
  });

  it('a letter counts once, by its first arrival, in the state that its log ends in', async () => {
    const times = { first_seen: '2026-11-22T00:00:00.000Z', last_seen: '2026-11-22T00:00:00.000Z' };
    expect(await ask(store, 'dead-letter-summary')).toEqual([
      {
        reason: 'invalid-json',
        source: 'gateway/request',
        stream: 's1',
        letters: 4,
        open: 3,
        replayed: 1,
        refused_again: 1,
        not_replayable: 1,
        ...times,
      },
      {
        reason: 'unrecognised-source',
        source: '',
        stream: 's1',
        letters: 1,
        open: 1,
        replayed: 0,
        refused_again: 0,
        not_replayable: 0,
        ...times,
      },
    ]);
    expect(await ask(store, 'dead-letter-summary', { from: '2026-11-22T05:00:00Z' })).toEqual([]);
  });
});

describe('reading little', () => {
  async function plan(id: string, given: GivenParameters): Promise<string> {
    const asked = await question(id);
    const parameters = parametersOf(asked, given, NOW.getTime());
    let text = '';
    for await (const bytes of store.stream(`EXPLAIN indexes = 1, actions = 1 ${asked.sql}`, 'TabSeparatedRaw', {
      parameters,
    })) {
      text += Buffer.from(bytes).toString('utf8');
    }
    return text;
  }

  it.each([
    [{ id: 'x', request_id: '', event_id: '' }],
    [{ id: '', request_id: 'x', event_id: '' }],
    [{ id: '', request_id: '', event_id: 'x' }],
  ])('request-lookup with %j asks the bloom filters of the ids', async (given) => {
    const text = await plan('request-lookup', given);
    expect(text).toMatch(/request_id_bloom|event_id_bloom/);
    expect(text).toMatch(/Granules: 0\/\d/);
  });

  it('request-context of a request reads the months around it', async () => {
    expect(await plan('request-context', { id: 'changed', to: '2026-02-01' })).toMatch(/Parts: [12]\/[4-9]/);
  });

  it('key-timeline asks the index of the keys', async () => {
    expect(await plan('key-timeline', { key_id: 'of-nobody' })).toMatch(/key_id_set[\s\S]*Granules: 0\/[1-9]/);
  });

  it.each(['ip-timeline', 'who-used-ip'])('%s asks the bloom filter of the address', async (id) => {
    expect(await plan(id, { source_ip: '::ffff:192.0.2.1' })).toMatch(/source_ip_bloom[\s\S]*Granules: 0\/\d/);
  });

  it.each([
    ...['key-usage', 'app-usage', 'owner-usage', 'source-ip-usage', 'key-by-source-ip', 'app-by-source-ip'],
    ...['account-usage', 'user-agent-usage', 'country-usage', 'top-actions-by-key', 'attribution-coverage'],
    ...['unattributed-activity', 'allow-list-entries-unused', 'keys-without-allow-list', 'keys-shared'],
    ...['keys-used-after-deletion', 'verdict-summary', 'unknown-keys'],
    ...['usage-summary', 'usage-by-day', 'usage-by-hour', 'network-usage', 'late-events'],
  ])('%s of a range leaves other months alone', async (id) => {
    const text = await plan(id, { from: '2026-02-01', to: '2026-02-02' });
    expect(text).toMatch(/MinMax|Partition/);
    expect(text).toMatch(/Parts: 0\/[1-9]/);
    expect(text).toMatch(/Prewhere/i);
  });

  it.each(['key-usage', 'key-by-source-ip', 'top-actions-by-key', 'user-agent-usage', 'country-usage'])(
    '%s of an account leaves other accounts alone',
    async (id) => {
      expect(await plan(id, { account_id: 'of-nobody' })).toMatch(
        /PrimaryKey[\s\S]*account_id[\s\S]*Granules: 0\/[1-9]/,
      );
    },
  );
});
