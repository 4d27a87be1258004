/**
 * The operation that a request asked for: its method and its path with the ids taken out.
 *
 * `DELETE /v1/subscriptions/1206/databases/51` and the same for database 52 are one operation: a path as it stands
 * would make every resource an action of its own.
 */

/** Digits, hexadecimal ids and UUIDs. */
const ID_SEGMENT = /\/(?:[0-9]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24,64})(?=\/|$)/g;
/** The action is a dictionary column: what only a scanner asks for must not fill it. */
const ROUTE_CHARS_MAX = 200;

/** @returns such as `GET /v1/subscriptions/{id}/databases`; `''` without method and path */
export function routeOf(method: string, path: string): string {
  if (path === '') return method;
  const route = path.replace(ID_SEGMENT, '/{id}').slice(0, ROUTE_CHARS_MAX);
  return method === '' ? route : `${method} ${route}`;
}
