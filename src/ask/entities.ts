/** What is known of one entity, or of all of a kind, from the events of a range. */
import { z } from 'zod';
import type {
  AddressesDocument,
  KEY_SORTS,
  KEY_USES,
  KeyUsageDocument,
  ProfileDocument,
  ReachDocument,
  VALUE_FIELDS,
  VALUE_SORTS,
  ValuesDocument,
} from '../../schemas/api/entities.ts';
import { statement } from '../store/statements.ts';
import type { Parameters, Store } from '../store/store.ts';
import { readableAddress } from './cells.ts';
import type { FilterClauses } from './event-filters.ts';
import { withFilters } from './event-search.ts';
import { between, bucketsOf, counted, countsOf, type FiguresOptions, iso, rowsOf } from './figures.ts';
import { timeParameter } from './time-range.ts';
import { timeSteps } from './time-steps.ts';

const count = z.number();
const judgedRow = z.object(counted);
const where = { last_network: z.string(), last_asn: count, last_as_name: z.string(), last_country: z.string() };
const span = { first_ms: count, last_ms: count };
const many = { keys: count, owners: count, apps: count, source_ips: count };
const profileRow = z.object({
  ...{ facet: z.string(), value: z.string(), ...counted, ...span },
  ...{ outside_list: count, failures: count, total: count },
});
const reachRow = z.object({ ...span, events: count, successes: count, last_success_ms: count });
const addressRow = z.object({
  ...{ address: z.string(), ...where, ...counted, ...span },
  ...{ outside_list: count, keys: count },
});
const valueRow = z.object({ value: z.string(), ...where, ...many, ...counted, ...span, total: count });
const keyRow = z.object({
  ...{ account_id: z.string(), key_id: z.string(), state: z.string(), owner: z.string(), app: z.string() },
  ...{ allow_list_state: z.string(), allow_list_entries: count, source_ips: count, last_ms: count, total: count },
  ...{ total_used: count, total_unregistered: count, total_unrestricted: count },
  ...counted,
});

const HOURS_OF_WEEK = 168;
const NOTHING = { events: 0, allowed: 0, denied: 0, should_be_denied: 0, should_be_allowed: 0 };
/** Rows of a profile that are about no field of an event. */
const NO_FIELDS: ReadonlySet<string> = new Set(['all', 'at', 'hour', 'asn', 'key']);

export interface ProfileOptions {
  /** IANA's name of a zone: its days and hours are those of the week. */
  readonly zone: string;
  readonly bucketsMax: number;
  /** Values of each field. */
  readonly limit: number;
}

export async function profileOf(
  store: Store,
  { fromMs, toMs, filters, signal }: FiguresOptions,
  { zone, bucketsMax, limit }: ProfileOptions,
): Promise<ProfileDocument> {
  const steps = timeSteps(fromMs, toMs, bucketsMax);
  const parameters = { ...filters.parameters, ...between(fromMs, toMs), bucket_ms: steps.stepMs, zone, limit };
  const rows = await rowsOf(store, withFilters('profile', filters), parameters, signal, profileRow);
  const of = (name: string) => rows.filter(({ facet }) => facet === name);
  const many = (name: string): number => of(name)[0]?.total ?? 0;
  const [all] = of('all');
  const hours = Array<number>(HOURS_OF_WEEK).fill(0);
  for (const { value, events } of of('hour')) hours[Number(value)] = events;
  const facets: Record<string, { value: string; events: number }[]> = {};
  for (const { facet, value, events } of rows) {
    if (NO_FIELDS.has(facet)) continue;
    facets[facet] ??= [];
    facets[facet].push({ value, events });
  }
  const range = { from: iso(fromMs), to: iso(toMs) };
  const isSome = all !== undefined && all.events > 0;
  return {
    ...{ ...range, events: all?.events ?? 0, ...countsOf(all ?? NOTHING) },
    ...{ outside_list: all?.outside_list ?? 0, failures: all?.failures ?? 0 },
    ...{ keys: many('key'), owners: many('owner'), apps: many('app'), source_ips: many('source_ip') },
    ...{ networks: many('asn'), countries: many('country'), user_agents: many('user_agent') },
    first_seen: isSome ? iso(all.first_ms) : null,
    last_seen: isSome ? iso(all.last_ms) : null,
    ...{ zone, hours, limit, facets },
    histogram: { ...range, step_ms: steps.stepMs, buckets: bucketsOf(of('at'), steps) },
  };
}

