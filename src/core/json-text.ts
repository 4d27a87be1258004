/** JSON as text: white space that means nothing, and records parsed without losing a digit. */
import type { RejectionReason } from '../../schemas/rejection.ts';
import type { JsonObject } from '../../schemas/sources/source.ts';
import { JSON_DEPTH_MAX } from './limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COLON = 0x3a;

/**
 * The text without the white space between its tokens; all else, escapes, numbers and order included, stays as written.
 * For text that is no JSON nothing is promised but that equal text gives equal text.
 *
 * @returns the same string when there is nothing to remove
 */
export function compactJson(text: string): string {
  return mayHoldWhiteSpace(text) ? withoutWhiteSpace(text) : text;
}

/** Never false for JSON with white space between tokens; strings may hold what looks like it. */
function mayHoldWhiteSpace(text: string): boolean {
  // A string cannot hold these three as they are, so one of them stands between tokens.
  if (text.indexOf('\n') >= 0 || text.indexOf('\t') >= 0 || text.indexOf('\r') >= 0) return true;
  let at = -1;
  while (true) {
    at = text.indexOf(' ', at + 1);
    if (at < 0) return false;
    if (mayStandBetweenTokens(text, at)) return true;
  }
}

/** Of two neighbouring tokens one is structural, so a run of spaces between tokens touches such a one. */
function mayStandBetweenTokens(text: string, at: number): boolean {
  if (at === 0 || at === text.length - 1) return true;
  switch (text.charCodeAt(at - 1)) {
    case 0x7b: // {
    case 0x7d: // }
    case 0x5b: // [
    case 0x5d: // ]
      return true;
    case 0x3a: // : comes behind a name
      if (endsName(text.charCodeAt(at - 2))) return true;
      break;
    case 0x2c: // , comes behind a value and before one: "(KHTML, like Gecko)" is neither
      if (endsValue(text.charCodeAt(at - 2)) && startsValue(text.charCodeAt(at + 1))) return true;
  }
  switch (text.charCodeAt(at + 1)) {
    case 0x7d:
    case 0x5d:
    case 0x3a:
    case 0x2c:
      return true;
    default:
      return false;
  }
}

function endsName(code: number): boolean {
  return code === QUOTE || code === SPACE;
}

function endsValue(code: number): boolean {
  // "  }  ]  digit  space, and the last letters of true, false and null
  if (code === QUOTE || code === 0x7d || code === 0x5d || code === SPACE) return true;
  return (code >= 0x30 && code <= 0x39) || code === 0x65 || code === 0x6c;
}

function startsValue(code: number): boolean {
  if (code === QUOTE || code === 0x7b || code === 0x5b || code === SPACE || code === 0x2d) return true;
  return (code >= 0x30 && code <= 0x39) || code === 0x74 || code === 0x66 || code === 0x6e;
}

