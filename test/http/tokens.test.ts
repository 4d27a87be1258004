import { beforeAll, expect, test } from 'vitest';
import type { TokenList, TokenMade } from '../../schemas/api/tokens.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';

let served: Served;
let admin: string;

beforeAll(async () => {
  served = await serveForTest((await temporaryStore()).store);
  admin = await served.token('admin');
});

const add = (body: unknown, token = admin) => served.post('/api/v1/tokens', token, body);
const list = async () => ((await served.get('/api/v1/tokens', admin)).body as TokenList).tokens;

test('a token is told once, counts, and counts no more once it is revoked', async () => {
  const made = (await add({ name: 'auditor', role: 'viewer', expires: '90d' })).body as TokenMade;
  expect((await served.get('/api/v1/me', made.token)).body).toMatchObject({ name: 'auditor', role: 'viewer' });
  const listed = (await list()).find(({ id }) => id === made.id);
  expect(listed).toMatchObject({ name: 'auditor', state: 'counts', is_own: false });
  const days = (Date.parse(listed?.expires_at ?? '') - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(90);
  expect(JSON.stringify(await list())).not.toContain(made.token);
  expect(JSON.stringify(served.deeds)).not.toContain(made.token);
  expect((await served.post(`/api/v1/tokens/${made.id}/revoke`, admin, {})).body).toEqual({
    id: made.id,
    name: 'auditor',
  });
  expect((await served.get('/api/v1/me', made.token)).status).toBe(401);
  expect((await list()).find(({ id }) => id === made.id)?.state).toBe('revoked');
  expect((await served.post(`/api/v1/tokens/${made.id}/revoke`, admin, {})).status).toBe(404);
  expect(served.deeds.filter(({ action }) => action === 'token').map(({ target }) => target)).toEqual([
    'addToken',
    'revokeToken',
    'revokeToken',
  ]);
});

test('who asks finds the own token marked, and the sign-in link is none', async () => {
  expect((await list()).filter(({ is_own }) => is_own)).toMatchObject([{ role: 'admin' }]);
});

test('tokens are for admins who are limited to no account: nobody makes himself more than he is', async () => {
  const limited = await served.token('admin', { accounts: ['a'] });
  const [analyst, viewer] = [await served.token('analyst'), await served.token('viewer')];
  const before = (await list()).length;
  for (const token of [limited, analyst, viewer]) {
    expect((await add({ name: 'more', role: 'admin' }, token)).status).toBe(403);
    expect((await served.get('/api/v1/tokens', token)).status).toBe(403);
    expect((await served.post(`/api/v1/tokens/${'0'.repeat(16)}/revoke`, token, {})).status).toBe(403);
  }
  expect(await list()).toHaveLength(before);
});

test.each([
  [{ name: ' ', role: 'viewer' }, 'TOKEN_NAME_INVALID'],
  [{ name: 'x'.repeat(101), role: 'viewer' }, 'TOKEN_NAME_INVALID'],
  [{ name: 'x', role: 'owner' }, 'REQUEST_INVALID'],
  [{ name: 'x', role: 'viewer', source: 'gateway/request' }, 'SOURCE_UNUSED'],
  [{ name: 'x', role: 'push' }, 'SOURCE_UNKNOWN'],
  [{ name: 'x', role: 'push', source: 'keytrail/access-log' }, 'SOURCE_UNKNOWN'],
  [{ name: 'x', role: 'push', source: 'redis-cloud/system-log' }, 'ACCOUNT_REQUIRED'],
  [{ name: 'x', role: 'push', source: 'gateway/request', accounts: ['a', 'b'] }, 'ACCOUNT_AMBIGUOUS'],
  [{ name: 'x', role: 'viewer', expires: '2020-01-01' }, 'EXPIRY_PAST'],
  [{ name: 'x', role: 'viewer', expires: 'soon' }, 'TIME_INVALID'],
])('%j is refused with %s', async (body, code) => {
  const { status, body: answer } = await add(body);
  expect([status, (answer as { code: string }).code]).toEqual([400, code]);
});

test('the sources that can be pushed are told, and what keytrail writes of itself is none of them', async () => {
  const { sources } = (await served.get('/api/v1/sources', admin)).body as { sources: { name: string }[] };
  expect(sources.map(({ name }) => name)).toContain('gateway/request');
  expect(sources.map(({ name }) => name)).not.toContain('keytrail/access-log');
});
