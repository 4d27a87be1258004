import { beforeAll, describe, expect, test } from 'vitest';
import { VALUE_FIELDS } from '../../schemas/api/entities.ts';
import { FILTER_FIELDS } from '../../src/ask/event-filters.ts';
import { sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';
import { takeIn } from '../support/take-in.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, ADDRESS_B, fillWorld, findSomething, MARK, request, SHARED_ADDRESS } from './world.ts';

let served: Served;
let analyst: string;
let limited: string;

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  await sayToRegistry(store, [
    {
      kind: 'key',
      id: [ACCOUNT_A, 'spare'],
      validFrom: 0,
      says: { state: 'active', owner: 'a@example.com', allowList: ['198.51.100.0/28'] },
    },
  ]);
  await takeIn(store, [request(ACCOUNT_A, '2026-03-09T00:30:00.000Z', { apiKeyName: 'stranger' })], {
    ...{ stream: 'file:stranger', source: 'gateway/request' },
  });
  const tried = {
    apiKeyName: 'spare',
    authentication: { keyName: 'spare', result: 'failure', reason: 'source-ip-not-allowed', accountId: ACCOUNT_A },
  };
  await takeIn(store, [request(ACCOUNT_A, '2026-04-02T00:00:00.000Z', tried)], {
    ...{ stream: 'file:tried', source: 'gateway/request' },
  });
  await findSomething(store);
  served = await serveForTest(store);
  analyst = await served.token('analyst');
  limited = await served.token('analyst', { accounts: [ACCOUNT_A] });
});

async function get<Body>(path: string, token = analyst): Promise<Body> {
  const { status, body, text } = await served.get(path, token);
  expect(status, text).toBe(200);
  return body as Body;
}
const MARCH = 'from=2026-03-05T00:00:00Z&to=2026-03-10T00:00:00Z';
const sum = (of: readonly number[]) => of.reduce((one, other) => one + other, 0);

interface Profile {
  events: number;
  keys: number;
  source_ips: number;
  first_seen: string | null;
  last_seen: string | null;
  hours: number[];
}

describe('the profile', () => {
  test('has every event in one hour of the week, which is that of the zone', async () => {
    const of = (zone: string) =>
      get<Profile>(`/api/v1/events/profile?${MARCH}&only.account_id=${ACCOUNT_B}&zone=${encodeURIComponent(zone)}`);
    const [utc, kolkata] = [await of('UTC'), await of('Asia/Kolkata')];
    expect(utc).toMatchObject({ events: 5, keys: 1, source_ips: 2, first_seen: '2026-03-05T10:00:00.000Z' });
    expect(sum(utc.hours)).toBe(5);
    // Thursday the 5th at 10 UTC is 15:30 there; Sunday the 8th at 0 is 5:30.
    expect([utc.hours[3 * 24 + 10], utc.hours[6 * 24]]).toEqual([1, 2]);
    expect([kolkata.hours[3 * 24 + 15], kolkata.hours[6 * 24 + 5]]).toEqual([1, 2]);
    expect((await served.get('/api/v1/events/profile?zone=Atlantis%2FCity', analyst)).body).toMatchObject({
      code: 'ZONE_UNKNOWN',
    });
  });

  test('of nothing is zeros without times', async () => {
    const none = await get<Profile>(`/api/v1/events/profile?${MARCH}&only.key_id=nobody`);
    expect(none).toMatchObject({ events: 0, keys: 0, first_seen: null, last_seen: null });
    expect(none.hours).toEqual(Array(168).fill(0));
  });
});

test('the reach is that of all time', async () => {
  expect(await get(`/api/v1/events/reach?only.key_id=plain-key`)).toMatchObject({
    ...{ first_seen: '2026-03-05T10:00:00.000Z', last_seen: '2026-04-01T00:00:00.000Z' },
    last_success: '2026-04-01T00:00:00.000Z',
  });
  expect(await get(`/api/v1/events/reach?only.key_id=nobody`)).toEqual({
    ...{ first_seen: null, last_seen: null, last_success: null },
  });
});

