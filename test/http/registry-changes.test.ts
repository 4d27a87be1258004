import { beforeAll, describe, expect, test } from 'vitest';
import type { RegistryChanged } from '../../schemas/api/registry.ts';
import { API_FILE_BODY_BYTES_MAX } from '../../src/core/limits.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, fillWorld } from './world.ts';

let served: Served;
let admin: string;
let analyst: string;

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  served = await serveForTest(store);
  [admin, analyst] = [await served.token('admin'), await served.token('analyst')];
});

const PATH = '/api/v1/registry/changes';
type Rows = { rows: Record<string, unknown>[] };
const rows = async (path: string) => ((await served.get(path, analyst)).body as Rows).rows;
const appOf = async (key: string) => (await rows(`/api/v1/keys/${key}`))[0]?.app;
const change = async (body: unknown, token = admin) => {
  const { status, body: answer, text } = await served.post(PATH, token, body);
  return { status, text, code: (answer as { code?: string }).code, answer: answer as RegistryChanged };
};
const setApp = (app: string, more = {}) => ({
  ...{ what: 'set-app', keys: [{ account_id: ACCOUNT_A, key_id: 'plain-key' }], app, dry_run: false },
  ...more,
});

describe('a change of the registry', () => {
  test('that is tried tells what it would change, and changes nothing', async () => {
    const before = await rows(PATH);
    const { status, answer } = await change(setApp('billing', { dry_run: true }));
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      changes: [
        { kind: 'key', name: `${ACCOUNT_A}/plain-key`, attribute: 'app', before: 'plain-app', after: 'billing' },
      ],
      recorded_at: null,
    });
    expect(await appOf('plain-key')).toBe('plain-app');
    expect(await rows(PATH)).toEqual(before);
  });

  test('is recorded once, under the name of who made it, and stands in the access log', async () => {
    const tried = (await change(setApp('billing', { dry_run: true }))).answer;
    const { answer } = await change(setApp('billing', { based_on: tried.based_on }));
    expect(answer.recorded_at).not.toBeNull();
    expect(await appOf('plain-key')).toBe('billing');
    const history = await rows('/api/v1/keys/plain-key/history');
    expect(history.map(({ app }) => app)).toEqual(['plain-app', 'billing']);
    expect(history.at(-1)?.origin).toBe('console, admin of a test');
    expect((await rows(PATH))[0]).toMatchObject({ origin: 'console, admin of a test', statements: 1 });
    expect(served.deeds.filter(({ action }) => action === 'change-registry').at(-1)).toMatchObject({
      ...{ target: 'changeRegistry', status: 200, detail: expect.stringContaining('billing') },
    });
    expect((await change(setApp('billing'))).answer).toMatchObject({ changes: [], recorded_at: null });
  });

  test('is refused where somebody else changed the registry since it was tried', async () => {
    const tried = (await change(setApp('one', { dry_run: true }))).answer;
    expect((await change(setApp('other'))).status).toBe(200);
    expect(await change(setApp('one', { based_on: tried.based_on }))).toMatchObject({
      status: 409,
      code: 'REGISTRY_CHANGED',
    });
    expect(await appOf('plain-key')).toBe('other');
  });

  test('is for admins alone, and for none who is limited to accounts', async () => {
    const limited = await served.token('admin', { accounts: [ACCOUNT_A] });
    for (const token of [analyst, await served.token('viewer'), limited]) {
      expect((await change(setApp('stolen'), token)).status).toBe(403);
    }
    expect(await appOf('plain-key')).toBe('other');
  });

  test('of networks and of app rules holds at once', async () => {
    const network = { network: 'office', kind: 'office', cidrs: ['203.0.113.0/24'] };
    expect((await change({ what: 'networks', networks: [network], dry_run: false })).status).toBe(200);
    expect(await rows('/api/v1/networks')).toMatchObject([{ network: 'office', cidrs: ['203.0.113.0/24'] }]);
    const rules = [{ name: 'ci', app: 'ci', user_agent: '*ci*' }];
    expect((await change({ what: 'app-rules', rules, dry_run: false })).status).toBe(200);
    expect((await served.get('/api/v1/registry/app-rules', analyst)).body).toEqual({ rules });
    expect((await change({ what: 'app-rules', rules: [], dry_run: false })).status).toBe(200);
    expect((await served.get('/api/v1/registry/app-rules', analyst)).body).toEqual({ rules: [] });
  });

  test('from a file is read as the command line reads it, and tells of faults by their line', async () => {
    const file = (text: string, more = {}) => ({
      ...{ what: 'file', of: 'registry', name: 'keys.yaml', text, dry_run: false },
      ...more,
    });
    const text = `keys:\n  - account_id: ${ACCOUNT_A}\n    key_id: from-file\n    app: printed\n`;
    expect((await change(file(text))).answer.changes.length).toBeGreaterThan(0);
    expect(await appOf('from-file')).toBe('printed');
    const broken = await change(file('keys:\n  - account_id: a\n    key_id: b\n    allow_list: [10.0.0.0/33]\n'));
    expect(broken).toMatchObject({ status: 422, code: 'REGISTRY_FILE_INVALID' });
    expect(broken.text).toContain('line 4');
    const csv = `network,cidrs\nlab,10.9.0.0/16\n`;
    expect((await change(file(csv, { of: 'networks', name: 'n.csv' }))).status).toBe(200);
    expect((await rows('/api/v1/networks')).map(({ network }) => network)).toContain('lab');
    expect((await change(file(text, { name: '../../etc/passwd' }))).status).toBe(400);
  });

  test('that breaks a rule, names what is not there, or is too long is refused, and says why', async () => {
    const unknown = setApp('x', { keys: [{ account_id: ACCOUNT_A, key_id: 'no-such' }] });
    expect(await change(unknown)).toMatchObject({ status: 404, code: 'KEY_UNKNOWN' });
    const twice = [
      { name: 'a', app: 'x', key: 'k*' },
      { name: 'a', app: 'y', key: 'l*' },
    ];
    expect(await change({ what: 'app-rules', rules: twice, dry_run: true })).toMatchObject({
      status: 422,
      code: 'APP_RULE_TWICE',
    });
    const wide = { what: 'networks', networks: [{ network: 'n', cidrs: ['10.0.0.0/99'] }], dry_run: true };
    expect(await change(wide)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(await change({ what: 'anything', dry_run: true })).toMatchObject({ status: 400 });
    const long = {
      what: 'file',
      of: 'registry',
      name: 'k.yaml',
      text: 'x'.repeat(API_FILE_BODY_BYTES_MAX),
      dry_run: true,
    };
    expect(await change(long)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });
});

