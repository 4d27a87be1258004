/**
 * Thrift's compact protocol, as far as the footer of a Parquet file needs it: structures are read without a schema,
 * changed, and written again, so that fields which nobody here knows stay as they are.
 */
import { invariant } from '../core/errors.ts';

export const TYPE = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

export type ThriftValue =
  | { readonly type: 1 | 2 }
  | { readonly type: 3 | 7 | 8; readonly bytes: Buffer }
  | { readonly type: 4 | 5 | 6; readonly integer: bigint }
  | ThriftList
  | ThriftStruct;

export interface ThriftList {
  readonly type: 9 | 10;
  readonly elementType: number;
  readonly elements: ThriftValue[];
}

/** Fields by their ids, in the order in which they were written. */
export interface ThriftStruct {
  readonly type: 12;
  readonly fields: Map<number, ThriftValue>;
}

/** @throws Error when the bytes are no structure of the compact protocol */
export function readStruct(bytes: Buffer): ThriftStruct {
  return new Reader(bytes).struct();
}

export function writeStruct(struct: ThriftStruct): Buffer {
  const parts: Buffer[] = [];
  pushStruct(parts, struct);
  return Buffer.concat(parts);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  struct(): ThriftStruct {
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) return { type: TYPE.struct, fields };
      const delta = head >> 4;
      id = delta === 0 ? Number(unzigzag(this.#varint())) : id + delta;
      fields.set(id, this.#value(head & 15, false));
    }
  }

  /** @param inList where a truth value takes a byte of its own */
  #value(type: number, inList: boolean): ThriftValue {
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        return { type: inList ? (this.#byte() === 1 ? TYPE.true : TYPE.false) : type };
      case TYPE.byte:
        return { type, bytes: this.#take(1) };
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        return { type, integer: unzigzag(this.#varint()) };
      case TYPE.double:
        return { type, bytes: this.#take(8) };
      case TYPE.binary:
        return { type, bytes: this.#take(Number(this.#varint())) };
      case TYPE.list:
      case TYPE.set:
        return this.#list(type);
      case TYPE.struct:
        return this.struct();
      default:
        throw new Error(`type ${type} of thrift's compact protocol is not known here`);
    }
  }

  #list(type: 9 | 10): ThriftList {
    const head = this.#byte();
    const elementType = head & 15;
    const length = head >> 4 === 15 ? Number(this.#varint()) : head >> 4;
    const elements: ThriftValue[] = [];
    for (let index = 0; index < length; index++) elements.push(this.#value(elementType, true));
    return { type, elementType, elements };
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    invariant(byte !== undefined, 'a structure ends before its bytes do');
    return byte;
  }

  #take(length: number): Buffer {
    invariant(this.#at + length <= this.#bytes.length, 'a value ends before its bytes do');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }
}

function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}

function pushStruct(parts: Buffer[], struct: ThriftStruct): void {
  let before = 0;
  for (const [id, value] of struct.fields) {
    const delta = id - before;
    if (delta > 0 && delta < 16) parts.push(Buffer.from([(delta << 4) | value.type]));
    else parts.push(Buffer.from([value.type]), zigzag(BigInt(id)));
    before = id;
    pushValue(parts, value, false);
  }
  parts.push(Buffer.from([0]));
}

function pushValue(parts: Buffer[], value: ThriftValue, inList: boolean): void {
  switch (value.type) {
    case TYPE.true:
    case TYPE.false:
      if (inList) parts.push(Buffer.from([value.type]));
      return;
    case TYPE.byte:
    case TYPE.double:
      parts.push(value.bytes);
      return;
    case TYPE.binary:
      parts.push(varint(BigInt(value.bytes.length)), value.bytes);
      return;
    case TYPE.i16:
    case TYPE.i32:
    case TYPE.i64:
      parts.push(zigzag(value.integer));
      return;
    case TYPE.list:
    case TYPE.set:
      pushList(parts, value);
      return;
    case TYPE.struct:
      pushStruct(parts, value);
  }
}

function pushList(parts: Buffer[], { elementType, elements }: ThriftList): void {
  const { length } = elements;
  if (length < 15) parts.push(Buffer.from([(length << 4) | elementType]));
  else parts.push(Buffer.from([0xf0 | elementType]), varint(BigInt(length)));
  for (const element of elements) pushValue(parts, element, true);
}

function zigzag(value: bigint): Buffer {
  return varint(value >= 0n ? value << 1n : (-value << 1n) - 1n);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
