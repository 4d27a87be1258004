/** Ranges of addresses in typed arrays, sorted, so that an address is found by halving. */
import { invariant } from '../core/errors.ts';

/** 32-bit words of an address: one of IPv4, four of IPv6. */
export type Words = 1 | 4;

export const NOT_FOUND = -1;

/** Grows while a file is read; then only `find` is used. Both ends of a range belong to it. */
export class RangeTable {
  readonly #words: Words;
  #starts: Uint32Array;
  #ends: Uint32Array;
  #values: Uint32Array;
  #length = 0;

  /** @param ranges how many to make room for at first */
  constructor(words: Words, ranges: number) {
    this.#words = words;
    this.#starts = new Uint32Array(words * ranges);
    this.#ends = new Uint32Array(words * ranges);
    this.#values = new Uint32Array(ranges);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#starts.byteLength + this.#ends.byteLength + this.#values.byteLength;
  }

  /** @throws Error when a range begins before the one that was added last */
  add(start: Uint32Array, end: Uint32Array, value: number): void {
    const words = this.#words;
    const at = this.#length;
    if (at === this.#values.length) this.#resize(at * 2);
    for (let word = 0; word < words; word += 1) {
      this.#starts[at * words + word] = start[word] ?? 0;
      this.#ends[at * words + word] = end[word] ?? 0;
    }
    this.#values[at] = value;
    invariant(at === 0 || this.#compare(this.#starts, at - 1, start) < 0, 'ranges come in the order of their starts');
    this.#length = at + 1;
  }

  /** Gives back the room that was not needed. */
  trim(): void {
    this.#resize(this.#length);
  }

  /** @returns the value of the range with the greatest start that is not above the address, if the address is in it */
  find(address: Uint32Array): number {
    const at = this.#lastNotAbove(address);
    if (at < 0 || this.#compare(this.#ends, at, address) < 0) return NOT_FOUND;
    return this.#values[at] ?? NOT_FOUND;
  }

  /** @returns the place of the last range that begins at or below the address; -1 when none does */
  #lastNotAbove(address: Uint32Array): number {
    const starts = this.#starts;
    const words = this.#words;
    const first = address[0] ?? 0;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // The first word decides nearly always, and always for IPv4.
      const start = starts[middle * words] ?? 0;
      const above = start === first ? this.#compare(starts, middle, address) > 0 : start > first;
      if (above) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  /** Below 0 when the address in the table is the lower one. */
  #compare(table: Uint32Array, index: number, address: Uint32Array): number {
    const words = this.#words;
    const from = index * words;
    for (let word = 0; word < words; word += 1) {
      const difference = (table[from + word] ?? 0) - (address[word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #resize(ranges: number): void {
    this.#starts = resized(this.#starts, ranges * this.#words);
    this.#ends = resized(this.#ends, ranges * this.#words);
    this.#values = resized(this.#values, ranges);
  }
}

function resized(array: Uint32Array, length: number): Uint32Array {
  const other = new Uint32Array(length);
  other.set(array.subarray(0, length));
  return other;
}
