/** An HTTP server of a test's own, over a real store; every answer is held to the published description. */
import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { afterAll, expect } from 'vitest';
import type { Role } from '../../schemas/access.ts';
import type { ScheduleConfig } from '../../schemas/report-schedules.ts';
import { TokenBook } from '../../src/access/token-book.ts';
import { addToken, listTokens } from '../../src/access/tokens.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { BLOCK_AGE_MS_MAX, BLOCK_BYTES_MAX, BLOCK_ROWS_MAX, HELD_BYTES_MAX } from '../../src/core/limits.ts';
import { replay } from '../../src/dead-letters/replay.ts';
import { createApp } from '../../src/http/app.ts';
import type { ConsoleFiles } from '../../src/http/console.ts';
import type { Deed, HttpServices } from '../../src/http/context.ts';
import { hostRules } from '../../src/http/hosts.ts';
import { DaemonMetrics } from '../../src/http/metrics.ts';
import { openApiDocument } from '../../src/http/openapi.ts';
import { ROUTES } from '../../src/http/routes/routes.ts';
import { HttpPart } from '../../src/http/server.ts';
import { Sessions } from '../../src/http/sessions.ts';
import { PushIntake } from '../../src/intake/push.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { fingerprintsOf } from '../../src/registry/secrets.ts';
import { builtInReportKinds } from '../../src/report/built-in.ts';
import { loadReportKinds } from '../../src/report/kinds.ts';
import { schedulesOf } from '../../src/report/schedules.ts';
import { withRetry } from '../../src/store/retry.ts';
import { statement } from '../../src/store/statements.ts';
import type { Store } from '../../src/store/store.ts';
import { patient } from '../ask/fixture.ts';
import { ALONE } from '../support/daemon.ts';
import { READER } from '../support/take-in.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Made up, and the same for all tests: what is looked for is what they marked with it. */
export const STORE_KEY = Buffer.alloc(32, 7);

export interface Served {
  readonly url: string;
  readonly store: Store;
  readonly sessions: Sessions;
  readonly deeds: readonly Deed[];
  readonly push: PushIntake;
  /** A new token that counts. */
  token(role: Role, more?: { accounts?: readonly string[]; source?: string; expiresAtMs?: number }): Promise<string>;
  /** A POST of a document, whose answer is held to the description. */
  post(path: string, token: string, body: unknown): Promise<{ status: number; body: unknown; text: string }>;
  /** A GET, whose answer is held to the description. */
  get(path: string, token: string, init?: RequestInit): Promise<{ status: number; body: unknown; text: string }>;
}

export interface ServedOptions {
  readonly push?: () => PushIntake | undefined;
  readonly store?: (store: Store) => Store;
  readonly names?: readonly string[];
  readonly heldBytesMax?: number;
  readonly schedules?: readonly ScheduleConfig[];
  readonly tls?: { certFile: string; keyFile: string };
  readonly console?: ConsoleFiles;
}

