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
  { name: 'questions', path: '/questions' },
  { name: 'question', path: '/questions/key-usage' },
  { name: 'question-over-time', path: '/questions/usage-by-day' },
  { name: 'question-to-fill', path: '/questions/who-used-ip' },
  { name: 'question-download', path: '/questions/source-ip-usage', keys: ['e'] },
  { name: 'no-such-question', path: '/questions/no-such' },
  { name: 'reports', path: '/reports' },
  { name: 'report', path: '/reports', keys: ['j', 'o'] },
  { name: 'report-run', path: '/reports?do=run%3Akey-usage' },
  { name: 'no-such-report', path: '/reports/none' },
  { name: 'registry', path: '/registry' },
  { name: 'registry-history', path: '/registry?open=key%3A1001%2Forders-service' },
  { name: 'registry-apps', path: '/registry?tab=apps' },
  { name: 'registry-rules', path: '/registry?tab=apps&do=rules' },
  { name: 'registry-networks', path: '/registry?tab=networks' },
  { name: 'registry-network', path: '/registry?tab=networks&do=network%3A' },
  { name: 'registry-accounts', path: '/registry?tab=accounts' },
  { name: 'registry-users', path: '/registry?tab=users' },
  { name: 'registry-unregistered', path: '/registry?tab=unregistered' },
  { name: 'registry-changes', path: '/registry?tab=changes' },
  { name: 'registry-import', path: '/registry?do=import' },
  { name: 'ingest', path: '/ingest' },
  { name: 'dead-letters', path: '/ingest?tab=letters' },
  { name: 'dead-letter', path: '/ingest?tab=letters', keys: ['j', 'o'] },
  { name: 'collectors', path: '/ingest?tab=collectors' },
  { name: 'ledger', path: '/ingest?tab=ledger' },
  { name: 'parts', path: '/ingest?tab=parts' },
  { name: 'access', path: '/access' },
  { name: 'access-new', path: '/access?do=add' },
  { name: 'access-asked', path: '/access?tab=asked' },
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
