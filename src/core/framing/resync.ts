/** Finding the next record behind a broken one. */
import { COMMA, isWhiteSpaceByte, NEWLINE, OPEN_ARRAY, OPEN_OBJECT, SPACE, TAB } from './bytes.ts';

/** What a sibling of a broken record looks like. */
export interface Siblings {
  /** Blanks before the broken record on its line; negative where other text stands before it. */
  readonly column: number;
  /** The broken record up to the end of its first name, where it is an element: elements begin alike. */
  readonly opening: Buffer | undefined;
}

export type Resync =
  /** `sibling`: the list that the broken record was in goes on. `line`: another line begins, the list may be over. */
  | { readonly kind: 'sibling' | 'line'; readonly at: number }
  /** Not found so far; the search goes on from `at` when more has arrived. */
  | { readonly kind: 'none'; readonly at: number };

const SIBLING_COLUMN_MAX = 256;
const OPENING_BYTES_MAX = 128;
/** White space between a comma and the element behind it. */
const COMMA_BEFORE_BYTES_MAX = 64;

/** The element's text up to its first name's end, `{"eventVersion"`: the element behind a broken one is known by it. */
export function openingOf(bytes: Buffer, from: number): Buffer | undefined {
  const opening = /^\{\s*"[^"\\]+"/.exec(
    bytes.toString('latin1', from, Math.min(bytes.length, from + OPENING_BYTES_MAX)),
  );
  return opening ? Buffer.from(opening[0], 'latin1') : undefined;
}

/**
 * The first place from `from` on where a record can begin: behind a newline, in column 0 or below the broken record;
 * among elements also behind a comma, where the text begins as the broken one did.
 */
export function findResync(
  bytes: Buffer,
  from: number,
  siblings: Siblings,
  newlines: Newlines,
  ended: boolean,
): Resync {
  const line = findLine(bytes, from, siblings.column, newlines, ended);
  const { opening } = siblings;
  if (!opening) return line;
  const element = findOpening(bytes, from, line.at, opening);
  if (element !== undefined) return { kind: 'sibling', at: element };
  if (line.kind !== 'none') return line;
  return {
    kind: 'none',
    at: Math.max(from, Math.min(line.at, bytes.length - opening.length - COMMA_BEFORE_BYTES_MAX)),
  };
}

function findLine(bytes: Buffer, from: number, column: number, newlines: Newlines, ended: boolean): Resync {
  const indent = column > SIBLING_COLUMN_MAX ? -1 : column;
  let newline = newlines.next(bytes, from);
  while (newline >= 0 && newline < bytes.length) {
    const start = newline + 1;
    if (opens(bytes, start)) return { kind: indent === 0 ? 'sibling' : 'line', at: start };
    if (start + Math.max(indent, 0) >= bytes.length && !ended) return { kind: 'none', at: newline };
    if (indent > 0 && opens(bytes, start + indent) && isBlank(bytes, start, start + indent)) {
      return { kind: 'sibling', at: start + indent };
    }
    newline = newlines.next(bytes, start);
  }
  return { kind: 'none', at: bytes.length };
}

function findOpening(bytes: Buffer, from: number, before: number, opening: Buffer): number | undefined {
  const range = bytes.subarray(0, Math.min(bytes.length, before + opening.length));
  let at = range.indexOf(opening, from);
  while (at >= 0 && at < before) {
    const first = Math.max(from, at - COMMA_BEFORE_BYTES_MAX);
    let previous = at - 1;
    while (previous >= first && isWhiteSpaceByte(bytes[previous])) previous--;
    if (previous >= first && bytes[previous] === COMMA) return at;
    at = range.indexOf(opening, at + 1);
  }
  return undefined;
}

/** Remembers the next newline: a list of a gigabyte on one line is not searched for one again at each element. */
export class Newlines {
  #from = 0;
  /** The first newline at or behind `#from`; -1 when there is none before `#searchedTo`. */
  #at = -1;
  #searchedTo = 0;

  /** Index of the first newline at or behind `from`, or -1. */
  next(bytes: Buffer, from: number): number {
    if (from >= this.#from && this.#at >= from) return this.#at;
    const known = from >= this.#from && this.#at < 0 ? Math.max(from, this.#searchedTo) : from;
    this.#from = from;
    this.#at = bytes.indexOf(NEWLINE, known);
    this.#searchedTo = bytes.length;
    return this.#at;
  }

  /** The bytes before `count` are gone: what stood at `count` stands at 0. */
  shift(count: number): void {
    if (this.#at >= 0 && this.#at < count) {
      this.#from = 0;
      this.#at = -1;
      this.#searchedTo = 0;
      return;
    }
    this.#from = Math.max(0, this.#from - count);
    this.#searchedTo = Math.max(0, this.#searchedTo - count);
    if (this.#at >= 0) this.#at -= count;
  }
}

function opens(bytes: Buffer, at: number): boolean {
  return bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_ARRAY;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== SPACE && bytes[at] !== TAB) return false;
  return true;
}
