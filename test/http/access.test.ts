import http from 'node:http';
import net from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostRules } from '../../src/http/hosts.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';

let served: Served;
let viewer: string;

beforeAll(async () => {
  const { store } = await temporaryStore();
  served = await serveForTest(store, { names: ['audit.example'] });
  viewer = await served.token('viewer');
});

/** As a client that may say anything: fetch chooses its own Host. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    const request = http.request(
      { hostname, port, path, method, headers, setHost: headers.host === undefined },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    request.on('error', reject);
    request.end();
  });
}
const bearer = () => ({ authorization: `Bearer ${viewer}` });

describe('whom a request is for, and where it comes from', () => {
  test('another name than the own ones is refused, however it is written', async () => {
    const port = new URL(served.url).port;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `localhost.:${port}`,
      `127.0.0.1:${port}.evil.example`,
      '',
    ]) {
      expect((await raw('/api/v1/me', { ...bearer(), host })).status, host).not.toBe(200);
    }
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      'audit.example',
      'audit.example:80',
      `audit.example:${port}`,
    ]) {
      expect((await raw('/api/v1/me', { ...bearer(), host })).status, host).toBe(200);
    }
    expect((await raw('/healthz', { host: 'evil.example' })).status).toBe(421);
  });

  test('a page of another origin is refused, with a token or without', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: served.url.replace('http:', 'https:') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      expect((await raw('/api/v1/me', { ...bearer(), ...headers })).status, JSON.stringify(headers)).toBe(403);
      expect((await raw('/v1/events', { ...bearer(), ...headers }, 'POST')).status).toBe(403);
    }
    expect((await raw('/api/v1/me', { ...bearer(), origin: served.url, 'sec-fetch-site': 'same-origin' })).status).toBe(
      200,
    );
  });

  test('an IPv6 address stands in brackets, and names may have a port of their own', () => {
    const { hosts } = hostRules({
      host: '[2001:db8::1]',
      port: 8137,
      isTls: true,
      names: ['a.example', 'b.example:9'],
    });
    expect([...hosts].sort()).toEqual(['[2001:db8::1]:8137', 'a.example', 'a.example:8137', 'b.example:9']);
  });
});

describe('tokens', () => {
  test('that are missing, wrong, expired or revoked are refused; only the way to say so is told', async () => {
    const expired = await served.token('viewer', { expiresAtMs: Date.now() - 1_000 });
    for (const token of ['', 'x', viewer.slice(0, -1), `${viewer}x`, viewer.toUpperCase(), expired]) {
      const { status, body } = await served.get('/api/v1/me', token);
      expect(status, token).toBe(401);
      expect(JSON.stringify(body)).not.toContain(viewer);
    }
    expect((await fetch(`${served.url}/api/v1/me`)).headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('come as Bearer, as the password of Basic, and as the header of ClickHouse; never in an address', async () => {
    const basic = `Basic ${Buffer.from(`anyone:${viewer}`).toString('base64')}`;
    expect((await raw('/api/v1/me', { authorization: basic })).status).toBe(200);
    expect((await raw('/api/v1/me', { 'x-clickhouse-user': 'a', 'x-clickhouse-key': viewer })).status).toBe(200);
    expect((await raw(`/api/v1/me?password=${viewer}`, {})).status).toBe(401);
  });

  test('ten thousand wrong ones are slowed down and lock nobody out', async () => {
    const { store } = served;
    const other = await serveForTest(store);
    const right = await other.token('viewer');
    const { hostname, port } = new URL(other.url);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    const tryOne = (at: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const wrong = `kt_${at.toString(16).padStart(16, '0')}_${'a'.repeat(43)}`;
        const headers = { authorization: `Bearer ${wrong}` };
        http
          .get({ hostname, port, path: '/api/v1/me', headers, agent }, (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode ?? 0));
          })
          .on('error', reject);
      });
    const seen = new Map<number, number>();
    for (let from = 0; from < 10_000; from += 500) {
      const statuses = await Promise.all(Array.from({ length: 500 }, (_, at) => tryOne(from + at)));
      for (const status of statuses) seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    agent.destroy();
    expect([...seen.keys()].sort()).toEqual([401, 429]);
    expect(seen.get(429)).toBeGreaterThan(500);
    expect((await other.get('/api/v1/me', right)).status).toBe(200);
  });
});

describe('sessions', () => {
  const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

  test('begin with the link of the terminal, once', async () => {
    const code = served.sessions.makeLink();
    const first = await fetch(`${served.url}/sign-in?code=${code}`, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict|SameSite=Strict.*HttpOnly/);
    expect((await fetch(`${served.url}/sign-in?code=${code}`)).status).toBe(401);
    expect((await fetch(`${served.url}/sign-in?code=`)).status).toBe(401);
    const me = await fetch(`${served.url}/api/v1/me`, { headers: { cookie: cookieOf(first) } });
    expect(await me.json()).toMatchObject({ role: 'admin' });
  });

  test('begin with a token, may do what it may, and change nothing without the header of their own page', async () => {
    const begun = await fetch(`${served.url}/session`, { method: 'POST', headers: bearer() });
    const cookie = cookieOf(begun);
    expect((await fetch(`${served.url}/api/v1/me`, { headers: { cookie } })).status).toBe(200);
    const form = { 'content-type': 'application/x-www-form-urlencoded', cookie };
    const forged = await fetch(`${served.url}/sql`, { method: 'POST', headers: form, body: 'SELECT 1' });
    expect(forged.status).toBe(403);
    expect((await fetch(`${served.url}/session`, { method: 'DELETE', headers: { cookie } })).status).toBe(403);
    const over = await fetch(`${served.url}/session`, {
      method: 'DELETE',
      headers: { cookie, 'x-keytrail-request': '1' },
    });
    expect(over.status).toBe(204);
    expect((await fetch(`${served.url}/api/v1/me`, { headers: { cookie } })).status).toBe(401);
  });

  test('end when their token is revoked', async () => {
    const token = await served.token('viewer');
    const begun = await fetch(`${served.url}/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const cookie = cookieOf(begun);
    const me = async () => (await fetch(`${served.url}/api/v1/me`, { headers: { cookie } })).status;
    expect(await me()).toBe(200);
    const { revokeToken } = await import('../../src/access/tokens.ts');
    await revokeToken(served.store, token.slice(3, 19));
    await expect.poll(me).toBe(401);
  });
});

test('every answer carries the headers that keep a browser from doing more with it', async () => {
  for (const path of ['/healthz', '/api/v1/me', '/nothing']) {
    const { headers } = await fetch(`${served.url}${path}`, { headers: bearer() });
    expect(headers.get('content-security-policy'), path).toMatch(/default-src 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

test('headers without an end are refused, and a half-open connection keeps nobody else out', async () => {
  const { hostname, port } = new URL(served.url);
  const sockets = Array.from({ length: 50 }, () => net.connect({ host: hostname, port: Number(port) }));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write('GET /api/v1/me HTTP/1.1\r\nHost: ');
  }
  expect((await served.get('/api/v1/me', viewer)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  const long = raw('/api/v1/me', { ...bearer(), 'x-long': 'x'.repeat(70_000) });
  await expect(long.then(({ status }) => status)).resolves.toBe(431);
});

test('what runs is told without a token in words, and in figures with one', async () => {
  expect(await (await fetch(`${served.url}/healthz`)).text()).toBe('ok\n');
  expect(await (await fetch(`${served.url}/readyz`)).json()).toEqual({
    ready: true,
    parts: [{ name: 'store', status: 'running' }],
  });
  expect((await fetch(`${served.url}/metrics`)).status).toBe(401);
  const { text } = await served.get('/metrics', viewer);
  expect(text).toMatch(/^keytrail_part_running\{part="store"\} 1$/m);
  expect(text).not.toContain(viewer);
});
