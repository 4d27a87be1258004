/**
 * Secrets in text without a structure to rely on: header lines, commands, URLs, logs, JSON that is broken or cut.
 *
 * A name is looked for, then the value behind it, in the text as it stands and as it reads with escapes undone. Where
 * the text does not parse, doubt redacts: less punctuation is asked for between a name and its value.
 */
import { FINGERPRINT_PATTERN } from '../fingerprint.ts';
import { type FoundName, findName, holdsPlainName, isSecretName, runStart, tableOf } from './names.ts';
import { type Cut, htmlDecoded, lift, merged, percentDecoded, unescaped } from './views.ts';

const FINGERPRINT = new RegExp(`^${FINGERPRINT_PATTERN}$`);
const FINGERPRINT_HERE = new RegExp(`${FINGERPRINT_PATTERN}(?=$|[&#\\s"'\`<>\\\\,;)}\\]])`, 'y');
/** Escapings undone one after the other: JSON in a form field in JSON. */
const VIEWS_DEEP_MAX = 3;
/** How far around a name its entry's value is looked for. */
const ENTRY_CHARS_MAX = 1_024;

/** Whether the text is a fingerprint and nothing else: it was cut before. */
export function isFingerprint(text: string): boolean {
  return FINGERPRINT.test(text);
}

/** @param doubt the text was to be a record and does not parse */
export function secretsInText(text: string, doubt: boolean, level = 0): Cut[] {
  const cuts = holdsPlainName(text) ? namedSecrets(text, doubt) : [];
  if (text.includes('%')) cuts.push(...encodedParameters(text));
  if (level < VIEWS_DEEP_MAX) {
    for (const view of [unescaped(text), percentDecoded(text), htmlDecoded(text)]) {
      if (view.text !== text) cuts.push(...lift(secretsInText(view.text, doubt, level + 1), view));
    }
  }
  return merged(cuts);
}

function namedSecrets(text: string, doubt: boolean): Cut[] {
  const cuts: Cut[] = [];
  let name = findName(text, 0);
  while (name) {
    const found = entryValues(text, name);
    const behind = valueBehind(text, name, doubt, found.length > 0);
    if (behind) found.push(behind);
    let next = name.to;
    for (const cut of found) {
      if (cut.to > next) next = cut.to;
      if (cut.to > cut.from && !isFingerprint(text.slice(cut.from, cut.to))) cuts.push(cut);
    }
    // What is cut is not searched again: each character is looked at a bounded number of times.
    name = findName(text, next);
  }
  return cuts;
}

