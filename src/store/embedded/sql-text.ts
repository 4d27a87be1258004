/** Just enough of SQL's surface to know where a statement ends, what kind it is, and what an INSERT is about. */

/** What may be skipped as a whole: a quoted text, a name in quotes, a comment, a heredoc. */
const SKIPPED =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|‘[^’]*’|“[^”]*”|--[^\n]*|#[ !][^\n]*|\/\*.*?\*\/|(\$\w*\$).*?\1/sy;

/**
 * The statement without its closing semicolon.
 *
 * @returns `undefined` when more than one statement stands there: the engine would run them all
 */
export function oneStatement(sql: string): string | undefined {
  let end = -1;
  for (let at = 0; at < sql.length; ) {
    const skipped = skipAt(sql, at);
    if (skipped > at) {
      // A comment may follow the semicolon, a quoted text may not.
      if (end >= 0 && !/^(--|#|\/\*)/.test(sql.slice(at, at + 2))) return undefined;
      at = skipped;
    } else {
      const character = sql[at] ?? '';
      if (character === ';') end = end < 0 ? at : end;
      else if (end >= 0 && !/\s/.test(character)) return undefined;
      at++;
    }
  }
  return end < 0 ? sql : sql.slice(0, end);
}

function skipAt(sql: string, at: number): number {
  const first = sql[at];
  if (first === undefined || !`'"\`-/$#‘“`.includes(first)) return at;
  SKIPPED.lastIndex = at;
  return SKIPPED.test(sql) ? SKIPPED.lastIndex : at;
}

/** The same length, with blanks in the place of quotes and comments. */
function masked(sql: string): string {
  let mask = '';
  for (let at = 0; at < sql.length; ) {
    const next = Math.max(skipAt(sql, at), at + 1);
    mask += next > at + 1 ? ' '.repeat(next - at) : (sql[at] ?? '');
    at = next;
  }
  return mask;
}

/** Whether words stand one after another anywhere outside quotes and comments. */
export function hasWords(sql: string, words: RegExp): boolean {
  return words.test(masked(sql));
}

/** The first word, upper case, behind comments and opening brackets. */
export function firstWord(sql: string): string {
  return /^(?:\s+|--[^\n]*\n|\/\*.*?\*\/|\()*(\w*)/s.exec(sql)?.[1]?.toUpperCase() ?? '';
}

/** Statements that change nothing, so that what is known of the tables stays true. */
export const ANSWERING_WORDS: ReadonlySet<string> = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'EXISTS',
]);

/** Those whose answer the engine can stream. */
export const STREAMED_WORDS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'FROM']);

export interface InsertHead {
  /** Of the URL's database, when the name is not qualified: `''`. */
  readonly database: string;
  readonly table: string;
  /** Empty: all that can be inserted. */
  readonly columns: readonly string[];
  readonly format: string;
  /** Of the statement's own SETTINGS clause, as written: `''` when there is none. */
  readonly settings: string;
  /** What follows the format in the statement's own text: the first bytes of the data. */
  readonly data: string;
}

const NAME = String.raw`(?:\`(?:[^\`\\]|\\.)+\`|"(?:[^"\\]|\\.)+"|\w+)`;
const INSERT = new RegExp(
  String.raw`^\s*INSERT\s+INTO\s+(?:TABLE\s+)?(?:(${NAME})\s*\.\s*)?(${NAME})\s*(?:\(([^)]*)\))?\s*(?:SETTINGS\s+((?:'(?:[^'\\]|\\.)*'|[^'])*?)\s)?\s*FORMAT\s+(\w+)(?:[ \t]*\r?\n|\s|$)`,
  'is',
);

/**
 * @returns `undefined` for anything but an INSERT that names a format: `VALUES` and `SELECT` need no data beside them
 */
export function insertHead(sql: string): InsertHead | undefined {
  const match = INSERT.exec(sql);
  const [whole = '', database = '', table = '', columns = '', settings = '', format = ''] = match ?? [];
  if (match === null || format.toUpperCase() === 'VALUES') return undefined;
  return {
    database: unquoted(database),
    table: unquoted(table),
    columns: columns.trim() === '' ? [] : columns.split(',').map((column) => unquoted(column.trim())),
    format,
    settings,
    data: sql.slice(whole.length),
  };
}

function unquoted(name: string): string {
  return /^[`"]/.test(name) ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name;
}

export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

export function quoteText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\0/g, '\\0')}'`;
}

/**
 * The type that a column of the file is given: the engine reads a LowCardinality far more slowly than the type inside
 * it.
 */
export function plainType(type: string): string {
  const start = type.indexOf('LowCardinality(');
  if (start < 0) return type;
  const open = start + 'LowCardinality'.length;
  let depth = 0;
  for (let at = open; at < type.length; at++) {
    if (type[at] === '(') depth++;
    if (type[at] === ')' && --depth === 0) {
      return plainType(type.slice(0, start) + type.slice(open + 1, at) + type.slice(at + 1));
    }
  }
  return type;
}

/** A query without the FORMAT at its end (settings may follow it), and that format. */
export function splitFormat(sql: string): { sql: string; format: string | undefined } {
  const match = /\sFORMAT\s+(\w+)(?=\s*(?:SETTINGS\s.*)?$)/is.exec(masked(sql));
  if (match?.[1] === undefined) return { sql, format: undefined };
  return { sql: `${sql.slice(0, match.index)} ${sql.slice(match.index + match[0].length)}`, format: match[1] };
}
