/**
 * Addresses as records write them, and as the store keeps them.
 *
 * An address has one printed form (IPv4 dotted, IPv6 as RFC 5952 has it, never the IPv4-mapped form) and one stored
 * form (16 bytes, IPv4 mapped). `''` is the absent address, stored as `::`; the unspecified address `::` is
 * therefore none.
 */
export interface SourceAddress {
  /** The printed form; `''` when the text holds no address. */
  readonly ip: string;
  /** What stood in the place of the address when it was none, as written; else `''`. */
  readonly host: string;
}

const NONE: SourceAddress = Object.freeze({ ip: '', host: '' });
const NO_IPV4 = -1;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const DOT = 46;
/** Eight groups, the last two of them dotted. */
const IPV6_CHARS_MAX = 45;
/** No address with zone and port is longer; what is longer is not looked at. */
const ADDRESS_CHARS_MAX = 128;

/**
 * Dotted decimal without leading zeros: `010.1.2.3` means 8.1.2.3 to some readers and 10.1.2.3 to others, so it is
 * neither.
 *
 * @returns the address as an unsigned 32-bit number, or -1
 */
function parseIpv4(text: string): number {
  const length = text.length;
  if (length < 7 || length > 15) return NO_IPV4;
  let value = 0;
  let octet = -1;
  let octets = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= DIGIT_0 && code <= DIGIT_9) {
      if (octet === 0) return NO_IPV4;
      octet = octet < 0 ? code - DIGIT_0 : octet * 10 + code - DIGIT_0;
      if (octet > 255) return NO_IPV4;
    } else if (code === DOT && octet >= 0 && octets < 3) {
      value = value * 256 + octet;
      octets += 1;
      octet = -1;
    } else {
      return NO_IPV4;
    }
  }
  return octets === 3 && octet >= 0 ? value * 256 + octet : NO_IPV4;
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/**
 * The groups of the address that was parsed last: a list of its own for each address would cost more than its parsing.
 */
const groups = new Uint16Array(8);
const COLON = 58;

/** @returns whether the text is an IPv6 address; its eight groups then stand in `groups` */
function parseIpv6(text: string): boolean {
  const zone = text.indexOf('%');
  const end = zone < 0 ? text.length : zone;
  if (end < 2 || end > IPV6_CHARS_MAX) return false;
  let count = 0;
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false;
    at = 1;
  }
  while (at < end) {
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return false;
      gap = count;
      at += 1;
      continue;
    }
    const from = at;
    const group = hexGroup(text, from, end);
    at = groupEnd;
    if (text.charCodeAt(at) === DOT)
      return count <= 6 && dottedTail(text.slice(from, end), count) && spread(count + 2, gap);
    if (group < 0 || count === 8) return false;
    groups[count] = group;
    count += 1;
    if (at === end) break;
    // One colon between groups; a second one is the gap. A colon must not end the text alone.
    if (text.charCodeAt(at) !== COLON || at + 1 === end) return false;
    at += 1;
  }
  return spread(count, gap);
}

let groupEnd = 0;

/**
 * @returns the value of one to four hexadecimal digits, -1 when there are others; `groupEnd` is the place behind them
 */
function hexGroup(text: string, from: number, end: number): number {
  let value = 0;
  let at = from;
  for (; at < end; at += 1) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) break;
    value = value * 16 + digit;
  }
  groupEnd = at;
  return at === from || at - from > 4 ? -1 : value;
}

function hexDigit(code: number): number {
  if (code >= DIGIT_0 && code <= DIGIT_9) return code - DIGIT_0;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function dottedTail(text: string, count: number): boolean {
  const ipv4 = parseIpv4(text);
  if (ipv4 === NO_IPV4) return false;
  groups[count] = ipv4 >>> 16;
  groups[count + 1] = ipv4 & 0xffff;
  return true;
}

/** Moves what stands behind the gap to the end, and fills the gap with zeros. A gap stands for at least one group. */
function spread(count: number, gap: number): boolean {
  if (gap < 0) return count === 8;
  if (count > 7) return false;
  groups.copyWithin(8 - (count - gap), gap, count);
  groups.fill(0, gap, 8 - (count - gap));
  return true;
}

function isMapped(): boolean {
  return groups[5] === 0xffff && isZero(0, 5);
}

function isZero(from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (groups[at] !== 0) return false;
  return true;
}

/** RFC 5952: lower case, no leading zeros, the first of the longest runs of two or more zero groups cut. */
function formatIpv6(): string {
  let cutFrom = 8;
  let cutLength = 1;
  for (let from = 0; from < 8; from += 1) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === 0) length += 1;
    if (length > cutLength) {
      cutFrom = from;
      cutLength = length;
    }
    from += length;
  }
  let text = '';
  for (let at = 0; at < 8; at += 1) {
    if (at === cutFrom) {
      text += '::';
      at += cutLength - 1;
    } else {
      text += (text === '' || text.endsWith(':') ? '' : ':') + (groups[at] ?? 0).toString(16);
    }
  }
  return text;
}

