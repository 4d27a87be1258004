import { beforeAll, describe, expect, test } from 'vitest';
import { judgementOf } from '../../schemas/judgement.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, ADDRESS_B, fillWorld, findSomething, MARK, SHARED_ADDRESS } from './world.ts';

let served: Served;
let analyst: string;

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  await findSomething(store);
  served = await serveForTest(store);
  analyst = await served.token('analyst');
});

type Bucket = Record<string, number> & { at: string };
const get = async <Body>(path: string): Promise<Body> => {
  const { status, body, text } = await served.get(path, analyst);
  expect(status, text).toBe(200);
  return body as Body;
};
const MARCH = 'from=2026-03-05T00:00:00Z&to=2026-03-09T00:00:00Z';

describe('the histogram', () => {
  test('has every step of the range, and in them every event once, by the same word as the search', async () => {
    const { buckets, step_ms } = await get<{ buckets: Bucket[]; step_ms: number }>(
      `/api/v1/events/histogram?${MARCH}&buckets=10`,
    );
    expect(step_ms).toBe(12 * 3_600_000);
    expect(buckets).toHaveLength(8);
    const { events } = await get<{ events: Record<string, string>[] }>(`/api/v1/events?${MARCH}`);
    const expected: Record<string, number> = {};
    for (const { event_time, verdict, auth_result, judgement } of events) {
      expect(judgement).toBe(judgementOf(verdict ?? '', auth_result ?? ''));
      const at = Math.floor(Date.parse(event_time ?? '') / step_ms) * step_ms;
      expected[`${at} ${judgement}`] = (expected[`${at} ${judgement}`] ?? 0) + 1;
    }
    const found = buckets.flatMap(({ at, ...counts }) =>
      Object.entries(counts).flatMap(([word, count]) => (count === 0 ? [] : [[`${Date.parse(at)} ${word}`, count]])),
    );
    expect(Object.fromEntries(found)).toEqual(expected);
    expect(events.length).toBeGreaterThan(8);
  });

  test('follows filters and words', async () => {
    const total = async (query: string): Promise<number> => {
      const { buckets } = await get<{ buckets: Bucket[] }>(`/api/v1/events/histogram?${MARCH}&${query}`);
      return buckets.reduce((sum, { at, ...counts }) => sum + Object.values(counts).reduce((a, b) => a + b, 0), 0);
    };
    expect(await total(`only.account_id=${ACCOUNT_A}`)).toBe(5);
    expect(await total('text=ZEBRA%20DID')).toBe(3);
    expect(await total(`text=${ADDRESS_B}`)).toBe(1);
    expect(await total(`only.judgement=not-judged&only.account_id=${ACCOUNT_B}`)).toBeLessThan(6);
    expect(await total("text=')%20OR%201%3D1%20--")).toBe(0);
  });

  test('reaches as far as there are events when no range is given', async () => {
    const { from, buckets } = await get<{ from: string; buckets: Bucket[] }>('/api/v1/events/histogram');
    expect(from.slice(0, 10)).toBe('2026-03-05');
    expect(buckets.length).toBeLessThanOrEqual(120);
  });
});

test('the most used values come with their course, and the sum of a course is their count', async () => {
  const { rows } = await get<{ rows: { value: string; events: number; course: number[]; account_id: string }[] }>(
    `/api/v1/events/top?${MARCH}&field=source_ip`,
  );
  expect(rows.map(({ value }) => value)).toEqual([SHARED_ADDRESS, ADDRESS_B]);
  expect(rows.map(({ account_id }) => account_id)).toEqual(['', ACCOUNT_B]);
  for (const { events, course } of rows) expect(course.reduce((sum, one) => sum + one, 0)).toBe(events);
});

test('the overview counts a range beside the one before it, and what is open', async () => {
  const told = await get<Record<string, Record<string, number>>>(
    '/api/v1/overview?from=2026-03-06T00:00:00Z&to=2026-03-07T00:00:00Z',
  );
  expect(told.now).toMatchObject({ events: 1, keys: 1, source_ips: 1 });
  expect(told.before).toMatchObject({ events: 4, failures: 0 });
  expect(Object.values(told.open_findings ?? {}).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0);
  expect(told.first_event).toBe('2026-03-05T10:00:00.000Z');
  expect(await get('/api/v1/completeness')).toMatchObject({ last_event: told.last_event, gaps: 0, conflicts: 2 });
});

test('the overview ranks and draws values as a ranking of each field does', async () => {
  type Top = { rows: object[] };
  const { top } = await get<{ top: Record<string, Top> }>(`/api/v1/overview?${MARCH}`);
  expect(Object.keys(top)).toEqual(['key_id', 'app', 'source_ip']);
  for (const [field, { rows }] of Object.entries(top)) {
    const ranked = (await get<Top>(`/api/v1/events/top?${MARCH}&field=${field}`)).rows;
    expect(rows, field).toEqual(ranked);
    expect(rows.length, field).toBeGreaterThan(field === 'app' ? -1 : 0);
  }
});

test('what is new is what the time before does not have', async () => {
  const { rows } = await get<{ rows: { kind: string; value: string }[] }>(
    '/api/v1/newcomers?from=2026-03-06T00:00:00Z&to=2026-03-07T12:00:00Z',
  );
  expect(rows.filter(({ kind }) => kind === 'source_ip')).toMatchObject([{ value: ADDRESS_B }]);
  expect(rows.filter(({ kind }) => kind === 'key_id')).toMatchObject([{ value: 'borrowed' }]);
});

test('what a search finds is exported, all of it', async () => {
  const text = await get<string>(`/api/v1/events/found?format=ndjson&only.account_id=${ACCOUNT_A}`);
  expect(text.trim().split('\n')).toHaveLength(6);
  expect((await get<string>('/api/v1/events/found?format=csv')).trim().split('\r\n')).toHaveLength(13);
});

test('texts of a page are cut where that is asked for, and only then', async () => {
  const one = async (query: string) =>
    (await get<{ events: { description: string }[] }>(`/api/v1/events?limit=1&${query}`)).events[0]?.description;
  expect(await one('chars=5')).toBe(`${MARK}…`);
  expect(await one('')).toBe(`${MARK} did something`);
});
