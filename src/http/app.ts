/** The HTTP server's layers, in their order: what a request meets before its route, and what becomes of its failure. */
import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { Caller } from '../access/token-book.ts';
import { messageOf } from '../core/errors.ts';
import { SESSION_HOURS_MAX } from '../core/limits.ts';
import { authenticate, cookieName, requireAllAccounts } from './access.ts';
import { addConsole, type ConsoleFiles, isConsolePage } from './console.ts';
import { addressOf, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { securityHeaders } from './headers.ts';
import { checkHost } from './hosts.ts';
import { openApiDocument } from './openapi.ts';
import { Problem, problemDocument, problemOf } from './problem.ts';
import { PushRoute } from './push-route.ts';
import { addRoutes } from './router.ts';
import { ROUTES } from './routes/routes.ts';
import { LINK_CALLER } from './sessions.ts';
import { SqlRoute } from './sql/sql-route.ts';
import { Turnstile } from './turnstile.ts';

export interface AppOptions {
  readonly version: string;
  /** Absent: the daemon has no console. */
  readonly console?: ConsoleFiles;
}

export function createApp(services: HttpServices, { version, console = new Map() }: AppOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.onError((error, c) => failed(c, error, services));
  app.notFound((c) => failed(c, new Problem(404, 'NOT_FOUND', 'there is nothing at this path'), services));
  app.use('*', (c, next) => begin(c, next, services));
  addOpenRoutes(app, services);
  addConsole(app, console);
  app.use('*', authenticate(services));
  addOwnRoutes(app, services, version);
  const turnstile = new Turnstile();
  const push = new PushRoute(services);
  app.post('/v1/events', (c) => push.answer(c));
  const sql = new SqlRoute(services, turnstile);
  app.on(['GET', 'POST'], '/sql', (c) => sql.answer(c));
  app.on(['GET', 'POST'], '/sql/', (c) => sql.answer(c));
  // Drivers that know no path but the root find it there as well.
  app.post('/', (c) => sql.answer(c));
  app.get('/', (c) => sql.answer(c));
  for (const path of ['/ping', '/sql/ping']) app.get(path, (c) => c.text('Ok.\n'));
  addRoutes(app, ROUTES, services, turnstile);
  return app;
}

/** Names the request, checks whom it is for, and tells afterwards what became of it. */
async function begin(c: HttpContext, next: () => Promise<void>, services: HttpServices): Promise<void> {
  const { uuid, now, metrics, log } = services;
  const requestId = uuid();
  const begun = now();
  c.set('requestId', requestId);
  c.set('detail', '');
  c.set('signal', goneSignal(c, services.stopping));
  for (const [name, value] of securityHeaders(services.isTls)) c.header(name, value);
  c.header('X-Request-Id', requestId);
  // A link to a page may stand anywhere: the page holds nothing, and what it asks for comes from itself.
  const isVisit = c.req.method === 'GET' && c.req.header('sec-fetch-dest') === 'document' && isConsolePage(c.req.path);
  checkHost(services.hosts, {
    host: c.req.header('host'),
    origin: c.req.header('origin'),
    site: isVisit ? undefined : c.req.header('sec-fetch-site'),
  });
  await next();
  // A response that a route made by itself, such as a streamed one, brings only its own.
  for (const [name, value] of [...securityHeaders(services.isTls), ['X-Request-Id', requestId] as const]) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
  const route = c.res.status === 404 ? 'none' : c.req.routePath;
  metrics.answered(c.req.method, route, c.res.status, (now() - begun) / 1_000);
  const caller = c.get('caller') as { name: string } | undefined;
  const facts = { requestId, method: c.req.method, path: c.req.path, status: c.res.status, token: caller?.name };
  log.info({ ...facts, ms: now() - begun, address: addressOf(c), detail: c.get('detail') || undefined }, 'answered');
}

function goneSignal(c: HttpContext, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const { outgoing } = c.env;
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new Error('the client went away'));
  });
  return AbortSignal.any([gone.signal, stopping]);
}

function failed(c: HttpContext, error: unknown, { log, isTls }: HttpServices): Response {
  const problem = problemOf(error);
  const requestId = c.get('requestId') ?? '';
  if (problem.status >= 500) log.error({ requestId, path: c.req.path, reason: messageOf(error) }, 'not answered');
  // A body that was not read is thrown away: the client may still be sending it when it reads the answer.
  c.env.incoming.resume();
  for (const [name, value] of [...securityHeaders(isTls), ...Object.entries(problem.headers)]) c.header(name, value);
  return c.body(JSON.stringify(problemDocument(problem, requestId)), problem.status as 400, {
    'Content-Type': 'application/problem+json',
  });
}

/** What is answered without a token: words that say nothing of what is stored, and the way in. */
function addOpenRoutes(app: Hono<HttpEnv>, services: HttpServices): void {
  const { sessions, tokens, isTls } = services;
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => {
    const parts = services
      .parts()
      .map(({ name, status, mode }) => ({ name, status, ...(mode === undefined ? {} : { mode }) }));
    const isReady = services.isReady();
    return c.json({ ready: isReady, parts }, isReady ? 200 : 503);
  });
  const cookie = (c: HttpContext, secret: string) =>
    setCookie(c, cookieName(isTls), secret, {
      httpOnly: true,
      sameSite: 'Strict',
      secure: isTls,
      path: '/',
      maxAge: SESSION_HOURS_MAX * 3_600,
    });
  app.get('/sign-in', (c) => {
    const secret = sessions.beginWithLink(c.req.query('code') ?? '');
    if (secret === undefined) throw new Problem(401, 'LINK_WRONG', 'the link was used already, or is too old');
    noteSignIn(c, services, LINK_CALLER);
    cookie(c, secret);
    // A strict cookie is not sent with a request that another program began: the page then asks by itself.
    return c.redirect('/', 303);
  });
  app.post('/session', authenticate(services), async (c) => {
    const caller = c.get('caller');
    if (c.get('by') !== 'token' || !(await tokens.stillCounts(caller.tokenId))) {
      throw new Problem(401, 'TOKEN_MISSING', 'a session begins with a token');
    }
    noteSignIn(c, services, caller);
    cookie(c, sessions.begin(caller));
    return c.json({ name: caller.name, role: caller.role });
  });
}

function noteSignIn(c: HttpContext, { note }: HttpServices, caller: Caller): void {
  note({
    action: 'sign-in',
    target: c.req.path,
    caller,
    requestId: c.get('requestId'),
    address: addressOf(c),
    status: 200,
    detail: '',
  });
}

function addOwnRoutes(app: Hono<HttpEnv>, services: HttpServices, version: string): void {
  app.delete('/session', (c) => {
    const secret = deleteCookie(c, cookieName(services.isTls));
    if (secret !== undefined) services.sessions.end(secret);
    return c.body(null, 204);
  });
  app.get('/metrics', async (c) => {
    requireAllAccounts(c.get('caller'));
    return c.text(await services.metrics.text(services.parts()), 200, {
      'Content-Type': services.metrics.registry.contentType,
    });
  });
  const document = openApiDocument(ROUTES, version);
  app.get('/api/v1/openapi.json', (c) => c.json(document));
}
