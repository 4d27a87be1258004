import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { FILTER_FIELDS } from '../../src/ask/event-filters.ts';
import { timeParameter } from '../../src/ask/time-range.ts';
import { methodOf, type Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/routes.ts';
import { statement } from '../../src/store/statements.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import {
  ACCOUNT_A,
  ACCOUNT_B,
  ADDRESS_B,
  fileReports,
  fillWorld,
  findSomething,
  MARK,
  SCHEDULES,
  SHARED_ADDRESS,
} from './world.ts';

let served: Served;
let limited: string;
let questions: string[];
let hashes: string[];
let places: string;
let findings: string[];
let documents: string[];
let blocks: number;

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  documents = Object.values(await fileReports(store));
  served = await serveForTest(store, { schedules: SCHEDULES });
  limited = await served.token('admin', { accounts: [ACCOUNT_A] });
  const all = await served.token('analyst');
  const list = (await served.get('/api/v1/questions', all)).body as { questions: { id: string }[] };
  questions = list.questions.map(({ id }) => id);
  const letters = (await served.get('/api/v1/dead-letters', all)).body as { rows: { content_hash: string }[] };
  hashes = letters.rows.map(({ content_hash }) => content_hash);
  await findSomething(store);
  const found = (await served.get('/api/v1/findings', all)).body as { findings: { id: string }[] };
  findings = found.findings.map(({ id }) => id);
  blocks = (await store.rows(statement('tail-blocks'), { parameters: { since: timeParameter(0) } })).length;
  // A place before everything, which somebody who may see all was given.
  places = Buffer.from(JSON.stringify({ since: Date.now() - 3_600_000, chains: {} })).toString('base64url');
});

const WORDS = [
  ACCOUNT_A,
  ACCOUNT_B,
  `${MARK}-key`,
  'plain-key',
  'borrowed',
  `${MARK}-app`,
  'plain-app',
  `${MARK}-owner@example.com`,
];
const word = fc.constantFrom(...WORDS);

/** A request of the route, with whatever could lead to B. */
function requestOf(route: Route): fc.Arbitrary<string> {
  const params: Record<string, fc.Arbitrary<string>> = {
    id: fc.constantFrom(...questions),
    key: word,
    app: word,
    network: word,
    address: fc.constantFrom(ADDRESS_B, SHARED_ADDRESS),
    hash: fc.constantFrom(...hashes),
    document: fc.constantFrom(...documents),
    format: fc.constantFrom('html', 'markdown', 'csv', 'json', 'xlsx'),
  };
  if (route.path.startsWith('/api/v1/findings')) params.id = fc.constantFrom(...findings);
  const path = fc.record(
    Object.fromEntries([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, params[name] ?? word])),
  );
  const field = fc.constantFrom(...Object.keys(FILTER_FIELDS));
  const filters = fc.array(fc.tuple(fc.constantFrom('only', 'exclude'), field, word), { maxLength: 2 });
  return fc
    .tuple(path, filters, word, fc.constantFrom('csv', 'ndjson', 'parquet', 'ocsf'))
    .map(([names, kept, one, format]) => {
      const query = new URLSearchParams();
      if (route.path.startsWith('/api/v1/events')) {
        for (const [mode, name, value] of kept) query.append(`${mode}.${name}`, value);
      }
      if (route.path.endsWith('/export')) query.set('format', format);
      if (route.path.endsWith('/event')) query.set('event_id', `${one}-twice`);
      if (route.path === '/api/v1/keys') query.set('account', one);
      if (route.path.endsWith('/tail')) query.set('place', places);
      if (route.path.endsWith('/reports/deliveries')) query.set('document', names.document ?? '');
      const filled = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
      return `${filled}?${query}`;
    });
}

/** The answer's text without what only repeats the request. */
async function answerTo(path: string): Promise<string> {
  const lasting = path.includes('/tail?');
  const response = await fetch(`${served.url}${path}`, { headers: { authorization: `Bearer ${limited}` } });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString('latin1');
    // It begins with a place, and tells one more behind each block: then everything was told that there is.
    if (lasting && text.split('event: place\n').length - 1 > blocks) break;
  }
  if (response.status >= 400 || /\/questions\/?(?:[^/]*)\?/.test(path)) return '';
  return text;
}

