import { beforeEach, describe, expect, it } from 'vitest';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { type NetworkDatabase, NO_NETWORK } from '../../src/core/network.ts';
import { PAUSE_POINTS } from '../../src/pipeline/pause-points.ts';
import { renormalisePlan } from '../../src/renormalise/renormalise.ts';
import type { Store } from '../../src/store/store.ts';
import { event } from '../pipeline/support.ts';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';
import { age, optionsFor, parts, renormalised, seen, tables } from './support.ts';

const SYSTEM_LOG = { source: 'redis-cloud/system-log', accountId: '7', stream: 'file:log' };
const NEWEST = sourceNamed('redis-cloud/system-log')?.version ?? 0;
const GATEWAY = sourceNamed('gateway/request')?.version ?? 0;

let store: Store;
let close: (() => Promise<void>) | undefined;

/** One data directory at a time in one process. */
async function freshStore(): Promise<Store> {
  await close?.();
  const opened = await temporaryStore();
  close = () => opened.close();
  return opened.store;
}

beforeEach(async () => {
  store = await freshStore();
});

const entries = (count: number, more: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, n) => systemLogEntry(n + 1, more));

describe('rows of an older normaliser', () => {
  it('become what they would be if they came in today, and keep identity, origin, arrival and bytes', async () => {
    await takeIn(store, [...entries(20), systemLogEntry(99, { apiKeyName: undefined })], SYSTEM_LOG);
    const today = await seen(store);
    await age(store, "toUInt16(1) AS schema_version, 'unknown' AS auth_result");
    expect(await seen(store)).not.toEqual(today);
    expect(await renormalised(store)).toEqual([{ month: 202_603, rows: 21, normalised: 21, kept: 0, rewritten: true }]);
    expect(await seen(store)).toEqual(today);
    expect(today.filter(({ auth_result }) => auth_result === 'success')).toHaveLength(20);
    expect(await tables(store)).toEqual([]);
  });

  it('are normalised once: a second run does nothing', async () => {
    await takeIn(store, entries(5), SYSTEM_LOG);
    await age(store, "toUInt16(1) AS schema_version, 'unknown' AS auth_result");
    await renormalised(store);
    const before = await parts(store);
    expect(await renormalised(store)).toEqual([]);
    expect(await parts(store)).toEqual(before);
  });

  it('move to another key and another month when that is what the present normaliser reads', async () => {
    await takeIn(store, entries(12), SYSTEM_LOG);
    const today = await seen(store);
    const elsewhere = 'event.event_time + toIntervalMonth(toUInt32(substring(event.event_id, 3)) % 3) AS event_time';
    await age(store, `toUInt16(1) AS schema_version, concat('old-', event.key_id) AS key_id, ${elsewhere}`);
    const months = await renormalised(store);
    expect(months.map(({ month, rewritten }) => [month, rewritten])).toEqual([
      [202_603, true],
      [202_604, true],
      [202_605, true],
    ]);
    expect(await seen(store)).toEqual(today);
  });

  it('take with them neither rows of other sources nor those of the present normaliser', async () => {
    await takeIn(store, entries(5), SYSTEM_LOG);
    await takeIn(store, [event('g-1', { time: '2026-03-06T00:00:00Z' })], { stream: 'file:gateway' });
    const today = await seen(store);
    await age(
      store,
      'toUInt16(1) AS schema_version',
      "event.source = 'redis-cloud/system-log' AND event.event_id < '7/3'",
    );
    expect(await renormalised(store)).toMatchObject([{ normalised: 2, kept: 0 }]);
    expect(await seen(store)).toEqual(today);
  });

  it('that the present normaliser refuses stay as they are, are told, and cost no second rewriting', async () => {
    await takeIn(store, entries(3), SYSTEM_LOG);
    await age(store, "toUInt16(1) AS schema_version, if(event.event_id = '7/2', '{\"id\":2}', event.raw) AS raw");
    expect(await renormalised(store)).toMatchObject([{ normalised: 2, kept: 1, rewritten: true }]);
    const versions = async () => store.rows('SELECT event_id, schema_version FROM activity ORDER BY event_id');
    const after = [
      { event_id: '7/1', schema_version: NEWEST },
      { event_id: '7/2', schema_version: 1 },
      { event_id: '7/3', schema_version: NEWEST },
    ];
    expect(await versions()).toEqual(after);
    const before = await parts(store);
    expect(await renormalised(store)).toMatchObject([{ normalised: 0, kept: 1, rewritten: false }]);
    expect(await parts(store)).toEqual(before);
    expect(await versions()).toEqual(after);
    expect(await tables(store)).toEqual([]);
  });

  it('keep both statements of an event that was told twice, and its repeats stay one', async () => {
    await takeIn(store, entries(3), SYSTEM_LOG);
    await takeIn(store, entries(3), { ...SYSTEM_LOG, stream: 'file:again' });
    await takeIn(store, entries(1, { description: 'something else' }), { ...SYSTEM_LOG, stream: 'file:other' });
    const today = await seen(store);
    expect(today).toHaveLength(4);
    await age(store, "toUInt16(1) AS schema_version, 'unknown' AS auth_result");
    await renormalised(store);
    expect(await seen(store)).toEqual(today);
  });

  it('get the network columns of the present edition together with the whole month', async () => {
    const request = (id: string) => event(id, { time: '2026-03-06T00:00:00Z' });
    await takeIn(store, [request('a'), request('b')], { stream: 'file:gateway' });
    await age(store, `toUInt16(${GATEWAY - 1}) AS schema_version`, "event.event_id = 'a'");
    const network = { ...NO_NETWORK, asn: 64_500, asName: 'Zoë', latitude: 47.5, longitude: -8.25 };
    await renormalised(store, { networks: { edition: 'E2', networkOf: () => network } });
    const columns = 'asn, as_name, latitude, longitude, network_edition';
    const expected = { asn: 64_500, as_name: 'Zoë', latitude: 47.5, longitude: -8.25, network_edition: 'E2' };
    expect(await store.rows(`SELECT ${columns} FROM activity`)).toEqual([expected, expected]);
    // Without look-ups what an edition said stays.
    await age(store, `toUInt16(${GATEWAY - 1}) AS schema_version`);
    await renormalised(store);
    expect(await store.rows(`SELECT ${columns} FROM activity`)).toEqual([expected, expected]);
  });
});

