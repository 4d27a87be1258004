import { beforeAll, describe, expect, it } from 'vitest';
import { type AskedRange, askDoubts, askedRange, askFreshness } from '../../src/ask/footer.ts';
import { parseQuestion } from '../../src/ask/loader.ts';
import { parametersOf } from '../../src/ask/runner.ts';
import { READER_SECONDS_MAX } from '../../src/core/limits.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { ask, type EventRow, eventRow, insertEvents, insertRows, NOW, question } from './fixture.ts';

const ms = (text: string): number => Date.parse(text);
const hash = (index: number): string => index.toString(16).padStart(32, '0');
/** With all the time that a reader has: what a busy machine counts slowly would not be counted. */
const doubtsOf = (of: Store, range: AskedRange) => askDoubts(of, range, READER_SECONDS_MAX);

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

const ledgerRow = (kind: 'block' | 'gap', recorded_at: string) => ({
  block_id: '00000000-0000-4000-8000-00000000000a',
  kind,
  stream: 'file:test',
  received: 1,
  recorded_at,
  received_at: recorded_at,
  event_time_min: recorded_at,
  event_time_max: recorded_at,
});

describe('how far the data reach', () => {
  const at = (text: string) => askFreshness(store, ms(text));

  it('is nothing while nothing is stored', async () => {
    expect(await at('2026-11-23T12:00:00Z')).toEqual({});
  });

  it('is the latest event up to the moment of asking, in whatever month it lies', async () => {
    await insertEvents(
      store,
      [
        '2026-09-30T23:59:59.999Z',
        '2026-11-10T00:00:00.000Z',
        '2026-11-20T00:00:00.000Z',
        '2027-03-01T00:00:00.000Z',
      ].map((event_time, index) => eventRow({ event_time, event_id: `fresh-${index}`, content_hash: hash(index) })),
    );
    const until = async (text: string) => (await at(text)).dataUntilMs;
    expect(await until('2026-11-23T12:00:00Z')).toBe(ms('2026-11-20T00:00:00Z'));
    expect(await until('2026-11-20T00:00:00Z'), 'at that very moment').toBe(ms('2026-11-20T00:00:00Z'));
    expect(await until('2026-11-19T00:00:00Z'), 'later ones in this month').toBe(ms('2026-11-10T00:00:00Z'));
    expect(await until('2026-11-01T00:00:00Z'), 'only later ones in this month').toBe(ms('2026-09-30T23:59:59.999Z'));
    expect(await until('2026-10-15T00:00:00Z'), 'none in this month').toBe(ms('2026-09-30T23:59:59.999Z'));
    expect(await until('2028-01-01T00:00:00Z')).toBe(ms('2027-03-01T00:00:00Z'));
    expect(await at('2026-01-01T00:00:00Z'), 'none before').toEqual({});
  });

  it('is stored until the last block was, and no gap counts as one', async () => {
    await insertRows(store, 'ledger', [
      ledgerRow('block', '2026-11-22T08:00:00.250Z'),
      ledgerRow('block', '2026-11-21T08:00:00.000Z'),
      ledgerRow('gap', '2026-11-23T08:00:00.000Z'),
    ]);
    for (const moment of ['2026-11-23T12:00:00Z', '2027-11-23T12:00:00Z', '2026-11-01T00:00:00Z']) {
      expect((await at(moment)).storedUntilMs, moment).toBe(ms('2026-11-22T08:00:00.250Z'));
    }
  });
});

describe('the range', () => {
  const rangeOf = async (id: string, given: Record<string, string>) => {
    const asked = await question(id);
    return askedRange(asked, parametersOf(asked, given, NOW.getTime()));
  };

  it('is what was asked for in absolute times, and has no bound where none was given', async () => {
    expect(await rangeOf('key-usage', { from: '-24h', to: 'now' })).toEqual({
      fromMs: NOW.getTime() - 86_400_000,
      toMs: NOW.getTime(),
    });
    expect(await rangeOf('key-usage', { from: '2026-11-01' })).toEqual({ fromMs: ms('2026-11-01T00:00:00Z') });
    expect(await rangeOf('key-usage', { to: '2026-11-01' })).toEqual({ toMs: ms('2026-11-01T00:00:00Z') });
    expect(await rangeOf('key-usage', {})).toEqual({});
  });

  it('is all time for a question that has none, or whose from and to are no times', () => {
    const header = (params: string) => `/*\ntitle: T\nquestion: Q?\n${params}columns: {a: it}\n*/\n`;
    const without = parseQuestion(`${header('')}SELECT 1 AS a`, '/q/without.sql');
    expect(askedRange(without, parametersOf(without, {}, 0))).toEqual({});
    const other = parseQuestion(
      `${header('params: {from: {type: String}, to: {type: UInt8}}\n')}SELECT {from:String}, {to:UInt8} AS a`,
      '/q/other.sql',
    );
    expect(askedRange(other, parametersOf(other, { from: 'Ada', to: '7' }, 0))).toEqual({});
  });
});

