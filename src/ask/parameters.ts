/**
 * From what a person typed to the value of a typed parameter. Checked here, so that a wrong value is told in the words
 * of the question and not in those of the engine.
 */
import ipaddr from 'ipaddr.js';
import { TIME_TYPE } from '../../schemas/questions.ts';
import type { ParameterValue } from '../store/store.ts';
import type { Cell } from './answer.ts';
import { cellReader } from './cells.ts';
import { canonicalType } from './sql-text.ts';
import { parseTime, TIME_EXPECTED, timeOfParameter, timeParameter } from './time-range.ts';

/** One value, or the values of a parameter that was given several times. */
export type GivenValue = string | number | boolean | readonly (string | number)[];

export type Converted = { readonly value: ParameterValue } | { readonly expected: string };

type Convert = (text: string, nowMs: number) => Converted;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const BOOLEANS: Readonly<Record<string, number>> = { true: 1, '1': 1, yes: 1, false: 0, '0': 0, no: 0 };

/** @returns how values of the type are read, `undefined` for a type that parameters cannot have */
function converter(type: string): Convert | undefined {
  const integer = /^(U?)Int(8|16|32|64)$/.exec(type);
  if (integer !== null) return integerOf(type, integer[1] === 'U', Number(integer[2]));
  switch (type) {
    case 'String':
      return (text) => ({ value: text });
    case 'IPv6':
      return addressOf;
    case 'UUID':
      return (text) => (UUID.test(text) ? { value: text.toLowerCase() } : { expected: 'a UUID' });
    case 'Bool':
      return booleanOf;
    case 'Float64':
      return (text) => (/^[+-]?\d+(?:\.\d+)?$/.test(text) ? { value: Number(text) } : { expected: 'a number' });
    case "DateTime64(3, 'UTC')":
      return timeOf;
    default:
      return undefined;
  }
}

function integerOf(type: string, unsigned: boolean, bits: number): Convert {
  const max = 2n ** BigInt(unsigned ? bits : bits - 1) - 1n;
  const min = unsigned ? 0n : -max - 1n;
  return (text) => {
    const value = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
    if (value === undefined || value < min || value > max) return { expected: `${type}: ${min} to ${max}` };
    return { value: value.toString() };
  };
}

const addressOf: Convert = (text) => {
  const plain = text.trim();
  // An address with a zone names an interface of one machine; a short form such as 10.1 names what nobody meant.
  if (plain.includes('%') || !(ipaddr.IPv4.isValidFourPartDecimal(plain) || ipaddr.IPv6.isValid(plain))) {
    return { expected: 'an IPv4 or IPv6 address' };
  }
  const address = ipaddr.parse(plain);
  return { value: address instanceof ipaddr.IPv4 ? `::ffff:${address.toString()}` : address.toString() };
};

const booleanOf: Convert = (text) => {
  const value = BOOLEANS[text.toLowerCase()];
  return value === undefined ? { expected: 'true or false' } : { value: value === 1 };
};

const timeOf: Convert = (text, nowMs) => {
  const time = parseTime(text, nowMs);
  return time === undefined ? { expected: TIME_EXPECTED } : { value: timeParameter(time) };
};

const arrayItem = (type: string): string | undefined => /^Array\((.+)\)$/.exec(type)?.[1];

export function isParameterType(type: string): boolean {
  return converter(arrayItem(type) ?? type) !== undefined;
}

/**
 * @param type ClickHouse type of the parameter
 * @param given as typed; for an array the values of all its repetitions
 */
export function convertParameter(type: string, given: GivenValue, nowMs: number): Converted {
  const item = arrayItem(type);
  const convert = converter(item ?? type);
  if (convert === undefined) return { expected: `a type that parameters can have, not ${type}` };
  const texts = Array.isArray(given) ? given.map(String) : [String(given)];
  if (item === undefined) {
    return texts.length === 1 ? convert(texts[0] ?? '', nowMs) : { expected: `one value of type ${type}` };
  }
  const values: (string | number)[] = [];
  for (const text of texts) {
    const converted = convert(text, nowMs);
    if ('expected' in converted) return converted;
    values.push(converted.value as string | number);
  }
  return { value: values };
}

/** A typed value as a person would give it again: times in ISO 8601, addresses as people write them. */
export function readableParameter(type: string, value: ParameterValue): Cell {
  const canonical = canonicalType(type);
  const item = arrayItem(canonical) ?? canonical;
  if (Array.isArray(value)) return value.map((one: string | number) => readableParameter(item, one));
  if (typeof value !== 'string') return value as Cell;
  if (item === TIME_TYPE) return new Date(timeOfParameter(value)).toISOString();
  return cellReader(/^U?Int\d+$/.test(item) ? 'Int64' : item)(value);
}