test('addresses come with from when to when they were seen, within the limits of a token', async () => {
  const of = (token: string) =>
    get<{ rows: { source_ip: string; events: number; first_seen: string }[] }>(
      `/api/v1/events/addresses?${MARCH}`,
      token,
    );
  expect((await of(analyst)).rows).toMatchObject([
    { source_ip: SHARED_ADDRESS, first_seen: '2026-03-05T10:00:00.000Z' },
    { source_ip: ADDRESS_B, events: 1, first_seen: '2026-03-06T00:00:00.000Z' },
  ]);
  expect((await of(limited)).rows.map(({ source_ip }) => source_ip)).toEqual([SHARED_ADDRESS]);
});

test('each of them follows every filter that the search has', async () => {
  const values: Readonly<Record<string, string>> = { source_ip: SHARED_ADDRESS, status_code: '200', asn: '1' };
  for (const [at, field] of Object.keys(FILTER_FIELDS).entries()) {
    const only = `${MARCH}&only.${field}=${values[field] ?? 'allowed'}`;
    const found = (await get<{ events: object[] }>(`/api/v1/events?${only}&limit=1000`)).events.length;
    expect((await get<Profile>(`/api/v1/events/profile?${only}`)).events, field).toBe(found);
    const { rows } = await get<{ rows: { events: number }[] }>(`/api/v1/events/addresses?${only}`);
    expect(sum(rows.map(({ events }) => events)), field).toBe(found);
    await get(`/api/v1/events/reach?only.${field}=${values[field] ?? 'allowed'}`);
    // Of all fields it is one statement.
    await get(`/api/v1/events/values?${only}&field=${VALUE_FIELDS[at % VALUE_FIELDS.length]}`);
  }
});

describe('a list of values', () => {
  interface Values {
    total: number;
    rows: { value: string; keys: number }[];
  }
  const list = (query: string, token = analyst) => get<Values>(`/api/v1/events/values?${MARCH}&${query}`, token);

  test('comes in pages that miss none and repeat none, and says how long it is', async () => {
    for (const field of VALUE_FIELDS) {
      for (const sort of ['events', 'last', 'first', 'value']) {
        const whole = await list(`field=${field}&sort=${sort}`);
        expect(whole.total).toBe(whole.rows.length);
        const pages = [];
        for (let offset = 0; offset < whole.total; offset++) {
          const page = await list(`field=${field}&sort=${sort}&limit=1&offset=${offset}`);
          expect(page.total).toBe(whole.total);
          pages.push(...page.rows);
        }
        expect(pages).toEqual(whole.rows);
      }
    }
  });

  test('finds a part of a name in any case, and nothing of another account', async () => {
    expect((await list('field=app&words=EBRA')).rows.map(({ value }) => value)).toEqual([`${MARK}-app`]);
    expect((await list('field=app&words=%25')).rows).toEqual([]);
    expect((await list('field=app', limited)).rows.map(({ value }) => value)).toEqual(['plain-app']);
  });
});

describe('the list of keys', () => {
  interface Keys {
    total: number;
    rows: { key_id: string; account_id: string; events: number; state: string; last_seen: string | null }[];
  }
  const list = (query = '', token = analyst) => get<Keys>(`/api/v1/key-usage?${MARCH}&${query}`, token);
  const names = ({ rows }: Keys) => rows.map(({ key_id }) => key_id).toSorted();

  test('has what the registry knows and what was used, each key once', async () => {
    const all = await list();
    expect(names(all)).toEqual(['borrowed', 'plain-key', 'spare', 'stranger', `${MARK}-key`]);
    expect(all.total).toBe(5);
    expect(all.rows.find(({ key_id }) => key_id === 'spare')).toMatchObject({ events: 0, last_seen: null });
    expect(all.rows.find(({ key_id }) => key_id === 'stranger')).toMatchObject({ events: 1, state: '' });
    // Used in A, and B's: it is one key, that of B.
    expect(all.rows.find(({ key_id }) => key_id === 'borrowed')).toMatchObject({ account_id: ACCOUNT_B, events: 1 });
  });

  test('can be asked for those that were used, that were not, or that nobody wrote down', async () => {
    expect(names(await list('use=unused'))).toEqual(['spare']);
    expect(names(await list('use=unregistered'))).toEqual(['stranger']);
    expect(names(await list('use=used&words=KEY'))).toEqual(['plain-key', `${MARK}-key`]);
    expect(names(await list('owner=A@example.com'))).toEqual(['spare']);
    expect(names(await list('state=deleted'))).toEqual([]);
    expect((await list('limit=2&offset=2&sort=name')).rows.map(({ key_id }) => key_id)).toEqual(['spare', 'stranger']);
  });

  test('shows a token of one account its own alone', async () => {
    const own = await list('', limited);
    expect(JSON.stringify(own)).not.toContain(MARK);
    expect(names(own)).toEqual(['borrowed', 'plain-key', 'spare', 'stranger']);
  });
});

