import { describe, expect, test } from 'vitest';
import { PRODUCTION, START, started, walk } from './support.ts';

const ids = (rows: readonly { id: number | string }[]) => rows.map(({ id }) => id);
const descending = (rows: readonly { id: number }[]) => ids(rows.toSorted((one, other) => other.id - one.id));

describe('a page of the system log', () => {
  test('is newest first by id, 100 rows unless told otherwise, and continues at the offset', async () => {
    const { get, standIn } = await started({ rows: 250 });
    const all = [...standIn.account(PRODUCTION).everyRow()];
    expect(all).toHaveLength(250);
    const first = (await get('/v1/logs')).json().entries;
    const second = (await get('/v1/logs?offset=100&limit=150')).json().entries;
    expect(first).toHaveLength(100);
    expect([...first, ...second]).toEqual(all);
    expect(ids(all)).toEqual(descending(all));
    expect((await get('/v1/logs?offset=250')).json().entries).toEqual([]);
  });

  test('holds the rows of a range of times, both ends included', async () => {
    const { get, standIn } = await started({ rows: 500 });
    const all = [...standIn.account(PRODUCTION).everyRow()];
    const [startTime = '', endTime = ''] = [all[300]?.time, all[100]?.time];
    const { entries } = (await get(`/v1/logs?limit=1000&startTime=${startTime}&endTime=${endTime}`)).json();
    expect(entries).toEqual(all.filter(({ time }) => time >= startTime && time <= endTime));
    expect(entries.length).toBeGreaterThan(200);
    expect((await get(`/v1/logs?startTime=${endTime}&endTime=${startTime}`)).json().entries).toEqual([]);
  });

  test('holds the rows of one resource, and its offset counts only those', async () => {
    const { get, standIn } = await started({ rows: 500 });
    const all = [...standIn.account(PRODUCTION).everyRow()].filter(({ resourceId }) => resourceId === 51_003);
    expect(all.length).toBeGreaterThan(4);
    expect((await get('/v1/logs?resourceId=51003&offset=2')).json().entries).toEqual(all.slice(2));
    expect((await get('/v1/logs?resourceId=4')).json().entries).toEqual([]);
  });

  test('of an account in which nothing happened is empty', async () => {
    const { get } = await started();
    const page = await get('/v1/logs');
    expect([page.status, page.json().entries]).toEqual([200, []]);
  });

  test('has one link, to itself, on the host that was asked', async () => {
    const { get, standIn } = await started();
    for (const path of ['/v1/logs', '/v1/session-logs', '/v1/']) {
      const { links } = (await get(`${path}?limit=3`)).json();
      expect(links).toEqual([{ rel: 'self', type: 'GET', href: standIn.url + path }]);
    }
  });
});

describe.each([
  ['/v1/logs', 1_000],
  ['/v1/session-logs', 100],
])('%s', (path, limitMax) => {
  test.each([
    [`limit=${limitMax}`, 200],
    [`limit=${limitMax + 1}`, 400],
    ['limit=1', 200],
    ['limit=0', 400],
    ['limit=-1', 400],
    ['limit=', 400],
    ['limit=ten', 400],
    ['limit=1.5', 400],
    ['offset=0', 200],
    ['offset=-1', 400],
    ['offset=2147483647', 200],
    ['offset=2147483648', 400],
    ['offset=1e3', 400],
    ['startTime=2026-01-01T00:00:00Z&endTime=2026-01-31T23:59:59Z', 200],
    ['startTime=2026-01-01T00:00:00.000Z', 400],
    ['startTime=2026-01-01', 400],
    ['endTime=2026-13-01T00:00:00Z', 400],
    ['endTime=yesterday', 400],
    ['startTime=', 400],
    ['colour=blue', 200],
  ])('answers ?%s with %i', async (query, status) => {
    const { get } = await started({ rows: 3, sessions: 3 });
    expect((await get(`${path}?${query}`)).status).toBe(status);
  });

  test('shows as many rows as its limit allows', async () => {
    const { get } = await started({ rows: 1_200, sessions: 150 });
    expect((await get(`${path}?limit=${limitMax}`)).json().entries).toHaveLength(limitMax);
  });
});

test('a resource id that is no int32 is answered 400', async () => {
  const { get } = await started();
  for (const id of ['2147483648', 'x', '']) expect((await get(`/v1/logs?resourceId=${id}`)).status).toBe(400);
});

