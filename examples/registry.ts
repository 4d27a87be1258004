/**
 * What the registry of the examples says: files of the formats that people import. Times are told in days before the
 * end.
 */
import { ACCOUNTS, type ExampleKey, KEYS, OWNERS } from './cast.ts';
import { STORY } from './story.ts';

const MS_PER_DAY = 86_400_000;
/** Long before the first event. */
const EVER = 400;

type Entry = Readonly<Record<string, unknown>>;

/** @param end ms since 1970, as for the events */
export function exampleRegistry(end: number): Readonly<Record<string, readonly Entry[]>> {
  const days = (count: number) => new Date(end - count * MS_PER_DAY).toISOString();
  return {
    accounts: ACCOUNTS.map(({ id, name }) => ({ account_id: id, name, account_key: 'valid', valid_from: days(EVER) })),
    users: [
      ...ACCOUNTS.flatMap(({ id }) =>
        Object.values(OWNERS).map(({ name, email }) => ({
          ...{ account_id: id, email, name, role: 'owner', active: true, valid_from: days(EVER) },
        })),
      ),
      { account_id: '1001', email: STORY.left.owner, active: false, valid_from: days(STORY.left.daysBeforeEnd) },
    ],
    keys: [...KEYS.flatMap((key) => keyEntries(key, days)), neverUsed(days)],
    app_rules: [{ name: 'terraform', app: 'infrastructure', user_agent: '*terraform-provider-*' }],
  };
}

function keyEntries(key: ExampleKey, days: (count: number) => string): Entry[] {
  const { handover, deleted, learned } = STORY;
  const from = key.name === learned.key ? learned.daysBeforeEnd : EVER;
  const known = {
    account_id: key.accountId,
    key_id: key.name,
    owner: key.name === handover.key ? handover.from : key.owner.email,
    // The terraform keys are nobody's entry in a list: a rule tells what they serve.
    ...(key.app === '' || key.app === 'infrastructure' ? {} : { app: key.app }),
    allow_list: key.allowList,
    valid_from: days(from),
    ...(from === EVER ? { created_at: days(EVER) } : {}),
    ...(key.name === deleted.key ? { deleted_at: days(deleted.daysBeforeEnd) } : {}),
  };
  if (key.name !== handover.key) return [known];
  const later = { owner: handover.to, valid_from: days(handover.daysBeforeEnd) };
  return [known, { account_id: key.accountId, key_id: key.name, ...later }];
}

function neverUsed(days: (count: number) => string): Entry {
  const owner = OWNERS.dana.email;
  return {
    account_id: '1001',
    key_id: 'spare-key',
    owner,
    created_at: days(120),
    valid_from: days(120),
    allow_list: [],
  };
}

/** @param end ms since 1970, as for the events */
export function exampleNetworks(end: number): Readonly<Record<'networks', readonly Entry[]>> {
  const valid_from = new Date(end - EVER * MS_PER_DAY).toISOString();
  return {
    networks: [
      { network: 'data center', kind: 'cloud', owner: OWNERS.ada.email, cidrs: ['198.51.100.0/26'], valid_from },
      { network: 'build runners', kind: 'ci', owner: OWNERS.ben.email, cidrs: ['198.51.100.64/28'], valid_from },
      { network: 'office', kind: 'office', owner: OWNERS.ada.email, cidrs: ['198.51.100.128/25'], valid_from },
      { network: 'monitoring', kind: 'cloud', owner: OWNERS.dana.email, cidrs: ['2001:db8:10::/64'], valid_from },
    ],
  };
}
