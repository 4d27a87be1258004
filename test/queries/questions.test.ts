import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadQuestions } from '../../src/ask/loader.ts';
import type { GivenParameters } from '../../src/ask/runner.ts';
import type { Store } from '../../src/store/store.ts';
import { type AnswerRow, ask, type EventRow, eventRow, insertEvents, NOW, QUERIES } from '../ask/fixture.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const NEEDED: Readonly<Record<string, GivenParameters>> = {
  'app-timeline': { app: '' },
  'first-seen': { from: '2026-10-20' },
  'incident-keys': { keys: ['ci'], source_ips: ['203.0.113.7'] },
  'incident-timeline': { keys: ['ci'], source_ips: ['203.0.113.7'] },
  'ip-timeline': { source_ip: '203.0.113.7' },
  'key-timeline': { key_id: 'ci' },
  'keys-old': { age_days: 0 },
  'keys-shared': { source_ips_min: 1 },
  'keys-unused': { unused_days: 0 },
  'request-context': { id: 'e10', minutes: 1_440 },
  'request-lookup': { id: 'e10' },
  'resource-changes': { resource: 'r7' },
  'shared-ip-set': { min_shared: 1 },
  'who-used-ip': { source_ip: '203.0.113.7' },
};
const questions = await loadQuestions([QUERIES]);

/** The same events for every run: what an answer must be is computed from this list and not by the store. */
const EVENTS: readonly EventRow[] = fc
  .sample(
    fc.record({
      source: fc.constantFrom('gateway/request', 'redis-cloud/system-log'),
      account_id: fc.constantFrom('a1', 'a2'),
      event_time: fc
        .integer({ min: -40 * 86_400_000, max: 86_400_000 })
        .map((ms) => new Date(NOW.getTime() + ms).toISOString()),
      key_id: fc.constantFrom('', 'ci', 'backup', "o'brien\\"),
      principal_kind: fc.constantFrom('unknown', 'api-key', 'console-user', 'system', 'service'),
      principal_name: fc.constantFrom('', 'ann', 'bob'),
      action: fc.constantFrom('', 'create', 'delete'),
      source_ip: fc.constantFrom('', '203.0.113.7', '::ffff:198.51.100.1', '2001:db8::1'),
      source_host: fc.constantFrom('', 'AWS Internal'),
      outcome: fc.constantFrom('success', 'failure', 'unknown'),
      auth_result: fc.constantFrom('success', 'failure', 'unknown'),
    }),
    { numRuns: 400, seed: 7 },
  )
  .map((fields, index) =>
    eventRow({
      ...fields,
      source_host: fields.source_ip === '' ? fields.source_host : '',
      event_id: `e${index}`,
      request_id: index % 3 === 0 ? '' : `r${index}`,
      content_hash: index.toString(16).padStart(32, '0'),
      ...(index % 4 === 0 ? { activity: 'update', resource_id: `r${index % 8 === 0 ? 7 : 8}` } : {}),
      // Every other address is in no edition.
      ...(index % 2 === 0 ? { latitude: 51.5074, longitude: -0.25, network_edition: 'networks-1' } : {}),
      raw: JSON.stringify({ number: index, text: 'ünï\u0000 "quoted"' }),
    }),
  );

const OWNER = 'ann@n.example';
const APP = 'builds';
const said = (kind: Said['kind'], id: readonly string[], days: number, says: Said['says']): Said => ({
  ...{ kind, id, says },
  validFrom: NOW.getTime() - days * 86_400_000,
});
/** One account has the key ci, the other had o'brien\\, and nobody knows of backup. */
const REGISTRY: readonly Said[] = [
  said('user', ['a1', OWNER], 400, { role: 'owner', active: false }),
  said('key', ['a1', 'ci'], 400, { state: 'active', owner: OWNER, app: APP, allowList: [] }),
  said('key', ['a1', 'spare'], 400, { state: 'active', allowList: ['0.0.0.0/0'] }),
  said('key', ['a2', "o'brien\\"], 400, { state: 'active', owner: OWNER, app: APP, allowList: [] }),
  said('key', ['a2', "o'brien\\"], 20, { state: 'deleted' }),
];
const isRegistered = (name: string): boolean => REGISTRY.some(({ id }) => id[1] === name);