function withoutWhiteSpace(text: string): string {
  let out = '';
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (isWhiteSpace(code)) {
      out += text.slice(from, at);
      at = skipWhiteSpace(text, at);
      from = at;
    } else at++;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** @returns the index behind the closing quote; the length of the text when there is none */
export function stringEnd(text: string, open: number): number {
  let at = open + 1;
  while (true) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote + 1;
    let backslashes = 1;
    while (quote - 1 - backslashes > open && text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

export function isWhiteSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

export function skipWhiteSpace(text: string, from: number): number {
  let at = from;
  while (isWhiteSpace(text.charCodeAt(at))) at++;
  return at;
}

export type ParsedRecord =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly reason: RejectionReason; readonly path: string; readonly got: string };

/**
 * A record's text as an object. Integers beyond 2^53 arrive as text, digit by digit as they were written; of members
 * with one name the last stands.
 */
export function parseRecord(text: string): ParsedRecord {
  let value: unknown;
  try {
    value = JSON.parse(mayHoldLongInteger(text) ? withLongIntegersQuoted(text) : text);
  } catch {
    // The message of the engine quotes the text, and so perhaps a secret in it.
    return refused('invalid-json', describeError(text));
  }
  if (typeof value !== 'object' || value === null)
    return refused('not-an-object', value === null ? 'null' : typeof value);
  if (Array.isArray(value)) return refused('not-an-object', 'array');
  if (mayBeTooDeep(text)) {
    const depth = depthOf(text);
    if (depth > JSON_DEPTH_MAX) return refused('too-deep', `${depth} levels`);
  }
  return { ok: true, value: value as JsonObject };
}

function refused(reason: RejectionReason, got: string): ParsedRecord {
  return { ok: false, reason, path: '', got };
}

/** Each level closes once: fewer closing brackets than levels are enough to know that it is not too deep. */
function mayBeTooDeep(text: string): boolean {
  let closed = 0;
  for (const bracket of ['}', ']']) {
    let at = text.indexOf(bracket);
    while (at >= 0) {
      if (++closed > JSON_DEPTH_MAX) return true;
      at = text.indexOf(bracket, at + 1);
    }
  }
  return false;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Digits of the smallest integer that a double cannot tell from its neighbour. */
const LONG_DIGITS = 16;

/** Of 16 digits in a row one stands at a multiple of 16: only these places need a look. */
function mayHoldLongInteger(text: string): boolean {
  for (let at = LONG_DIGITS - 1; at < text.length; at += LONG_DIGITS) {
    if (!isDigit(text.charCodeAt(at))) continue;
    // Such a number reaches this far to one side or the other; ids in hexadecimal rarely do.
    if (!isDigit(text.charCodeAt(at - LONG_DIGITS / 2)) && !isDigit(text.charCodeAt(at + LONG_DIGITS / 2))) continue;
    let from = at;
    while (isDigit(text.charCodeAt(from - 1))) from--;
    let to = at + 1;
    while (isDigit(text.charCodeAt(to))) to++;
    if (to - from >= LONG_DIGITS) return true;
    at += (to - at) & ~(LONG_DIGITS - 1);
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;

function withLongIntegersQuoted(text: string): string {
  let out = '';
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (isDigit(code) || code === 0x2d) {
      NUMBER.lastIndex = at;
      const match = NUMBER.exec(text);
      const end = match ? NUMBER.lastIndex : at + 1;
      if (match && isLongInteger(match) && text.charCodeAt(skipWhiteSpace(text, end)) !== COLON) {
        out += `${text.slice(from, at)}"${match[0]}"`;
        from = end;
      }
      at = end;
    } else at++;
  }
  return out + text.slice(from);
}

function isLongInteger(match: RegExpExecArray): boolean {
  const [number, fraction, exponent] = match;
  if (fraction !== undefined || exponent !== undefined || Number.isSafeInteger(Number(number))) return false;
  // A leading zero is no JSON, and neither is a number for a name: quoting would make a record of what is none.
  return !/^-?0/.test(number);
}

/** What stands where the text stops being JSON: one character and its place, never more of what may be a secret. */
function describeError(text: string): string {
  const at = errorPosition(text);
  if (at >= text.length) return `end of text at position ${at}`;
  return `${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))} at position ${at}`;
}

const TOKEN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const STRING_PART = /(?:[^"\\\u0000-\u001f]{1,4096}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))/y;

/** Index of the first character that cannot stand where it does. */
function errorPosition(text: string): number {
  const open: boolean[] = [];
  let expected: 'value' | 'first' | 'name' | 'colon' | 'next' = 'value';
  let at = 0;
  while (true) {
    at = skipWhiteSpace(text, at);
    const char = text[at];
    if (char === undefined) return at;
    const inObject = open.at(-1);
    if (expected === 'next') {
      if (inObject === undefined) return at;
      if (char === ',') expected = inObject ? 'name' : 'value';
      else if (char === (inObject ? '}' : ']')) open.pop();
      else return at;
      at++;
    } else if (expected === 'colon') {
      if (char !== ':') return at;
      expected = 'value';
      at++;
    } else if (expected === 'first' && char === (inObject ? '}' : ']')) {
      open.pop();
      expected = 'next';
      at++;
    } else if (expected === 'name' || (expected === 'first' && inObject)) {
      const end = char === '"' ? checkedString(text, at) : -at - 1;
      if (end < 0) return -end - 1;
      at = end;
      expected = 'colon';
    } else if (char === '{' || char === '[') {
      open.push(char === '{');
      expected = 'first';
      at++;
    } else {
      const end = checkedScalar(text, at);
      if (end < 0) return -end - 1;
      at = end;
      expected = 'next';
    }
  }
}

/** @returns the index behind the string, or -1 minus the index of what does not belong into it */
function checkedString(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') {
    STRING_PART.lastIndex = at;
    if (!STRING_PART.test(text)) return -at - 1;
    at = STRING_PART.lastIndex;
  }
  return at + 1;
}

function checkedScalar(text: string, at: number): number {
  if (text[at] === '"') return checkedString(text, at);
  TOKEN.lastIndex = at;
  return TOKEN.test(text) ? TOKEN.lastIndex : -at - 1;
}