describe('dead letters', () => {
  const letter = (index: number, ingested_at: string) => ({
    content_hash: hash(index),
    reason: 'json-invalid',
    source: '',
    account_id: '',
    ingested_at,
    text: '{',
  });
  const action = (index: number, at: string, name: 'replayed' | 'refused-again') => ({
    content_hash: hash(index),
    reason: 'json-invalid',
    source: '',
    account_id: '',
    at,
    action: name,
    run_id: '00000000-0000-4000-8000-00000000000b',
  });

  beforeAll(async () => {
    const letters = [
      letter(1, '2026-11-01T00:00:00.000Z'),
      letter(2, '2026-11-02T00:00:00.000Z'),
      letter(3, '2026-11-03T00:00:00.000Z'),
      letter(4, '2026-11-03T00:00:00.000Z'),
    ];
    await insertRows(store, 'dead_letters', letters);
    await insertRows(store, 'dead_letters', [letter(1, '2026-11-09T00:00:00.000Z')]);
    await insertRows(store, 'dead_letter_log', [
      action(2, '2026-11-10T00:00:00.000Z', 'refused-again'),
      action(3, '2026-11-10T00:00:00.000Z', 'refused-again'),
      action(3, '2026-11-11T00:00:00.000Z', 'replayed'),
    ]);
  });

  it.each([
    ['all time', {}, 3],
    ['from the first arrival', { from: '2026-11-01', to: '2026-11-02' }, 1],
    ['up to it', { to: '2026-11-01' }, 0],
    ['a second delivery is no arrival', { from: '2026-11-09', to: '2026-11-10' }, 0],
    ['a refused replay leaves it open', { from: '2026-11-02', to: '2026-11-03' }, 1],
    ['a replayed one is closed', { from: '2026-11-03' }, 1],
  ])('%s: those that are open, as dead-letter-summary counts them', async (_, given: Record<string, string>, open) => {
    const asked = await question('dead-letter-summary');
    const range = askedRange(asked, parametersOf(asked, given, NOW.getTime()));
    expect((await doubtsOf(store, range)).deadLetters).toBe(open);
    const rows = await ask(store, 'dead-letter-summary', given);
    expect(rows.reduce((sum, row) => sum + Number(row.open), 0)).toBe(open);
  });
});

describe('conflicts', () => {
  const DAY_MS = 86_400_000;
  const START = ms('2025-06-01T00:00:00Z');
  const iso = (time: number): string => new Date(time).toISOString();
  let made = 0;
  /** A statement of its own about an id. */
  const says = (event_id: string, day: number, fields: Partial<EventRow> = {}): EventRow =>
    eventRow({ event_id, event_time: iso(START + day * DAY_MS), content_hash: hash(1_000 + made++), ...fields });

  beforeAll(async () => {
    const alone = Array.from({ length: 200 }, (_, index) => says(`alone-${index}`, index));
    const near = [says('near', 100), says('near', 100)];
    const month = [says('month', 60), says('month', 91)];
    const far = [says('far', 60), says('far', 93)];
    const thrice = [says('thrice', 20), says('thrice', 40), says('thrice', 60)];
    const elsewhere = [says('elsewhere', 100), says('elsewhere', 100, { account_id: 'a2' })];
    const otherSource = [says('source', 100), says('source', 100, { source: 'ocsf/api-activity' })];
    await insertEvents(store, [...alone, ...near, ...month, ...far, ...thrice, ...elsewhere, ...otherSource]);
    // Delivered twice: the same statements in a part of their own.
    await insertEvents(store, [...alone.slice(0, 50), ...near]);
  });

  const listed = async (fromMs: number, toMs: number) =>
    (await ask(store, 'conflicting-events', { from: iso(fromMs), to: iso(toMs) })).length;

  it('are as many as conflicting-events lists, in whatever range', async () => {
    const found = new Set<number>();
    for (const days of [1, 20, 75]) {
      for (let first = 0; first < 160; first += 20) {
        const [fromMs, toMs] = [START + first * DAY_MS, START + (first + days) * DAY_MS];
        const { conflicts } = await doubtsOf(store, { fromMs, toMs });
        expect(conflicts, `${first} + ${days} days`).toBe(await listed(fromMs, toMs));
        found.add(conflicts as number);
      }
    }
    expect(found.size, 'the ranges differ in what they hold').toBeGreaterThan(2);
  });

  it('of all time are counted as well', async () => {
    const { conflicts } = await doubtsOf(store, {});
    expect(conflicts).toBe((await ask(store, 'conflicting-events')).length);
    expect(conflicts).toBeGreaterThanOrEqual(3);
  });

  it('are counted exactly, whatever ids share a hash', async () => {
    const hashed = 'cityHash64(account_id, source, event_id)';
    const poorer: Store = {
      ...store,
      rows: (sql, options) => {
        expect(sql.includes(hashed)).toBe(sql.includes('uniqExact'));
        return store.rows(sql.replaceAll(hashed, 'toUInt64(length(event_id))'), options);
      },
    };
    expect(await doubtsOf(poorer, {})).toEqual(await doubtsOf(store, {}));
  });

  it('with a statement outside the range are found within 31 days of it, and not beyond', async () => {
    const within = async (day: number) =>
      (await doubtsOf(store, { fromMs: START + day * DAY_MS, toMs: START + (day + 1) * DAY_MS })).conflicts;
    expect(await within(91), 'the other is 31 days before the begin').toBe(1);
    expect(await within(93), 'the other is 33 days before').toBe(0);
  });

  it('are never a wrong number, and nor are dead letters: beyond a limit they are not counted', async () => {
    const hurried = { notWithin: '0.001 s' };
    expect(await askDoubts(store, {}, 0.001)).toEqual({ deadLetters: hurried, conflicts: hurried });
    const poor: Store = {
      ...store,
      rows: (sql, options = {}) => {
        const max_memory_usage = sql.includes('uniqExact') ? 10_000 : 1e9;
        return store.rows(sql, { ...options, settings: { ...options.settings, max_memory_usage } });
      },
    };
    expect((await doubtsOf(poor, {})).conflicts).toEqual({ notWithin: '2 GiB' });
  });
});