export async function serveForTest(store: Store, options: ServedOptions = {}): Promise<Served> {
  const now = Date.now;
  const own = patient(store);
  const asked = options.store?.(own) ?? own;
  const sessions = new Sessions({ now, secret: () => randomBytes(32).toString('base64url') });
  const questions = await loadQuestions([fileURLToPath(new URL('../../queries', import.meta.url))]);
  const kinds = await loadReportKinds([builtInReportKinds()], questions);
  const { intake, close } = pushOver(asked, options.heldBytesMax);
  const deeds: Deed[] = [];
  let url = '';
  const part = new HttpPart({
    listen: { host: '127.0.0.1', port: 0, tls: options.tls },
    app: (listening, stopping) => {
      const services: HttpServices = {
        ...{ store: asked, questions, now, sessions, stopping },
        reports: { kinds, schedules: schedulesOf(options.schedules ?? [], kinds, questions), chromium: undefined },
        // What is known of tokens is as old as a test, and no older.
        tokens: new TokenBook({ read: () => listTokens(store), now: ticking() }),
        metrics: new DaemonMetrics(),
        hosts: hostRules({ ...listening, names: options.names ?? [] }),
        isTls: listening.isTls,
        push: options.push ?? (() => intake),
        replay: (wish) =>
          replay({
            ...wish,
            store: asked,
            reader: READER,
            now,
            uuid: randomUUID,
            retry: (insert) => withRetry(insert),
          }),
        parts: () => [{ name: 'store', status: 'running', isOptional: false, sinceMs: now(), restarts: 0 }],
        restart: () => true,
        isReady: () => true,
        uuid: randomUUID,
        fingerprintsOf: (value) => fingerprintsOf(store, STORE_KEY, 'k1', value),
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        note: (deed) => deeds.push(deed),
      };
      return createApp(services, { version: 'test', console: options.console ?? new Map() });
    },
    onListening: (where) => {
      url = where;
    },
  });
  const life = new AbortController();
  await part.start({ signal: life.signal, failed: () => undefined });
  cleanups.push(async () => {
    await part.stop();
    close();
  });
  return {
    ...{ url, store, sessions, deeds, push: intake },
    token: async (role, { accounts = [], source = '', expiresAtMs } = {}) => {
      const token = { name: `${role} of a test`, role, accounts, source, ...(expiresAtMs ? { expiresAtMs } : {}) };
      return (await addToken(store, token, randomBytes)).text;
    },
    post: async (path, token, body) => {
      const headers = { ...ALONE, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      return { status: response.status, body: holdToDescription(path, 'post', response, text), text };
    },
    get: async (path, token, init = {}) => {
      const response = await fetch(`${url}${path}`, {
        ...init,
        headers: { ...ALONE, authorization: `Bearer ${token}`, ...init.headers },
      });
      const text = await response.text();
      const body = holdToDescription(path, 'get', response, text);
      return { status: response.status, body, text };
    },
  };
}

/** A clock that only goes on by itself, so that a token which was just made is known. */
function ticking(): () => number {
  let at = Date.now();
  return () => {
    at += 2_000;
    return at;
  };
}

function pushOver(store: Store, heldBytesMax = HELD_BYTES_MAX): { intake: PushIntake; close: () => void } {
  const pipeline = new Pipeline({
    store,
    reader: READER,
    limits: {
      blockRowsMax: BLOCK_ROWS_MAX,
      blockBytesMax: BLOCK_BYTES_MAX,
      blockAgeMsMax: BLOCK_AGE_MS_MAX,
      heldBytesMax,
      insertsAtOnce: 2,
    },
    now: Date.now,
    uuid: randomUUID,
    retry: (insert) => withRetry(insert),
  });
  const lastPosition = async (stream: string): Promise<number> => {
    const [row] = await store.rows<{ position: number }>(statement('push-position'), { parameters: { stream } });
    return row?.position ?? 0;
  };
  const intake = new PushIntake({ receiver: pipeline, recordBytesMax: READER.recordBytesMax, lastPosition });
  return { intake, close: () => pipeline.close() };
}

const DOCUMENT = openApiDocument(ROUTES, 'test') as {
  paths: Record<string, Record<string, { responses: { '200': { content: Record<string, { schema?: object }> } } }>>;
  components: { schemas: { Problem: object } };
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
(ajvFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const problem = ajv.compile(DOCUMENT.components.schemas.Problem);
const operations = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { responses }]) => ({ path, method, content: responses['200'].content })),
);
const validators = operations.map(({ path, method, content }) => {
  const schema = content['application/json']?.schema;
  const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
  return { path, method, pattern, types: Object.keys(content), check: schema && ajv.compile(schema) };
});

function holdToDescription(path: string, method: string, response: Response, text: string): unknown {
  const type = response.headers.get('content-type') ?? '';
  if (response.status >= 400) {
    expect(type, path).toBe('application/problem+json');
    const body = JSON.parse(text) as unknown;
    expect(problem(body), `${path}: ${JSON.stringify(problem.errors)} ${text}`).toBe(true);
    return body;
  }
  const [pathname = ''] = path.split('?');
  const ofMethod = validators.filter((one) => one.method === method);
  const exact = ofMethod.find((one) => one.path === pathname);
  const found = exact ?? ofMethod.find(({ pattern }) => pattern.test(pathname));
  if (found === undefined) return text;
  if (found.check === undefined) {
    expect(found.types, path).toContain(type);
    return text;
  }
  const body = JSON.parse(text) as unknown;
  expect(found.check(body), `${path}: ${JSON.stringify(found.check.errors)}`).toBe(true);
  return body;
}
