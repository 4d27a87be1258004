/** Text as it reads once an escaping is undone, with the way back to where each character stood. */

/** A secret found: a half-open range of the text, and what it says there with its escapes undone. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly value: string;
  /** What has to stand around the fingerprint: quotes where a bare token is replaced, escaped as the place demands. */
  readonly quote: string;
}

export interface View {
  readonly text: string;
  /** Where the character stood; for the length of `text`, where the last one ended. */
  readonly origin: (index: number) => number;
  readonly escaped: (text: string) => string;
}

export function lift(cuts: readonly Cut[], view: View): Cut[] {
  return cuts.map(({ from, to, value, quote }) => ({
    from: view.origin(from),
    to: view.origin(to),
    value,
    quote: quote === '' ? '' : view.escaped(quote),
  }));
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(["'`\\/bfnrt]))/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The range with its backslash escapes undone, of JSON and of what is like it. */
export function unescaped(text: string, from = 0, to = text.length): View {
  const range = from === 0 && to === text.length ? text : text.slice(from, to);
  if (!range.includes('\\')) return { text: range, origin: (index) => from + index, escaped: escapeForJson };
  return decoded(range, from, ESCAPE, decodeEscape, escapeForJson);
}

function decodeEscape(match: RegExpExecArray): string {
  const hex = match[1] ?? match[2];
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  const char = match[3] ?? '';
  return SHORT[char] ?? char;
}

/** Escapes of ASCII characters only: names and delimiters are ASCII, and what has several bytes stays one piece. */
const PERCENT = /%([0-7][0-9a-fA-F])/g;

export function percentDecoded(text: string): View {
  if (!text.includes('%')) return { text, origin: (index) => index, escaped: encodeURIComponent };
  return decoded(
    text,
    0,
    PERCENT,
    (match) => String.fromCharCode(Number.parseInt(match[1] ?? '', 16)),
    encodeURIComponent,
  );
}

/** Only what stands around names and values: none of it is part of a name. */
const ENTITY = /&(?:quot|#34|#x22|apos|#39|#x27|amp|#38|#x26|lt|gt);/gi;

export function htmlDecoded(text: string): View {
  if (!text.includes('&')) return { text, origin: (index) => index, escaped: (char) => char };
  return decoded(text, 0, ENTITY, decodeEntity, (char) => char);
}

function decodeEntity(match: RegExpExecArray): string {
  const entity = match[0].slice(1, -1).toLowerCase();
  if (/^(?:amp|#38|#x26)$/.test(entity)) return '&';
  if (/^(?:apos|#39|#x27)$/.test(entity)) return "'";
  if (entity === 'lt') return '<';
  return entity === 'gt' ? '>' : '"';
}

function escapeForJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Each match of `pattern` reads as one character. */
function decoded(
  range: string,
  offset: number,
  pattern: RegExp,
  decode: (match: RegExpExecArray) => string,
  escaped: (text: string) => string,
): View {
  const origins = new Uint32Array(range.length + 1);
  let out = '';
  let length = 0;
  let from = 0;
  const keep = (to: number) => {
    out += range.slice(from, to);
    for (let at = from; at < to; at++) origins[length++] = offset + at;
  };
  pattern.lastIndex = 0;
  for (let match = pattern.exec(range); match; match = pattern.exec(range)) {
    keep(match.index);
    out += decode(match);
    origins[length++] = offset + match.index;
    from = match.index + match[0].length;
  }
  keep(range.length);
  origins[length] = offset + range.length;
  return { text: out, origin: (index) => origins[index] ?? offset + range.length, escaped };
}

/** Readings of a text that are tried before it is taken to be full of escapes. */
const READINGS_MAX = 24;

/**
 * Whether `test` holds for the text or for any reading of it with escapes undone, in whatever order. When there are too
 * many readings to try, the answer is yes.
 */
export function anyReading(text: string, test: (reading: string) => boolean): boolean {
  if (text.indexOf('%') < 0 && text.indexOf('\\') < 0) return test(text);
  const readings = [text];
  for (let at = 0; at < readings.length; at++) {
    const reading = readings[at] ?? '';
    if (test(reading)) return true;
    for (const next of [withoutEscapes(reading), withoutPercent(reading)]) {
      if (next !== reading && !readings.includes(next)) readings.push(next);
    }
    if (readings.length > READINGS_MAX) return true;
  }
  return false;
}

function withoutEscapes(text: string): string {
  if (text.indexOf('\\') < 0) return text;
  return text.replace(ESCAPE, (_, unicode?: string, hex?: string, char = '') => {
    const code = unicode ?? hex;
    return code === undefined ? (SHORT[char] ?? char) : String.fromCharCode(Number.parseInt(code, 16));
  });
}

function withoutPercent(text: string): string {
  if (text.indexOf('%') < 0) return text;
  return text.replace(PERCENT, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** In order and apart; where two overlap or touch, the first given says what the secret is. */
export function merged(cuts: readonly Cut[]): Cut[] {
  const order = cuts.map((cut, rank) => ({ cut, rank })).sort((a, b) => a.cut.from - b.cut.from || a.rank - b.rank);
  const out: { cut: Cut; rank: number }[] = [];
  for (const { cut, rank } of order) {
    const last = out.at(-1);
    if (!last || cut.from > last.cut.to) {
      out.push({ cut, rank });
      continue;
    }
    const better = rank < last.rank ? cut : last.cut;
    last.rank = Math.min(rank, last.rank);
    last.cut = { ...better, from: last.cut.from, to: Math.max(last.cut.to, cut.to) };
  }
  return out.map(({ cut }) => cut);
}
