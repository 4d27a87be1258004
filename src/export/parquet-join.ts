/**
 * Joins Parquet files of one schema into one, while they stream: the engine writes a file per month, so that it never
 * has to hold the parts of all months at once. Row groups are copied as they are; only where they lie is written anew.
 */
import { invariant } from '../core/errors.ts';
import { PARQUET_FOOTER_BYTES_MAX } from '../core/limits.ts';
import { readStruct, type ThriftList, type ThriftStruct, TYPE, writeStruct } from './thrift-compact.ts';

const MAGIC = Buffer.from('PAR1');
/** The length of the footer, and the magic again. */
const TRAILER_BYTES = 8;

/** Ids of the fields that are read or changed, as parquet.thrift numbers them. */
const FILE = { numRows: 3, rowGroups: 4 } as const;
const ROW_GROUP = { columns: 1, fileOffset: 5, ordinal: 7 } as const;
const COLUMN = { fileOffset: 2, metaData: 3, offsetIndexOffset: 4, columnIndexOffset: 6 } as const;
const COLUMN_META = { dataPage: 9, indexPage: 10, dictionaryPage: 11, bloomFilter: 14 } as const;
const ORDINAL_MAX = 32_767n;

export class ParquetJoin {
  #written = 0;
  #footer: ThriftStruct | undefined;
  #rows = 0n;
  readonly #groups: ThriftStruct[] = [];

  /** The bytes that one file adds. Files are given one after another, each to its end. */
  async *add(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const first = this.#footer === undefined;
    const shift = first ? 0 : this.#written - MAGIC.length;
    // The end is held back, because only the very last bytes say where the footer begins.
    const held: Uint8Array[] = [];
    let heldBytes = 0;
    let skip = first ? 0 : MAGIC.length;
    for await (const chunk of file) {
      held.push(chunk);
      heldBytes += chunk.byteLength;
      for (let next = held[0]; next && heldBytes - next.byteLength >= PARQUET_FOOTER_BYTES_MAX; next = held[0]) {
        held.shift();
        heldBytes -= next.byteLength;
        yield this.#counted(next.subarray(skip));
        skip = Math.max(0, skip - next.byteLength);
      }
    }
    const end = Buffer.concat(held);
    const start = footerStart(end);
    if (start > skip) yield this.#counted(end.subarray(skip, start));
    this.#take(readStruct(end.subarray(start, end.length - TRAILER_BYTES)), BigInt(shift));
  }

  /** The end of the joined file. */
  end(): Buffer {
    const footer = this.#footer;
    invariant(footer !== undefined, 'at least one file was joined');
    const fields = new Map(footer.fields);
    fields.set(FILE.numRows, { type: TYPE.i64, integer: this.#rows });
    fields.set(FILE.rowGroups, { type: TYPE.list, elementType: TYPE.struct, elements: this.#groups });
    const bytes = writeStruct({ type: TYPE.struct, fields });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([bytes, length, MAGIC]);
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.#written += bytes.length;
    return bytes;
  }

  #take(footer: ThriftStruct, shift: bigint): void {
    this.#footer ??= footer;
    this.#rows += integerOf(footer, FILE.numRows);
    for (const group of listOf(footer, FILE.rowGroups).elements) {
      invariant(group.type === TYPE.struct, 'a row group is a structure');
      moveGroup(group, shift, BigInt(this.#groups.length));
      this.#groups.push(group);
    }
  }
}

function footerStart(end: Buffer): number {
  invariant(end.length >= TRAILER_BYTES && end.subarray(-4).equals(MAGIC), 'a Parquet file ends with its magic');
  const start = end.length - TRAILER_BYTES - end.readUInt32LE(end.length - TRAILER_BYTES);
  invariant(start >= 0, 'the footer of a month is within PARQUET_FOOTER_BYTES_MAX');
  return start;
}

function moveGroup(group: ThriftStruct, shift: bigint, ordinal: bigint): void {
  move(group, ROW_GROUP.fileOffset, shift);
  if (ordinal > ORDINAL_MAX) group.fields.delete(ROW_GROUP.ordinal);
  else if (group.fields.has(ROW_GROUP.ordinal))
    group.fields.set(ROW_GROUP.ordinal, { type: TYPE.i16, integer: ordinal });
  for (const column of listOf(group, ROW_GROUP.columns).elements) {
    invariant(column.type === TYPE.struct, 'a column chunk is a structure');
    const indexed = column.fields.has(COLUMN.offsetIndexOffset) || column.fields.has(COLUMN.columnIndexOffset);
    invariant(!indexed, 'no page index was written: its offsets would have to move too');
    move(column, COLUMN.fileOffset, shift);
    const meta = column.fields.get(COLUMN.metaData);
    invariant(meta?.type === TYPE.struct, 'a column chunk has its metadata');
    for (const field of Object.values(COLUMN_META)) move(meta, field, shift);
  }
}

/** Offsets that are not used stand as 0, and stay so. */
function move(struct: ThriftStruct, field: number, shift: bigint): void {
  const value = struct.fields.get(field);
  if (value?.type !== TYPE.i64 || value.integer === 0n) return;
  struct.fields.set(field, { type: TYPE.i64, integer: value.integer + shift });
}

function integerOf(struct: ThriftStruct, field: number): bigint {
  const value = struct.fields.get(field);
  invariant(value?.type === TYPE.i64, 'a count is an integer');
  return value.integer;
}

function listOf(struct: ThriftStruct, field: number): ThriftList {
  const value = struct.fields.get(field);
  invariant(value?.type === TYPE.list, 'a list is a list');
  return value;
}
