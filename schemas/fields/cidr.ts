/**
 * Ranges of addresses as people write them: `10.0.0.0/8`, `2001:db8::/32`, or one address.
 *
 * A range is of one family. An IPv4 address is stored mapped (`::ffff:10.0.0.1`), and yet no range of IPv6 holds it:
 * what is written as a range inside `::ffff:0:0/96` *is* one of IPv4, and a wider range of IPv6 is the two pieces
 * around these mapped addresses.
 */
import ipaddr from 'ipaddr.js';
import { canonicalAddress, formatAddress, writeAddressBytes } from './address.ts';

/** Addresses as they are stored, as numbers of 128 bits; both ends belong to the range. */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

export interface Cidr extends AddressRange {
  readonly kind: 'cidr';
  /** As it is printed: without host bits, IPv4 never mapped. */
  readonly text: string;
  /** Leading bits of the 128 that all of its addresses share; an IPv4 prefix counts from bit 96. */
  readonly bits: number;
  readonly isIpv4: boolean;
  /** Whether bits behind the prefix were set in the text; they are masked. */
  readonly hadHostBits: boolean;
}

export interface InvalidCidr {
  readonly kind: 'invalid';
  readonly expected: string;
}

const ADDRESS_BITS = 128;
const IPV4_AT_BIT = 96;
const PREFIX = /^(?:0|[1-9][0-9]{0,2})$/;
const ALL_ONES = (1n << 128n) - 1n;
/** `::ffff:0:0/96`: where IPv4 addresses are stored. */
const MAPPED: AddressRange = { first: 0xffff_0000_0000n, last: 0xffff_ffff_ffffn };

/** @param text one range or address, without white space around it */
export function parseCidr(text: string): Cidr | InvalidCidr {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  if (written.includes('%')) return invalid('an address without a zone: a zone names an interface of one machine');
  const ip = canonicalAddress(written);
  // The unspecified address is printed as none.
  const isUnspecified = ip === '' && /^[0:.]+$/.test(written) && ipaddr.IPv6.isValid(written);
  if (ip === '' && !isUnspecified) return invalid('an IPv4 or IPv6 address before the prefix length');
  const isDotted = !written.includes(':');
  const bitsMax = isDotted ? 32 : ADDRESS_BITS;
  const prefix = slash < 0 ? String(bitsMax) : text.slice(slash + 1);
  if (!PREFIX.test(prefix) || Number(prefix) > bitsMax) {
    return invalid(`an ${isDotted ? 'IPv4' : 'IPv6'} prefix length from 0 to ${bitsMax}`);
  }
  return rangeOf(addressNumber(ip), Number(prefix) + (ADDRESS_BITS - bitsMax));
}

function invalid(expected: string): InvalidCidr {
  return { kind: 'invalid', expected };
}

function rangeOf(address: bigint, bits: number): Cidr {
  const hostMask = ALL_ONES >> BigInt(bits);
  const first = address & ~hostMask & ALL_ONES;
  const isIpv4 = bits >= IPV4_AT_BIT && first >= MAPPED.first && first <= MAPPED.last;
  const base = first === 0n ? '::' : addressText(first);
  return {
    kind: 'cidr',
    text: `${base}/${isIpv4 ? bits - IPV4_AT_BIT : bits}`,
    first,
    last: first | hostMask,
    bits,
    isIpv4,
    hadHostBits: first !== address,
  };
}

/**
 * The addresses that the range holds, as stored: one piece, or two where mapped addresses lie inside a range of IPv6.
 */
export function piecesOf(cidr: Cidr): AddressRange[] {
  if (cidr.isIpv4 || cidr.last < MAPPED.first || cidr.first > MAPPED.last) return [cidr];
  return [
    { first: cidr.first, last: MAPPED.first - 1n },
    { first: MAPPED.last + 1n, last: cidr.last },
  ].filter(({ first, last }) => first <= last);
}

/** @param ip a printed address; `''`, the absent one, is stored as zero */
export function addressNumber(ip: string): bigint {
  writeAddressBytes(ip, scratch, 0);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

/** The printed form of a stored address; `''` for zero. */
export function addressText(address: bigint): string {
  view.setBigUint64(0, address >> 64n);
  view.setBigUint64(8, address & 0xffff_ffff_ffff_ffffn);
  return formatAddress(scratch);
}

const scratch = new Uint8Array(16);
const view = new DataView(scratch.buffer);

export type TrustedProxies =
  | { readonly kind: 'proxies'; readonly isTrusted: (ip: string) => boolean }
  | { readonly kind: 'invalid'; readonly cidr: string; readonly expected: string };

/**
 * @param cidrs ranges such as `10.0.0.0/8` and `2001:db8::/32`; an address alone is a range of one
 * @returns a test for printed addresses, or the first text that is no range
 */
export function createTrustedProxies(cidrs: readonly string[]): TrustedProxies {
  const pieces: AddressRange[] = [];
  for (const cidr of cidrs) {
    const parsed = parseCidr(cidr);
    if (parsed.kind === 'invalid') return { kind: 'invalid', cidr, expected: parsed.expected };
    pieces.push(...piecesOf(parsed));
  }
  if (pieces.length === 0) return { kind: 'proxies', isTrusted: () => false };
  const isTrusted = (ip: string): boolean => {
    if (ip === '') return false;
    const address = addressNumber(ip);
    return pieces.some(({ first, last }) => address >= first && address <= last);
  };
  return { kind: 'proxies', isTrusted };
}