describe('a log that grows between two pages', () => {
  test('shifts the rows: a client that trusts offsets sees rows twice, and the newest not at all', async () => {
    const { get, standIn } = await started({
      rows: 300,
      changes: [{ when: { afterRequest: 1 }, what: (one) => one.account(PRODUCTION).grow({ rows: 10 }) }],
    });
    const seen = ids(await walk(get));
    expect(seen).toHaveLength(310);
    expect(new Set(seen).size).toBe(300);
    expect(ids([...standIn.account(PRODUCTION).everyRow()]).filter((id) => !seen.includes(id))).toHaveLength(10);
  });

  test('grows when the clock has come so far, and after the n-th request of a path', async () => {
    const { get, clock, standIn } = await started({
      changes: [
        { when: { at: START + 1_000 }, what: (one) => one.account(PRODUCTION).append([{ description: 'by clock' }]) },
        {
          when: { afterRequest: 2, path: '/v1/users' },
          what: (one) => one.account(PRODUCTION).append([{ description: 'by request' }]),
        },
      ],
    });
    const texts = async () => (await get('/v1/logs')).json().entries.map(({ description }) => description);
    await get('/v1/users');
    expect(await texts()).toEqual([]);
    clock.advance(1_000);
    expect(await texts()).toEqual(['by clock']);
    await get('/v1/users');
    expect(await texts()).toEqual(['by request', 'by clock']);
    expect(await texts()).toEqual(['by request', 'by clock']);
    expect([...standIn.account(PRODUCTION).everyRow()]).toHaveLength(2);
  });

  test('shows a late row below rows that were already shown, and not before it is visible', async () => {
    const { get, clock, standIn } = await started();
    const account = standIn.account(PRODUCTION);
    const [late] = account.append([{ description: 'late', lateMs: 300_000 }]);
    clock.advance(60_000);
    const [punctual] = account.append([{ description: 'punctual' }]);
    expect((await get('/v1/logs')).json().entries).toEqual([punctual]);
    expect([...account.everyRow()]).toEqual([punctual]);
    clock.advance(239_999);
    expect((await get('/v1/logs')).json().entries).toEqual([punctual]);
    clock.advance(1);
    expect((await get('/v1/logs')).json().entries).toEqual([punctual, late]);
    expect(late?.time).toBe('2026-11-20T08:00:00Z');
  });
});

describe('rows that no documentation rules out', () => {
  test('bare rows, a row twice, a reused id, ids out of order and times that go back are served as they are', async () => {
    const { get, standIn } = await started();
    const account = standIn.account(PRODUCTION);
    const [bare] = account.append([{}]);
    if (bare === undefined) throw new Error('one row was appended');
    const { id, time } = bare;
    const [twice, reused] = account.append([bare, { id, time, type: 'Account', description: 'other text' }]);
    const [behind] = account.append([{ id: id + 9, place: id - 1, type: 'Unheard-of' }]);
    const [back] = account.append([{ time: '2026-11-19T00:00:00Z', originator: 'System' }]);
    expect((await get('/v1/logs')).json().entries).toEqual([back, reused, twice, bare, behind]);
    expect(Object.keys(bare)).toEqual(['id', 'time']);
    // Equal rows are one row: what a client that removes duplicates ends up with.
    expect([...account.everyRow()]).toEqual([back, reused, twice, behind]);
  });

  test('a time that is none is served as it is, among the rows of the moment at which it came', async () => {
    const { get, standIn } = await started();
    const rows = standIn.account(PRODUCTION).append([{ time: 'yesterday' }, { time: '2026-11-19T08:00:00Z' }]);
    expect((await get('/v1/logs?startTime=2026-11-20T08:00:00Z')).json().entries).toEqual(rows.slice(0, 1));
    expect((await get('/v1/logs')).json().entries).toEqual(rows.toReversed());
  });

  test('a row of the history that comes again is still one row', async () => {
    const { get, standIn } = await started({ rows: 20 });
    const account = standIn.account(PRODUCTION);
    const before = [...account.everyRow()];
    account.append(before.slice(5, 8));
    expect([...account.everyRow()]).toEqual(before);
    expect((await get('/v1/logs')).json().entries).toHaveLength(23);
  });
});

test('sessions are newest first, with ids that tell no order', async () => {
  const { get, standIn, clock } = await started({ sessions: 120 });
  clock.advance(5_000);
  const [row] = standIn
    .account(PRODUCTION)
    .appendSessions([{ user: 'ada@northwind.example', action: 'Successful login' }]);
  const first = (await get('/v1/session-logs')).json().entries;
  const rest = (await get('/v1/session-logs?offset=100')).json().entries;
  expect([...first, ...rest]).toEqual([...standIn.account(PRODUCTION).everySession()]);
  expect(first[0]).toEqual(row);
  expect(new Set(ids([...first, ...rest])).size).toBe(121);
  const times = [...first, ...rest].map(({ time }) => time);
  expect(times).toEqual(times.toSorted().reverse());
});
