/**
 * Addresses of every page of the console, each with what the demo holds: pictures, axe in both themes, small screens
 * and foreign text are tried on all of them.
 */
export interface Shown {
  /** Names its pictures. */
  readonly name: string;
  /** Without a range: the last 30 days are added. */
  readonly path: string;
  /** Done before it is looked at: keys, one after the other. */
  readonly keys?: readonly string[];
}

export const SHOWN: readonly Shown[] = [
  { name: 'overview', path: '/' },
  { name: 'search', path: '/search' },
  { name: 'event', path: '/search?only.judgement=should-be-denied', keys: ['j', 'o'] },
  { name: 'nothing-found', path: '/search?only.key_id=nobody' },
  { name: 'tail', path: '/tail' },
  { name: 'leaked-secret', path: '/leaked-secret' },
  { name: 'help', path: '/', keys: ['?'] },
  { name: 'palette', path: '/', keys: ['Control+k'] },
  { name: 'no-such-page', path: '/keys/a/b/c' },
];

export function addressOf({ path }: Shown): string {
  return `${path}${path.includes('?') ? '&' : '?'}last=30d`;
}
