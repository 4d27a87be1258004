/**
 * Where a JSON value ends, byte by byte and across chunks, without a parser's stack or memory.
 *
 * Only what decides its extent is looked at: strings and brackets. A value that is broken inside but closes where it
 * should is framed like any other, and its parse tells.
 */

import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isWhiteSpaceByte,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './bytes.ts';

/** Bytes that mean something inside a string, and outside. */
const IN_STRING = tableOf('"\\\n');
const OUTSIDE = tableOf('"{}[]');

function tableOf(chars: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}

/** `broken`: no JSON goes on like this, and what stands at `at` may belong to a neighbour. */
export type ScanOutcome = 'done' | 'more' | 'broken';

export class ValueScan {
  /** Where the last call stopped: behind the value, at the limit, or at what does not fit. */
  at = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** For each open bracket whether it is an object's. Grows with the depth, which the size of a record bounds. */
  #objects = new Uint8Array(64);
  /** The last byte before this call that is no white space. */
  #previous = 0;

  reset(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#previous = 0;
  }

  /** Goes on from `from`, where the call before stopped or the value begins, to `limit` at most. */
  run(bytes: Uint8Array, from: number, limit: number): ScanOutcome {
    this.at = from;
    while (this.at < limit) {
      if (this.#inString) {
        if (!this.#endString(bytes, limit)) return this.at < limit ? 'broken' : this.#pause(bytes, from);
        if (this.#depth === 0) return 'done';
        continue;
      }
      let at = this.at;
      while (at < limit && OUTSIDE[bytes[at] as number] === 0) at++;
      this.at = at;
      if (at === limit) break;
      const byte = bytes[at] as number;
      if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (!this.#open(byte === OPEN_OBJECT, this.#lastBefore(bytes, from, at))) return 'broken';
      } else if (!this.#close(byte === CLOSE_OBJECT)) return 'broken';
      this.at++;
      if (this.#depth === 0 && !this.#inString) return 'done';
    }
    return this.#pause(bytes, from);
  }

  /** @returns whether the string has ended; else `at` is the limit, or a newline that no string holds */
  #endString(bytes: Uint8Array, limit: number): boolean {
    let at = this.at;
    if (this.#escaped && at < limit) {
      this.#escaped = false;
      if (bytes[at] !== NEWLINE) at++;
    }
    while (at < limit) {
      while (at < limit && IN_STRING[bytes[at] as number] === 0) at++;
      if (at >= limit) break;
      const byte = bytes[at] as number;
      if (byte === NEWLINE) break;
      at++;
      if (byte === QUOTE) {
        this.#inString = false;
        this.at = at;
        return true;
      }
      if (at < limit && bytes[at] !== NEWLINE) at++;
      else if (at >= limit) this.#escaped = true;
    }
    this.at = at;
    return false;
  }

  #open(isObject: boolean, previous: number): boolean {
    if (this.#depth > 0) {
      const inObject = this.#objects[this.#depth - 1] === 1;
      if (previous === COMMA ? inObject : previous !== COLON && previous !== OPEN_ARRAY) return false;
    }
    if (this.#depth === this.#objects.length) {
      const wider = new Uint8Array(this.#objects.length * 2);
      wider.set(this.#objects);
      this.#objects = wider;
    }
    this.#objects[this.#depth++] = isObject ? 1 : 0;
    return true;
  }

  #close(isObject: boolean): boolean {
    if (this.#depth === 0 || this.#objects[this.#depth - 1] !== (isObject ? 1 : 0)) return false;
    this.#depth--;
    return true;
  }

  #lastBefore(bytes: Uint8Array, from: number, at: number): number {
    for (let index = at - 1; index >= from; index--) {
      const byte = bytes[index] as number;
      if (!isWhiteSpaceByte(byte)) return byte;
    }
    return this.#previous;
  }

  #pause(bytes: Uint8Array, from: number): 'more' {
    this.#previous = this.#lastBefore(bytes, from, this.at);
    return 'more';
  }
}

/**
 * Elements that are no objects: a run of them ends before the next object, or the bracket that closes their array; and
 * at each comma, for the caller to say whether it parts them.
 */
export class RunScan {
  at = 0;
  /** The elements stay together: commas do not end the run any more. */
  whole = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #previous = 0;
  #atLineStart = false;

  reset(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#previous = 0;
    this.#atLineStart = false;
    this.whole = false;
  }

  /** @returns `comma`: the run stands before one, and goes on from there */
  run(bytes: Uint8Array, from: number, limit: number): 'done' | 'comma' | 'more' {
    for (this.at = from; this.at < limit; this.at++) {
      const byte = bytes[this.at] as number;
      if (this.#inString && byte !== NEWLINE) this.#inside(byte);
      else if (byte === COMMA && this.#depth === 0 && !this.whole) return 'comma';
      else if (this.#endsBefore(byte)) return 'done';
      if (!isWhiteSpaceByte(byte)) this.#previous = byte;
      this.#atLineStart = byte === NEWLINE;
    }
    return 'more';
  }

  #inside(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #endsBefore(byte: number): boolean {
    if (byte === NEWLINE) this.#inString = false;
    else if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const isElement = byte === OPEN_OBJECT && this.#depth === 0 && this.#previous === COMMA;
      if (isElement || this.#atLineStart) return true;
      this.#depth++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (this.#depth === 0 && byte === CLOSE_ARRAY) return true;
      if (this.#depth > 0) this.#depth--;
    }
    return false;
  }
}
