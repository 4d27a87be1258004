/**
 * Where the pages of the console lie: the first part of their addresses. The daemon gives the console for these and for
 * nothing else, so that a wrong address of the API stays an error.
 */
export const CONSOLE_SECTIONS = [
  'search',
  'tail',
  'leaked-secret',
  'findings',
  'keys',
  'apps',
  'owners',
  'addresses',
  'networks',
  'user-agents',
  'questions',
  'reports',
  'registry',
  'ingest',
  'access',
] as const;
export type ConsoleSection = (typeof CONSOLE_SECTIONS)[number];