const written = (address: string): string => address.replace('::ffff:', '');
const distinct = (values: readonly string[]): number => new Set(values.filter((value) => value !== '')).size;
const times = (rows: readonly EventRow[]): string[] => rows.map((row) => row.event_time).sort();
const failures = (rows: readonly EventRow[]): number => rows.filter((row) => row.outcome === 'failure').length;
const authFailures = (rows: readonly EventRow[]): number => rows.filter((row) => row.auth_result === 'failure').length;
const lastSeen = (rows: readonly EventRow[]): string | null =>
  times(rows)
    .filter((time) => time <= NOW.toISOString())
    .at(-1) ?? null;

function groups(rows: readonly EventRow[], key: (row: EventRow) => readonly string[]): EventRow[][] {
  const found = new Map<string, EventRow[]>();
  for (const row of rows) found.set(JSON.stringify(key(row)), [...(found.get(JSON.stringify(key(row))) ?? []), row]);
  return [...found.values()];
}

const byRequests =
  (...columns: string[]) =>
  (a: AnswerRow, b: AnswerRow): number =>
    Number(b.requests) - Number(a.requests) || compare(columns.map((name) => [a[name], b[name]]));
const compare = (pairs: unknown[][]): number => {
  const pair = pairs.find(([a, b]) => a !== b);
  return pair === undefined ? 0 : String(pair[0]) < String(pair[1]) ? -1 : 1;
};

const RANGE = { from: '2026-10-20T00:00:00Z', to: '2026-11-10T06:00:00Z' };
const inRange = (row: EventRow): boolean =>
  row.event_time >= '2026-10-20' && row.event_time < '2026-11-10T06:00:00.000Z';

const keyUsage = (rows: readonly EventRow[]): AnswerRow[] =>
  groups(
    rows.filter((row) => row.key_id !== ''),
    (row) => [row.account_id, row.key_id],
  )
    .map((group) => ({
      account_id: group[0]?.account_id ?? '',
      key_id: group[0]?.key_id ?? '',
      owner: isRegistered(group[0]?.key_id ?? '') ? OWNER : '',
      app: isRegistered(group[0]?.key_id ?? '') ? APP : '',
      requests: group.length,
      failures: failures(group),
      auth_failures: authFailures(group),
      source_ips: distinct(group.map((row) => row.source_ip)),
      actions: distinct(group.map((row) => row.action)),
      first_seen: times(group)[0] ?? null,
      last_seen: lastSeen(group),
    }))
    .sort(byRequests('account_id', 'key_id'));

const addressUsage = (rows: readonly EventRow[]): AnswerRow[] =>
  groups(
    rows.filter((row) => row.source_ip !== '' || row.source_host !== ''),
    (row) => [row.source_ip, row.source_host],
  ).map((group) => ({
    source_ip: written(group[0]?.source_ip ?? ''),
    source_host: group[0]?.source_host ?? '',
    // The addresses of the events are of documentation, and nobody looked them up.
    ...(group[0]?.source_ip === ''
      ? { network: '', network_kind: '' }
      : { network: 'documentation', network_kind: 'reserved' }),
    ...{ asn: 0, as_name: '', country: '' },
    requests: group.length,
    failures: failures(group),
    auth_failures: authFailures(group),
    keys: distinct(group.map((row) => (row.key_id === '' ? '' : `${row.account_id}/${row.key_id}`))),
    first_seen: times(group)[0] ?? null,
    last_seen: lastSeen(group),
  }));

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

