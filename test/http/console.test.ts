import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONSOLE_SECTIONS } from '../../schemas/console-pages.ts';
import { readConsole } from '../../src/http/console.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';

const PAGE = '<!doctype html><title>a console</title>';
const SCRIPT = `export const long = '${'keytrail '.repeat(200)}';`;
let served: Served;

beforeAll(async () => {
  const folder = path.join(await temporaryDirectory(), 'console');
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'index.html'), PAGE);
  await writeFile(path.join(folder, 'assets/index-abc.js'), SCRIPT);
  await writeFile(path.join(folder, '..', 'secret.js'), 'no part of the console');
  await writeFile(path.join(folder, 'assets/notes.txt'), 'nothing that a page asks for');
  served = await serveForTest((await temporaryStore()).store, { console: readConsole(folder) });
});

interface Got {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As it is written: fetch would tidy the path up before it sends it. */
function raw(target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    http
      .request({ hostname, port, path: target, headers, method }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
      })
      .on('error', reject)
      .end();
  });
}

describe('the console', () => {
  test('is given for every page of it, however deep, to whoever may reach the daemon', async () => {
    for (const target of ['/', '/?last=7d', ...CONSOLE_SECTIONS.flatMap((one) => [`/${one}`, `/${one}/a%2Fb?x=1`])]) {
      const { status, headers, body } = await raw(target);
      expect(status, target).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-security-policy']).not.toMatch(/unsafe/);
      expect(body.toString('utf8')).toBe(PAGE);
    }
  });

  test('is given for nothing else: what is no page stays what it was', async () => {
    for (const [target, status] of [
      ['/api/v1/events', 401],
      ['/api/v1/nothing', 401],
      ['/searching', 401],
      ['/index.html', 401],
      ['/sql?query=SELECT%201', 401],
      ['/?query=SELECT%201', 401],
      ['/assets/none.js', 404],
      ['/assets/notes.txt', 404],
    ] as const) {
      const answer = await raw(target);
      expect(answer.status, target).toBe(status);
      expect(answer.headers['content-type'], target).toBe('application/problem+json');
    }
  });

  test('is never a file of another folder, however its path is written', async () => {
    for (const target of [
      '/assets/../../secret.js',
      '/assets/..%2f..%2fsecret.js',
      '/assets/%2e%2e/%2e%2e/secret.js',
      '/assets/..\\..\\secret.js',
      '/assets//etc/passwd',
      '/assets/index-abc.js%00.html',
      '/search/../../../etc/passwd',
    ]) {
      const { body } = await raw(target);
      expect(body.toString('utf8'), target).not.toMatch(/no part of the console|root:/);
    }
  });

  test('is sent compressed where that is understood, for ever where its name says what it holds, and once', async () => {
    const plain = await raw('/assets/index-abc.js');
    expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(plain.headers['cache-control']).toMatch(/immutable/);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString('utf8')).toBe(SCRIPT);
    const small = await raw('/assets/index-abc.js', { 'accept-encoding': 'br, gzip' });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.headers.vary).toMatch(/accept-encoding/i);
    expect(small.body.length).toBeLessThan(plain.body.length / 4);
    expect(gunzipSync(small.body).toString('utf8')).toBe(SCRIPT);
    const etag = String(small.headers.etag);
    expect((await raw('/assets/index-abc.js', { 'if-none-match': etag })).status).toBe(304);
    expect((await raw('/assets/index-abc.js', { 'if-none-match': '"another"' })).status).toBe(200);
  });

  test('may be reached by a link from anywhere, and its API may not', async () => {
    const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
    expect((await raw('/search?only.key_id=a', visit)).status).toBe(200);
    expect((await raw('/api/v1/events', visit)).status).toBe(403);
    expect((await raw('/search', { ...visit, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    // A form of another page may be sent anywhere: that is no visit, though it leads to a document.
    for (const target of ['/', '/session', '/search']) expect((await raw(target, visit, 'POST')).status).toBe(403);
    expect((await raw('/search', { ...visit, origin: 'https://evil.example' })).status).toBe(403);
    expect((await raw('/search', { ...visit, host: 'evil.example' })).status).toBe(421);
  });

  test('that was not built says so', () => {
    expect(readConsole('/no/such/folder').size).toBe(0);
  });
});

describe('a leaked secret', () => {
  const VALUE = 'sk-live-0123456789abcdef';

  test('is asked for by whoever may judge, and its value is in no answer and no entry of the access log', async () => {
    const analyst = await served.token('analyst');
    const answer = await served.post('/api/v1/leaked-secret', analyst, { value: `x-api-secret-key: ${VALUE}` });
    expect(answer).toMatchObject({ status: 200, body: { found: [] } });
    const wrong = await served.post('/api/v1/leaked-secret', analyst, { value: VALUE, [VALUE]: VALUE });
    const long = await served.post('/api/v1/leaked-secret', analyst, { value: VALUE.repeat(300) });
    expect([wrong.status, long.status]).toEqual([400, 400]);
    const viewer = await served.token('viewer');
    const refused = await served.post('/api/v1/leaked-secret', viewer, { value: VALUE });
    expect(refused.status).toBe(403);
    const noted = served.deeds.filter(({ target }) => target === 'findLeakedSecret');
    expect(noted).toHaveLength(4);
    for (const told of [answer.text, long.text, refused.text, JSON.stringify(noted)]) expect(told).not.toContain(VALUE);
  });
});
