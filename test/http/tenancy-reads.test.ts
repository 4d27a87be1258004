/**
 * What an answer holds is often a number, which tells nothing of whose events it counts. So this looks at the
 * statements: of whatever route, none may be asked without the filter that holds its caller to its accounts.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { methodOf, type Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/routes.ts';
import { accountSettings } from '../../src/store/limited-store.ts';
import { statement } from '../../src/store/statements.ts';
import type { QueryOptions, Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, fileReports, fillWorld, findSomething, SCHEDULES, SHARED_ADDRESS } from './world.ts';

interface Read {
  readonly sql: string;
  readonly filters: unknown;
  readonly signal: AbortSignal | undefined;
}

const FILTERS = accountSettings([ACCOUNT_A]).additional_table_filters;
/** A tail follows the blocks of the ledger, which belong to nobody; the events of each are read as the caller may. */
const OF_NOBODY = [statement('tail-blocks'), statement('tail-orphans')];
/** Say nothing of what is stored. */
const ASK_NOTHING = ['/api/v1/me', '/api/v1/questions', '/api/v1/questions/{id}', '/api/v1/reports', '/api/v1/sources'];

const reads: Read[] = [];
let served: Served;
let limited: string;
let given: Readonly<Record<string, string>>;

function watched(store: Store): Store {
  const note = (sql: string, options: QueryOptions = {}): void => {
    reads.push({ sql, filters: options.settings?.additional_table_filters, signal: options.signal });
  };
  return {
    rows: (sql, options) => {
      note(sql, options);
      return store.rows(sql, options);
    },
    stream: (sql, format, options) => {
      note(sql, options);
      return store.stream(sql, format, options);
    },
    command: (sql, options) => store.command(sql, options),
    insert: (insert) => store.insert(insert),
    close: () => store.close(),
  };
}

function expectHeld(what: string): void {
  const free = reads.filter(({ sql, filters }) => filters !== FILTERS && !OF_NOBODY.includes(sql));
  expect(
    free.map(({ sql }) => sql.slice(0, 400)),
    what,
  ).toEqual([]);
}

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  const { a: document } = await fileReports(store);
  await findSomething(store);
  served = await serveForTest(store, { schedules: SCHEDULES, store: watched });
  limited = await served.token('admin', { accounts: [ACCOUNT_A] });
  const of = async <Row>(path: string, list: string) =>
    ((await served.get(path, limited)).body as Record<string, Row[]>)[list]?.[0];
  const letter = await of<{ content_hash: string }>('/api/v1/dead-letters', 'rows');
  const finding = await of<{ id: string }>('/api/v1/findings', 'findings');
  given = {
    ...{ document, hash: letter?.content_hash ?? '', finding: finding?.id ?? '', id: 'key-usage', format: 'csv' },
    ...{ key: 'plain-key', app: 'plain-app', network: 'office', address: SHARED_ADDRESS, account: ACCOUNT_A },
    ...{ email: 'plain@example.com' },
  };
});

/** One that is answered: a refusal would read nothing, and prove nothing. */
function requestOf({ path }: Route): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === 'id' && path.includes('/findings/') ? given.finding : given[name];
    return encodeURIComponent(value ?? '');
  });
  const query: Record<string, string> = {};
  if (path.endsWith('/export') || path.endsWith('/found')) query.format = 'csv';
  if (path.endsWith('/event')) query.event_id = `${ACCOUNT_A}-twice`;
  return `${filled}?${new URLSearchParams(query)}`;
}

describe('a token of account A makes no statement be asked that is not held to A', () => {
  test.each(ROUTES.filter((route) => methodOf(route) === 'get').map((route) => [route.path, route] as const))(
    'by %s',
    async (_, route) => {
      reads.length = 0;
      const path = requestOf(route);
      const gone = new AbortController();
      const init = { headers: { authorization: `Bearer ${limited}` }, signal: gone.signal };
      const response = await fetch(`${served.url}${path}`, init);
      if (route.isLasting === true) {
        // It looks once when it begins, and from then on again and again.
        await expect.poll(() => reads.length).toBeGreaterThan(2);
        gone.abort();
        // The server sees later that nobody listens: what is asked until then is not of the next route.
        await expect.poll(() => reads.every(({ signal }) => signal?.aborted === true)).toBe(true);
      } else expect(response.status, `${path}\n${await response.text()}`).toBe(route.isCommon === true ? 403 : 200);
      expectHeld(path);
      const asksNothing = route.isCommon === true || ASK_NOTHING.includes(route.path);
      expect(reads.length > 0, path).toBe(!asksNothing);
    },
  );

  test.each([
    ['/api/v1/leaked-secret', { value: 'sk-live-0123456789abcdef' }],
    ['/api/v1/suppressions/preview', { entity: { account_id: ACCOUNT_A } }],
    ['/api/v1/reports/run', { kind: 'key-usage', period: '2026-03', account: ACCOUNT_A }],
  ])('by what is posted to %s', async (path, body) => {
    reads.length = 0;
    const { status, text } = await served.post(path, limited, body);
    expect(status, text).toBe(200);
    expectHeld(path);
    expect(reads.length).toBeGreaterThan(0);
  });

  test('and judges, silences and sends nothing of B', async () => {
    const all = await served.token('analyst');
    const { body } = await served.get(`/api/v1/findings?account=${ACCOUNT_B}`, all);
    const ids = (body as { findings: { id: string; state: string }[] }).findings.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    const before = (await served.get(`/api/v1/findings?account=${ACCOUNT_B}`, all)).text;
    for (const id of ids) {
      const judged = await served.post('/api/v1/findings/judge', limited, { ids: [id], action: 'acknowledge' });
      expect(judged.status).toBe(404);
    }
    const until = new Date(Date.now() + 3_600_000).toISOString();
    for (const entity of [{}, { account_id: ACCOUNT_B }, { account_id: '*' }]) {
      const silenced = await served.post('/api/v1/suppressions', limited, { entity, until, reason: 'x' });
      expect(silenced.status, JSON.stringify(entity)).toBe(403);
    }
    for (const id of ['of-b', 'of-all']) {
      expect((await served.post(`/api/v1/suppressions/${id}/end`, limited, {})).status, id).toBe(404);
    }
    for (const document of ['b'.repeat(32), 'c'.repeat(32)]) {
      const sent = await served.post(`/api/v1/reports/documents/${document}/resend`, limited, {});
      expect(sent.status, document).toBe(404);
    }
    expect((await served.get(`/api/v1/findings?account=${ACCOUNT_B}`, all)).text).toBe(before);
  });
});
