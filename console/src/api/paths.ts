/** Every path of the API that the console asks, once; a test finds each of them among the daemon's routes. */
export const PATHS = {
  me: '/api/v1/me',
  overview: '/api/v1/overview',
  newcomers: '/api/v1/newcomers',
  events: '/api/v1/events',
  event: '/api/v1/event',
  facets: '/api/v1/events/facets',
  histogram: '/api/v1/events/histogram',
  top: '/api/v1/events/top',
  tail: '/api/v1/events/tail',
  search_export: '/api/v1/events/found',
  findings: '/api/v1/findings',
  key_history: '/api/v1/keys/{key}/history',
  parts: '/api/v1/parts',
  leaked_secret: '/api/v1/leaked-secret',
} as const;

/** A path with its places filled: `at('/api/v1/keys/{key}', { key })`. */
export function at(path: string, places: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ''));
}