describe.each(questions.map((question) => [question.id] as const))('%s', (id) => {
  it('has an answer on an empty store, with the columns that it declares', async () => {
    expect(await ask(store, id, NEEDED[id] ?? {})).toEqual([]);
  });

  it('orders its rows totally and asks for half-open ranges', async () => {
    const text = await readFile(questions.find((question) => question.id === id)?.file ?? '', 'utf8');
    expect(text).toMatch(/\nORDER BY [^\n]+\n(LIMIT [^\n]+\n)?$/);
    expect(text).not.toMatch(/<= \{to|PREWHERE/i);
  });
});

describe('on events that were delivered twice', () => {
  let before: AnswerRow[][];

  /** One after the other: of many at once, each would have to be answered within the time of one. */
  const everyAnswer = async (): Promise<AnswerRow[][]> => {
    const answers: AnswerRow[][] = [];
    for (const { id } of questions) {
      if (id !== 'ingest-status') answers.push(await ask(store, id, NEEDED[id] ?? {}));
    }
    return answers;
  };

  beforeAll(async () => {
    await sayToRegistry(store, REGISTRY);
    await insertEvents(store, EVENTS);
    before = await everyAnswer();
    const again = EVENTS.map((event) => ({
      ...event,
      ingested_at: '2026-11-23T11:00:00.000Z',
      block_id: crypto.randomUUID(),
    }));
    await insertEvents(store, [...again].reverse());
    await insertEvents(store, again.slice(0, 50));
  });

  it('no answer is another than before', async () => {
    const silent = questions.filter(({ id }) => id !== 'ingest-status').filter((_, at) => before[at]?.length === 0);
    const about = ['attribution', 'hygiene'];
    expect(silent.filter(({ folder }) => about.includes(folder)).map(({ id }) => id)).toEqual([]);
    expect(await everyAnswer()).toEqual(before);
  });

  it('key-usage tells of each account and key what the events say', async () => {
    expect(await ask(store, 'key-usage')).toEqual(keyUsage(EVENTS));
    expect(await ask(store, 'key-usage', RANGE)).toEqual(keyUsage(EVENTS.filter(inRange)));
  });

  it('a key that was only seen in the future was not seen last', async () => {
    const rows = await ask(store, 'key-usage', {}, new Date('2026-01-01T00:00:00Z'));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row.last_seen)).toEqual(rows.map(() => null));
  });

  it('source-ip-usage tells of each address and host what the events say', async () => {
    const rows = await ask(store, 'source-ip-usage', RANGE);
    const expected = addressUsage(EVENTS.filter(inRange));
    expect(rows).toHaveLength(expected.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
    expect(rows.map((row) => Number(row.requests))).toEqual(
      rows.map((row) => Number(row.requests)).sort((a, b) => b - a),
    );
  });

  it('unattributed-activity holds the events without a key and no others', async () => {
    const rows = await ask(store, 'unattributed-activity');
    const without = EVENTS.filter((event) => event.key_id === '');
    const expected = groups(without, (row) => [row.principal_kind, row.account_id, row.source])
      .map((group) => ({
        principal_kind: group[0]?.principal_kind ?? '',
        account_id: group[0]?.account_id ?? '',
        source: group[0]?.source ?? '',
        requests: group.length,
        failures: failures(group),
        principals: distinct(group.map((row) => row.principal_name)),
        source_ips: distinct(group.map((row) => row.source_ip)),
        actions: distinct(group.map((row) => row.action)),
        first_seen: times(group)[0] ?? null,
        last_seen: lastSeen(group),
      }))
      .sort(byRequests('principal_kind', 'account_id', 'source'));
    expect(rows).toEqual(expected);
  });

  it('key-timeline is what one key did, also one whose name would end a string', async () => {
    const told = await ask(store, 'key-timeline', { key_id: "o'brien\\", account_id: 'a2', ...RANGE });
    const rows = told.filter(({ kind }) => kind === 'request');
    // The other account has no such key: there, too, it was this one that was shown.
    const expected = EVENTS.filter((row) => row.key_id === "o'brien\\" && inRange(row));
    expect(new Set(expected.map(({ account_id }) => account_id))).toEqual(new Set(['a1', 'a2']));
    expect(rows.map((row) => row.event_time)).toEqual(times(expected));
    expect(new Set(rows.map((row) => row.event_id))).toEqual(new Set(expected.map((row) => row.event_id)));
  });

  it.each(['198.51.100.1', '::ffff:198.51.100.1'])('ip-timeline finds %s however it is written', async (address) => {
    const rows = await ask(store, 'ip-timeline', { source_ip: address });
    const expected = EVENTS.filter((row) => row.source_ip === '::ffff:198.51.100.1');
    expect(rows.map((row) => row.event_time)).toEqual(times(expected));
  });

  it('request-lookup finds the whole event by the id of the request or of the event', async () => {
    const sought = EVENTS[10];
    const expected = {
      event_id: 'e10',
      request_id: 'r10',
      content_hash: '0000000000000000000000000000000a',
      raw: sought?.raw,
      ingested_at: '2026-11-23T00:00:00.000Z',
      source_ip: written(sought?.source_ip ?? ''),
      latitude: 51.5074,
      longitude: -0.25,
      network_edition: 'networks-1',
    };
    for (const given of [{ id: 'r10' }, { id: 'e10' }, { request_id: 'r10' }, { event_id: 'e10' }]) {
      expect(await ask(store, 'request-lookup', given)).toEqual([expect.objectContaining(expected)]);
    }
    expect(await ask(store, 'request-lookup', { request_id: 'e10' })).toEqual([]);
  });

  it('request-lookup tells an address that nothing places apart from one at 0, 0', async () => {
    const unplaced = { latitude: null, longitude: null, network_edition: '' };
    expect(await ask(store, 'request-lookup', { id: 'e11' })).toEqual([expect.objectContaining(unplaced)]);
  });

  it('request-lookup returns every column of the view', async () => {
    const described = await store.rows<{ name: string }>('DESCRIBE TABLE activity');
    const [row] = await ask(store, 'request-lookup', { id: 'e10' });
    expect(Object.keys(row ?? {}).sort()).toEqual(described.map(({ name }) => name).sort());
  });

  it.each([{}, { id: '' }, { from: '-1d' }])(
    'request-lookup with %j asks for nothing, and is refused',
    async (given) => {
      await expect(ask(store, 'request-lookup', given as GivenParameters)).rejects.toMatchObject({
        code: 'PARAMETER_MISSING',
        exitCode: 2,
      });
    },
  );

  it('activity-over-time counts every event once and leaves no bucket out', async () => {
    const rows = await ask(store, 'activity-over-time', { from: '2026-10-20', to: '2026-11-10' });
    const step = 21_600_000;
    expect(rows.map((row) => Date.parse(String(row.bucket)))).toEqual(
      Array.from({ length: 84 }, (_, index) => Date.parse('2026-10-20T00:00:00Z') + index * step),
    );
    for (const row of rows) {
      const begins = Date.parse(String(row.bucket));
      const inside = EVENTS.filter((event) => Math.floor((Date.parse(event.event_time) - begins) / step) === 0);
      expect(row).toMatchObject({
        bucket_seconds: 21_600,
        requests: inside.length,
        failures: failures(inside),
        keys: distinct(inside.map((event) => (event.key_id === '' ? '' : `${event.account_id}/${event.key_id}`))),
        source_ips: distinct(inside.map((event) => event.source_ip)),
      });
    }
  });

  it.each([
    [{}, 400],
    [{ bucket_seconds: '86400' }, 400],
    [{ from: '2020-01-01' }, 400],
    [{ to: 'now' }, EVENTS.filter((event) => event.event_time < NOW.toISOString()).length],
    [{ bucket_seconds: '1' }, 400],
  ])('activity-over-time with %j holds every event and at most ten thousand buckets', async (given, expected) => {
    const rows = await ask(store, 'activity-over-time', given as GivenParameters);
    expect(rows.reduce((sum, row) => sum + Number(row.requests), 0)).toBe(expected);
    const begins = rows.map((row) => Date.parse(String(row.bucket)));
    const steps = new Set(begins.slice(1).map((time, index) => time - (begins[index] ?? 0)));
    expect([...steps]).toEqual([Number(rows[0]?.bucket_seconds) * 1_000]);
    expect(rows.length).toBeLessThanOrEqual(10_001);
  });
});