describe('a token of account A gets nothing of B', () => {
  test.each(ROUTES.filter((route) => methodOf(route) === 'get').map((route) => [route.path, route] as const))(
    'by %s',
    async (_, route) => {
      const runs = route.path.includes('/questions/{id}/') ? 25 : route.path.endsWith('/tail') ? 2 : 6;
      await fc.assert(
        fc.asyncProperty(requestOf(route), async (path) => {
          const text = await answerTo(path);
          // Parameters are repeated in an answer: what a caller asked for, it knows.
          const told = text.replace(/"parameters":\{.*?\},"range"/s, '');
          expect(told.includes(MARK), `${path}\n${told.slice(0, 500)}`).toBe(false);
          expect(told.includes(ADDRESS_B) && !path.includes(ADDRESS_B), path).toBe(false);
        }),
        { numRuns: runs },
      );
    },
  );

  test('by any question, with parameters that name B', async () => {
    const given = [
      `param.account_id=${ACCOUNT_B}`,
      `param.key_id=${MARK}-key`,
      `param.key_id=borrowed`,
      `param.app=${MARK}-app`,
      `param.owner=${MARK}-owner%40example.com`,
      `param.source_ip=${ADDRESS_B}`,
      `param.source_ip=${SHARED_ADDRESS}`,
      `param.id=${ACCOUNT_B}-twice`,
      `param.request_id=${ACCOUNT_B}-twice-request`,
      `param.resource=${MARK}-resource`,
      '',
    ];
    let answered = 0;
    for (const id of questions) {
      for (const parameter of given) {
        const text = await answerTo(`/api/v1/questions/${id}/answer?${parameter}&`);
        const rows = text === '' ? '' : JSON.stringify((JSON.parse(text) as { rows: unknown }).rows);
        expect(rows.includes(MARK), `${id} ${parameter}\n${rows.slice(0, 500)}`).toBe(false);
        if (rows.length > 2) answered++;
      }
    }
    expect(answered).toBeGreaterThan(20);
  });

  test('by SQL, whatever the statement reads', async () => {
    const ask = async (sql: string) => {
      const init = { method: 'POST', body: sql, headers: { authorization: `Bearer ${limited}` } };
      const response = await fetch(`${served.url}/sql`, init);
      return { status: response.status, text: await response.text() };
    };
    for (const sql of [
      'SELECT * FROM activity',
      'SELECT * FROM audit_events',
      'SELECT * FROM default.audit_events',
      'SELECT * FROM dead_letters',
      'SELECT * FROM dead_letter_log',
      'SELECT * FROM registry_keys',
      'SELECT * FROM registry_users',
      'SELECT * FROM registry_accounts',
      'SELECT * FROM registry_key_versions',
      'SELECT * FROM registry_user_versions',
      'SELECT * FROM registry_account_versions',
      'SELECT * FROM system.tables',
      'SELECT * FROM system.columns',
      'SELECT groupArray(account_id) FROM audit_events',
      'SELECT * FROM audit_events AS a JOIN audit_events AS b ON 1 = 1',
      'WITH t AS (SELECT * FROM audit_events) SELECT * FROM t',
      'SELECT (SELECT groupArray(raw) FROM audit_events)',
      "SELECT * FROM audit_events WHERE account_id != 'alpha'",
    ]) {
      const { status, text } = await ask(sql);
      expect(status, `${sql}: ${text}`).toBe(200);
      expect(text.includes(MARK), sql).toBe(false);
    }
    for (const sql of [
      'SELECT * FROM ledger',
      'SELECT * FROM registry_imports',
      'SELECT * FROM app_rules',
      'SELECT * FROM access_tokens',
      'SELECT * FROM report_documents',
      'SELECT * FROM report_deliveries',
      'SELECT * FROM report_runs',
      `SELECT dictGet('registry_key_at', 'owner', (toUInt64(1), '${ACCOUNT_B}', 'borrowed'), now64(3))`,
      `SELECT dictHas('registry_key_home', (toUInt64(1), 'borrowed'))`,
      'SELECT * FROM audit_events SETTINGS additional_table_filters = {}',
      "SELECT * FROM audit_events SETTINGS additional_table_filters = '{}'",
    ]) {
      const { status, text } = await ask(sql);
      expect(status, sql).toBe(403);
      expect(text.includes(`${MARK}-owner`), sql).toBe(false);
    }
  });

  test('which one that is limited to nothing does get, so that the search for it means something', async () => {
    const all = await served.token('analyst');
    for (const path of [
      '/api/v1/events',
      '/api/v1/dead-letters',
      '/api/v1/keys',
      '/api/v1/keys/borrowed',
      '/api/v1/ingest',
      '/api/v1/reports',
      '/api/v1/reports/documents',
      '/api/v1/reports/deliveries',
    ]) {
      expect((await served.get(path, all)).text, path).toContain(MARK);
    }
  });

  test('and nothing that belongs to no account', async () => {
    for (const path of ['/api/v1/parts', '/metrics']) expect((await served.get(path, limited)).status).toBe(403);
  });
});
