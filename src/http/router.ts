/**
 * Puts the routes of the API behind HTTP: checks what was asked against their schemas, and what is answered as well.
 */
import type { Hono } from 'hono';
import { z } from 'zod';
import { ACCESS_DETAIL_CHARS_MAX, API_BODY_BYTES_MAX, FILES_AT_ONCE } from '../core/limits.ts';
import { limitedTo } from '../store/limited-store.ts';
import { requireAbility, requireAllAccounts } from './access.ts';
import { bodyOf } from './body.ts';
import { addressOf, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { Problem, problemOf } from './problem.ts';
import { type Asked, methodOf, type Route } from './route.ts';
import { LINK_TOKEN_ID } from './sessions.ts';
import { streamedResponse } from './streamed.ts';
import { Turnstile } from './turnstile.ts';

const FREE = 'param.';

/** A route as it was called. */
interface Request {
  readonly route: Route;
  readonly body: unknown;
}

export function addRoutes(
  app: Hono<HttpEnv>,
  routes: readonly Route[],
  services: HttpServices,
  turnstile: Turnstile = new Turnstile(),
): void {
  const gates: Gates = { turnstile, files: new Turnstile(FILES_AT_ONCE) };
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    app.on(methodOf(route).toUpperCase(), path, (c) => answer(c, route, services, gates));
  }
}

/** What each token may ask at once, and how many files all of them together. */
interface Gates {
  readonly turnstile: Turnstile;
  readonly files: Turnstile;
}

/** @returns to be called when the work is done */
async function enter({ turnstile, files }: Gates, route: Route, tokenId: string, signal: AbortSignal) {
  if (route.isLasting === true) return () => undefined;
  const leave = await turnstile.enter(tokenId, signal);
  if (route.isFile !== true) return leave;
  try {
    const leaveFiles = await files.enter('files', signal);
    return () => {
      leaveFiles();
      leave();
    };
  } catch (error) {
    leave();
    throw error;
  }
}

async function answer(c: HttpContext, route: Route, services: HttpServices, gates: Gates): Promise<Response> {
  const caller = c.get('caller');
  let body: unknown;
  const noted = (status: number): void => note(c, { route, body }, services, status);
  try {
    requireAbility(caller, route.ability);
    if (route.isCommon === true) requireAllAccounts(caller);
    body = await bodyOfRoute(c, route);
    const response = await answerAsked(c, { route, body }, services, gates);
    noted(response.status);
    return response;
  } catch (error) {
    noted(problemOf(error).status);
    throw error;
  }
}

async function answerAsked(
  c: HttpContext,
  { route, body }: Request,
  services: HttpServices,
  gates: Gates,
): Promise<Response> {
  const caller = c.get('caller');
  const asked = askedOf(c, { route, body }, services);
  const leave = await enter(gates, route, caller.tokenId, c.get('signal'));
  let isStreaming = false;
  try {
    if ('answer' in route) return c.json(route.answer.parse(await route.handle(asked)));
    const streamed = await route.stream(asked);
    isStreaming = true;
    return await streamedResponse({ ...streamed, bytes: leaving(streamed.bytes, leave) }, {});
  } finally {
    if (!isStreaming) leave();
  }
}

/** @throws Problem MEDIA_TYPE_UNKNOWN, BODY_TOO_LARGE, REQUEST_INVALID */
async function bodyOfRoute(c: HttpContext, route: Route): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const media = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  // No form of another page can send this type without being asked first whether it may.
  if (media !== 'application/json') {
    throw new Problem(415, 'MEDIA_TYPE_UNKNOWN', 'the body is not JSON', { got: media, expected: 'application/json' });
  }
  const bytesMax = route.bodyBytesMax ?? API_BODY_BYTES_MAX;
  const bytes = await bodyOf(c.env.incoming, bytesMax);
  if (bytes === undefined) {
    throw new Problem(413, 'BODY_TOO_LARGE', 'the body is too large', {
      expected: `at most ${bytesMax} bytes`,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Problem(400, 'REQUEST_INVALID', 'the body is no JSON', { expected: 'one JSON object' });
  }
  return checked(route.body, value, 'body');
}

/** A streamed answer counts as asked until its last byte. */
async function* leaving<T>(chunks: AsyncIterable<T>, leave: () => void): AsyncGenerator<T> {
  try {
    yield* chunks;
  } finally {
    leave();
  }
}

function askedOf(c: HttpContext, { route, body }: Request, services: HttpServices): Asked<never, never, never> {
  const { known, free } = queryOf(c, route);
  const caller = c.get('caller');
  return {
    params: checked(route.params, c.req.param(), 'path') as never,
    query: checked(route.query, known, 'query') as never,
    body: body as never,
    free,
    caller,
    store: limitedTo(services.store, caller.accounts, route.isFile === true ? 'files' : 'answers'),
    services,
    signal: c.get('signal'),
    lastEventId: c.req.header('last-event-id'),
    stillCounts: () =>
      caller.tokenId === LINK_TOKEN_ID ? Promise.resolve(true) : services.tokens.stillCounts(caller.tokenId),
  };
}

/** A parameter that may be given several times is a list, whatever number of times it was. */
function queryOf(c: HttpContext, route: Route) {
  const known: Record<string, string | string[]> = {};
  const free: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(c.req.queries())) {
    const [first = ''] = values;
    if (route.isFree === true && name.startsWith(FREE)) {
      free[name.slice(FREE.length)] = values.length > 1 ? values : first;
    } else known[name] = isList(route, name) ? values : once(name, values);
  }
  return { known, free };
}

function once(name: string, values: readonly string[]): string {
  if (values.length === 1) return values[0] ?? '';
  throw new Problem(400, 'REQUEST_INVALID', `${name} is given several times`, { got: `${values.length} values` });
}

function isList(route: Route, name: string): boolean {
  let field = route.query instanceof z.ZodObject ? (route.query.shape[name] as unknown) : undefined;
  while (field instanceof z.ZodOptional || field instanceof z.ZodDefault) field = field.unwrap();
  return field instanceof z.ZodArray;
}

function checked(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  const parsed = (schema ?? z.strictObject({})).safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : '';
  throw new Problem(400, 'REQUEST_INVALID', `the ${where} of the request is not what the route takes`, {
    got: unknown === '' ? path : `${path}${unknown}`,
    expected: unknown === '' ? (issue?.message ?? '') : 'only parameters of this route',
    next: '/api/v1/openapi.json describes every route',
  });
}

/** What says nothing of what is stored is not worth an entry. */
function note(c: HttpContext, { route, body }: Request, { note: keep }: HttpServices, status: number): void {
  if (route.isUnnoted === true) return;
  const asked = `${c.req.path}${new URL(c.req.url).search}`;
  const isTold = body !== undefined && route.isSecret !== true;
  keep({
    action: route.deed ?? (route.ability === 'export' ? 'export' : 'read'),
    target: route.operation,
    caller: c.get('caller'),
    requestId: c.get('requestId'),
    address: addressOf(c),
    status,
    detail: (isTold ? `${asked} ${JSON.stringify(body)}` : asked).slice(0, ACCESS_DETAIL_CHARS_MAX),
  });
}
