/**
 * A small world with a story, for the questions: two accounts, their users, keys and networks over half a year, and
 * what was done with them. Everything is written out, so that an answer can be counted by hand.
 */
import { beforeAll } from 'vitest';
import type { AppRule } from '../../schemas/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { type EventRow, eventRow, insertEvents } from '../ask/fixture.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const DAY_MS = 86_400_000;

/** The moment at which every question is asked. */
export const WORLD_NOW = new Date('2026-11-23T12:00:00.000Z');
/** @param at `HH:MM` or `HH:MM:SS.mmm`, UTC; a day before or after the moment of asking */
const day = (days: number, at = '10:00'): string => {
  const date = new Date(WORLD_NOW.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  return new Date(`${date}T${at}Z`).toISOString();
};
const ms = (text: string): number => Date.parse(text);

const PRODUCTION = 'p1';
const STAGING = 's1';
const ADA = 'ada@northwind.example';
const BEN = 'ben@northwind.example';
const CHEN = 'chen@northwind.example';
const DANA = 'dana@northwind.example';

const said = (kind: Said['kind'], id: readonly string[], at: string, says: Said['says']): Said => ({
  kind,
  id,
  validFrom: ms(at),
  says,
});
const key = (name: string, at: string, says: Said['says'], account = PRODUCTION): Said =>
  said('key', [account, name], at, says);

const REGISTRY: readonly Said[] = [
  said('account', [PRODUCTION], day(-400), { name: 'Northwind Production', accountKey: 'valid' }),
  said('account', [STAGING], day(-400), { name: 'Northwind Staging' }),
  said('user', [PRODUCTION, ADA], day(-400), { name: 'Ada Byron', role: 'owner', active: true }),
  said('user', [STAGING, ADA], day(-400), { name: 'Ada Byron', role: 'owner', active: true }),
  said('user', [PRODUCTION, BEN], day(-400), { name: 'Ben Okafor', role: 'owner', active: true }),
  said('user', [PRODUCTION, CHEN], day(-400), { name: 'Chen Wei', role: 'owner', active: true }),
  // Chen left the company, and the key went on.
  said('user', [PRODUCTION, CHEN], day(-30), { active: false }),
  said('user', [PRODUCTION, DANA], day(-400), { name: 'Dana Petrov', role: 'owner', active: true }),

  // Old, owned, with a list that holds more than is used, and one address that is outside of it.
  key('deploy', day(-300), {
    ...{ state: 'active', owner: BEN, app: 'deployment', createdAt: ms(day(-300)), createdBy: BEN },
    allowList: ['198.51.100.64/28', '203.0.113.0/28'],
  }),
  // Changed hands ten days ago, and lost its restriction two days ago.
  key('orders', day(-200), {
    ...{ state: 'active', owner: ADA, app: 'orders', createdAt: ms(day(-200)), createdBy: ADA },
    allowList: ['198.51.100.20/32'],
  }),
  key('orders', day(-10), { owner: DANA }),
  key('orders', day(-2), { allowList: [] }),
  // Its app comes from a rule. No list.
  key('terraform', day(-250), { state: 'active', owner: ADA, createdAt: ms(day(-250)), allowList: [] }),
  // Used by nobody for 60 days, and open to a great part of the world.
  key('legacy', day(-380), {
    ...{ state: 'active', owner: BEN, app: 'billing', createdAt: ms(day(-380)) },
    allowList: ['0.0.0.0/0', '2001:db8::/32'],
  }),
  // Never used.
  key('spare', day(-120), { state: 'active', owner: DANA, createdAt: ms(day(-120)), allowList: ['198.51.0.0/14'] }),
  // Of someone who left.
  key('reports', day(-150), {
    state: 'active',
    owner: CHEN,
    app: 'reporting',
    createdAt: ms(day(-150)),
    allowList: 'unknown',
  }),
  // Deleted twenty days ago, and tried after that.
  key('old-ci', day(-360), { state: 'active', owner: BEN, app: 'deployment', createdAt: ms(day(-360)), allowList: [] }),
  key('old-ci', day(-20), { state: 'deleted' }),
  // One name, two keys: deleted forty days ago, and made again thirty days ago by somebody else.
  key('probe', day(-180), { state: 'active', owner: ADA, app: 'monitoring', createdAt: ms(day(-180)), allowList: [] }),
  key('probe', day(-40), { state: 'deleted' }),
  key('probe', day(-30), { state: 'active', owner: DANA, app: 'monitoring', createdAt: ms(day(-30)), allowList: [] }),
  // Of the other account.
  key(
    'staging',
    day(-200),
    { state: 'active', owner: ADA, app: 'orders', createdAt: ms(day(-200)), allowList: [] },
    STAGING,
  ),
  // Known only since the registry was read for the first time, five days ago.
  key('late', day(-5), { state: 'active', owner: ADA, allowList: [] }),

  said('network', ['office'], day(-400), { state: 'active', kind: 'office', owner: ADA, cidrs: ['198.51.100.0/24'] }),
  said('network', ['build'], day(-400), { state: 'active', kind: 'ci', owner: BEN, cidrs: ['198.51.100.64/28'] }),
  // The partner's network was theirs until fifteen days ago.
  said('network', ['partner'], day(-400), { state: 'active', kind: 'partner', cidrs: ['203.0.113.0/28'] }),
  said('network', ['partner'], day(-15), { state: 'ended' }),
];

const APP_RULES: readonly AppRule[] = [
  { name: 'terraform', app: 'infrastructure', user_agent: '*terraform-provider-*' },
  { name: 'build runners', app: 'deployment', network: 'build' },
];

const TERRAFORM = 'HashiCorp Terraform/1.9.8 terraform-provider-rediscloud/2.1.0';
const GO = 'rediscloud-go-api/0.24.0';
const PYTHON = 'python-requests/2.32.5';
const CURL = 'curl/8.5.0';

type Made = Partial<EventRow> & { readonly event_time: string };

const request = (key_id: string, event_time: string, source_ip: string, more: Partial<EventRow> = {}): Made => ({
  ...{ key_id, event_time, source_ip, account_id: PRODUCTION, principal_kind: 'api-key' },
  ...{ action: 'GET /v1/subscriptions', activity: 'read', http_method: 'GET', url_path: '/v1/subscriptions' },
  ...{ status_code: 200, outcome: 'success', auth_result: 'success', user_agent: GO },
  ...(source_ip.startsWith('198.51.100.') ? { asn: 64496, as_name: 'Northwind Net', country: 'DE' } : {}),
  ...(source_ip.startsWith('203.0.113.') ? { asn: 64511, as_name: 'Elsewhere Ltd', country: 'NL' } : {}),
  ...more,
});

const denied = (auth_reason: string): Partial<EventRow> => ({
  ...{
    auth_result: 'failure',
    auth_reason,
    outcome: 'failure',
    status_code: auth_reason === 'source-ip-not-allowed' ? 403 : 401,
  },
});

const changed = (database: string, verb: 'PUT' | 'DELETE'): Partial<EventRow> => ({
  ...{ action: `${verb} /v1/subscriptions/{id}/databases/{id}`, http_method: verb, status_code: 202 },
  ...{ activity: verb === 'PUT' ? 'update' : 'delete', url_path: `/v1/subscriptions/12/databases/${database}` },
  ...{ resource_type: 'Configuration', resource_id: database, resource_name: `db-${database}` },
  description: `Database db-${database} was ${verb === 'PUT' ? 'changed' : 'deleted'}`,
});

const console_ = (event_time: string, name: string, email: string, more: Partial<EventRow> = {}): Made => ({
  ...{ event_time, source: 'redis-cloud/system-log', time_precision_ms: 1_000, account_id: PRODUCTION },
  ...{ principal_kind: 'console-user', principal_name: name, principal_email: email },
  ...{ action: 'Configuration', activity: 'update', resource_type: 'Configuration' },
  ...more,
});

const login = (event_time: string, email: string, source_ip: string, more: Partial<EventRow> = {}): Made => ({
  ...{ event_time, source: 'redis-cloud/session-log', time_precision_ms: 1_000, account_id: PRODUCTION, source_ip },
  ...{ principal_kind: 'console-user', principal_email: email, action: 'Successful login', activity: 'authenticate' },
  ...{ user_agent: 'Mozilla/5.0', auth_result: 'success', outcome: 'success' },
  ...more,
});

const BUILD = '198.51.100.65';
const OFFICE = '198.51.100.20';
const PARTNER = '203.0.113.5';
const STRANGER = '203.0.113.77';
const EXPORTER = '2001:db8:10::5';

/** Several days in a row, counted in days before the moment of asking. */
const daily = (from: number, to: number, make: (day: number) => Made): Made[] =>
  Array.from({ length: from - to + 1 }, (_, index) => make(-(from - index)));

const EVENTS: readonly Made[] = [
  // deploy: twenty quiet days from the build network, two calls from the partner, one from a stranger that was let in.
  ...daily(20, 1, (at) => request('deploy', day(at, '09:00'), BUILD, at % 5 === 0 ? changed('5101', 'PUT') : {})),
  request('deploy', day(-18, '09:30'), PARTNER),
  request('deploy', day(-12, '09:30'), PARTNER),
  request('deploy', day(-3, '01:12:00.500'), STRANGER, { user_agent: PYTHON }),
  request('deploy', day(-3, '01:13'), STRANGER, {
    ...changed('5102', 'DELETE'),
    user_agent: PYTHON,
    request_id: 'req-deleted',
  }),
  // …and turned away from an address that its list holds.
  request('deploy', day(-2, '08:00'), '198.51.100.66', denied('source-ip-not-allowed')),
  // orders: its owner changed ten days ago, its list two days ago.
  ...daily(14, 1, (at) => request('orders', day(at, '11:00'), OFFICE, { user_agent: GO })),
  request('orders', day(-6, '02:00'), STRANGER, { ...denied('source-ip-not-allowed'), user_agent: PYTHON }),
  request('orders', day(-1, '02:00'), STRANGER, { user_agent: PYTHON }),
  request('orders', day(-1, '02:05'), STRANGER, { user_agent: PYTHON, status_code: 403, outcome: 'failure' }),
  // terraform from two addresses; one call without one.
  ...daily(9, 7, (at) =>
    request('terraform', day(at, '12:00'), '198.51.100.10', { ...changed('5103', 'PUT'), user_agent: TERRAFORM }),
  ),
  request('terraform', day(-7, '12:30'), EXPORTER, { user_agent: TERRAFORM }),
  request('terraform', day(-7, '12:31'), '', { user_agent: TERRAFORM, source_host: 'AWS Internal' }),
  // legacy, long ago; reports, whose list nobody knows; late, before and after it was known.
  request('legacy', day(-60, '10:00'), '192.0.2.200', { user_agent: CURL }),
  request('reports', day(-45, '10:00'), '198.51.100.140', { user_agent: CURL }),
  request('reports', day(-4, '10:00'), '198.51.100.140', { user_agent: CURL }),
  request('late', day(-8, '10:00'), OFFICE),
  request('late', day(-1, '10:00'), OFFICE),
  // old-ci before its end, after it (turned away), and once let in all the same.
  request('old-ci', day(-25, '10:00'), BUILD),
  request('old-ci', day(-15, '10:00'), BUILD, denied('invalid-user-key')),
  request('old-ci', day(-14, '10:00'), BUILD),
  // probe under its first owner and under its second.
  request('probe', day(-50, '10:00'), EXPORTER, { user_agent: PYTHON }),
  ...daily(3, 1, (at) => request('probe', day(at, '06:00'), EXPORTER, { user_agent: PYTHON })),
  // The other account's key, shown with this account's account key.
  request('staging', day(-9, '10:00'), OFFICE, { account_id: STAGING }),
  request('staging', day(-9, '10:05'), OFFICE, denied('account-mismatch')),
  request('staging', day(-9, '10:06'), OFFICE),
  // Keys that no registry knows.
  request('mystery', day(-11, '03:00'), STRANGER, { principal_name: 'Ben Okafor', principal_email: BEN }),
  request('mystery', day(-10, '03:00'), STRANGER, { principal_name: 'Ben Okafor', principal_email: BEN }),
  request('guess-1', day(-6, '02:01'), STRANGER, denied('invalid-user-key')),
  // Tries without a key.
  request('', day(-6, '02:02'), STRANGER, { ...denied('missing-user-key'), principal_kind: 'unknown' }),
  request('', day(-6, '02:03'), STRANGER, { ...denied('other'), principal_kind: 'unknown' }),
  // The console: what Ada did fifteen minutes, and what Ben did two days, after a login; Chen never logged in here.
  login(day(-5, '08:00:00'), ADA, OFFICE),
  console_(day(-5, '08:15:00'), 'Ada Byron', ADA, {
    resource_id: '5101',
    resource_name: 'db-5101',
    description: 'Memory Limit changed from 1 GB to 2 GB',
  }),
  login(day(-8, '08:00:00'), BEN, '198.51.100.150'),
  console_(day(-6, '09:00:00'), 'Ben Okafor', BEN, {
    description: 'Source ip/subnet added. Ip/subnet - 0.0.0.0/0',
    resource_type: 'Account',
  }),
  console_(day(-33, '09:00:00'), 'Chen Wei', CHEN, {
    description: 'MFA enforcement has been enabled',
    resource_type: 'Account',
  }),
  console_(day(-4, '09:00:00'), 'System', '', {
    principal_kind: 'system',
    description: 'Periodic backup successfully completed',
    activity: 'other',
  }),
  // A clock that is ahead.
  request('deploy', day(2, '09:00'), BUILD),
];

export const WORLD_EVENTS: readonly EventRow[] = EVENTS.map((event, index) =>
  eventRow({
    ...event,
    source_ip: event.source_ip?.includes('.') ? `::ffff:${event.source_ip}` : (event.source_ip ?? ''),
    event_id: `e${index}`,
    request_id: event.request_id ?? (event.source?.startsWith('redis-cloud') ? '' : `r${index}`),
    content_hash: index.toString(16).padStart(32, '0'),
    raw: JSON.stringify({ number: index }),
  }),
);

/** A store that holds this world. */
export function worldStore(): { readonly store: () => Store } {
  let opened: Store | undefined;
  beforeAll(async () => {
    opened = (await temporaryStore()).store;
    await sayToRegistry(opened, REGISTRY, APP_RULES, WORLD_NOW.getTime());
    await insertEvents(opened, WORLD_EVENTS);
  });
  return {
    store: () => {
      if (opened === undefined) throw new Error('the store opens before the first test');
      return opened;
    },
  };
}