const IN_PARAMETER_NAME = tableOf(/[^?&;#\s"'`<>\\=]/);
const PARAMETER_NAME_CHARS_MAX = 256;

/** Parameters of a query whose name is percent-encoded: once they are decoded, nothing tells where the value ended. */
function encodedParameters(text: string): Cut[] {
  const cuts: Cut[] = [];
  let equals = text.indexOf('=');
  while (equals >= 0) {
    const name = text.slice(runStart(text, equals, IN_PARAMETER_NAME, PARAMETER_NAME_CHARS_MAX), equals);
    let next = equals + 1;
    if (name.includes('%') && isSecretName(percentDecoded(name).text)) {
      const cut = valueAt(text, next, 'query');
      if (cut.to > cut.from && !isFingerprint(text.slice(cut.from, cut.to))) cuts.push(cut);
      // As for plain names: a value that holds further names would be read once for each of them.
      next = Math.max(next, cut.to);
    }
    equals = text.indexOf('=', next);
  }
  return cuts;
}

const LABEL =
  /(?:^|[^a-zA-Z])(?:raw[-_]?|string[-_]?|header[-_]?)?(?:values?|vals?|contents?|data|text)["'`\\]*\s*[:=]+>?\s*/gi;

/** `name` is itself a value, as in `{"value":"…","name":"cookie"}`: the entry's value stands near it. */
function entryValues(text: string, name: FoundName): Cut[] {
  const before = text.slice(Math.max(0, name.from - ENTRY_CHARS_MAX), name.from);
  if (!/[:=]>?[ \t]*[\\"'`]*$/.test(before.slice(-100)) && !isInNameList(before)) return [];
  const from = name.from - before.length + Math.max(before.lastIndexOf('{'), before.lastIndexOf('<')) + 1;
  const behind = text.slice(name.to, name.to + ENTRY_CHARS_MAX);
  const to = name.to + behind.search(/[}>]|$/);
  const cuts: Cut[] = [];
  const entry = text.slice(from, to);
  LABEL.lastIndex = 0;
  for (let label = LABEL.exec(entry); label; label = LABEL.exec(entry)) {
    const cut = valueAt(text, from + LABEL.lastIndex, 'member');
    cuts.push(cut);
    LABEL.lastIndex = Math.max(LABEL.lastIndex, cut.to - from);
  }
  return cuts;
}

const NAME_LIST = /(?:^|[^a-zA-Z]|header)(?:names|keys)["'`\\]*\s*[:=]\s*$/i;

/** `{"names":["Host","x-api-key"],"values":[…]}`: nothing tells which of the values it is, when it does not parse. */
function isInNameList(before: string): boolean {
  const open = before.lastIndexOf('[');
  return open > before.lastIndexOf(']') && NAME_LIST.test(before.slice(Math.max(0, open - 32), open));
}

const INDEX = /\d*(?:\[\w*\])?/y;
const CLOSERS = /[\\"'`\]]*/y;
/** A line of one word, or of one that was cut before. */
const LONE_WORD = `(?:[^\\s:={}[\\]<>,"'\`\\\\]+=*|${FINGERPRINT_PATTERN})[ \\t]*(?:[\\r\\n"'\`\\\\]|$)`;
/** The value may stand on the next line: indented, behind a block scalar's mark, or alone as one word. */
const SEPARATOR = new RegExp(
  `[ \\t]*(?:[:=]+>?|->)[ \\t]*(?:(?:[|>][-+\\d]*[ \\t]*)?\\r?\\n[ \\t]+|\\r?\\n(?=${LONE_WORD}))?`,
  'y',
);
const QUOTED_SEPARATOR = /\s*(?:[:=]+>?|->)\s*/y;
const COMMA = /\s*,\s*/y;
const WHITE_SPACE = /[ \t\r\n]*/y;
const OPENING_QUOTE = /\\*["'`]/y;
const BLANKS = /[ \t]+(?:(?:is|was)[ \t]+)?/y;
/** In prose only what looks like a credential is one: long, of its letters, with a digit; no path, address or time. */
const BEFORE_CREDENTIAL = /[ \t]+(?:(?:is|was|bearer|basic|token)[ \t]+){0,2}["'`]?/iy;
const CREDENTIAL = /(?=[A-Za-z_\-+/=.]*\d)[\w+=-][\w+/=.-]{14,}[\w+/=-](?![\w+/=@:-])/y;
/** A part of a form: `name="x-api-key"`, an empty line, the value. */
const FORM_PART = /\r?\n\r?\n/y;

/** `query`: ends at white space or `&`. `line`: ends with its line or quote. The others end as they are named. */
type Style = 'query' | 'line' | 'cell' | 'word' | 'member' | 'element';

function valueBehind(text: string, name: FoundName, doubt: boolean, isEntry: boolean): Cut | undefined {
  const nameEnd = matchEnd(INDEX, text, name.to) ?? name.to;
  const at = matchEnd(CLOSERS, text, nameEnd) ?? nameEnd;
  const quoted = /["'`]/.test(text.slice(nameEnd, at));
  const value = matchEnd(quoted ? QUOTED_SEPARATOR : SEPARATOR, text, at);
  if (value !== undefined) {
    if (quoted) return unfolded(text, valueAt(text, value, name.spaced ? 'line' : 'member'), name, value, doubt);
    const isQuery = text.slice(at, value).trim() === '=' && (!name.spaced || /[?&;]/.test(text.charAt(name.from - 1)));
    if (isQuery) return valueAt(text, value, 'query', name);
    return unfolded(text, valueAt(text, value, 'line', name), name, value, doubt);
  }
  if (text.charAt(at) === '>' && (quoted || text.charAt(name.from - 1) === '<'))
    return valueAt(text, at + 1, 'element');
  if (quoted) {
    const part = matchEnd(FORM_PART, text, at);
    if (part !== undefined) return valueAt(text, part, 'line');
  }
  const cell = quoted || doubt ? matchEnd(COMMA, text, at) : undefined;
  if (cell !== undefined) return isEntry ? undefined : valueAt(text, cell, 'cell');
  if (isEntry) return undefined;
  const word = doubt ? matchEnd(BLANKS, text, at) : undefined;
  if (word === undefined) return credentialBehind(text, at);
  return unfolded(text, valueAt(text, word, name.spaced ? 'line' : 'word'), name, word, doubt);
}

/** `x-api-key is …` in prose. */
function credentialBehind(text: string, at: number): Cut | undefined {
  const from = matchEnd(BEFORE_CREDENTIAL, text, at);
  const to = from === undefined ? undefined : matchEnd(CREDENTIAL, text, from);
  if (from === undefined || to === undefined) return undefined;
  return { from, to, value: text.slice(from, to), quote: '' };
}

const SCHEME = /^(?:bearer|basic|digest|token|negotiate|ntlm|hawk|oauth|apikey|aws4-hmac-sha256)$/i;
const NEXT_LINE = /[ \t]*\r?\n([ \t]*)([^\s"'`)}\]>][^\r\n]*)/y;
/** Another header or member, or a line of a stack trace. */
const OTHER_LINE = /^(?:[\w.-]+:(?:\s|$)|at\s)/;

/** With the lines that continue a bare value: those further in than its name's, and the one behind a lone scheme. */
function unfolded(text: string, cut: Cut, name: FoundName, at: number, doubt: boolean): Cut {
  if (cut.from !== at || cut.to === cut.from) return cut;
  let to = cut.to;
  let isLoneScheme = name.spaced && SCHEME.test(cut.value);
  let indent: number | undefined;
  NEXT_LINE.lastIndex = to;
  for (let next = NEXT_LINE.exec(text); next; next = NEXT_LINE.exec(text)) {
    const [, white = '', line = ''] = next;
    indent ??= indentAt(text, name.from);
    const isOther = OTHER_LINE.test(line);
    const isFurtherIn = white.length > indent && (doubt || !isOther);
    if (!isFurtherIn && !(isLoneScheme && !isOther)) break;
    to = trimmedEnd(text, to, NEXT_LINE.lastIndex, 'line');
    isLoneScheme = false;
    NEXT_LINE.lastIndex = to;
  }
  if (to === cut.to) return cut;
  return { ...cut, to, value: text.slice(cut.from, to).replace(/[ \t]*\r?\n[ \t]*/g, ' ') };
}

const LINE_CHARS_MAX = 1_024;

/** How far in the line begins in which `at` stands; the mark of a list's entry is part of that. */
function indentAt(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - LINE_CHARS_MAX), at);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return /^[ \t]*(?:- +)*/.exec(line)?.[0].length ?? 0;
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

const STYLES: Readonly<Record<Style, RegExp>> = {
  query: /[^&#\s"'`<>\\]*/y,
  line: /[^\r\n]*/y,
  cell: /[^,\r\n]*/y,
  word: /[^\s,;"'`]*/y,
  member: /[^,;}\s"'`<>&]*/y,
  element: /[^<]*/y,
};

/** The value that begins at `at`: a quoted string, a bracketed list, or bare text that ends as its style says. */
function valueAt(text: string, at: number, style: Style, name?: FoundName): Cut {
  const cutBefore = matchEnd(FINGERPRINT_HERE, text, at);
  if (cutBefore !== undefined && style !== 'line') return { from: at, to: cutBefore, value: '', quote: '' };
  const start = style === 'element' ? undefined : matchEnd(OPENING_QUOTE, text, at);
  if (start !== undefined) {
    const backslashes = start - at - 1;
    const to = closingQuote(text, start, text.charAt(start - 1), backslashes) ?? text.length;
    return { from: start, to, value: undone(text.slice(start, to), backslashes), quote: '' };
  }
  if (cutBefore === undefined && style !== 'element' && /[[{]/.test(text.charAt(at))) {
    return insideBrackets(text, at);
  }
  const to = trimmedEnd(text, at, bareEnd(text, at, style, name), style);
  const value = text.slice(at, to);
  return { from: at, to, value: style === 'query' ? decodedQuery(value) : value, quote: '' };
}

function bareEnd(text: string, at: number, style: Style, name: FoundName | undefined): number {
  const end = matchEnd(STYLES[style], text, at) ?? at;
  if (style !== 'line' || !name) return end;
  // curl -H 'X-Api-Key: …' https://…: the quote before the name is the one that ends the value.
  const opening = /(\\*)(["'`])$/.exec(text.slice(Math.max(0, name.from - 16), name.from));
  if (!opening) return end;
  const closing = closingQuote(text, at, opening[2] ?? '"', (opening[1] ?? '').length);
  return closing ?? end;
}

/** Punctuation of the text around it is not the value's; white space that is not ASCII may be half a character. */
function trimmedEnd(text: string, from: number, to: number, style: Style): number {
  const trailing = style === 'query' ? ',;)}] \t' : ' \t\r\n';
  let end = to;
  while (end > from && trailing.includes(text.charAt(end - 1))) end--;
  return end;
}

/** More backslashes than before the opening quote belong to a quote inside; fewer, to one that closes a level above. */
function closingQuote(text: string, from: number, quote: string, backslashes: number): number | undefined {
  let at = text.indexOf(quote, from);
  while (at >= 0) {
    let start = at;
    while (start > from && text.charAt(start - 1) === '\\') start--;
    if (at - start <= backslashes) return start;
    at = text.indexOf(quote, at + 1);
  }
  return undefined;
}

/** What stands between brackets, and between quotes when it is one quoted string: `X-Api-Key:["…"]`. */
function insideBrackets(text: string, at: number): Cut {
  const close = bracketClose(text, at);
  const to = trimmedEnd(text, at + 1, close, 'line');
  const from = matchEnd(WHITE_SPACE, text, at + 1) ?? at + 1;
  const start = matchEnd(OPENING_QUOTE, text, from);
  if (start !== undefined) {
    const backslashes = start - from - 1;
    const end = closingQuote(text, start, text.charAt(start - 1), backslashes);
    if (end !== undefined && end + backslashes + 1 === to) {
      return { from: start, to: end, value: undone(text.slice(start, end), backslashes), quote: '' };
    }
  }
  return { from, to, value: text.slice(from, to), quote: '' };
}

/** Where the bracket that closes the one at `at` stands; the length of the text when none does. */
function bracketClose(text: string, at: number): number {
  const part = /["'`]|[[{]|[\]}]/g;
  part.lastIndex = at;
  let depth = 0;
  for (let match = part.exec(text); match; match = part.exec(text)) {
    if (/["'`]/.test(match[0])) {
      const backslashes = /\\*$/.exec(text.slice(Math.max(at, match.index - 16), match.index))?.[0].length ?? 0;
      const close = closingQuote(text, part.lastIndex, match[0], backslashes);
      if (close === undefined) return text.length;
      part.lastIndex = close + backslashes + 1;
    } else if (/[[{]/.test(match[0])) depth++;
    else if (--depth === 0) return match.index;
  }
  return text.length;
}

/** A string's value without the escapes of the levels that its quote's backslashes show. */
function undone(value: string, backslashes: number): string {
  let text = value;
  for (let level = backslashes; text.includes('\\'); level = (level - 1) / 2) {
    text = unescaped(text).text;
    if (level < 1) break;
  }
  return text;
}

function decodedQuery(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
