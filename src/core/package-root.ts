/** Where the package lies, with its schemas, queries and examples: the same from `src` and from `dist`. */
export const PACKAGE_ROOT: URL = new URL(
  import.meta.url.includes('/dist/src/') ? '../../../' : '../../',
  import.meta.url,
);
