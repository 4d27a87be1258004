/**
 * Names that a statement gives to its own subqueries: `WITH name AS (…)`. The syntax tree does not print them, so they
 * are read from the canonical text. A name is a table expression only inside its scope; elsewhere the engine would take
 * it for a table or, when embedded, for a file of that name.
 */
import type { SqlToken } from './sql-text.ts';

const SIMPLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SET_OPERATOR = /^(?:UNION|EXCEPT|INTERSECT)$/i;

interface Scope {
  readonly name: string;
  /** Token positions: the name may stand in [from, to). */
  readonly from: number;
  readonly to: number;
  /** The name in its own declaration. */
  readonly at: number;
}

/**
 * @param names what stands in the place of a table and is none of keytrail's
 * @returns those that the statement does not declare, or that also occur where no declaration of theirs holds
 */
export function outOfScopeTables(tokens: readonly SqlToken[], names: readonly string[]): string[] {
  const scopes = scopesOf(tokens);
  const holds = (name: string, at: number) =>
    scopes.some((scope) => scope.name === name && (scope.at === at || (at >= scope.from && at < scope.to)));
  const strayed = (name: string) =>
    tokens.some(
      (token, at) => isName(token) && unquoted(token.text) === name && !isPart(tokens, at) && !holds(name, at),
    );
  const declared = new Set(scopes.map((scope) => scope.name));
  return [...new Set(names)].filter((name) => !declared.has(name) || strayed(name));
}

function scopesOf(tokens: readonly SqlToken[]): Scope[] {
  const scopes: Scope[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!isName(token) || !SIMPLE_NAME.test(unquoted(token.text))) continue;
    const body = bodyAfter(tokens, at);
    if (body === undefined) continue;
    const recursive = beginsRecursive(tokens, at);
    scopes.push({
      name: unquoted(token.text),
      at,
      from: recursive ? body : closing(tokens, body) + 1,
      to: scopeEnd(tokens, at),
    });
  }
  return scopes;
}

/** @returns the position of the parenthesis that opens `AS (SELECT …`, `undefined` where the name declares nothing */
function bodyAfter(tokens: readonly SqlToken[], at: number): number | undefined {
  let next = at + 1;
  if (tokens[next]?.text === '(') next = closing(tokens, next) + 1;
  if (!isWord(tokens[next], 'AS')) return undefined;
  next++;
  if (isWord(tokens[next], 'MATERIALIZED')) next++;
  if (tokens[next]?.text !== '(') return undefined;
  const first = tokens.slice(next).find((token) => token.text !== '(');
  return isWord(first, 'SELECT') || isWord(first, 'WITH') ? next : undefined;
}

function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    depth += step(tokens[at]);
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Where the parentheses end that the declaration stands in, or the part of a UNION when that has one of its own. */
function scopeEnd(tokens: readonly SqlToken[], declared: number): number {
  const firstPart = isFirstPart(tokens, declared);
  let depth = 0;
  for (let at = declared; at < tokens.length; at++) {
    const token = tokens[at];
    depth += step(token);
    if (depth < 0) return at;
    if (depth === 0 && !firstPart && token?.kind === 'name' && SET_OPERATOR.test(token.text)) return at;
  }
  return tokens.length;
}

/** A WITH before the first part of a UNION holds for all of its parts. */
function isFirstPart(tokens: readonly SqlToken[], declared: number): boolean {
  let depth = 0;
  for (let at = declared; at >= 0; at--) {
    const token = tokens[at];
    depth -= step(token);
    if (depth < 0) return true;
    if (depth === 0 && token?.kind === 'name' && SET_OPERATOR.test(token.text)) return false;
  }
  return true;
}

function beginsRecursive(tokens: readonly SqlToken[], declared: number): boolean {
  let depth = 0;
  for (let at = declared - 1; at >= 0; at--) {
    depth -= step(tokens[at]);
    if (depth < 0) return false;
    if (depth === 0 && isWord(tokens[at], 'WITH')) return isWord(tokens[at + 1], 'RECURSIVE');
  }
  return false;
}

const step = (token: SqlToken | undefined): number =>
  token?.kind !== 'symbol' ? 0 : token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
const isName = (token: SqlToken): boolean => token.kind === 'name' || token.kind === 'quoted-name';
const isWord = (token: SqlToken | undefined, word: string): boolean =>
  token?.kind === 'name' && token.text.toUpperCase() === word;
const unquoted = (text: string): string => (/^[`"]/.test(text) ? text.slice(1, -1) : text);

/** A column of something (`t.name`) or an alias (`AS name`) is no table. */
function isPart(tokens: readonly SqlToken[], at: number): boolean {
  return tokens[at - 1]?.text === '.' || isWord(tokens[at - 1], 'AS');
}
