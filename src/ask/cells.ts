/**
 * From what the store writes in JSON to what people read: numbers where they are safe, addresses as people write them,
 * digests as hex. The column's type decides, never the look of a value.
 */
import type { Cell, CellKind } from './answer.ts';

export type CellReader = (value: unknown) => Cell;

const WRAPPERS = /^(?:Nullable|LowCardinality)\((.*)\)$/s;
const INTEGER = /^U?Int(?:64|128|256)$/;

/**
 * @param type ClickHouse's name of a column's type
 * @param latin1 the values come from a row that was read as Latin-1, because some column of it holds bytes
 */
export function cellReader(type: string, latin1 = false): CellReader {
  const wrapped = WRAPPERS.exec(type)?.[1];
  if (wrapped !== undefined) return cellReader(wrapped, latin1);
  if (type === 'IPv6' || type === 'IPv4') return text(readableAddress);
  if (INTEGER.test(type)) return text(safeNumber);
  if (type.startsWith('FixedString(')) return text((value) => bytesOf(value).toString('hex'));
  if (type.startsWith('Array(')) return arrayReader(cellReader(type.slice(6, -1), latin1));
  if (type.startsWith('Map(')) return mapReader(cellReader(typeArguments(type)[1] ?? 'String', latin1));
  if (type.startsWith('Tuple(')) return tupleReader(typeArguments(type), latin1);
  return latin1 ? (value) => decodeLatin1(value) as Cell : plain;
}

export function cellKind(type: string): CellKind {
  const wrapped = WRAPPERS.exec(type)?.[1];
  if (wrapped !== undefined) return cellKind(wrapped);
  if (/^(?:U?Int|Float|BFloat|Decimal)/.test(type)) return 'number';
  if (/^DateTime/.test(type)) return 'time';
  return /^(?:Array|Map|Tuple|JSON|Dynamic|Variant)\b/.test(type) ? 'other' : 'text';
}

const plain: CellReader = (value) => value as Cell;

function text(read: (value: string) => Cell): CellReader {
  return (value) => (typeof value === 'string' ? read(value) : plain(value));
}

function arrayReader(item: CellReader): CellReader {
  return (value) => (Array.isArray(value) ? value.map(item) : plain(value));
}

function mapReader(item: CellReader): CellReader {
  return (value) => {
    if (typeof value !== 'object' || value === null) return plain(value);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, item(entry)]));
  };
}

function tupleReader(elements: readonly string[], latin1: boolean): CellReader {
  const named = elements.map((element) => /^(\w+|`[^`]*`) (.+)$/s.exec(element));
  const readers = elements.map((element, index) => cellReader(named[index]?.[2] ?? element, latin1));
  return (value) => {
    if (typeof value !== 'object' || value === null) return plain(value);
    const read = (entry: unknown, index: number) => (readers[index] ?? plain)(entry);
    if (Array.isArray(value)) return value.map(read);
    return Object.fromEntries(Object.entries(value).map(([name, entry], index) => [name, read(entry, index)]));
  };
}

/** `203.0.113.7` for an IPv4 address that is stored mapped, `''` for the absent one. */
export function readableAddress(address: string): string {
  if (address === '::') return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Beyond 2^53 a number would silently become another one: there the digits stay text. */
function safeNumber(digits: string): Cell {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

/** `Tuple(a Array(UInt8), b String)` → `['a Array(UInt8)', 'b String']`. */
export function typeArguments(type: string): string[] {
  const inside = type.slice(type.indexOf('(') + 1, -1);
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const part of inside.matchAll(/'(?:\\.|[^'\\])*'|[(),]/gs)) {
    if (part[0] === '(') depth++;
    else if (part[0] === ')') depth--;
    else if (part[0] === ',' && depth === 0) {
      found.push(inside.slice(start, part.index).trim());
      start = part.index + 1;
    }
  }
  found.push(inside.slice(start).trim());
  return found;
}

/** Whether rows must be read byte by byte: text of such a column need not be UTF-8. */
export function holdsBytes(type: string): boolean {
  return type.includes('FixedString(');
}

/**
 * Undoes reading a row as Latin-1, in which each character below U+0100 is a byte. The store escapes some characters
 * of more than one byte (`\u2028`), and those arrive as themselves.
 */
function bytesOf(latin1: string): Buffer {
  if (!/[^\u0000-\u00ff]/.test(latin1)) return Buffer.from(latin1, 'latin1');
  return Buffer.concat(
    Array.from(latin1, (character) => Buffer.from(character, character > '\u00ff' ? 'utf8' : 'latin1')),
  );
}

function decodeLatin1(value: unknown): unknown {
  if (typeof value === 'string') return bytesOf(value).toString('utf8');
  if (Array.isArray(value)) return value.map(decodeLatin1);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [decodeLatin1(name), decodeLatin1(entry)]));
}