describe('network data alone', () => {
  const asked: string[] = [];
  const networks: NetworkDatabase = {
    edition: 'E2',
    networkOf: (ip) => {
      asked.push(ip);
      return { ...NO_NETWORK, asn: ip.length, country: 'SE', city: ip };
    },
  };

  it('replace those of other editions and nothing else, and each address is looked up once', async () => {
    const at = (id: string, sourceIp: string | undefined) =>
      event(id, {
        request: { ...(sourceIp === undefined ? {} : { sourceIp }), method: 'GET', path: '/', status: 200 },
      });
    const records = [at('a', '8.8.8.8'), at('b', '2606:4700::1111'), at('c', undefined), at('d', '8.8.8.8')];
    await takeIn(store, records, { stream: 'file:gateway' });
    await takeIn(store, entries(2), SYSTEM_LOG);
    await age(
      store,
      "'unknown' AS auth_result, toUInt16(1) AS schema_version",
      "event.source = 'redis-cloud/system-log'",
    );
    const today = await seen(store);
    asked.length = 0;
    const months = await renormalised(store, { networkOnly: true, networks });
    expect(months.map(({ month, normalised }) => [month, normalised])).toEqual([
      [202_603, 0],
      [202_611, 0],
    ]);
    expect(await seen(store)).toEqual(today);
    expect(asked.toSorted()).toEqual(['2606:4700::1111', '8.8.8.8']);
    const found = await store.rows(
      "SELECT event_id, asn, country, city, network_edition FROM activity WHERE source = 'gateway/request' ORDER BY event_id",
    );
    expect(found).toEqual([
      { event_id: 'a', asn: 7, country: 'SE', city: '8.8.8.8', network_edition: 'E2' },
      { event_id: 'b', asn: 15, country: 'SE', city: '2606:4700::1111', network_edition: 'E2' },
      { event_id: 'c', asn: 0, country: '', city: '', network_edition: 'E2' },
      { event_id: 'd', asn: 7, country: 'SE', city: '8.8.8.8', network_edition: 'E2' },
    ]);
    expect(await renormalised(store, { networkOnly: true, networks })).toEqual([]);
  });

  it('are applied to the months that were named', async () => {
    await takeIn(store, entries(2), SYSTEM_LOG);
    await takeIn(store, [event('a')], { stream: 'file:gateway' });
    const only = { networkOnly: true, networks, first: 202_611, last: 202_611 };
    expect((await renormalised(store, only)).map(({ month }) => month)).toEqual([202_611]);
    const rest = await renormalisePlan(optionsFor(store, { networkOnly: true, networks }));
    expect(rest.map(({ month }) => month)).toEqual([202_603]);
  });
});

