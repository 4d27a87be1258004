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
import { between, counted, countsOf, type FiguresOptions, iso, rowsOf } from './figures.ts';
import { timeParameter } from './time-range.ts';

const count = z.number();
const judgedRow = z.object(counted);
const where = { last_network: z.string(), last_asn: count, last_as_name: z.string(), last_country: z.string() };
const span = { first_ms: count, last_ms: count };
const many = { keys: count, owners: count, apps: count, source_ips: count };
const profileRow = z.object({
  ...{ ...counted, ...span, ...many, outside_list: count, failures: count },
  ...{ networks: count, countries: count, user_agents: count },
});
const hourRow = z.object({ hour: count, events: count });
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

/** @param zone IANA's name of a zone: its days and hours are those of the week */
export async function profileOf(store: Store, options: FiguresOptions, zone: string): Promise<ProfileDocument> {
  const { fromMs, toMs, filters, signal } = options;
  const parameters = { ...filters.parameters, ...between(fromMs, toMs) };
  const [[row], hourRows] = await Promise.all([
    rowsOf(store, withFilters('profile', filters), parameters, signal, profileRow),
    rowsOf(store, withFilters('profile-hours', filters), { ...parameters, zone }, signal, hourRow),
  ]);
  const hours = Array<number>(HOURS_OF_WEEK).fill(0);
  for (const { hour, events } of hourRows) hours[hour] = events;
  const { first_ms, last_ms, allowed, denied, should_be_denied, should_be_allowed, ...figures } = profileRow.parse(row);
  const judged = countsOf({ events: figures.events, allowed, denied, should_be_denied, should_be_allowed });
  const isSome = figures.events > 0;
  return {
    ...{ from: iso(fromMs), to: iso(toMs), ...figures, ...judged, zone, hours },
    first_seen: isSome ? iso(first_ms) : null,
    last_seen: isSome ? iso(last_ms) : null,
  };
}

/** Of all time. */
export async function reachOfFound(store: Store, filters: FilterClauses, signal: AbortSignal): Promise<ReachDocument> {
  const [row] = await rowsOf(store, withFilters('profile-reach', filters), filters.parameters, signal, reachRow);
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
