/**
 * Names whose values are secrets: x-api-key, x-api-secret-key, (proxy-)authorization, (set-)cookie, in every spelling:
 * any case, `-`, `_`, `.`, space or nothing between the words, camel case, and behind any prefix (`HTTP_X_API_KEY`,
 * `request.headers.x-api-key`). A name that goes on with other letters is another name: `apiKeyName`, `cookieConsent`;
 * only a word for the value itself may follow: `x-api-keyValue`, `authorizationToken`, `cookieHeader`.
 */

const SEPARATORS = '-_. +';
const SEPARATORS_MAX = 3;
const BETWEEN = `[-_. +]{0,${SEPARATORS_MAX}}`;

/** Any case, without the flag: whether a letter is a capital tells where a word of a camel-case name begins. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const API = anyCase('api') + BETWEEN;
const NAME = [
  `((?:${anyCase('x')}${BETWEEN})?)${API}((?:${anyCase('secret')}${BETWEEN})?)${anyCase('key')}`,
  `((?:${anyCase('proxy')}${BETWEEN})?)${anyCase('authorization')}`,
  `((?:${anyCase('set')}${BETWEEN})?)${anyCase('cookie')}[sS]?2?`,
].join('|');

/** `apiKeyHeader` is missing: it says which header holds the key. */
const HEADER_WORD = `(?<![yY][-_.]?)${anyCase('header')}`;
const VALUE_WORD = `(?:[-_.]?(?:${anyCase('value')}[sS]?|${anyCase('token')}[sS]?|${HEADER_WORD}))?`;
const NAME_ANYWHERE = new RegExp(`(?:${NAME})${VALUE_WORD}(?![a-zA-Z])`, 'g');
/** Digits, brackets and colons may follow: `cookie[0]`, `x-api-key:`. */
const NAME_AT_END = new RegExp(`(?:${NAME})${VALUE_WORD}[^a-zA-Z]*$`);

export interface FoundName {
  /** Where it begins, its prefix included: `request.headers.cookie`. */
  readonly from: number;
  readonly to: number;
  /** Values of these hold spaces: `Bearer …`, `a=1; b=2`. */
  readonly spaced: boolean;
}

/** The first secret name in `text` at or behind `from`. */
export function findName(text: string, from: number): FoundName | undefined {
  NAME_ANYWHERE.lastIndex = from;
  while (true) {
    const match = NAME_ANYWHERE.exec(text);
    if (!match) return undefined;
    // Words in prose, "the API key: …", are no name of a header.
    if (isAtBoundary(match) && !(isBare(match) && match[0].includes(' '))) {
      const to = match.index + match[0].length;
      return { from: prefixStart(text, match.index), to, spaced: match[1] === undefined };
    }
  }
}

const PREFIX_CHARS_MAX = 128;
const IN_PREFIX = tableOf(/[\w./%+-]/);

function prefixStart(text: string, at: number): number {
  return runStart(text, at, IN_PREFIX, PREFIX_CHARS_MAX);
}

/** Where the run of characters of `table` begins that ends before `at`, looking back `charsMax` at most. */
export function runStart(text: string, at: number, table: Uint8Array, charsMax: number): number {
  const first = Math.max(0, at - charsMax);
  let start = at;
  while (start > first && (table[text.charCodeAt(start - 1)] ?? 1) === 1) start--;
  return start;
}

/** ASCII characters that match; all others are taken to do so. */
export function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

/** Whether the whole of `name` is a secret name, behind any prefix. */
export function isSecretName(name: string): boolean {
  if (!holdsPlainName(name)) return false;
  const match = NAME_AT_END.exec(name);
  return match !== null && isAtBoundary(match);
}

/** Whether a *value* is the name of a header: as `isSecretName`, but not the end of a sentence. */
export function isHeaderName(value: string): boolean {
  if (value.length > HEADER_NAME_CHARS_MAX || !holdsPlainName(value)) return false;
  const match = NAME_AT_END.exec(value);
  return match !== null && isAtBoundary(match) && !/\s/.test(value.slice(0, match.index).trimStart());
}

const HEADER_NAME_CHARS_MAX = 256;

function isBare(match: RegExpExecArray): boolean {
  return match[1] === '' && match[2] === '';
}

/** Words that are written before a name without anything between, and change nothing about it. */
const GLUED_WORD = /(?:^|[^a-zA-Z])(?:my|our|raw|https?|req|request|client|upstream|orig|original)$/i;
const GLUED_WORD_CHARS_MAX = 10;