describe('around a finding', () => {
  interface Context {
    detection: { runbook: string[]; basis: string; questions: { id: string; parameters: string[] }[] } | null;
    before: { same_key: Record<string, number>; others: Record<string, number> };
    case: { total: number; findings: { id: string; summary: string; account_id: string }[] };
  }
  const findings = async (query = '', token = analyst) =>
    (await get<{ findings: { id: string; rule: string; key_id: string }[] }>(`/api/v1/findings?${query}`, token))
      .findings;

  test('stand its detection, what the same was before, and its case', async () => {
    const all = await findings();
    for (const { id, rule, key_id } of all) {
      const { detection, before, case: around } = await get<Context>(`/api/v1/findings/${id}/context`);
      expect(detection?.runbook.length).toBeGreaterThan(1);
      const same = all.filter((one) => one.rule === rule && one.id !== id);
      expect(sum([...Object.values(before.same_key), ...Object.values(before.others)])).toBe(same.length);
      expect(sum(Object.values(before.same_key))).toBe(
        key_id === '' ? 0 : same.filter((one) => one.key_id === key_id).length,
      );
      expect(around.findings.map((one) => one.id)).toContain(id);
    }
    const novel = all.find(({ rule }) => rule.startsWith('new-'));
    if (novel !== undefined) {
      expect((await get<Context>(`/api/v1/findings/${novel.id}/context`)).detection?.basis).toBe('usual');
    }
    expect((await served.get(`/api/v1/findings/${'0'.repeat(32)}/context`, analyst)).status).toBe(404);
  });

  test('stand the questions that its runbook names, with what they can be asked about', async () => {
    const { questions } = await get<{ questions: { id: string; parameters: { name: string }[] }[] }>(
      '/api/v1/questions',
    );
    let named = 0;
    for (const { id } of await findings()) {
      const { detection } = await get<Context>(`/api/v1/findings/${id}/context`);
      const words = detection?.runbook.join(' ').split(/[^a-z0-9-]+/) ?? [];
      const wanted = questions.filter((question) => words.includes(question.id));
      expect(detection?.questions).toEqual(
        wanted.map((question) => ({ id: question.id, parameters: question.parameters.map(({ name }) => name) })),
      );
      named += wanted.length;
    }
    expect(named).toBeGreaterThan(0);
  });

  test('stands nothing of another account, and no word that was put by who sees all', async () => {
    const [ofB] = await findings(`account=${ACCOUNT_B}`);
    expect((await served.get(`/api/v1/findings/${ofB?.id}/context`, limited)).status).toBe(404);
    for (const { id } of await findings('', limited)) {
      const context = await get<Context>(`/api/v1/findings/${id}/context`, limited);
      expect(JSON.stringify(context)).not.toContain(MARK);
      expect(context.case.findings.every(({ summary }) => summary === '')).toBe(true);
    }
  });

  test('findings are asked for by several keys, and by an address that only who sees all may name', async () => {
    const all = await findings();
    const keys = [...new Set(all.map(({ key_id }) => key_id))].filter((key) => key !== '').slice(0, 2);
    const some = await findings(keys.map((key) => `key=${encodeURIComponent(key)}`).join('&'));
    expect(some).toEqual(all.filter(({ key_id }) => keys.includes(key_id)));
    expect((await findings(`address=${SHARED_ADDRESS}`)).length).toBeGreaterThan(0);
    expect(await findings(`address=${SHARED_ADDRESS}`, limited)).toEqual([]);
    expect(await findings('address=192.0.2.1')).toEqual([]);
  });

  test('a preview of a suppression looks at what was seen since a time', async () => {
    const preview = async (since?: string) =>
      (await served.post('/api/v1/suppressions/preview', analyst, { entity: { key_id: '*' }, since })).body;
    expect(await preview(new Date().toISOString())).toMatchObject({ looked_at: 0, covered: 0 });
    const all = (await findings()).length;
    expect(await preview('2026-01-01T00:00:00Z')).toMatchObject({ looked_at: all });
    expect(await preview()).toMatchObject({ looked_at: all });
  });
});
