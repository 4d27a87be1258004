import { beforeEach, describe, expect, it } from 'vitest';
import { parseQuestion } from '../../src/ask/loader.ts';
import { checked, type Detection } from '../../src/detect/detections.ts';
import { type CycleReport, DetectionEngine } from '../../src/detect/engine.ts';
import type { Story, StoryEvent } from '../../src/detect/fixture-file.ts';
import { forget, tell } from '../../src/detect/rehearsal.ts';
import { act } from '../../src/findings/actions.ts';
import { endSuppression, suppress } from '../../src/findings/suppressions.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { DAY_MS, detections, event, MINUTE_MS, NOW, rule, story } from './support.ts';

const { store } = await temporaryStore();
const usual = (days = 25): StoryEvent[] =>
  Array.from({ length: days }, (_, day) => event(`usual-${day}`, NOW - (days - day) * DAY_MS));
const odd = (id: string, at = NOW - 5 * MINUTE_MS, more: Partial<StoryEvent> = {}): StoryEvent =>
  event(id, at, { source_ip: '203.0.113.9', ...more });

const blockAt = (at: number): Story['blocks'][number] => ({
  ...{ id: 'b', at, kind: 'block', stream: 'requests', partition: 0, position_from: 0, position_to: 100 },
  ...{ stream_end: 100, received: 0, dead_letters: 0 },
});
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

  it('a cycle that the store cut off is due again at once, and not an interval later', async () => {
    let away = 1;
    const flaky: Store = {
      ...{ rows: store.rows.bind(store), stream: store.stream.bind(store), insert: store.insert.bind(store) },
      close: async () => undefined,
      command: async (sql, options) => {
        if (sql.includes('detection_cursors') && away-- > 0) throw new StoreError('retriable', 0, 'away');
        return store.command(sql, options);
      },
    };
    await tell(store, story([...usual(), odd('x1')]));
    const only = [rule('new-source-ip-for-key')];
    const engine = new DetectionEngine({ store: flaky, detections: only, now: () => NOW });
    await expect(engine.cycle({ onlyDue: true, lane: 'thorough' })).rejects.toThrow('away');
    const { rules } = await engine.cycle({ onlyDue: true, lane: 'thorough' });
    expect(rules.map((one) => one.rule)).toEqual(['new-source-ip-for-key']);
  });

  it('one that was turned off is not told to be behind', async () => {
    await tell(
      store,
      story([], { blocks: [blockAt(NOW - 5 * 60 * MINUTE_MS)], cursors: [{ rule: 'mine', blocks: 0 }] }),
    );
    const behind = rule('detections-behind');
    const mine = { ...rule('denied-source-ip'), id: 'mine', sql: 'SELECT nothing FROM nowhere' };
    expect((await look([behind])).found).toEqual([]);
    expect((await look([behind, mine])).found.map(({ entity }) => entity)).toEqual([[['rule', 'mine']]]);
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

describe('a bad day', () => {
  it('the store away for half an hour hides nothing of what came meanwhile', async () => {
    let now = NOW;
    let away = false;
    const gone = () => {
      if (away) throw new StoreError('retriable', 0, 'away');
    };
    const flaky: Store = {
      close: async () => undefined,
      stream: (...args) => {
        gone();
        return store.stream(...args);
      },
      rows: async (...args) => {
        gone();
        return store.rows(...args);
      },
      insert: async (...args) => {
        gone();
        return store.insert(...args);
      },
      command: async (...args) => {
        gone();
        return store.command(...args);
      },
    };
    await tell(store, story(usual()));
    const only = [rule('new-source-ip-for-key')];
    const engine = new DetectionEngine({ store: flaky, detections: only, now: () => now });
    await engine.cycle({ onlyDue: true });
    away = true;
    for (let minute = 0; minute < 30; minute++) {
      now += MINUTE_MS;
      await expect(engine.cycle({ onlyDue: true })).rejects.toThrow('away');
      if (minute % 10 === 0) await tell(store, story([odd(`x${minute}`, now, { source_ip: `203.0.113.${minute}` })]));
    }
    away = false;
    now += MINUTE_MS;
    const { found } = await engine.cycle({ onlyDue: true });
    expect(found.flatMap(({ eventIds }) => eventIds).toSorted()).toEqual(['x0', 'x10', 'x20']);
    now += MINUTE_MS;
    expect((await engine.cycle({ onlyDue: true })).found).toEqual([]);
  });

  it('a clock that jumps neither stops detections, nor makes them tell twice', async () => {
    let now = NOW;
    const only = [rule('new-source-ip-for-key')];
    const engine = new DetectionEngine({ store, detections: only, now: () => now });
    await tell(store, story(usual()));
    const found: string[] = [];
    for (const [at, jump] of [0, 90 * DAY_MS, -90 * DAY_MS, 1, -DAY_MS].entries()) {
      now += jump;
      await tell(store, story([odd(`x${at}`, NOW + at, { source_ip: `203.0.113.${at}` })]));
      found.push(...(await engine.cycle({ onlyDue: true })).found.flatMap(({ eventIds }) => eventIds));
    }
    now += MINUTE_MS;
    found.push(...(await engine.cycle({ onlyDue: true })).found.flatMap(({ eventIds }) => eventIds));
    expect(found.toSorted()).toEqual(['x0', 'x1', 'x2', 'x3', 'x4']);
  });

  it('an event that is stored a week late is found as one of the past, once', async () => {
    await tell(store, story(usual()));
    await look([rule('new-network-for-key')]);
    await tell(store, story([odd('late', NOW - 7 * DAY_MS, { stored: NOW, asn: 64_501 })]));
    const report = await look([rule('new-network-for-key')]);
    expect(report.found.map(({ raises, backfill, eventIds }) => [raises, backfill, eventIds])).toEqual([
      ['signal', true, ['late']],
    ]);
    expect((await look([rule('new-network-for-key')])).found).toEqual([]);
  });

  it('a replay of a day finds nothing with any detection', async () => {
    const day = Array.from({ length: 24 }, (_, hour) =>
      odd(`h${hour}`, NOW - (24 - hour) * 3_600_000, { stored: NOW }),
    );
    await tell(store, story([...usual(), ...day]));
    await look(detections);
    await tell(store, story(day.map((one) => ({ ...one, stored: NOW + MINUTE_MS }))));
    const again = await look(detections, NOW + 2 * MINUTE_MS);
    expect([again.found, again.reopened]).toEqual([[], []]);
  });

  it('of a detection that takes too long nothing is entered, and the others go on', async () => {
    const slow = { ...rule('denied-source-ip') };
    slow.sql = slow.sql.replace('WHERE event_time', 'WHERE sleepEachRow(3) = 0 AND event_time');
    await tell(store, story([...usual(), odd('x1')]));
    const impatient: Store = {
      ...{ rows: store.rows.bind(store), insert: store.insert.bind(store), command: store.command.bind(store) },
      close: async () => undefined,
      // The others may take what they need: a busy machine makes all of them slow.
      stream: (sql, format, options) => {
        const limit = sql.includes('sleepEachRow') ? { max_execution_time: 5 } : {};
        return store.stream(sql, format, { ...options, settings: { ...options?.settings, ...limit } });
      },
    };
    const only = [slow, rule('new-source-ip-for-key')];
    const report = await new DetectionEngine({ store: impatient, detections: only, now: () => NOW }).cycle();
    expect(report.rules.map(({ rule: id, error }) => [id, error !== undefined])).toEqual([
      ['denied-source-ip', true],
      ['new-source-ip-for-key', false],
    ]);
    expect(report.found).toHaveLength(1);
  });

  it('a detection that returns other columns than it declares is told of, and keeps its cursor', async () => {
    const wrong = rule('denied-source-ip');
    const other = { ...wrong, sql: wrong.sql.replace('AS events,', 'AS requests,') };
    await tell(store, story([...usual(), odd('x1')]));
    expect((await look([other])).rules[0]?.error).toMatchObject({ code: 'DETECTION_COLUMNS' });
    expect((await look([wrong])).blocks).toBe(1);
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

  it('addresses of IPv6 are one by their /64, and another /64 is new', async () => {
    const near = (id: string, at: number, source_ip: string) => event(id, at, { source_ip });
    const past = usual().map((one) => ({ ...one, source_ip: '2001:db8:0:1::1' }));
    await tell(store, story([...past, near('same', NOW - 3 * MINUTE_MS, '2001:db8:0:1:ffff::9')]));
    expect((await look()).found).toEqual([]);
    await tell(store, story([near('other', NOW - MINUTE_MS, '2001:db8:0:2::1')]));
    const { found } = await look();
    expect(found.map(({ entity }) => entity.at(-1))).toEqual([['source_ip', '2001:db8:0:2::']]);
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

  it.each([
    ['has ended', async () => undefined, NOW - 1],
    ['was ended', async () => endSuppression(store, 's1', 'ann', NOW - MINUTE_MS), NOW + DAY_MS],
  ])('that a suppression covers which %s is an alert', async (_, end, until) => {
    const known = { id: 's1', rule: 'new-network-for-key', entity: {}, cidr: '', author: 'ann', reason: 'moving' };
    await suppress(store, { ...known, until }, NOW - DAY_MS);
    await end();
    await tell(store, story([...usual(), odd('x1', NOW - MINUTE_MS, { asn: 64_501 })]));
    const { found } = await look([rule('new-network-for-key')]);
    expect(found.map(({ raises, suppression }) => [raises, suppression])).toEqual([['alert', '']]);
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
