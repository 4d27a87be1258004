import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, fileReports, fillWorld, findSomething, MARK, SCHEDULES } from './world.ts';

let served: Served;
let ids: Awaited<ReturnType<typeof fileReports>>;
const tokens: Record<'viewer' | 'analyst' | 'admin' | 'push' | 'limited' | 'both', string> = {
  ...{ viewer: '', analyst: '', admin: '', push: '', limited: '', both: '' },
};

beforeAll(async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  await findSomething(store);
  ids = await fileReports(store);
  served = await serveForTest(store, { schedules: SCHEDULES });
  for (const role of ['viewer', 'analyst', 'admin'] as const) tokens[role] = await served.token(role);
  tokens.push = await served.token('push', { source: 'gateway/request' });
  tokens.limited = await served.token('analyst', { accounts: [ACCOUNT_A] });
  tokens.both = await served.token('analyst', { accounts: [ACCOUNT_A, ACCOUNT_B] });
});

const RUN = '/api/v1/reports/run';
const march = (more: Record<string, unknown> = {}) => ({ kind: 'key-usage', period: '2026-03', ...more });
type Document = { summary: string; scope: { account: string | null }; sections: { rows: unknown[] }[] };
type Made = { document: string; report: string };

describe('a report that is asked for', () => {
  test('is made, kept, and shown in every format that is asked for', async () => {
    const made = await served.post(RUN, tokens.analyst, march());
    expect(made.status, made.text).toBe(200);
    const { document, report } = made.body as Made;
    const shown = await served.get(`/api/v1/reports/documents/${document}`, tokens.viewer);
    expect(shown.body).toMatchObject({ id: report, kind: 'key-usage' });
    expect(shown.text).toContain(MARK);
    const types: Record<string, string> = {};
    for (const format of ['html', 'markdown', 'csv', 'json', 'xlsx']) {
      const path = `/api/v1/reports/documents/${document}/files/${format}`;
      const response = await fetch(`${served.url}${path}`, { headers: { authorization: `Bearer ${tokens.analyst}` } });
      types[format] = response.headers.get('content-type') ?? '';
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="key-usage-2026-03[^"]*"$/);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    expect(types).toMatchObject({ html: 'text/html; charset=utf-8', csv: 'application/zip' });
    const list = await served.get('/api/v1/reports/documents?kind=key-usage', tokens.viewer);
    expect(list.body).toMatchObject({ documents: [{ id: document, author: 'analyst of a test', schedule: '' }] });
  });

  test('is another document each time, of the same report', async () => {
    const [one, other] = [
      (await served.post(RUN, tokens.analyst, march({ period: '2026-04' }))).body as Made,
      (await served.post(RUN, tokens.analyst, march({ period: '2026-04' }))).body as Made,
    ];
    expect(one.report).toBe(other.report);
    expect(one.document).not.toBe(other.document);
  });

  test('is shown as a page that may load and do nothing', async () => {
    const response = await fetch(`${served.url}/api/v1/reports/documents/${ids.a}/html`, {
      headers: { authorization: `Bearer ${tokens.viewer}` },
    });
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('content-security-policy')).toContain("style-src 'unsafe-inline'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toContain('plain in short');
  });

  test('that cannot be is refused, and says why', async () => {
    const status = async (body: unknown) => {
      const answer = await served.post(RUN, tokens.analyst, body);
      return [answer.status, (answer.body as { code: string }).code];
    };
    expect(await status(march({ kind: 'horoscope' }))).toEqual([404, 'REPORT_KIND_UNKNOWN']);
    expect(await status(march({ period: '2026-13' }))).toEqual([400, 'PERIOD_INVALID']);
    expect(await status(march({ zone: 'Europe/Atlantis' }))).toEqual([400, 'ZONE_UNKNOWN']);
    expect(await status(march({ parameters: { nope: 1 } }))).toEqual([400, 'PARAMETER_UNKNOWN']);
    expect(await status(march({ often: true }))).toEqual([400, 'REQUEST_INVALID']);
    const missing = await served.get(`/api/v1/reports/documents/${'0'.repeat(32)}`, tokens.analyst);
    expect([missing.status, (missing.body as { code: string }).code]).toEqual([404, 'REPORT_UNKNOWN']);
  });

  test('is in the access log as other exports are', async () => {
    const before = served.deeds.length;
    const made = await served.post(RUN, tokens.analyst, march({ period: '2026-02' }));
    await served.get(`/api/v1/reports/documents/${ids.a}/files/csv`, tokens.analyst);
    await served.get(`/api/v1/reports/documents/${ids.a}`, tokens.analyst);
    expect(served.deeds.slice(before).map(({ action, target, status }) => [action, target, status])).toEqual([
      ['export', 'runReport', made.status],
      ['export', 'getReportFile', 200],
      ['read', 'getReportDocument', 200],
    ]);
    expect(served.deeds[before]?.detail).toContain('2026-02');
  });
});

