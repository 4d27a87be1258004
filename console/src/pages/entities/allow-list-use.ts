/** What of an allow list is used, and lists that would be enough. */
import type { AddressesDocument } from '../../../../schemas/api/entities.ts';

type Place = AddressesDocument['rows'][number];

export interface ListEntry {
  readonly entry: string;
  /** What would be enough in its place; nothing where it was not used, itself where it was used to its edges. */
  readonly next: readonly string[];
  readonly requests: number;
  readonly addresses: number;
}

/** @param rows of the question about unused entries, which leaves out the ones that fit */
export function entriesOf(
  list: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): readonly ListEntry[] {
  return list.map((entry) => {
    const row = rows.find((one) => one.entry === entry);
    if (row === undefined) return { entry, next: [entry], requests: 0, addresses: 0 };
    const next = row.suggestion === 'remove' ? [] : [String(row.tightest)];
    return { entry, next, requests: Number(row.requests), addresses: Number(row.source_ips) };
  });
}

export interface Outside extends Pick<Place, 'source_ip' | 'outside_list'> {
  /** Requests that were let in. */
  readonly uses: number;
}

export function outsideOf(places: readonly Place[]): readonly Outside[] {
  return places
    .filter(({ outside_list }) => outside_list > 0)
    .map((place) => ({ source_ip: place.source_ip, outside_list: place.outside_list, uses: usesAt(place) }));
}

/** Requests that were turned away are no use. */
function usesAt(place: Place): number {
  return place.events - place.denied - place['should-be-allowed'];
}

export function usesOf(places: readonly Place[]): readonly string[] {
  return places.filter((place) => usesAt(place) > 0).map(({ source_ip }) => source_ip);
}

/** From so many addresses of one /24 or /64 on, the whole of it is one entry. */
const NEIGHBOURS = 8;

/** Each address by itself, or the range that many of them share; in the order of their names. */
export function tightList(addresses: readonly string[]): readonly string[] {
  const ranges = new Map<string, string[]>();
  for (const address of addresses) {
    const around = rangeAround(address);
    ranges.set(around, [...(ranges.get(around) ?? []), address]);
  }
  return [...ranges]
    .flatMap(([around, members]) => (members.length >= NEIGHBOURS ? [around] : members.map(single)))
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

function single(address: string): string {
  return address.includes(':') ? `${address}/128` : `${address}/32`;
}

function rangeAround(address: string): string {
  if (!address.includes(':')) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = address.split('::');
  const first = head.split(':').filter((part) => part !== '');
  const last = tail?.split(':').filter((part) => part !== '') ?? [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}