describe('others at work', () => {
  const points = PAUSE_POINTS.filter((point) => point.startsWith('renormalise:'));

  it.each(points)(
    'lose and double nothing that they add at %s, also where a merge mixes it with older rows',
    async (at) => {
      await takeIn(store, entries(10), SYSTEM_LOG);
      await age(store, "toUInt16(1) AS schema_version, concat('old-', event.key_id) AS key_id");
      const late = Array.from({ length: 10 }, (_, n) => systemLogEntry(100 + n));
      let passed = 0;
      const checkpoint = async (point: string) => {
        if (point !== at || passed++ > 0) return;
        // Redeliveries of what is there, and something new; then everything becomes one part.
        await takeIn(store, [...entries(3), ...late], { ...SYSTEM_LOG, stream: 'file:late' });
        await store.command('OPTIMIZE TABLE audit_events FINAL');
      };
      await renormalised(store, { checkpoint });
      expect(passed).toBeGreaterThan(0);
      const found = await store.rows(
        `SELECT count() AS rows, uniqExact(event_id) AS ids, countIf(schema_version < ${NEWEST}) AS older,
        countIf(startsWith(key_id, 'old-')) AS old_keys FROM activity`,
      );
      expect(found).toEqual([{ rows: '20', ids: '20', older: '0', old_keys: '0' }]);
    },
  );

  it.each(points)('find every row that was there before at %s', async (at) => {
    await takeIn(store, entries(10), SYSTEM_LOG);
    await age(store, "toUInt16(1) AS schema_version, concat('old-', event.key_id) AS key_id");
    const found: unknown[] = [];
    const checkpoint = async (point: string) => {
      if (point === at) found.push(...(await store.rows('SELECT uniqExact(event_id) AS ids FROM activity')));
    };
    await renormalised(store, { checkpoint });
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(found.map(() => ({ ids: '10' })));
  });

  it('two runs at once do the work of one', async () => {
    await takeIn(store, entries(50), SYSTEM_LOG);
    const today = await seen(store);
    await age(store, "toUInt16(1) AS schema_version, concat('old-', event.key_id) AS key_id");
    const both = await Promise.all([renormalised(store), renormalised(store)]);
    expect(both.flat().map(({ normalised }) => normalised)).toEqual([50]);
    expect(await seen(store)).toEqual(today);
  });
});

it('a plan changes nothing', async () => {
  await takeIn(store, entries(4), SYSTEM_LOG);
  await age(store, 'toUInt16(1) AS schema_version');
  const before = [await seen(store), await parts(store)];
  const [month] = await renormalisePlan(optionsFor(store));
  expect(month).toMatchObject({ month: 202_603, rows: [{ schemaVersion: 1, rows: 4, action: 'normalise' }] });
  expect([await seen(store), await parts(store)]).toEqual(before);
  expect(await tables(store)).toEqual([]);
});
