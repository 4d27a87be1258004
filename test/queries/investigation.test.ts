import { describe, expect, it } from 'vitest';
import type { GivenParameters } from '../../src/ask/runner.ts';
import { type AnswerRow, ask, type EventRow } from '../ask/fixture.ts';
import { goldenCases } from './golden.ts';
import { WORLD_EVENTS, WORLD_NOW, worldStore } from './world.ts';

const { store } = worldStore();
const asked = (id: string, given: GivenParameters = {}): Promise<AnswerRow[]> => ask(store(), id, given, WORLD_NOW);

goldenCases(store, 'investigation');

const STRANGER = '203.0.113.77';
const OFFICE = '198.51.100.20';
const from = (address: string) => (event: EventRow) => event.source_ip === `::ffff:${address}`;
const times = (events: readonly EventRow[]): string[] => events.map(({ event_time }) => event_time).sort();
const sumOf = (rows: readonly AnswerRow[], ...columns: string[]): number =>
  rows.reduce((sum, row) => sum + columns.reduce((of, name) => of + Number(row[name]), 0), 0);

describe('timelines of the world', () => {
  // Both ends are times of events: the first belongs to the range and the last does not.
  const RANGE = { from: '2026-11-17T02:00:00.000Z', to: '2026-11-22T02:05:00.000Z' };
  const inRange = ({ event_time }: EventRow): boolean => event_time >= RANGE.from && event_time < RANGE.to;

  it('ip-timeline holds what came from the address, in order, and its range is half-open', async () => {
    const expected = WORLD_EVENTS.filter(from(STRANGER)).filter(inRange);
    expect(times(expected)[0]).toBe(RANGE.from);
    const rows = await asked('ip-timeline', { source_ip: STRANGER, ...RANGE });
    expect(rows.map(({ event_time }) => event_time)).toEqual(times(expected));
    expect(new Set(rows.map(({ event_id }) => event_id))).toEqual(new Set(expected.map(({ event_id }) => event_id)));
  });

  it('key-timeline holds what was done with the key, and its range is half-open', async () => {
    const expected = WORLD_EVENTS.filter(({ key_id }) => key_id === 'orders').filter(inRange);
    const rows = (await asked('key-timeline', { key_id: 'orders', ...RANGE })).filter(({ kind }) => kind === 'request');
    expect(rows.map(({ event_time }) => event_time)).toEqual(times(expected));
  });

  it('a key reused under another owner is attributed by time, and said to be another one', async () => {
    const rows = await asked('key-timeline', { key_id: 'probe' });
    const said = rows.filter(({ kind }) => kind === 'registry');
    expect(said.map(({ event_time, changed }) => [event_time, (changed as string[])[0]])).toEqual([
      ['2026-05-27T10:00:00.000Z', 'state'],
      ['2026-10-14T10:00:00.000Z', 'state'],
      ['2026-10-24T10:00:00.000Z', 'incarnation'],
    ]);
    const owners = rows.filter(({ kind }) => kind === 'request').map(({ owner }) => owner);
    expect(owners).toEqual(['ada@northwind.example', ...Array.from({ length: 3 }, () => 'dana@northwind.example')]);
  });

  it('a change of the key stands where it holds from, at the first instant of a range and not at its end', async () => {
    const changes = async (given: GivenParameters) =>
      (await asked('key-timeline', { key_id: 'orders', ...given })).flatMap(({ changed }) => changed as string[]);
    const [owner, list] = ['2026-11-13T10:00:00.000Z', '2026-11-21T10:00:00.000Z'];
    expect(await changes({ from: owner, to: list })).toEqual(['owner']);
    expect(await changes({ from: '2026-11-13T10:00:00.001Z', to: '2026-11-21T10:00:00.001Z' })).toEqual(['allow_list']);
  });

  it('app-timeline knows a request by the rule that gives its app, and an assigned app by the registry', async () => {
    const rules = async (app: string) => new Set((await asked('app-timeline', { app })).map((row) => row.app_rule));
    expect(await rules('infrastructure')).toEqual(new Set(['terraform']));
    expect(await rules('orders')).toEqual(new Set(['assigned']));
    expect(await asked('app-timeline', { app: 'nobody’s' })).toEqual([]);
    const events = WORLD_EVENTS.filter(({ key_id }) => key_id === 'orders' || key_id === 'staging');
    expect(await asked('app-timeline', { app: 'orders' })).toHaveLength(events.length);
  });
});

describe('who-used-ip', () => {
  const LISTS = ['inside_allow_list', 'outside_allow_list', 'without_allow_list', 'unknown_allow_list'];
  const VERDICTS = [
    ...['consistent', 'allowed_but_should_be_denied', 'denied_but_should_be_allowed', 'unknown_key', 'not_evaluable'],
  ];

  it.each([STRANGER, OFFICE])(
    'holds each request from %s once, and each with a key in one list count',
    async (address) => {
      const rows = await asked('who-used-ip', { source_ip: address });
      const events = WORLD_EVENTS.filter(from(address));
      expect(sumOf(rows, 'requests')).toBe(events.length);
      expect(sumOf(rows, ...LISTS)).toBe(events.filter(({ key_id }) => key_id !== '').length);
      const judged = events.filter(({ key_id, auth_result }) => key_id !== '' || auth_result === 'failure');
      expect(sumOf(rows, ...VERDICTS)).toBe(judged.length);
    },
  );

  it('judges an allow list as it was at each request', async () => {
    const rows = await asked('who-used-ip', { source_ip: OFFICE, account_id: 'p1' });
    const orders = rows.filter(({ key_id }) => key_id === 'orders');
    expect(orders).toMatchObject([
      { owner: 'dana@northwind.example', requests: 10, inside_allow_list: 8, without_allow_list: 2 },
      { owner: 'ada@northwind.example', requests: 4, inside_allow_list: 4, without_allow_list: 0 },
    ]);
  });

  it('counts an event in the future and calls it nobody’s last use', async () => {
    const rows = await asked('who-used-ip', { source_ip: '198.51.100.65', from: 'now' });
    expect(rows).toMatchObject([{ key_id: 'deploy', requests: 1, last_seen: null }]);
  });
});

describe('novelties of the world', () => {
  it('what a stranger did with known keys is new, and the stranger, who was here before, is not', async () => {
    const rows = await asked('first-seen');
    const strange = rows.filter(({ source_ip }) => source_ip === STRANGER);
    expect(strange.map(({ kind, key_id, key_is_new }) => [kind, key_id, key_is_new])).toEqual([
      ['key-source-ip', 'orders', false],
      ['key-source-ip', 'guess-1', true],
      ['key-source-ip', 'deploy', false],
    ]);
  });

  it('an event in the future makes nothing new, and is in no period', async () => {
    expect(await asked('first-seen', { from: 'now' })).toEqual([]);
    expect(await asked('compare-periods', { from: '-1h', before_from: '-2h' })).toEqual([]);
  });
});
