/** Recognising a container by its first bytes. */
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isWhiteSpaceByte,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './bytes.ts';

/**
 * How far a container's head may reach: white space, and the `links` that may stand before `entries`. What reaches
 * further is a record.
 */
const HEAD_BYTES_MAX = 65_536;

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
/** The members that hold records: of CloudTrail's files, and of the pages of Redis Cloud's API. */
const LIST_NAMES = ['"Records"', '"entries"'] as const;
const LINKS = '"links"';

export type Head =
  | { readonly kind: 'none' }
  /** The bytes so far do not tell. */
  | { readonly kind: 'more' }
  /** Elements begin at `at`. */
  | { readonly kind: 'array' | 'object'; readonly at: number };

const NONE: Head = { kind: 'none' };
const MORE: Head = { kind: 'more' };

/**
 * What begins at `at`, where `{` or `[` stands: an array whose first element is an object (or that has none), an object
 * whose first member is a list of records or has only `links` before it, or something else.
 */
export function containerHead(bytes: Buffer, at: number, ended: boolean): Head {
  const limit = Math.min(bytes.length, at + HEAD_BYTES_MAX);
  const undecided = ended || limit - at === HEAD_BYTES_MAX ? NONE : MORE;
  const first = skip(bytes, at + 1, limit);
  if (first === limit) return undecided;
  if (bytes[at] === OPEN_ARRAY) {
    return bytes[first] === OPEN_OBJECT || bytes[first] === CLOSE_ARRAY ? { kind: 'array', at: at + 1 } : NONE;
  }
  if (!mayBeginName(bytes, first, limit)) return NONE;
  return new HeadReader(bytes, first, limit, undecided).read();
}

/** A quick no for nearly every record. */
function mayBeginName(bytes: Buffer, at: number, limit: number): boolean {
  if (bytes[at] !== QUOTE) return false;
  if (at + 1 >= limit) return true;
  const initial = bytes[at + 1];
  return initial === INITIAL_R || initial === INITIAL_E || initial === INITIAL_L;
}

class HeadReader {
  readonly #bytes: Buffer;
  readonly #limit: number;
  readonly #undecided: Head;
  #at: number;

  constructor(bytes: Buffer, at: number, limit: number, undecided: Head) {
    this.#bytes = bytes;
    this.#at = at;
    this.#limit = limit;
    this.#undecided = undecided;
  }

  read(): Head {
    while (true) {
      const nameEnd = this.#stringEnd(this.#at);
      if (nameEnd === undefined) return this.#undecided;
      const name = this.#bytes.toString('latin1', this.#at, nameEnd);
      const isList = (LIST_NAMES as readonly string[]).includes(name);
      if (!isList && name !== LINKS) return NONE;
      if (!this.#expect(nameEnd, COLON)) return this.#unexpected();
      const colonEnd = this.#at + 1;
      if (!this.#expect(colonEnd, OPEN_ARRAY)) return this.#unexpected();
      if (isList) return { kind: 'object', at: this.#at + 1 };
      if (!this.#skipArray()) return this.#undecided;
      if (!this.#expect(this.#at, COMMA) || !this.#expect(this.#at + 1, QUOTE)) return this.#unexpected();
    }
  }

  /** Moves to the next byte that is no white space and says whether it is the one. */
  #expect(from: number, byte: number): boolean {
    this.#at = skip(this.#bytes, from, this.#limit);
    return this.#bytes[this.#at] === byte && this.#at < this.#limit;
  }

  #unexpected(): Head {
    return this.#at < this.#limit ? NONE : this.#undecided;
  }

  #skipArray(): boolean {
    let depth = 0;
    for (let at = this.#at; at < this.#limit; at++) {
      const byte = this.#bytes[at];
      if (byte === QUOTE) {
        const end = this.#stringEnd(at);
        if (end === undefined) return false;
        at = end - 1;
      } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
      else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && --depth === 0) {
        this.#at = at + 1;
        return true;
      }
    }
    return false;
  }

  #stringEnd(open: number): number | undefined {
    for (let at = open + 1; at < this.#limit; at++) {
      const byte = this.#bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) return at + 1;
    }
    return undefined;
  }
}

/** Whether a whole message may be more than one record: a container, or compressed. Text that is none counts as one. */
export function looksLikeContainer(value: Uint8Array): boolean {
  if (isGzip(value)) return true;
  const bytes = asBuffer(value);
  const at = skip(bytes, 0, bytes.length);
  if (at === bytes.length) return true;
  if (startsWithByteOrderMark(bytes)) return true;
  if (bytes[at] !== OPEN_OBJECT && bytes[at] !== OPEN_ARRAY) return false;
  return containerHead(bytes, at, true).kind !== 'none';
}

export function isGzip(value: Uint8Array): boolean {
  return value[0] === GZIP_MAGIC[0] && value[1] === GZIP_MAGIC[1];
}

export function startsWithByteOrderMark(bytes: Uint8Array, at = 0): boolean {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[at + index] === byte);
}

/** Whether the string at `at`, opening quote included, is the name of a list of records. */
export function isListName(bytes: Buffer, at: number): boolean {
  return LIST_NAMES.some((name) => bytes.toString('latin1', at, at + name.length) === name);
}

/** Bytes that have to be there before `isListName` can tell. */
export const LIST_NAME_BYTES_MAX = 9;

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function skip(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && isWhiteSpaceByte(bytes[at])) at++;
  return Math.min(at, limit);
}

const INITIAL_R = 0x52;
const INITIAL_E = 0x65;
const INITIAL_L = 0x6c;
