/** Who a request is from, and whether he may. */
import { getCookie } from 'hono/cookie';
import type { MiddlewareHandler } from 'hono/types';
import { type Ability, may } from '../../schemas/access.ts';
import type { Caller } from '../access/token-book.ts';
import { addressOf, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { Problem, storeAway } from './problem.ts';
import { LINK_TOKEN_ID } from './sessions.ts';
import { WrongTokens } from './wrong-tokens.ts';

/** A request by cookie that changes something must carry this header: no form of another page can set one. */
export const SCRIPT_HEADER = 'x-keytrail-request';

/** Behind TLS the browser itself refuses a cookie of this name that anybody else has set. */
export function cookieName(isTls: boolean): string {
  return isTls ? '__Host-keytrail' : 'keytrail';
}

/** @throws Problem TOKEN_MISSING, TOKEN_WRONG, TOO_MANY_WRONG_TOKENS, SCRIPT_HEADER_MISSING */
export function authenticate(services: HttpServices): MiddlewareHandler<HttpEnv> {
  const wrong = new WrongTokens(services.now);
  return async (c, next) => {
    const token = tokenOf(c);
    const caller = token === undefined ? await sessionOf(c, services) : await byToken(c, token, services, wrong);
    c.set('caller', caller);
    c.set('by', token === undefined ? 'session' : 'token');
    return next();
  };
}

export function requireAbility(caller: Caller, ability: Ability): void {
  if (may(caller.role, ability)) return;
  throw new Problem(403, 'ROLE_INSUFFICIENT', `the role ${caller.role} may not do this`, {
    got: caller.role,
    expected: `a token whose role may ${ability}`,
  });
}

export function requireAllAccounts(caller: Caller): void {
  if (caller.accounts.length === 0) return;
  throw new Problem(403, 'ACCOUNT_LIMITED', 'this belongs to no account, and the token is limited to some', {
    expected: 'a token that is not limited to accounts',
  });
}

async function byToken(c: HttpContext, token: string, { tokens }: HttpServices, wrong: WrongTokens): Promise<Caller> {
  const caller = await tokens.callerOf(token).catch(() => {
    throw storeAway();
  });
  if (caller !== undefined) return caller;
  const waitSeconds = wrong.add(addressOf(c));
  if (waitSeconds === 0) throw unauthorized('TOKEN_WRONG', 'the token does not count');
  throw new Problem(
    429,
    'TOO_MANY_WRONG_TOKENS',
    'too many wrong tokens came from this address',
    { next: 'try again after the time in Retry-After; a token that counts is let in at once' },
    { 'Retry-After': String(waitSeconds) },
  );
}

async function sessionOf(c: HttpContext, { sessions, tokens, isTls }: HttpServices): Promise<Caller> {
  const secret = getCookie(c, cookieName(isTls));
  const caller = secret === undefined ? undefined : sessions.callerOf(secret);
  if (secret === undefined || caller === undefined) throw unauthorized('TOKEN_MISSING', 'the request names no token');
  // A token that was revoked ends the sessions that began with it.
  if (caller.tokenId !== LINK_TOKEN_ID && !(await tokens.stillCounts(caller.tokenId))) {
    sessions.end(secret);
    throw unauthorized('TOKEN_WRONG', 'the token of this session does not count any more');
  }
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && c.req.header(SCRIPT_HEADER) === undefined) {
    throw new Problem(403, 'SCRIPT_HEADER_MISSING', 'a request by cookie needs a header that only its own page sets', {
      expected: `the header ${SCRIPT_HEADER}`,
    });
  }
  return caller;
}

function unauthorized(code: string, title: string): Problem {
  const next = 'send a token of keytrail token add as Authorization: Bearer kt_…';
  return new Problem(401, code, title, { next }, { 'WWW-Authenticate': 'Bearer realm="keytrail"' });
}

/** As clients send one: Bearer; Basic, with the token as the password; or ClickHouse's own header. */
function tokenOf(c: HttpContext): string | undefined {
  const key = c.req.header('x-clickhouse-key');
  if (key !== undefined && key !== '') return key;
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme === '') return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
