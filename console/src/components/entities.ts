/** Which value leads where: the one list that makes every value a handle. */
import { filterParams, isFilterable, searchFor } from '../state/filters.ts';
import { linkTo } from '../state/range.ts';

export interface Around {
  /** The account that a key belongs to: names of keys are unique in one only. */
  readonly account?: string | undefined;
}

type Href = (value: string, around: Around) => string;

const page =
  (section: string): Href =>
  (value) =>
    linkTo(`/${section}/${encodeURIComponent(value)}`);

/** Fields whose values have a page each, and a list of all of them. */
const SECTIONS: Readonly<Record<string, string>> = {
  ...{ key_id: 'keys', owner: 'owners', app: 'apps' },
  ...{ source_ip: 'addresses', network: 'networks', user_agent: 'user-agents' },
};

const PAGES: Readonly<Record<string, Href>> = {
  ...Object.fromEntries(Object.entries(SECTIONS).map(([field, section]) => [field, page(section)])),
  key_id: (value, { account }) =>
    linkTo(`/keys/${encodeURIComponent(value)}`, account === undefined ? {} : { account }),
  finding: page('findings'),
  question: page('questions'),
};

/** Fields that the search knows, in the words of people. */
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  account_id: 'account',
  key_id: 'key',
  owner: 'owner',
  app: 'app',
  source_ip: 'address',
  network: 'network',
  asn: 'AS number',
  country: 'country',
  judgement: 'judgement',
  verdict: 'verdict',
  auth_result: 'authentication',
  auth_reason: 'reason',
  outcome: 'outcome',
  status_code: 'status',
  error_code: 'error',
  http_method: 'method',
  url_path: 'path',
  action: 'action',
  activity: 'activity',
  resource_type: 'resource type',
  resource_id: 'resource id',
  resource_name: 'resource',
  principal_kind: 'kind of principal',
  principal_name: 'principal',
  principal_email: 'email of the principal',
  user_agent: 'user agent',
  request_id: 'request id',
  event_id: 'event id',
  source: 'source',
};

export function fieldName(field: string): string {
  return FIELD_NAMES[field] ?? field.replace(/_/g, ' ');
}

/** @returns where a value leads; `undefined` where nothing is known of it but itself */
export function hrefOf(field: string, value: string, around: Around = {}): string | undefined {
  if (value === '' || !isFilterable(value)) return undefined;
  const own = PAGES[field];
  if (own !== undefined) return own(value, around);
  return field in FIELD_NAMES ? searchFor(field, value) : undefined;
}

/** @returns where all values of a field are listed; `undefined` where nothing lists them */
export function listOf(field: string): string | undefined {
  const section = SECTIONS[field];
  return section === undefined ? undefined : linkTo(`/${section}`);
}

export function canFilter(field: string, value: string): boolean {
  return field in FIELD_NAMES && isFilterable(value);
}

/** The address of one event: a search in which its drawer is open. */
export function eventHref(event: {
  readonly event_id: string;
  readonly source: string;
  readonly account_id: string;
}): string {
  return linkTo('/search', { ...filterParams(), event: eventKey(event) });
}

/** What names an event in an address. */
export function eventKey({
  event_id,
  source,
  account_id,
}: {
  event_id: string;
  source: string;
  account_id: string;
}): string {
  return `${source} ${account_id} ${event_id}`;
}

export function eventOfKey(key: string): { source: string; account_id: string; event_id: string } {
  const [, source = '', account_id = '', event_id = ''] = /^(\S*) (\S*) ([\s\S]+)$/.exec(key) ?? ['', '', '', key];
  return { source, account_id, event_id };
}

/** What the key leaves open may be anything. */
export function isEventOfKey(event: Parameters<typeof eventKey>[0], key: string): boolean {
  const { event_id, source, account_id } = eventOfKey(key);
  const isAs = (wanted: string, got: string): boolean => wanted === '' || wanted === got;
  return event.event_id === event_id && isAs(source, event.source) && isAs(account_id, event.account_id);
}