test('keys are found by words of what is known of them, and by what is not, of however many there are', async () => {
  type Found = { found: number; figures: Record<string, number>; keys: { key_id: string }[] };
  const found = async (query: string) => (await served.get(`/api/v1/keys-found?${query}`, analyst)).body as Found;
  const all = await found('');
  expect(all.found).toBe(all.figures.keys);
  expect((await found('limit=1')).found).toBe(all.found);
  expect((await found('limit=1')).keys).toHaveLength(1);
  expect((await found('find=PLAIN-owner%20alpha')).keys.map(({ key_id }) => key_id)).toEqual(['plain-key']);
  expect((await found('find=no-such-word')).found).toBe(0);
  expect((await found('lacks=owner')).keys.map(({ key_id }) => key_id)).toEqual(['from-file']);
  expect((await found('state=ended')).found).toBe(0);
  const limited = await served.token('viewer', { accounts: [ACCOUNT_A] });
  expect((await served.get('/api/v1/keys-found', limited)).text).not.toContain(ACCOUNT_B);
});

test('accounts, users and keys that nobody registered are told with their history', async () => {
  expect((await rows('/api/v1/accounts')).map(({ account_id }) => account_id)).toEqual([ACCOUNT_B]);
  expect((await rows(`/api/v1/accounts/${ACCOUNT_B}/history`)).length).toBeGreaterThan(0);
  const users = await rows('/api/v1/users');
  expect(users.length).toBeGreaterThan(0);
  const email = String(users[0]?.email);
  expect((await rows(`/api/v1/users/${encodeURIComponent(email.toUpperCase())}/history`)).length).toBeGreaterThan(0);
  expect(await rows('/api/v1/keys-unregistered')).toEqual([]);
});
