/**
 * The lexical shape of a ClickHouse statement: enough to tell parameters, names and parentheses from what stands in
 * strings and comments. It judges no grammar.
 */
export type SqlTokenKind = 'string' | 'quoted-name' | 'name' | 'number' | 'parameter' | 'symbol';

export interface SqlToken {
  readonly kind: SqlTokenKind;
  /** As written, quotes included. */
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
}

/** Text that ends inside a string or a comment. */
export class SqlTextError extends Error {
  override readonly name = 'SqlTextError';
}

const SKIP = /(?:\s+|--[^\n]*|#[ !][^\n]*)/y;
/** The engine takes typographic quotes for quotes. */
const TYPOGRAPHIC = /‘[^’]*’|“[^”]*”/y;
const HEREDOC = /\$(\w*)\$/y;
const PARAMETER = /\{\s*\w+\s*:[^{}]*\}/y;
const NAME = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

/** @returns everything but white space and comments; @throws SqlTextError when a string or comment has no end */
export function tokenize(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const next = afterIgnored(sql, at);
    if (next > at) {
      at = next;
      continue;
    }
    const token = tokenAt(sql, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function afterIgnored(sql: string, at: number): number {
  if (sql.startsWith('/*', at)) {
    const end = sql.indexOf('*/', at + 2);
    if (end < 0) throw new SqlTextError('a comment has no end');
    return end + 2;
  }
  return at + (matchAt(SKIP, sql, at)?.length ?? 0);
}

function tokenAt(sql: string, at: number): SqlToken {
  const first = sql.charAt(at);
  if (first === "'") return { kind: 'string', text: quoted(sql, at, first), at };
  if (first === '`' || first === '"') return { kind: 'quoted-name', text: quoted(sql, at, first), at };
  const typographic = matchAt(TYPOGRAPHIC, sql, at);
  if (typographic !== undefined) return { kind: first === '‘' ? 'string' : 'quoted-name', text: typographic, at };
  const heredoc = matchAt(HEREDOC, sql, at);
  if (heredoc !== undefined) {
    const end = sql.indexOf(heredoc, at + heredoc.length);
    if (end < 0) throw new SqlTextError('a string has no end');
    return { kind: 'string', text: sql.slice(at, end + heredoc.length), at };
  }
  const forms: [SqlTokenKind, RegExp][] = [
    ['parameter', PARAMETER],
    ['name', NAME],
    ['number', NUMBER],
  ];
  for (const [kind, form] of forms) {
    const text = matchAt(form, sql, at);
    if (text !== undefined) return { kind, text, at };
  }
  return { kind: 'symbol', text: first, at };
}

function quoted(sql: string, at: number, quote: string): string {
  for (let end = at + 1; end < sql.length; end++) {
    if (sql[end] === '\\') end++;
    else if (sql[end] === quote && sql[end + 1] === quote) end++;
    else if (sql[end] === quote) return sql.slice(at, end + 1);
  }
  throw new SqlTextError('a string has no end');
}

function matchAt(form: RegExp, text: string, at: number): string | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0];
}

export interface UsedParameter {
  readonly name: string;
  readonly type: string;
}

/** The `{name:Type}` parameters of a statement, in order, those in strings and comments left out. */
export function usedParameters(sql: string): UsedParameter[] {
  return tokenize(sql)
    .filter((token) => token.kind === 'parameter')
    .map(({ text }) => {
      const colon = text.indexOf(':');
      return { name: text.slice(1, colon).trim(), type: canonicalType(text.slice(colon + 1, -1)) };
    });
}

/** A type without insignificant white space: `DateTime64( 3,'UTC' )` and `DateTime64(3, 'UTC')` are one type. */
export function canonicalType(type: string): string {
  return type
    .trim()
    .replace(/\s*([(),])\s*/g, '$1')
    .replace(/,/g, ', ');
}
