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
  profile: '/api/v1/events/profile',
  reach: '/api/v1/events/reach',
  addresses: '/api/v1/events/addresses',
  values: '/api/v1/events/values',
  key_usage: '/api/v1/key-usage',
  app: '/api/v1/apps/{app}',
  address: '/api/v1/addresses/{address}',
  network_history: '/api/v1/networks/{network}/history',
  answer: '/api/v1/questions/{id}/answer',
  finding: '/api/v1/findings/{id}',
  finding_context: '/api/v1/findings/{id}/context',
  judge: '/api/v1/findings/judge',
  suppressions: '/api/v1/suppressions',
  suppression_preview: '/api/v1/suppressions/preview',
  suppression_end: '/api/v1/suppressions/{id}/end',
} as const;

/** A path with its places filled: `at('/api/v1/keys/{key}', { key })`. */
export function at(path: string, places: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ''));
}