/** The printed form of `groups`; `''` for the unspecified address. */
function formatGroups(): string {
  if (isMapped()) return formatIpv4((groups[6] ?? 0) * 65_536 + (groups[7] ?? 0));
  return isZero(0, 8) ? '' : formatIpv6();
}

/**
 * @returns the printed form of one address; `''` when the text is none. Zone ids are dropped; ports are not allowed
 * here.
 */
export function canonicalAddress(text: string): string {
  if (parseIpv4(text) !== NO_IPV4) return text;
  return parseIpv6(text) ? formatGroups() : '';
}

const IPV4_WITH_PORT = /^([0-9.]{7,15}):[0-9]{1,5}$/;
const BRACKETED = /^\[([^\]]{2,128})\](?::[0-9]{1,5})?$/;

function addressWithoutPort(text: string): string {
  const direct = canonicalAddress(text);
  if (direct !== '' || text.length > ADDRESS_CHARS_MAX) return direct;
  const ipv4 = IPV4_WITH_PORT.exec(text)?.[1];
  if (ipv4 !== undefined) return canonicalAddress(ipv4);
  const ipv6 = BRACKETED.exec(text)?.[1];
  return ipv6?.includes(':') ? canonicalAddress(ipv6) : '';
}

/**
 * The peer that a gateway saw, out of what it wrote.
 *
 * Of a forwarded list it is the first entry **from the right** that is not a trusted proxy: each proxy appends the
 * peer that it saw, so the client writes the left side and can forge it. When all are trusted, it is the leftmost one.
 */
export function parseSourceAddress(text: string, isTrustedProxy: (ip: string) => boolean): SourceAddress {
  if (text === '') return NONE;
  if (parseIpv4(text) !== NO_IPV4) return { ip: text, host: '' };
  if (text.includes(',')) return fromForwardedList(text, isTrustedProxy);
  const ip = addressWithoutPort(text.trim());
  return ip === '' ? { ip: '', host: text } : { ip, host: '' };
}

function fromForwardedList(text: string, isTrustedProxy: (ip: string) => boolean): SourceAddress {
  let found: SourceAddress = { ip: '', host: text };
  let end = text.length;
  while (end >= 0) {
    const comma = end === 0 ? -1 : text.lastIndexOf(',', end - 1);
    const entry = text.slice(comma + 1, end).trim();
    end = comma;
    if (entry === '') continue;
    const ip = addressWithoutPort(entry);
    if (ip === '') return { ip: '', host: entry };
    found = { ip, host: '' };
    if (!isTrustedProxy(ip)) return found;
  }
  return found;
}

/**
 * Writes the stored form: 16 bytes in network order, IPv4 mapped, `''` as `::`.
 *
 * @throws Error when `ip` is neither `''` nor an address: events hold canonical addresses
 */
export function writeAddressBytes(ip: string, target: Uint8Array, at: number): void {
  const ipv4 = parseIpv4(ip);
  if (ipv4 !== NO_IPV4) {
    target.fill(0, at, at + 10);
    target[at + 10] = 255;
    target[at + 11] = 255;
    target[at + 12] = ipv4 >>> 24;
    target[at + 13] = (ipv4 >>> 16) & 255;
    target[at + 14] = (ipv4 >>> 8) & 255;
    target[at + 15] = ipv4 & 255;
    return;
  }
  if (ip === '') {
    target.fill(0, at, at + 16);
    return;
  }
  if (!parseIpv6(ip)) throw new Error('broken promise: an event holds a canonical address');
  for (let index = 0; index < 8; index += 1) {
    const group = groups[index] ?? 0;
    target[at + 2 * index] = group >>> 8;
    target[at + 2 * index + 1] = group & 255;
  }
}

/** The printed form of a stored address; `''` for `::`. */
export function formatAddress(bytes: Uint8Array): string {
  for (let at = 0; at < 8; at += 1) groups[at] = (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0);
  return formatGroups();
}