/** `authorization` in `preauthorization` is no name; in `pre-`, `preAuthorization` and `myauthorization` it is one. */
function isAtBoundary(match: RegExpExecArray): boolean {
  const text = match.input;
  const prefix = match[1] ?? match[3] ?? match[4] ?? '';
  if (isWordStart(text, match.index) || (prefix !== '' && isWordStart(text, match.index + prefix.length))) return true;
  return GLUED_WORD.test(text.slice(Math.max(0, match.index - GLUED_WORD_CHARS_MAX), match.index));
}

function isWordStart(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (!isLetter(before)) return true;
  return before >= LOWER_A && text.charCodeAt(at) < LOWER_A;
}

const LOWER_A = 0x61;
const LOWER = 0x20;

function isLetter(code: number): boolean {
  const lower = code | LOWER;
  return lower >= LOWER_A && lower <= 0x7a && code < 0x80;
}

/** The members of a list entry that hold its value: `{"name":"cookie","value":"…"}`. */
const VALUE_NAME = /(?:^|[^a-zA-Z])(?:values?|vals?|v|contents?|data|text|examples?|default)$/i;
const CAMEL_VALUE_NAME = /[a-z](?:Values?|Vals?|Contents?|Data|Text|Examples?|Default)$/;

export function isValueName(name: string): boolean {
  return VALUE_NAME.test(name) || CAMEL_VALUE_NAME.test(name);
}

/** The members of parallel lists: `{"names":["x-api-key"],"values":["…"]}`. */
export function isNameList(name: string): boolean {
  return /^(?:header[-_]?)?(?:names|keys)$/i.test(name);
}

export function isValueList(name: string): boolean {
  return /^(?:header[-_]?)?(?:values|vals)$/i.test(name);
}

/** An entry whose name stands one level below: `{"header":{"name":"x-api-key"},"value":"…"}`. */
export function isHeaderMember(name: string): boolean {
  return /^(?:header|cookie|key|name|field|param|parameter|attribute)$/i.test(name);
}

/**
 * A cheap look at the whole text: whether a secret name stands in it as it is. Each name has a rare letter (`k` of key
 * and cookie, `z` of authorization), and finding a letter is nearly free.
 *
 * @returns never false where `findName` or `isSecretName` would find one
 */
export function holdsPlainName(text: string): boolean {
  return (
    holdsKeyOrCookie(text, 'k') ||
    holdsKeyOrCookie(text, 'K') ||
    holdsAuthorization(text, 'z') ||
    holdsAuthorization(text, 'Z')
  );
}

function holdsKeyOrCookie(text: string, letter: string): boolean {
  let at = text.indexOf(letter);
  while (at >= 0) {
    const next = text.charCodeAt(at + 1) | LOWER;
    const last = text.charCodeAt(at + 2) | LOWER;
    if (next === 0x65 && last === 0x79) {
      const after = text.charCodeAt(at + 3);
      if ((!isLetter(after) || isValueWordStart(after, text.charCodeAt(at + 4))) && followsApiOrSecret(text, at))
        return true;
    } else if (next === 0x69 && last === 0x65 && (text.charCodeAt(at - 1) | LOWER) === 0x6f) return true;
    at = text.indexOf(letter, at + 1);
  }
  return false;
}

/** Whether `value` or `token` may begin with these two. */
function isValueWordStart(first: number, second: number): boolean {
  const lower = first | LOWER;
  return (lower === 0x76 && (second | LOWER) === 0x61) || (lower === 0x74 && (second | LOWER) === 0x6f);
}

function followsApiOrSecret(text: string, key: number): boolean {
  let at = key - 1;
  for (let skipped = 0; skipped < SEPARATORS_MAX && SEPARATORS.includes(text.charAt(at)); skipped++) at--;
  const last = text.charCodeAt(at) | LOWER;
  const before = text.charCodeAt(at - 1) | LOWER;
  return (last === 0x69 && before === 0x70) || (last === 0x74 && before === 0x65);
}

function holdsAuthorization(text: string, letter: string): boolean {
  let at = text.indexOf(letter);
  while (at >= 0) {
    if ((text.charCodeAt(at - 1) | LOWER) === 0x69 && (text.charCodeAt(at + 1) | LOWER) === 0x61) return true;
    at = text.indexOf(letter, at + 1);
  }
  return false;
}
