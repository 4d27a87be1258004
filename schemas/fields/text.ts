/** Text as records write it. An optional field that does not parse never costs the event. */
import type { JsonObject } from '../sources/source.ts';

/** A text as it is, a number or a truth value as its text, anything else as `''`. */
export function optionalText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
}

/** The first of the values that is a text with something in it. */
export function firstText(...values: readonly unknown[]): string {
  for (const value of values) {
    const text = optionalText(value);
    if (text !== '') return text;
  }
  return '';
}

/** The object, or an empty one in the place of anything else. */
export function optionalObject(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING;
}

const NOTHING: JsonObject = Object.freeze({});

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An identity is a text with something in it or an integer that JSON carried unharmed. */
export function isIdentity(value: unknown): value is string | number {
  return typeof value === 'string' ? value !== '' : Number.isSafeInteger(value);
}

/** A status code as number or digits; 0 when it is none. */
export function optionalStatus(value: unknown): number {
  if (typeof value === 'string') return /^[0-9]{1,5}$/.test(value) ? optionalStatus(Number(value)) : 0;
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535 ? value : 0;
}

/** What an error shows of an offending value; `''` when there is none. */
export function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
