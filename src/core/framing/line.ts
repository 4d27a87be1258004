/** Lines: records that fill one, and text that is no JSON. */
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  isWhiteSpaceByte,
  NEWLINE,
  OPEN_OBJECT,
  RETURN,
  SPACE,
  TAB,
} from './bytes.ts';

/**
 * Where the record ends that begins at `from` and fills its line: the line ends with `}`, the next begins with `{`, and
 * nothing in between looks like two records side by side. No JSON text goes on from `}` over a newline to `{`.
 *
 * @returns `undefined` where only a look at each byte tells
 */
export function recordLineEnd(bytes: Buffer, from: number, newline: number): number | undefined {
  const following = bytes[newline + 1];
  if (following !== undefined && following !== OPEN_OBJECT) return undefined;
  const end = bytes[newline - 1] === RETURN ? newline - 1 : newline;
  if (bytes[end - 1] !== CLOSE_OBJECT) return undefined;
  let close = bytes.indexOf(CLOSE_OBJECT, from);
  while (close < end - 1) {
    const next = bytes[close + 1];
    if (next === OPEN_OBJECT || isWhiteSpaceByte(next)) return undefined;
    close = bytes.indexOf(CLOSE_OBJECT, close + 1);
  }
  return end;
}

/**
 * Whether a line that begins with this byte goes on with the text of the line before: an indented or closing line of
 * broken JSON. A secret's name and its value on the next line stay in one text, and are cut together.
 */
export function continuesLine(first: number | undefined): boolean {
  return first === SPACE || first === TAB || first === CLOSE_OBJECT || first === CLOSE_ARRAY;
}

/** Without white space at its ends, and without the comma behind it where `comma` says so. */
export function trim(bytes: Buffer, comma: boolean): Buffer {
  let from = 0;
  let to = bytes.length;
  while (from < to && isWhiteSpaceByte(bytes[from])) from++;
  while (to > from && (isWhiteSpaceByte(bytes[to - 1]) || (comma && bytes[to - 1] === COMMA))) to--;
  return bytes.subarray(from, to);
}

/** Blanks between a newline and `at`; negative where other text stands between. */
export function columnAt(bytes: Buffer, at: number): number {
  let from = at;
  while (from > 0 && (bytes[from - 1] === SPACE || bytes[from - 1] === TAB)) from--;
  return bytes[from - 1] === NEWLINE ? at - from : -1;
}
