/**
 * What each path answers to a request that was let in.
 *
 * The description's schemas and its own examples disagree: RootAccount has no `account`, AccountUsers no `users`, and
 * the example of the system log no `links`. The schemas are open, so the answers follow both: what an example shows and
 * what a schema names is there. `links` are objects of texts, as the schemas say, and lead to the answer itself.
 */
import type { Account, Resource, User, UserKey } from './accounts.ts';
import { type Answer, errorAnswer, jsonAnswer } from './answers.ts';
import type { GrowingLog } from './growing-log.ts';
import type { LiveAccount } from './live-account.ts';
import { integer, LOG_ROWS_MAX, type PageParameters, readPageParameters, SESSION_ROWS_MAX } from './parameters.ts';
import { isoSeconds } from './rows.ts';

export interface RoutedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The whole URL, without the query. */
  readonly url: string;
  readonly account: LiveAccount;
  readonly key: UserKey;
  readonly address: string;
  readonly now: number;
}

interface Route {
  readonly resource: Resource;
  readonly answer: (request: RoutedRequest) => Answer;
}

const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/': { resource: 'account', answer: answerAccount },
  '/v1/logs': { resource: 'system-log', answer: answerSystemLog },
  '/v1/session-logs': { resource: 'session-log', answer: answerSessionLog },
  '/v1/users': { resource: 'users', answer: ({ account: { state } }) => jsonAnswer(200, usersOf(state)) },
};
const ONE_USER: Route = { resource: 'users', answer: answerUser };
const USER_PATH = /^\/v1\/users\/([^/]+)$/;

/** The description has more operations; this is all of it that is served, and the rest is answered 404. */
export function routeOf(method: string, path: string): Route | undefined {
  if (method !== 'GET') return undefined;
  if (Object.hasOwn(ROUTES, path)) return ROUTES[path];
  return USER_PATH.test(path) ? ONE_USER : undefined;
}

function answerAccount({ account: { state }, key, address, url }: RoutedRequest): Answer {
  const owner = state.users.find(({ email }) => email === key.ownerEmail);
  return jsonAnswer(200, {
    account: {
      id: state.id,
      name: state.name,
      createdTimestamp: isoSeconds(state.createdAt),
      updatedTimestamp: isoSeconds(state.createdAt),
      pocStatus: 'inactive',
      marketplaceStatus: 'active',
      key: {
        name: key.name,
        accountId: state.id,
        accountName: state.name,
        allowedSourceIps: key.allowedSourceIps,
        createdTimestamp: isoSeconds(key.createdAt),
        owner: { name: owner?.name, email: key.ownerEmail },
        userAccountId: owner?.id,
        httpSourceIp: address,
      },
    },
    links: linksTo(url),
  });
}

function answerSystemLog(request: RoutedRequest): Answer {
  const page = readPageParameters(request.query, LOG_ROWS_MAX);
  if (page === undefined) return errorAnswer(400, request.path, request.now);
  const { resourceId } = page;
  const accepts =
    resourceId === undefined ? {} : { accepts: (row: { resourceId?: number }) => row.resourceId === resourceId };
  return pageOf(request.account.systemLog, { ...page, ...accepts }, request);
}

function answerSessionLog(request: RoutedRequest): Answer {
  const page = readPageParameters(request.query, SESSION_ROWS_MAX);
  if (page === undefined) return errorAnswer(400, request.path, request.now);
  return pageOf(request.account.sessionLog, page, request);
}

function pageOf<Row>(
  log: GrowingLog<Row>,
  page: PageParameters & { readonly accepts?: (row: Row) => boolean },
  { now, url }: RoutedRequest,
): Answer {
  return jsonAnswer(200, { entries: log.page(page, now), links: linksTo(url) });
}

function usersOf(account: Account): unknown {
  return { account: account.id, users: account.users.map((user) => userOf(account, user)) };
}

function answerUser({ path, account: { state }, now }: RoutedRequest): Answer {
  const id = integer(USER_PATH.exec(path)?.[1] ?? '', 0, 0, Number.MAX_SAFE_INTEGER);
  if (id === undefined) return errorAnswer(400, path, now);
  const user = state.users.find((one) => one.id === id);
  return user === undefined ? errorAnswer(404, path, now) : jsonAnswer(200, userOf(state, user));
}

function userOf({ keys }: Account, { id, name, email, role, userType = 'Local', mfaEnabled = false }: User): unknown {
  const hasApiKey = keys.some(({ ownerEmail, revokedAt }) => ownerEmail === email && revokedAt === undefined);
  const options = { billing: false, emailAlerts: false, operationalEmails: false, mfaEnabled };
  return { id, name, email, role, userType, hasApiKey, options };
}

function linksTo(url: string): unknown {
  return [{ rel: 'self', type: 'GET', href: url }];
}
