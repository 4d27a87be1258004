/** Rows in ClickHouse's RowBinary, value by value, where they are too few to need the care of `RowBuffer`. */
import { VARINT_BYTES_MAX, varint } from './row-buffer.ts';

const BYTES_AT_FIRST = 65_536;
const IS_NULL = 1;
const IS_VALUE = 0;

export class RowWriter {
  #bytes = Buffer.allocUnsafe(BYTES_AT_FIRST);
  #end = 0;

  /** What was written so far. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  uint8(value: number): void {
    this.#room(1);
    this.#end = this.#bytes.writeUInt8(value, this.#end);
  }

  uint16(value: number): void {
    this.#room(2);
    this.#end = this.#bytes.writeUInt16LE(value, this.#end);
  }

  uint32(value: number): void {
    this.#room(4);
    this.#end = this.#bytes.writeUInt32LE(value, this.#end);
  }

  /** A whole number that is exact in a double. */
  uint64(value: number): void {
    this.#room(8);
    this.#end = this.#bytes.writeBigUInt64LE(BigInt(value), this.#end);
  }

  bool(value: boolean): void {
    this.uint8(value ? 1 : 0);
  }

  /** `DateTime64(3)`. @param ms since 1970, UTC */
  time(ms: number): void {
    this.#room(8);
    this.#end = this.#bytes.writeBigInt64LE(BigInt(ms), this.#end);
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#room(length + VARINT_BYTES_MAX);
    this.#end += this.#bytes.write(varint(length), this.#end, 'latin1');
    this.#end += this.#bytes.write(text, this.#end, 'utf8');
  }

  /** `IPv6`. @param address as it is stored, as a number of 128 bits */
  address(address: bigint): void {
    this.#room(16);
    this.#end = this.#bytes.writeBigUInt64BE(address >> 64n, this.#end);
    this.#end = this.#bytes.writeBigUInt64BE(address & 0xffff_ffff_ffff_ffffn, this.#end);
  }

  /** `Nullable(…)`: what is absent is NULL. */
  nullable<T>(value: T | undefined, write: (value: T) => void): void {
    this.uint8(value === undefined ? IS_NULL : IS_VALUE);
    if (value !== undefined) write(value);
  }

  /** `Array(…)` */
  array<T>(values: readonly T[], write: (value: T) => void): void {
    this.#room(VARINT_BYTES_MAX);
    this.#end += this.#bytes.write(varint(values.length), this.#end, 'latin1');
    for (const value of values) write(value);
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + bytes));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
