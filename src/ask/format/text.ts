/** Cells as text: what is invisible made visible, and how many columns of a terminal it takes. */
import type { AnswerColumn, Cell } from '../answer.ts';

/**
 * Control and format characters, line and paragraph separators, lone surrogates: what moves the cursor, turns the
 * direction of writing or shows nothing at all, and so can make one value look like another.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

/** @returns the text with every invisible character written as an escape: `\n`, `\u{202e}` */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => SHORT[character] ?? `\\u{${codePoint(character).toString(16)}}`);
}

/** JSON says the same with these characters escaped, and a terminal shows them. */
export function visibleJson(json: string): string {
  return json.replace(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, unit) => `\\u${hex4(character.charCodeAt(unit))}`).join(''),
  );
}

const hex4 = (unit: number): string => unit.toString(16).padStart(4, '0');
const codePoint = (character: string): number => character.codePointAt(0) ?? 0;

/** Text of a cell in formats that know only text. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** The same for people: a list is `a, b`, and an item that would be misread among others is quoted. */
export function readableText(cell: Cell): string {
  return Array.isArray(cell) ? cell.map(listItem).join(', ') : cellText(cell);
}

const MISREAD = /^$|[,"]|^\s|\s$/;

function listItem(item: Cell): string {
  if (typeof item !== 'string') return JSON.stringify(item);
  return MISREAD.test(item) ? JSON.stringify(item) : item;
}

/** A row in which times are those of the machine's zone, with their offset, where people asked for that. */
export function localTimes(row: readonly Cell[], columns: readonly AnswerColumn[]): readonly Cell[] {
  return row.map((cell, index) =>
    columns[index]?.kind === 'time' && typeof cell === 'string' ? localTime(cell) : cell,
  );
}

/** @param utc ISO 8601 with Z; @returns the same instant as ISO 8601 with the offset of the machine's zone */
export function localTime(utc: string): string {
  const time = new Date(utc);
  if (Number.isNaN(time.getTime())) return utc;
  const offset = -time.getTimezoneOffset();
  const wall = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, utc.includes('.') ? 23 : 19);
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d))?(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** @param iso with its zone; @returns the same without seconds or a fraction that are zero */
export function shortTime(iso: string): string {
  const [, minute = iso, seconds = '', fraction = '', zone = ''] = ISO.exec(iso) ?? [];
  const rest = fraction.replace(/0+$/, '');
  if (rest !== '') return `${minute}:${seconds}.${fraction}${zone}`;
  return seconds === '' || seconds === '00' ? `${minute}${zone}` : `${minute}:${seconds}${zone}`;
}

/** `UTC`, or the offset. */
export function zoneOf(iso: string): string {
  const zone = ISO.exec(iso)?.[4] ?? 'Z';
  return zone === 'Z' ? 'UTC' : zone;
}

/** Emphasis for a terminal; without colour nothing but the text. */
export const strong = (text: string, color: boolean | undefined): string =>
  color === true ? `\u001b[1m${text}\u001b[22m` : text;
export const faint = (text: string, color: boolean | undefined): string =>
  color === true ? `\u001b[2m${text}\u001b[22m` : text;

const ASCII = /^[\x20-\x7e]*$/;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const NO_WIDTH = /^[\p{Mn}\p{Me}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;

/** First and last code point of the blocks that Unicode's East Asian Width calls wide or full-width, emoji apart. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** Columns of a terminal that the text takes: two for East Asian and emoji, none for combining marks. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  const code = codePoint(grapheme);
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** @returns the text, cut to so many columns; what was cut ends in `…` */
export function cutTo(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${fitting(graphemesOf(text), width - 1).join('')}…`;
}

const TAIL_RATIO = 0.4;

/** The same with `…` in the middle: names that begin alike often differ in how they end. */
export function cutWithin(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const tail = Math.floor((width - 1) * TAIL_RATIO);
  const end = fitting([...graphemesOf(text)].reverse(), tail).reverse();
  return `${fitting(graphemesOf(text), width - 1 - tail).join('')}…${end.join('')}`;
}

function* graphemesOf(text: string): Iterable<string> {
  for (const { segment } of GRAPHEMES.segment(text)) yield segment;
}

/** The first of them, as many as fit; no more are looked at, since a text may be a whole record. */
function fitting(graphemes: Iterable<string>, width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const grapheme of graphemes) {
    used += graphemeWidth(grapheme);
    if (used > width) break;
    taken.push(grapheme);
  }
  return taken;
}

/** Parts in as few lines as hold them, none of them broken: one that is wider stands alone. */
export function wrapped(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    const joined = `${line}${separator}${part}`;
    if (line === undefined || textWidth(joined) > width) lines.push(part);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'left' ? space + text : text + space;
}
