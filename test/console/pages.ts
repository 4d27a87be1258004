/**
 * Addresses of every page of the console, each with what the demo holds: pictures, axe in both themes, small screens
 * and foreign text are tried on all of them.
 */
import { USER_AGENTS } from '../../examples/cast.ts';
import { STORY } from '../../examples/generate.ts';

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
  { name: 'findings', path: '/findings' },
  { name: 'finding-beside', path: '/findings', keys: ['j', 'o'] },
  { name: 'finding', path: '/findings', keys: ['j', 'o', 'w'] },
  { name: 'judge', path: '/findings', keys: ['j', 'o', 'f'] },
  { name: 'suppress', path: '/findings', keys: ['j', 'o', 's'] },
  { name: 'no-finding', path: `/findings/${'0'.repeat(32)}` },
  { name: 'keys', path: '/keys' },
  { name: 'key', path: `/keys/${STORY.foreign.key}` },
  { name: 'key-unregistered', path: `/keys/${STORY.unregistered.key}` },
  { name: 'key-with-list', path: `/keys/${STORY.denied.key}` },
  { name: 'key-unknown', path: '/keys/orders-servce' },
  { name: 'apps', path: '/apps' },
  { name: 'app', path: '/apps/orders' },
  { name: 'addresses', path: '/addresses' },
  { name: 'address', path: `/addresses/${STORY.foreign.address}` },
  { name: 'address-none', path: '/addresses/elsewhere' },
  { name: 'owners', path: '/owners' },
  { name: 'owner', path: `/owners/${STORY.handover.to}` },
  { name: 'networks', path: '/networks' },
  { name: 'network', path: '/networks/office' },
  { name: 'user-agents', path: '/user-agents' },
  { name: 'user-agent', path: `/user-agents/${encodeURIComponent(USER_AGENTS.terraform)}` },
  { name: 'help', path: '/', keys: ['?'] },
  { name: 'palette', path: '/', keys: ['Control+k'] },
  { name: 'no-such-page', path: '/keys/a/b/c' },
];

export function addressOf({ path }: Shown): string {
  return `${path}${path.includes('?') ? '&' : '?'}last=30d`;
}
