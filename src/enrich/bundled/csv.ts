/**
 * The files of ip-location-db, byte by byte: `start,end,country` and `start,end,number,name`. Half a million lines as
 * strings and objects would cost a second and hundreds of megabytes.
 */
import { invariant } from '../../core/errors.ts';
import type { Words } from '../range-table.ts';

const COMMA = 44;
const COLON = 58;
const QUOTE = 34;
const LINE_FEED = 10;
const DIGIT_0 = 48;
const LETTER_A = 97;

/** Reads the fields of a file one after the other. */
export class CsvReader {
  readonly #bytes: Buffer;
  readonly #groups = new Uint16Array(8);
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A whole number, and the comma behind it. */
  number(): number {
    const bytes = this.#bytes;
    let value = 0;
    let at = this.#at;
    for (; bytes[at] !== COMMA; at += 1) {
      const digit = (bytes[at] ?? 0) - DIGIT_0;
      invariant(digit >= 0 && digit <= 9 && value < 0xffff_ffff, 'a number of 32 bits stands in its place');
      value = value * 10 + digit;
    }
    this.#at = at + 1;
    return value;
  }

  /** An address and the comma behind it: IPv4 as a number, IPv6 as people write it. */
  address(words: Words, target: Uint32Array): void {
    if (words === 1) {
      target[0] = this.number();
      return;
    }
    this.#readGroups();
    const groups = this.#groups;
    for (let word = 0; word < words; word += 1) {
      target[word] = (groups[2 * word] ?? 0) * 65_536 + (groups[2 * word + 1] ?? 0);
    }
  }

  /** The last field of a line, without its quotes; a doubled quote in them is one. */
  lastField(): Buffer {
    const from = this.#at;
    this.skipLine();
    const field = this.#bytes.subarray(from, this.#at - 1);
    if (field[0] !== QUOTE) return field;
    const inner = field.subarray(1, -1);
    return inner.includes(QUOTE) ? Buffer.from(inner.toString('latin1').replaceAll('""', '"'), 'latin1') : inner;
  }

  skipLine(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < bytes.length && bytes[at] !== LINE_FEED) at += 1;
    this.#at = at + 1;
  }

  /** Eight groups of hexadecimal digits in lower case, of which `::` leaves some out. */
  #readGroups(): void {
    const bytes = this.#bytes;
    const groups = this.#groups.fill(0);
    let count = 0;
    let gap = -1;
    let at = this.#at;
    while (bytes[at] !== COMMA) {
      if (bytes[at] === COLON) {
        if (bytes[at + 1] === COLON) gap = count;
        at += bytes[at + 1] === COLON ? 2 : 1;
        continue;
      }
      let group = 0;
      for (let digit = hexDigit(bytes[at]); digit >= 0; digit = hexDigit(bytes[at])) {
        group = group * 16 + digit;
        at += 1;
      }
      invariant(count < 8 && (bytes[at] === COLON || bytes[at] === COMMA), 'an IPv6 address stands in its place');
      groups[count] = group;
      count += 1;
    }
    invariant(count === 8 || gap >= 0, 'an IPv6 address is whole');
    if (gap >= 0) {
      groups.copyWithin(8 - (count - gap), gap, count);
      groups.fill(0, gap, 8 - (count - gap));
    }
    this.#at = at + 1;
  }
}

function hexDigit(byte = 0): number {
  if (byte >= DIGIT_0 && byte <= DIGIT_0 + 9) return byte - DIGIT_0;
  return byte >= LETTER_A && byte < LETTER_A + 6 ? byte - LETTER_A + 10 : -1;
}
