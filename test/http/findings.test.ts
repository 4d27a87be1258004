import { beforeAll, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, fillWorld, findSomething, MARK } from './world.ts';

interface Found {
  readonly id: string;
  readonly state: string;
  readonly rule: string;
  readonly account_id: string;
  readonly summary: string;
  readonly author: string;
}

let served: Served;
let store: Store;
let analyst: string;
let limited: string;

beforeAll(async () => {
  ({ store } = await temporaryStore());
  await fillWorld(store);
  await findSomething(store);
  served = await serveForTest(store);
  analyst = await served.token('analyst');
  limited = await served.token('analyst', { accounts: [ACCOUNT_A] });
});

async function listed(query = '', token = analyst): Promise<Found[]> {
  const found: Found[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const { status, body, text } = await served.get(`/api/v1/findings?${query}${next && `&cursor=${next}`}`, token);
    expect(status, text).toBe(200);
    const page = body as { findings: Found[]; next: string | null };
    found.push(...page.findings);
    next = page.next;
  }
  return found;
}
const judge = (ids: readonly string[], action: string, token = analyst) =>
  served.post('/api/v1/findings/judge', token, { ids, action, note: 'why' });

test('findings come in pages that miss none and repeat none', async () => {
  const all = await listed();
  expect(all.length).toBeGreaterThan(3);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const limit of [1, 2]) expect(await listed(`limit=${limit}`)).toEqual(all);
  const [first] = all;
  expect((await listed(`rule=${first?.rule}`)).every(({ rule }) => rule === first?.rule)).toBe(true);
  expect((await listed(`state=open`)).length).toBeLessThan(all.length);
  expect(await listed('severity=critical')).toEqual([]);
});

test('one is shown with its facts and with a question that shows it again', async () => {
  const [first] = await listed(`account=${ACCOUNT_B}`);
  const shown = (await served.get(`/api/v1/findings/${first?.id}`, analyst)).body as {
    facts: object;
    evidence: string;
    actions: object[];
  };
  expect(shown.facts).toMatchObject({ account_id: ACCOUNT_B });
  expect(shown.actions).toMatchObject([{ action: 'acknowledge', note: `${MARK} note` }]);
  const { status, body, text } = await served.get(shown.evidence, analyst);
  expect(status, text).toBe(200);
  expect((body as { rows: object[] }).rows.length).toBeGreaterThan(0);
  expect((await served.get(`/api/v1/findings/${'0'.repeat(32)}`, analyst)).status).toBe(404);
});

test('a judgement is kept with its author, and asks for a role that may', async () => {
  const ids = (await listed(`account=${ACCOUNT_A}`)).map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect((await judge(ids, 'acknowledge', await served.token('viewer'))).status).toBe(403);
  expect(await judge(ids, 'close-true-positive')).toMatchObject({ status: 200, body: { judged: ids.length } });
  for (const one of await listed(`account=${ACCOUNT_A}`)) {
    expect(one).toMatchObject({ state: 'true-positive', author: 'analyst of a test', note: 'why' });
  }
  expect(served.deeds.findLast(({ action }) => action === 'triage')).toMatchObject({
    target: 'judgeFindings',
    status: 200,
    detail: expect.stringContaining(ids[0] ?? '-'),
  });
  expect((await judge(ids, 'withdraw')).status).toBe(400);
  expect((await judge(['short'], 'acknowledge')).status).toBe(400);
  expect((await judge(Array(101).fill('0'.repeat(32)), 'acknowledge')).status).toBe(400);
});

test('a token that is limited to A judges nothing of B, and of a list with one of B nothing at all', async () => {
  const [ofA] = await listed(`account=${ACCOUNT_A}`);
  const [ofB] = await listed(`account=${ACCOUNT_B}`);
  const count = async () => (await store.rows('SELECT * FROM finding_actions')).length;
  const before = await count();
  expect((await judge([ofA?.id ?? '', ofB?.id ?? ''], 'acknowledge', limited)).status).toBe(404);
  expect(await count()).toBe(before);
  expect((await judge([ofA?.id ?? ''], 'acknowledge', limited)).status).toBe(200);
  expect(await count()).toBe(before + 1);
  const own = await listed('', limited);
  expect(own.map(({ id }) => id)).toEqual((await listed(`account=${ACCOUNT_A}`)).map(({ id }) => id));
  // What a detection put into words may tell of others: the question tells it within the limits of the token.
  for (const { id, summary } of own) {
    expect(summary).toBe('');
    const { body } = await served.get(`/api/v1/findings/${id}`, limited);
    expect(body).toMatchObject({ facts: {}, event_ids: [] });
    expect((await served.get((body as { evidence: string }).evidence, limited)).status).toBe(200);
  }
});

test('a suppression is tried on what there is, added, listed, and taken back', async () => {
  const all = await listed();
  const ofB = all.filter(({ account_id }) => account_id === ACCOUNT_B);
  const cover = { entity: { account_id: ACCOUNT_B } };
  expect(await served.post('/api/v1/suppressions/preview', analyst, cover)).toMatchObject({
    status: 200,
    body: { looked_at: all.length, covered: ofB.length, open: 0 },
  });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const added = await served.post('/api/v1/suppressions', analyst, { ...cover, until, reason: 'known' });
  expect(added.status, added.text).toBe(200);
  const { id } = added.body as { id: string };
  const inForce = async (token = analyst) =>
    ((await served.get('/api/v1/suppressions', token)).body as { suppressions: { id: string }[] }).suppressions.map(
      (one) => one.id,
    );
  expect(await inForce()).toContain(id);
  expect((await served.post(`/api/v1/suppressions/${id}/end`, limited, {})).status).toBe(404);
  expect((await served.post(`/api/v1/suppressions/${id}/end`, analyst, {})).status).toBe(200);
  expect(await inForce()).not.toContain(id);
  expect(await inForce(limited)).toEqual([]);
});

test('a suppression that covers everything, has ended, or reaches beyond the accounts of its token is refused', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const add = (body: object, token = analyst) =>
    served.post('/api/v1/suppressions', token, { until, reason: 'known', ...body });
  expect(await add({})).toMatchObject({ status: 400, body: { code: 'SUPPRESSION_TOO_WIDE' } });
  expect(await add({ rule: 'x', until: '2026-01-01' })).toMatchObject({ body: { code: 'SUPPRESSION_ENDED' } });
  expect(await add({ cidr: '10.0.0.0/99' })).toMatchObject({ body: { code: 'CIDR_INVALID' } });
  for (const body of [
    { rule: 'x' },
    { entity: { account_id: ACCOUNT_B } },
    { entity: { account_id: '*' } },
    { entity: { account_id: `${ACCOUNT_A}*` } },
  ]) {
    expect(await add(body, limited)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_LIMITED' } });
  }
  expect((await add({ entity: { account_id: ACCOUNT_A } }, limited)).status).toBe(200);
});

test('a body that is no JSON, of another type or too large is refused', async () => {
  const send = (body: string, type: string) =>
    fetch(`${served.url}/api/v1/findings/judge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${analyst}`, 'content-type': type },
      body,
    });
  expect((await send('{', 'application/json')).status).toBe(400);
  expect((await send('{}', 'text/plain')).status).toBe(415);
  expect((await send('{}', 'application/x-www-form-urlencoded')).status).toBe(415);
  expect((await send(`{"note":"${'x'.repeat(70_000)}"}`, 'application/json')).status).toBe(413);
});
