import { beforeAll, describe, expect, test } from 'vitest';
import { may } from '../../schemas/access.ts';
import { ASKED_VALUE_CHARS_MAX } from '../../src/core/limits.ts';
import { methodOf } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/routes.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, ADDRESS_B, fillWorld, MARK } from './world.ts';

let store: Store;
let served: Served;
let analyst: string;

beforeAll(async () => {
  store = (await temporaryStore()).store;
  await fillWorld(store);
  served = await serveForTest(store);
  analyst = await served.token('analyst');
});

type Page = { events: Record<string, unknown>[]; next: string | null };
type Rows = { rows: Record<string, unknown>[] };
const get = async <Body>(path: string): Promise<Body> => {
  const { status, body, text } = await served.get(path, analyst);
  expect(status, text).toBe(200);
  return body as Body;
};

describe('questions', () => {
  test('are listed with their parameters, and each is answered or says what it needs', async () => {
    const { questions } = await get<{ questions: { id: string }[] }>('/api/v1/questions');
    expect(questions.length).toBeGreaterThan(30);
    for (const { id } of questions) {
      const { status, body } = await served.get(`/api/v1/questions/${id}/answer`, analyst);
      expect([200, 400], id).toContain(status);
      if (status === 400) expect(body, id).toMatchObject({ code: 'PARAMETER_MISSING' });
    }
  });

  test('take their parameters by name, and lists several times', async () => {
    const answer = await get<Rows>(
      `/api/v1/questions/key-usage/answer?param.account_id=${ACCOUNT_A}&from=2026-03-01&to=2026-03-06`,
    );
    expect(answer.rows).toMatchObject([{ key_id: 'plain-key', requests: 2 }]);
    expect(await served.get('/api/v1/questions/key-usage/answer?param.nothing=1', analyst)).toMatchObject({
      status: 400,
      body: { code: 'PARAMETER_UNKNOWN', got: 'nothing' },
    });
    expect(await served.get('/api/v1/questions/no-such/answer', analyst)).toMatchObject({
      status: 404,
      body: { code: 'QUESTION_UNKNOWN' },
    });
  });

  test('are exported as CSV, NDJSON and Parquet', async () => {
    const csv = await get<string>('/api/v1/questions/key-usage/export?format=csv');
    expect(csv.split('\r\n').length).toBeGreaterThan(3);
    const lines = (await get<string>('/api/v1/questions/key-usage/export?format=ndjson')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toHaveLength(csv.trim().split('\r\n').length - 1);
    expect((await get<string>('/api/v1/questions/key-usage/export?format=parquet')).slice(0, 4)).toBe('PAR1');
  });
});

describe('events', () => {
  test('come in pages that miss none and repeat none, whatever the size of a page', async () => {
    const all = (await get<Page>('/api/v1/events')).events.map((event) => `${event.event_id} ${event.content_hash}`);
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
    for (const limit of [1, 2, 5]) {
      const found: string[] = [];
      let next: string | null = '';
      while (next !== null) {
        const page: Page = await get<Page>(`/api/v1/events?limit=${limit}${next && `&cursor=${next}`}`);
        found.push(...page.events.map((event) => `${event.event_id} ${event.content_hash}`));
        next = page.next;
      }
      expect(found).toEqual(all);
    }
  });

  test('are kept and left out by any field', async () => {
    const found = async (query: string) => (await get<Page>(`/api/v1/events?${query}`)).events.length;
    expect(await found(`only.account_id=${ACCOUNT_A}`)).toBe(6);
    expect(await found(`exclude.account_id=${ACCOUNT_A}`)).toBe(6);
    expect(await found(`only.account_id=${ACCOUNT_A}&only.account_id=${ACCOUNT_B}`)).toBe(12);
    expect(await found(`only.source_ip=${ADDRESS_B}`)).toBe(1);
    expect(await found(`only.owner=${MARK}-owner%40example.com&exclude.account_id=${ACCOUNT_B}`)).toBe(1);
    expect(await found('only.status_code=200&only.outcome=success&only.activity=read')).toBe(12);
    expect(await found('only.outcome=no-such-outcome')).toBe(0);
    expect(await found('from=2026-03-05T11:00:00Z&to=2026-03-06')).toBe(2);
    expect(await served.get('/api/v1/events?only.source_ip=nowhere', analyst)).toMatchObject({
      status: 400,
      body: { code: 'FILTER_INVALID' },
    });
  });

  test('are counted by the values of their fields', async () => {
    const { facets } = await get<{ facets: Record<string, unknown> }>('/api/v1/events/facets?exclude.key_id=borrowed');
    expect(facets.account_id).toEqual(
      [
        { value: ACCOUNT_B, events: 6 },
        { value: ACCOUNT_A, events: 5 },
      ].sort((one, other) => other.events - one.events),
    );
    expect(facets.status_code).toEqual([{ value: '200', events: 11 }]);
    expect(Object.keys(facets).sort()).toEqual([
      ...['account_id', 'action', 'app', 'auth_reason', 'auth_result', 'country', 'http_method', 'judgement', 'key_id'],
      ...['network', 'outcome', 'owner', 'source', 'source_ip', 'status_code', 'user_agent'],
    ]);
  });

  test('one is given whole, with each of its contents', async () => {
    const { statements } = await get<{ statements: Record<string, unknown>[] }>(
      `/api/v1/event?event_id=${ACCOUNT_A}-twice`,
    );
    expect(statements.map(({ description }) => description).sort()).toEqual(['one', 'two']);
    expect(JSON.parse(String(statements[0]?.raw))).toMatchObject({ id: `${ACCOUNT_A}-twice` });
    expect(await served.get('/api/v1/event?event_id=none', analyst)).toMatchObject({
      status: 404,
      body: { code: 'EVENT_UNKNOWN' },
    });
  });

  test('are exported whole', async () => {
    const lines = (await get<string>('/api/v1/events/export?format=ndjson')).trim().split('\n');
    expect(lines).toHaveLength(12);
  });

  test('are not cut at what a reader may take, which a month of them may be more than', async () => {
    const roles: (string | undefined)[] = [];
    const noted = await serveForTest(store, {
      store: (inner) => ({
        rows: (sql, options) => inner.rows(sql, options),
        stream: (sql, format, options) => {
          roles.push(options?.role);
          return inner.stream(sql, format, options);
        },
        command: (sql, options) => inner.command(sql, options),
        insert: (insert) => inner.insert(insert),
        close: () => inner.close(),
      }),
    });
    const own = await noted.token('analyst');
    expect((await noted.get('/api/v1/events/export?format=csv', own)).status).toBe(200);
    expect(roles.length).toBeGreaterThan(0);
    expect(new Set(roles)).toEqual(new Set([undefined]));
  });
});

describe('what is known', () => {
  test('of keys, apps, addresses and networks is told as the command line tells it', async () => {
    expect((await get<Rows>('/api/v1/keys')).rows.map(({ key_id }) => key_id)).toEqual([
      'plain-key',
      'borrowed',
      `${MARK}-key`,
    ]);
    expect((await get<Rows>('/api/v1/keys?state=revoked')).rows).toEqual([]);
    expect((await get<Rows>('/api/v1/keys/plain-key')).rows).toMatchObject([{ app: 'plain-app', requests: 5 }]);
    expect((await get<Rows>('/api/v1/keys/plain-key/history')).rows).toHaveLength(1);
    expect((await get<Rows>('/api/v1/apps')).rows.map(({ app }) => app)).toEqual(['plain-app', `${MARK}-app`]);
    expect((await get<Rows>('/api/v1/apps/plain-app')).rows).toMatchObject([{ key_id: 'plain-key' }]);
    expect((await get<Rows>(`/api/v1/addresses/${ADDRESS_B}`)).rows).toMatchObject([{ requests: 1 }]);
    expect((await get<Rows>('/api/v1/networks')).rows).toEqual([]);
    expect((await get<Rows>('/api/v1/networks/office/history')).rows).toEqual([]);
  });

  test('of the intake and its dead letters as well', async () => {
    expect((await get<Rows>('/api/v1/ingest')).rows.length).toBeGreaterThan(3);
    const letters = (await get<Rows>('/api/v1/dead-letters?state=open')).rows;
    expect(letters).toHaveLength(2);
    expect((await get<Rows>(`/api/v1/dead-letters/${letters[0]?.content_hash}`)).rows).toHaveLength(1);
    expect((await served.get(`/api/v1/dead-letters/${'0'.repeat(32)}`, analyst)).status).toBe(404);
    expect(await get('/api/v1/parts')).toMatchObject({ parts: [{ name: 'store' }] });
    const admin = await served.token('admin');
    expect((await served.post('/api/v1/parts/store/restart', analyst, {})).status).toBe(403);
    expect(await served.post('/api/v1/parts/nobody/restart', admin, {})).toMatchObject({ status: 404 });
    expect(await served.post('/api/v1/parts/store/restart', admin, {})).toMatchObject({
      body: { restarting: 'store' },
    });
    expect(served.deeds.at(-1)).toMatchObject({ action: 'operate', target: 'restartPart' });
    expect(await get('/api/v1/me')).toEqual({ name: 'analyst of a test', role: 'analyst', accounts: [] });
  });
});

describe('a request that is wrong', () => {
  test('is told so by its parameter', async () => {
    for (const path of [
      '/api/v1/events?limit=0',
      '/api/v1/events?limit=1001',
      '/api/v1/events?limit=1&limit=2',
      '/api/v1/events?nothing=1',
      '/api/v1/events?from=soon',
      '/api/v1/events?from=2026-02-01&to=2026-01-01',
      '/api/v1/events?cursor=e30',
      '/api/v1/events?cursor=%00',
      '/api/v1/events/export?format=pdf',
      '/api/v1/addresses/nowhere',
      '/api/v1/dead-letters/short',
    ]) {
      expect((await served.get(path, analyst)).status, path).toBe(400);
    }
    expect((await served.get('/api/v1/../../etc/passwd', analyst)).status).toBe(404);
    expect((await served.get('/api/v1/events/..%2f..%2fetc%2fpasswd', analyst)).status).toBe(404);
  });

  test('every route refuses a role that may not, and a token that is missing', async () => {
    const pusher = await served.token('push', { source: 'gateway/request' });
    for (const route of ROUTES) {
      const { path } = route;
      const url = path.replace(/\{\w+\}/g, 'x');
      const method = methodOf(route);
      const asked = method === 'get' ? served.get(url, pusher) : served.post(url, pusher, {});
      expect((await asked).status, path).toBe(403);
      expect((await fetch(`${served.url}${url}`, { method })).status, path).toBe(401);
    }
    for (const role of ['viewer', 'analyst'] as const) {
      const token = await served.token(role);
      for (const route of ROUTES.filter(({ ability }) => !may(role, ability))) {
        const url = route.path.replace(/\{\w+\}/g, 'x');
        const asked = methodOf(route) === 'get' ? served.get(url, token) : served.post(url, token, {});
        const { status, body } = await asked;
        expect([status, (body as { code: string }).code], `${role} ${route.path}`).toEqual([403, 'ROLE_INSUFFICIENT']);
      }
    }
  });
});

test('a value that is asked for may be as long as one of a record is ever likely to be, and no longer', async () => {
  for (const [length, status] of [
    [ASKED_VALUE_CHARS_MAX, 200],
    [ASKED_VALUE_CHARS_MAX + 1, 400],
  ] as const) {
    const text = 'W'.repeat(length);
    for (const path of [
      ...[`/api/v1/keys/${text}/history`, `/api/v1/apps/${text}`, `/api/v1/networks/${text}/history`],
      ...[`/api/v1/events?only.key_id=${text}`, `/api/v1/findings?key=${text}`, `/api/v1/key-usage?owner=${text}`],
    ]) {
      expect((await served.get(path, analyst)).status, path.slice(0, 40)).toBe(status);
    }
  }
});

test('a range of ten years and a filter that finds nothing are answered', async () => {
  expect(await get('/api/v1/events?from=2020-01-01&to=2030-01-01&only.key_id=none')).toEqual({
    events: [],
    next: null,
  });
});
