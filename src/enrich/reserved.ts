/** The addresses that are never looked up. */
import ipaddr from 'ipaddr.js';
import { RESERVED_RANGES } from '../../schemas/fields/reserved-ranges.ts';
import { familyOf } from './address-words.ts';
import { NOT_FOUND, RangeTable, type Words } from './range-table.ts';

interface Span {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

/** @param words those of an address of either family */
export function isReserved(words: Uint32Array): boolean {
  return (words.length === 1 ? IPV4 : IPV6).find(words) !== NOT_FOUND;
}

const IPV4 = tableOf(1);
const IPV6 = tableOf(4);

function tableOf(words: Words): RangeTable {
  const spans = RESERVED_RANGES.filter(({ cidr }) => familyOf(cidr) === words)
    .map(({ cidr }) => spanOf(cidr, words))
    .sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last));
  const table = new RangeTable(words, spans.length);
  let covered: Uint32Array | undefined;
  for (const { first, last } of spans) {
    // What lies within a wider range is reserved by that one.
    if (covered !== undefined && compare(last, covered) <= 0) continue;
    table.add(first, last, 1);
    covered = last;
  }
  return table;
}

function spanOf(cidr: string, words: Words): Span {
  const family = words === 1 ? ipaddr.IPv4 : ipaddr.IPv6;
  return {
    first: wordsOf(family.networkAddressFromCIDR(cidr)),
    last: wordsOf(family.broadcastAddressFromCIDR(cidr)),
  };
}

function wordsOf(address: ipaddr.IPv4 | ipaddr.IPv6): Uint32Array {
  const bytes = Buffer.from(address.toByteArray());
  return Uint32Array.from({ length: bytes.length / 4 }, (_, word) => bytes.readUInt32BE(4 * word));
}

function compare(a: Uint32Array, b: Uint32Array): number {
  const at = a.findIndex((word, index) => word !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