describe('who may', () => {
  test.each([
    ['push', [403, 403, 403, 403]],
    ['viewer', [200, 403, 403, 403]],
    ['analyst', [200, 200, 200, 403]],
    ['admin', [200, 200, 200, 200]],
  ] as const)('%s', async (role, expected) => {
    const token = tokens[role];
    const statuses = [
      (await served.get('/api/v1/reports/documents', token)).status,
      (await served.post(RUN, token, march({ period: '2026-01' }))).status,
      (await served.get(`/api/v1/reports/documents/${ids.a}/files/markdown`, token)).status,
      (await served.post(`/api/v1/reports/documents/${ids.a}/resend`, token, undefined)).status,
    ];
    expect(statuses).toEqual(expected);
  });
});

describe('a token of account A', () => {
  test('sees its own reports, and nothing of those of B or of all', async () => {
    const list = (await served.get('/api/v1/reports/documents', tokens.limited)).body as {
      documents: { id: string }[];
    };
    expect(list.documents.map(({ id }) => id)).toEqual([ids.a]);
    for (const id of [ids.b, ids.all]) {
      for (const path of ['', '/html', '/files/json']) {
        expect((await served.get(`/api/v1/reports/documents/${id}${path}`, tokens.limited)).status, path).toBe(404);
      }
    }
    const sent = (await served.get('/api/v1/reports/deliveries', tokens.limited)).body as {
      deliveries: { document: string }[];
    };
    expect(new Set(sent.deliveries.map(({ document }) => document))).toEqual(new Set([ids.a]));
    const { schedules } = (await served.get('/api/v1/reports', tokens.limited)).body as {
      schedules: { name: string }[];
    };
    expect(schedules.map(({ name }) => name)).toEqual(['plain-schedule']);
  });

  test('makes reports of A alone, whatever it asks for', async () => {
    for (const more of [{ account: ACCOUNT_B }, { account: 'gamma' }]) {
      const refused = await served.post(RUN, tokens.limited, march(more));
      expect([refused.status, (refused.body as { code: string }).code]).toEqual([403, 'ACCOUNT_LIMITED']);
    }
    for (const more of [{}, { account: ACCOUNT_A }, { owner: `${MARK}-owner@example.com`, kind: 'access-review' }]) {
      const made = await served.post(RUN, tokens.limited, march(more));
      expect(made.status, made.text).toBe(200);
      const shown = await served.get(`/api/v1/reports/documents/${(made.body as Made).document}`, tokens.limited);
      const { scope, ...told } = shown.body as Document;
      expect(scope.account).toBe(ACCOUNT_A);
      const rows = JSON.stringify(told.sections.map((section) => section.rows));
      expect(rows.includes(MARK), rows.slice(0, 1_000)).toBe(false);
    }
    const made = await served.post(RUN, tokens.limited, march());
    const shown = await served.get(`/api/v1/reports/documents/${(made.body as Made).document}`, tokens.limited);
    expect(shown.text).toContain('plain-key');
    expect(shown.text).not.toContain(MARK);
  });

  test('and of several accounts names one', async () => {
    expect((await served.post(RUN, tokens.both, march())).status).toBe(403);
    expect((await served.post(RUN, tokens.both, march({ account: ACCOUNT_B }))).status).toBe(200);
  });
});

test('a report is sent again when somebody who may operate wants it', async () => {
  const path = `/api/v1/reports/documents/${ids.b}/resend`;
  expect((await served.post(path, tokens.admin, undefined)).body).toEqual({ messages: 2 });
  const sent = await served.get(`/api/v1/reports/deliveries?document=${ids.b}`, tokens.admin);
  const { deliveries } = sent.body as { deliveries: { result: string }[] };
  expect(deliveries.map(({ result }) => result)).toEqual(['again', 'again']);
  expect(
    (await served.post(`/api/v1/reports/documents/${'0'.repeat(32)}/resend`, tokens.admin, undefined)).status,
  ).toBe(404);
});