/** Of all time. */
export async function reachOfFound(store: Store, filters: FilterClauses, signal: AbortSignal): Promise<ReachDocument> {
  const name = filters.isRecorded ? 'recorded-reach' : 'profile-reach';
  const [row] = await rowsOf(store, withFilters(name, filters), filters.parameters, signal, reachRow);
  const { events = 0, successes = 0, first_ms = 0, last_ms = 0, last_success_ms = 0 } = row ?? {};
  return {
    first_seen: events > 0 ? iso(first_ms) : null,
    last_seen: events > 0 ? iso(last_ms) : null,
    last_success: successes > 0 ? iso(last_success_ms) : null,
  };
}

export async function addressesOf(store: Store, options: FiguresOptions, limit: number): Promise<AddressesDocument> {
  const { fromMs, toMs, filters, signal } = options;
  const parameters = { ...filters.parameters, ...between(fromMs, toMs), limit };
  const rows = await rowsOf(store, withFilters('addresses', filters), parameters, signal, addressRow);
  return {
    ...{ from: iso(fromMs), to: iso(toMs) },
    rows: rows.map(({ address, ...row }) => ({ source_ip: readableAddress(address), ...told(row) })),
  };
}

export interface ListOptions<Sort> extends FiguresOptions {
  readonly words: string;
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
}

export async function valuesOf(
  store: Store,
  field: (typeof VALUE_FIELDS)[number],
  options: ListOptions<(typeof VALUE_SORTS)[number]>,
): Promise<ValuesDocument> {
  const { fromMs, toMs, filters, signal, words, sort, limit, offset } = options;
  const parameters = { ...filters.parameters, ...between(fromMs, toMs), field, words, sort, limit, offset };
  const rows = await rowsOf(store, withFilters('values', filters), parameters, signal, valueRow);
  return {
    field,
    total: rows[0]?.total ?? 0,
    rows: rows.map(({ total: _, value, ...row }) => ({
      value: field === 'source_ip' ? readableAddress(value) : value,
      ...told(row),
    })),
  };
}

export interface KeyListOptions extends Omit<ListOptions<(typeof KEY_SORTS)[number]>, 'filters'> {
  readonly nowMs: number;
  readonly use: (typeof KEY_USES)[number];
  readonly states: readonly string[];
  readonly owner: string;
  readonly app: string;
}

export async function keyUsageOf(store: Store, options: KeyListOptions): Promise<KeyUsageDocument> {
  const { fromMs, toMs, nowMs, signal, ...wanted } = options;
  const parameters: Parameters = { ...wanted, ...between(fromMs, toMs), now: timeParameter(nowMs) };
  const rows = await rowsOf(store, statement('keys-used'), parameters, signal, keyRow);
  return {
    total: rows[0]?.total ?? 0,
    used: rows[0]?.total_used ?? 0,
    unregistered: rows[0]?.total_unregistered ?? 0,
    unrestricted: rows[0]?.total_unrestricted ?? 0,
    rows: rows.map(({ total, total_used, total_unregistered, total_unrestricted, last_ms, ...row }) => {
      const { allowed, denied, should_be_denied, should_be_allowed, ...rest } = row;
      const judged = countsOf({ events: row.events, allowed, denied, should_be_denied, should_be_allowed });
      return { ...rest, ...judged, last_seen: row.events > 0 ? iso(last_ms) : null };
    }),
  };
}

type Told = z.infer<typeof judgedRow> & z.infer<z.ZodObject<typeof where>> & z.infer<z.ZodObject<typeof span>>;

/** A row of the store in the words of the API. */
function told<Row extends Told>({
  first_ms,
  last_ms,
  last_network,
  last_asn,
  last_as_name,
  last_country,
  ...row
}: Row) {
  const { allowed, denied, should_be_denied, should_be_allowed, ...rest } = row;
  const judged = countsOf({ events: row.events, allowed, denied, should_be_denied, should_be_allowed });
  return {
    ...{ ...rest, ...judged, first_seen: iso(first_ms), last_seen: iso(last_ms) },
    ...{ network: last_network, asn: last_asn, as_name: last_as_name, country: last_country },
  };
}
