/** Recognising a container by its first bytes. */
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

/**
 * How far a container's head may reach: white space, and the members that may stand before the list. What reaches
 * further is a record.
 */
const HEAD_BYTES_MAX = 65_536;
/**
 * How deep such a member may be. Each record that broken text seems to hold in another one is a level of it, so no
 * byte is looked at for more heads than this.
 */
const HEAD_DEPTH_MAX = 8;

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
/** The members that hold records: of CloudTrail's files, and of the pages of Redis Cloud's API. */
const LIST_NAMES = ['"Records"', '"entries"'] as const;
const LINKS = '"links"';
/** Members of records: an object that has one of these before a list is a record which happens to hold a list. */
const RECORD_NAMES: ReadonlySet<string> = new Set(
  [
    'id',
    'time',
    'eventTime',
    'eventID',
    'eventName',
    'eventVersion',
    'request',
    'class_uid',
    'metadata',
    'type',
    'action',
    'description',
  ].map((name) => `"${name}"`),
);

/** How a record begins that says by its first member what it is, as nearly every one does. */
const RECORD_BEGINNINGS = [...RECORD_NAMES].map((name) => Buffer.from(`{${name}`));

export type Head =
  | { readonly kind: 'none' }
  /** The bytes so far do not tell. */
  | { readonly kind: 'more' }
  /** Elements begin at `at`. */
  | { readonly kind: 'array'; readonly at: number }
  /** `bare`: nothing but `links` stands before the list, so that it cannot be an element of another list. */
  | { readonly kind: 'object'; readonly at: number; readonly bare: boolean };

/** Where a text begins. Its position in the stream tells it from the text that was looked at before. */
interface Place {
  readonly bytes: Buffer;
  readonly at: number;
  readonly position: number;
}

const NONE: Head = { kind: 'none' };
const MORE: Head = { kind: 'more' };

/**
 * What begins where `{` or `[` stands: an array whose first element is an object (or that has none), an object with a
 * list of records, or something else. Of an object the list is the first member, or has only `links` before it; or it
 * is empty or begins with an object, and has only members before it that no record has: JSON knows no order.
 *
 * Goes on where it stopped when more has arrived, so that a text in small pieces is not read from its start for each.
 */
export class HeadScan {
  #position = -1;
  /** Offsets count from the text's start. A text that waits for its end asks again with each push. */
  #decided: Head | undefined;
  /** Offset of the next byte from the text's start. */
  #at = 0;
  #expects: 'first' | 'name' | 'colon' | 'value' | 'comma' | 'element' = 'first';
  #inString = false;
  #escaped = false;
  /** Open brackets of the member that is read over. */
  #depth = 0;
  #inScalar = false;
  #nameAt = 0;
  #name = '';
  #listAt = 0;
  #bare = true;

  read({ bytes, at, position }: Place, ended: boolean): Head {
    if (position !== this.#position) this.#reset(position, bytes[at] === OPEN_ARRAY);
    const length = Math.min(bytes.length - at, HEAD_BYTES_MAX);
    this.#decided ??= this.#run(bytes.subarray(at, at + length));
    if (!this.#decided && (ended || length === HEAD_BYTES_MAX)) this.#decided = NONE;
    const head = this.#decided ?? MORE;
    return head.kind === 'array' || head.kind === 'object' ? { ...head, at: at + head.at } : head;
  }

  #reset(position: number, isArray: boolean): void {
    this.#position = position;
    this.#decided = undefined;
    this.#at = 1;
    this.#expects = isArray ? 'first' : 'name';
    this.#inString = false;
    this.#escaped = false;
    this.#depth = 0;
    this.#inScalar = false;
    this.#bare = true;
  }

  #run(text: Buffer): Head | undefined {
    for (; this.#at < text.length; this.#at++) {
      const byte = text[this.#at] as number;
      let head: Head | undefined;
      if (this.#inString) head = this.#inside(text, byte);
      else if (isWhiteSpaceByte(byte)) continue;
      else if (this.#depth > 0) head = this.#nested(byte);
      else head = this.#member(byte);
      if (head) return head;
    }
    return undefined;
  }

  #inside(text: Buffer, byte: number): Head | undefined {
    if (byte === NEWLINE) return NONE;
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      if (this.#expects !== 'name') return undefined;
      this.#name = text.toString('latin1', this.#nameAt, this.#at + 1);
      this.#expects = 'colon';
      if (RECORD_NAMES.has(this.#name)) return NONE;
    }
    return undefined;
  }

  #nested(byte: number): Head | undefined {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (++this.#depth > HEAD_DEPTH_MAX) return NONE;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) this.#depth--;
    return undefined;
  }

  #member(byte: number): Head | undefined {
    const isListStart = byte === OPEN_OBJECT || byte === CLOSE_ARRAY;
    switch (this.#expects) {
      case 'first':
        return isListStart ? { kind: 'array', at: 1 } : NONE;
      case 'element':
        return isListStart ? { kind: 'object', at: this.#listAt, bare: false } : NONE;
      case 'name':
        this.#nameAt = this.#at;
        this.#inString = true;
        return byte === QUOTE ? undefined : NONE;
      case 'colon':
        this.#expects = 'value';
        return byte === COLON ? undefined : NONE;
      case 'value':
        return this.#value(byte);
      case 'comma':
        return this.#behindValue(byte);
    }
  }

  #value(byte: number): Head | undefined {
    const isArray = byte === OPEN_ARRAY;
    if (isArray && (LIST_NAMES as readonly string[]).includes(this.#name)) {
      if (this.#bare) return { kind: 'object', at: this.#at + 1, bare: true };
      this.#listAt = this.#at + 1;
      this.#expects = 'element';
      return undefined;
    }
    if (!isArray || this.#name !== LINKS) this.#bare = false;
    this.#expects = 'comma';
    this.#inScalar = false;
    if (isArray || byte === OPEN_OBJECT) this.#depth = 1;
    else if (byte === QUOTE) this.#inString = true;
    else if (isStructure(byte)) return NONE;
    else this.#inScalar = true;
    return undefined;
  }

  #behindValue(byte: number): Head | undefined {
    if (byte === COMMA) {
      this.#expects = 'name';
      return undefined;
    }
    return this.#inScalar && !isStructure(byte) ? undefined : NONE;
  }
}

/** Whether no number, `true`, `false` or `null` holds this byte. */
function isStructure(byte: number): boolean {
  return STRUCTURE.includes(byte);
}

const STRUCTURE = [QUOTE, COLON, COMMA, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY];

/** Whether a whole message may be more than one record: a container, or compressed. Text that is none counts as one. */
export function looksLikeContainer(value: Uint8Array): boolean {
  if (isGzip(value)) return true;
  const bytes = asBuffer(value);
  const at = skip(bytes, 0, bytes.length);
  if (at === bytes.length) return true;
  if (startsWithByteOrderMark(bytes)) return true;
  if (bytes[at] !== OPEN_OBJECT && bytes[at] !== OPEN_ARRAY) return false;
  if (beginsAsRecord(bytes, at)) return false;
  return new HeadScan().read({ bytes, at, position: at }, true).kind !== 'none';
}

function beginsAsRecord(bytes: Buffer, at: number): boolean {
  for (const beginning of RECORD_BEGINNINGS) {
    let same = 0;
    while (same < beginning.length && bytes[at + same] === beginning[same]) same++;
    if (same === beginning.length) return true;
  }
  return false;
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
