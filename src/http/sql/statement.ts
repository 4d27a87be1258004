/**
 * What a client of ClickHouse's HTTP protocol sent, taken apart: a SELECT, the format of its answer, its settings. What
 * is taken off here is judged here; what is left is judged as a whole by the guard of `keytrail sql`.
 */

import { READABLE_TABLES } from '../../ask/allowed-functions.ts';
import { SqlTextError, type SqlToken, tokenize } from '../../ask/sql-text.ts';
import { statement } from '../../store/statements.ts';
import { SqlRefusal } from './refusal.ts';

export interface SqlStatement {
  readonly kind: 'select' | 'describe-select' | 'describe-table';
  /** The SELECT, or the name of the table. */
  readonly sql: string;
  /** `undefined` where the statement names none. */
  readonly format: string | undefined;
  readonly settings: ReadonlyMap<string, string>;
}

/** Tables of the engine that programs ask about when they connect, answered by views of keytrail's own. */
const CATALOG: Readonly<Record<string, string>> = {
  databases: 'catalog_databases',
  tables: 'catalog_tables',
  columns: 'catalog_columns',
  functions: 'catalog_functions',
  data_type_families: 'catalog_data_types',
};

export const CATALOG_TABLES: readonly string[] = Object.values(CATALOG);

const READABLE: ReadonlySet<string> = new Set(READABLE_TABLES);

/** @throws SqlRefusal */
export function parseStatement(text: string): SqlStatement {
  const tokens = tokensOf(text);
  while (tokens.at(-1)?.text === ';') tokens.pop();
  const format = takeFormat(tokens);
  const settings = takeSettings(tokens);
  const first = tokens.find((token) => token.text !== '(');
  const word = first?.kind === 'name' ? first.text.toUpperCase() : '';
  if (word === 'SELECT' || word === 'WITH') return { kind: 'select', sql: written(tokens), format, settings };
  if (word === 'DESCRIBE' || word === 'DESC') return { ...described(tokens.slice(1)), format, settings };
  if (word === 'SHOW') return { kind: 'select', sql: shown(tokens), format, settings };
  throw new SqlRefusal(164, 'READONLY', word === '' ? 'This is no statement' : `Only a SELECT is allowed, not ${word}`);
}

function tokensOf(text: string): SqlToken[] {
  try {
    return tokenize(text);
  } catch (cause) {
    if (cause instanceof SqlTextError) throw new SqlRefusal(62, 'SYNTAX_ERROR', `Syntax error: ${cause.message}`);
    throw cause;
  }
}

const isWord = (token: SqlToken | undefined, word: string): boolean =>
  token?.kind === 'name' && token.text.toUpperCase() === word;

/** Takes `FORMAT name` from the end. */
function takeFormat(tokens: SqlToken[]): string | undefined {
  const name = tokens.at(-1);
  if (name?.kind !== 'name' || !isWord(tokens.at(-2), 'FORMAT')) return undefined;
  tokens.splice(-2);
  return name.text;
}

/** Takes `SETTINGS a = 1, b = 'x'` from the end, outside of parentheses. */
function takeSettings(tokens: SqlToken[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let depth = 0;
  let at = -1;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && isWord(token, 'SETTINGS') && tokens[index - 1]?.text !== '.') at = index;
  }
  // Behind the word a setting stands; without one it is a name.
  if (at < 0 || tokens[at + 2]?.text !== '=') return settings;
  const taken = tokens.slice(at + 1);
  for (let from = 0; from < taken.length; from += 4) {
    const [name, equals, value, comma] = taken.slice(from, from + 4);
    const isPair =
      name?.kind === 'name' && equals?.text === '=' && (value?.kind === 'number' || value?.kind === 'string');
    // Whatever else follows the word is no clause of settings, and the guard says what it thinks of it.
    if (!isPair || (comma !== undefined && comma.text !== ',')) return new Map();
    settings.set(name.text, value.kind === 'string' ? value.text.slice(1, -1) : value.text);
  }
  tokens.splice(at);
  return settings;
}

/** The text of the tokens, with the engine's own tables in the place of which others stand under their names. */
function written(tokens: readonly SqlToken[]): string {
  let sql = '';
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const replacement = tokens[at - 1]?.text === '.' ? undefined : replaced(tokens, at);
    const before = tokens[at - 1];
    if (before !== undefined && sql !== '') sql += gapBetween(before, token);
    sql += replacement ?? token.text;
    if (replacement !== undefined) at += 2;
  }
  return sql;
}

/** Comments go, and what they separated stays apart. */
function gapBetween(before: SqlToken, token: SqlToken): string {
  return token.at > before.at + before.text.length ? ' ' : '';
}

function replaced(tokens: readonly SqlToken[], at: number): string | undefined {
  if (tokens[at + 1]?.text !== '.') return undefined;
  const [database, name] = [nameOf(tokens[at]), nameOf(tokens[at + 2])];
  if (database === 'system') return name === undefined ? undefined : CATALOG[name.toLowerCase()];
  return database === 'default' && name !== undefined && READABLE.has(name) ? name : undefined;
}

function nameOf(token: SqlToken | undefined): string | undefined {
  if (token?.kind === 'name') return token.text;
  return token?.kind === 'quoted-name' && /^.\w+.$/.test(token.text) ? token.text.slice(1, -1) : undefined;
}

function described(rest: readonly SqlToken[]): Pick<SqlStatement, 'kind' | 'sql'> {
  const of = isWord(rest[0], 'TABLE') ? rest.slice(1) : rest;
  if (of[0]?.text === '(' && of.at(-1)?.text === ')') {
    return { kind: 'describe-select', sql: written(of.slice(1, -1)) };
  }
  return { kind: 'describe-table', sql: written(of).replace(/^[`"](\w+)[`"]$/, '$1') };
}

function shown(tokens: readonly SqlToken[]): string {
  if (isWord(tokens[1], 'DATABASES') && tokens.length === 2) return statement('show-databases');
  const isOfDefault = (isWord(tokens[2], 'FROM') || isWord(tokens[2], 'IN')) && nameOf(tokens[3]) === 'default';
  if (isWord(tokens[1], 'TABLES') && (tokens.length === 2 || (tokens.length === 4 && isOfDefault))) {
    return statement('show-tables');
  }
  throw new SqlRefusal(164, 'READONLY', 'Of SHOW only DATABASES and TABLES are allowed');
}
