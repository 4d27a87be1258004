import { beforeEach, describe, expect, it } from 'vitest';
import { parseQuestion } from '../../src/ask/loader.ts';
import { checked, type Detection, loadDetections } from '../../src/detect/detections.ts';
import { type CycleReport, DetectionEngine } from '../../src/detect/engine.ts';
import type { Story, StoryEvent } from '../../src/detect/fixture-file.ts';
import { forget, tell } from '../../src/detect/rehearsal.ts';
import { act } from '../../src/findings/actions.ts';
import { suppress } from '../../src/findings/suppressions.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { QUERIES } from '../ask/fixture.ts';
import { temporaryStore } from '../support/store.ts';

const { store } = await temporaryStore();
const NOW = Date.parse('2026-11-23T12:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const detections = await loadDetections([`${QUERIES}/detections`]);
const rule = (id: string): Detection => {
  const found = detections.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no detection ${id}`);
  return found;
};

const event = (id: string, at: number, more: Partial<StoryEvent> = {}): StoryEvent => ({
  ...{ id, at, stored: undefined, account_id: 'a1', key_id: 'orders', source_ip: '198.51.100.20' },
  ...{ asn: 64_500, as_name: 'Example Net', country: 'NL', latitude: null, longitude: null },
  ...{ principal_kind: 'api-key' as const, action: 'listDatabases', activity: 'read' as const, resource_type: '' },
  ...{ resource_id: '', description: '', user_agent: 'client/1.0', status_code: 200, auth_result: 'success' as const },
  ...{ auth_reason: '' as const, outcome: 'success' as const, raw: '{}' },
  ...more,
});
const story = (events: readonly StoryEvent[]): Story => ({
  ...{ name: '', now: NOW, registry: undefined, networks: undefined, given: {}, expected: undefined, events },
  ...{ blocks: [], looks: [], cursors: [] },
});
const usual = (days = 25): StoryEvent[] =>
  Array.from({ length: days }, (_, day) => event(`usual-${day}`, NOW - (days - day) * DAY_MS));
const odd = (id: string, at = NOW - 5 * MINUTE_MS, more: Partial<StoryEvent> = {}): StoryEvent =>
  event(id, at, { source_ip: '203.0.113.9', ...more });

const look = (of: readonly Detection[] = [rule('new-source-ip-for-key')], now = NOW): Promise<CycleReport> =>
  new DetectionEngine({ store, detections: of, now: () => now }).cycle();
const count = async (of: Store, table: string): Promise<number> => {
  const [row] = await of.rows<{ n: number }>(`SELECT toFloat64(count()) AS n FROM ${table} FINAL`);
  return row?.n ?? -1;
};
const states = async (): Promise<unknown[]> =>
  store.rows('SELECT state, toFloat64(events) AS events FROM finding_states ORDER BY fingerprint');

beforeEach(() => forget(store));

describe('the cursor', () => {
  it('a cycle finds what is new, and the next one nothing', async () => {
    await tell(store, story([...usual(), odd('x1')]));
    expect((await look()).found.map(({ eventIds }) => eventIds)).toEqual([['x1']]);
    const again = await look();
    expect(again).toMatchObject({ blocks: 0, events: 0, found: [] });
  });

  it('a detection that looks again from the beginning appends nothing', async () => {
    await tell(store, story([...usual(), odd('x1'), odd('x2', NOW - MINUTE_MS)]));
    await look(detections);
    const before = [await count(store, 'findings'), await count(store, 'finding_evidence')];
    const places = await store.rows('SELECT * FROM key_places FINAL ORDER BY ALL');
    await store.command('TRUNCATE TABLE detection_cursors');
    const again = await look(detections);
    expect(again.rules.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(again.found).toEqual([]);
    expect([await count(store, 'findings'), await count(store, 'finding_evidence')]).toEqual(before);
    expect(await store.rows('SELECT * FROM key_places FINAL ORDER BY ALL')).toEqual(places);
  });

  it('a replay of all that was stored finds nothing, and changes nothing that is usual', async () => {
    const events = [...usual(), odd('x1')];
    await tell(store, story(events));
    await look();
    const places = await store.rows('SELECT * FROM key_places FINAL ORDER BY ALL');
    await tell(store, story(events.map((one) => ({ ...one, stored: NOW + DAY_MS }))));
    const again = await look();
    expect([again.blocks, again.found, again.reopened]).toEqual([1, [], []]);
    expect(await states()).toEqual([{ state: 'open', events: 1 }]);
    expect(await store.rows('SELECT * FROM key_places FINAL ORDER BY ALL')).toEqual(places);
  });

  it('while nothing comes in, what looks at events asks one question, and misses nothing that comes then', async () => {
    let now = NOW;
    let asked = 0;
    const counting: Store = {
      rows: (sql, options) => {
        asked++;
        return store.rows(sql, options);
      },
      stream: (sql, format, options) => store.stream(sql, format, options),
      command: (sql, options) => store.command(sql, options),
      insert: (insert) => store.insert(insert),
      close: () => store.close(),
    };
    await tell(store, story(usual()));
    const of = [rule('new-source-ip-for-key')];
    const engine = new DetectionEngine({ store: counting, detections: of, now: () => now });
    expect((await engine.cycle({ onlyDue: true })).rules).toHaveLength(1);
    for (const [wait, questions] of [
      [1_000, 0],
      [60_000, 1],
    ] as const) {
      now += wait;
      asked = 0;
      expect((await engine.cycle({ onlyDue: true })).rules).toEqual([]);
      expect(asked).toBe(questions);
    }
    await tell(store, story([odd('x1')]));
    now += 60_000;
    expect((await engine.cycle({ onlyDue: true })).found.map(({ eventIds }) => eventIds)).toEqual([['x1']]);
  });

  it('a block whose row of the ledger comes late is looked at, however much younger the others are', async () => {
    await tell(store, story(usual()));
    await tell(store, story([event('later', NOW - MINUTE_MS)]));
    await look();
    await tell(store, story([odd('x1', NOW - 3 * 3_600_000)]));
    expect((await look()).found.map(({ eventIds }) => eventIds)).toEqual([['x1']]);
  });

  it('an event whose block was never entered into the ledger is looked at with what is around it', async () => {
    await tell(store, story([...usual(), odd('x1')]));
    await store.command('ALTER TABLE ledger DELETE WHERE 1 SETTINGS mutations_sync = 2');
    await tell(store, story([event('before', NOW - 6 * MINUTE_MS), event('after', NOW - MINUTE_MS)]));
    await tell(store, story(usual().map((one) => ({ ...one, id: `${one.id}-other` }))));
    expect((await look()).found.map(({ eventIds }) => eventIds)).toEqual([['x1']]);
  });

  it('a store that is away when the cursor moves costs a second look, and no finding is lost or told twice', async () => {
    await tell(store, story([...usual(), odd('x1')]));
    let away = 2;
    const flaky: Store = {
      ...{ rows: store.rows.bind(store), stream: store.stream.bind(store), insert: store.insert.bind(store) },
      close: async () => undefined,
      command: async (sql, options) => {
        if (sql.includes('detection_cursors') && away-- > 0) throw new StoreError('retriable', 0, 'away');
        return store.command(sql, options);
      },
    };
    const only = [rule('new-source-ip-for-key')];
    const engine = new DetectionEngine({ store: flaky, detections: only, now: () => NOW });
    for (let tries = 0; tries < 4; tries++) await engine.cycle().catch(() => undefined);
    expect(away).toBeLessThan(1);
    expect(await states()).toEqual([{ state: 'open', events: 1 }]);
    expect((await look()).blocks).toBe(0);
  });

  it('a detection that cannot be asked keeps its cursor, and the others go on', async () => {
    const broken = { ...rule('denied-source-ip'), sql: 'SELECT nothing FROM nowhere' };
    await tell(store, story([...usual(), odd('x1')]));
    const report = await look([broken, rule('new-source-ip-for-key')]);
    expect(report.rules.map(({ rule: id, error }) => [id, error !== undefined])).toEqual([
      ['denied-source-ip', true],
      ['new-source-ip-for-key', false],
    ]);
    expect(report.found).toHaveLength(1);
    const mended = await look([rule('denied-source-ip'), rule('new-source-ip-for-key')]);
    expect(mended.blocks).toBe(1);
    expect(mended.rules.every(({ error }) => error === undefined)).toBe(true);
  });
});

describe('what is usual', () => {
  it.each([
    ['in the order of time', ['x1', 'x2']],
    ['the later one first', ['x2', 'x1']],
  ])('an address is new once, when its events come %s', async (_, order) => {
    await tell(store, story(usual()));
    await look();
    for (const id of order) {
      await tell(store, story([odd(id, NOW - (id === 'x1' ? 10 : 5) * MINUTE_MS)]));
      await look();
    }
    expect(await store.rows('SELECT rule FROM findings FINAL')).toEqual([{ rule: 'new-source-ip-for-key' }]);
  });

  it('an event from the future makes nothing usual', async () => {
    await tell(store, story([...usual(), odd('future', NOW + DAY_MS, { stored: NOW - DAY_MS })]));
    await look();
    await tell(store, story([odd('x1')]));
    expect((await look()).found.map(({ eventIds }) => eventIds)).toEqual([['x1']]);
  });

  it('two keys that had one name are two: the younger one learns anew', async () => {
    const created = NOW - 2 * DAY_MS;
    const keys = [
      { account_id: 'a1', key_id: 'orders', state: 'deleted' as const, valid_from: NOW - 3 * DAY_MS },
      { account_id: 'a1', key_id: 'orders', created_at: created, valid_from: created },
    ];
    const first = { account_id: 'a1', key_id: 'orders', created_at: NOW - 90 * DAY_MS, valid_from: NOW - 90 * DAY_MS };
    const told = { ...story([...usual(22), event('young', created + MINUTE_MS), odd('x1')]) };
    await tell(store, { ...told, registry: { keys: [first, ...keys] } as unknown as Story['registry'] });
    expect((await look()).found).toEqual([]);
    await forget(store);
    await tell(store, told);
    expect((await look()).found).toHaveLength(1);
  });

  it('an alert that nobody judged keeps its network from becoming usual', async () => {
    const far = { asn: 64_501 };
    await tell(store, story([...usual(), odd('x1', NOW - DAY_MS, far)]));
    await look([rule('new-network-for-key')]);
    await tell(store, story([odd('x2', NOW - MINUTE_MS, far)]));
    await look([rule('new-network-for-key')]);
    expect(await states()).toEqual([{ state: 'open', events: 2 }]);
  });
});

describe('a finding', () => {
  const fingerprint = async (): Promise<string> =>
    (await store.rows<{ fingerprint: string }>('SELECT fingerprint FROM findings FINAL'))[0]?.fingerprint ?? '';
  const close = async (at: number) =>
    act(store, [await fingerprint()], { action: 'close-true-positive', author: 'ann', note: 'stolen', at });

  it('is told of by events older than a day as a signal from the past', async () => {
    await tell(store, story([...usual(), odd('x1', NOW - 26 * 3_600_000, { stored: NOW, asn: 64_501 })]));
    const { found } = await look([rule('new-network-for-key')]);
    expect(found.map(({ raises, backfill }) => [raises, backfill])).toEqual([['signal', true]]);
  });

  it('that was closed stays closed when it is looked at again, and opens for an event that came after', async () => {
    const far = { asn: 64_501 };
    const network = [rule('new-network-for-key')];
    await tell(store, story([...usual(), odd('x1', NOW - 5 * MINUTE_MS, far)]));
    await look(network);
    await close(NOW - MINUTE_MS);
    await store.command('TRUNCATE TABLE detection_cursors');
    await look(network);
    expect(await states()).toEqual([{ state: 'true-positive', events: 1 }]);
    await tell(store, story([odd('x2', NOW, far)]));
    const report = await look(network);
    expect(report.reopened.map(({ eventIds }) => eventIds)).toEqual([['x2']]);
    expect(await states()).toEqual([{ state: 'open', events: 2 }]);
  });

  it('that a suppression covers is kept as a signal which says so', async () => {
    const known = {
      rule: 'new-network-for-key',
      entity: { key_id: 'ord*' },
      cidr: '',
      author: 'ann',
      reason: 'moving',
    };
    await suppress(store, { id: 's1', until: NOW + DAY_MS, ...known }, NOW - DAY_MS);
    await tell(store, story([...usual(), odd('x1', NOW - MINUTE_MS, { asn: 64_501 })]));
    const { found } = await look([rule('new-network-for-key')]);
    expect(found.map(({ raises, suppression }) => [raises, suppression])).toEqual([['signal', 's1']]);
  });

  it('is one of at most ten thousand in one look, and the report says that there were more', async () => {
    const text = `/*
title: t
question: What?
detection:
  {version: 1, severity: low, raises: signal, entity: [n], anchor: once, runbook: [a, b], summary: "{n}."}
params:
  from: {type: "DateTime64(3, 'UTC')"}
  to: {type: "DateTime64(3, 'UTC')"}
  blocks: {type: Array(UUID), default: []}
columns: {n: n, first_seen: a, last_seen: b, stored_until: c, events: d, event_ids: e}
*/
SELECT number AS n, {from:DateTime64(3, 'UTC')} AS first_seen, {to:DateTime64(3, 'UTC')} AS last_seen,
    last_seen AS stored_until, length({blocks:Array(UUID)}) AS events, ['x'] AS event_ids
FROM numbers(10001) ORDER BY n`;
    const many = checked(parseQuestion(text, '/detections/many.sql') as Detection);
    await tell(store, story(usual(1)));
    const { rules } = await look([many]);
    expect(rules).toMatchObject([{ added: 10_000, capped: true }]);
    expect(await count(store, 'findings')).toBe(10_000);
  });
});
