/**
 * What stands between a statement that a person wrote and the engine: the reader's role, limits and `readonly=1` do not
 * stop a scalar `file('/etc/passwd')`, INTO OUTFILE or system.processes, so the statement itself is read first.
 *
 * The engine parses it and prints it back canonically: one statement, no comments. As a subquery that text can hold no
 * INTO OUTFILE, FORMAT or other kind of statement, and its syntax tree is then held against allow-lists of node kinds,
 * functions, tables and table functions. What runs is the canonical text, the very text that was judged.
 */
import { UsageError, UserError } from '../core/errors.ts';
import { GOT_CHARS_MAX, SQL_CHARS_MAX } from '../core/limits.ts';
import { type Settings, type Store, StoreError } from '../store/store.ts';
import {
  AGGREGATE_FUNCTIONS,
  AGGREGATE_SUFFIXES,
  namesOf,
  READABLE_TABLES,
  SCALAR_FUNCTIONS,
  TABLE_FUNCTIONS,
} from './allowed-functions.ts';
import { type AstNode, parseAst } from './guard-ast.ts';
import { outOfScopeTables } from './guard-scope.ts';
import { type SqlToken, tokenize } from './sql-text.ts';
import { explainStoreError, WHAT_MAY_BE_ASKED } from './store-errors.ts';

const NODES = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'ExpressionList',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableJoin',
  'TableIdentifier',
  'Identifier',
  'Literal',
  'Function',
  'Asterisk',
  'QualifiedAsterisk',
  'ColumnsRegexpMatcher',
  'ColumnsListMatcher',
  'QualifiedColumnsRegexpMatcher',
  'QualifiedColumnsListMatcher',
  // Of the transformers only these two: APPLY names a function that the tree does not show.
  'ColumnsTransformerList',
  'ColumnsExceptTransformer',
  'ColumnsReplaceTransformer',
  'ColumnsReplaceTransformer::Replacement',
  'Subquery',
  'OrderByElement',
  'WithElement',
  'WindowDefinition',
  'WindowListElement',
  'ArrayJoin',
  'InterpolateElement',
  'QueryParameter',
]);

const SCALARS = lowerCase(namesOf(SCALAR_FUNCTIONS));
const AGGREGATES = lowerCase(namesOf(AGGREGATE_FUNCTIONS));
const TABLES: ReadonlySet<string> = new Set(READABLE_TABLES);
const ROW_MAKERS = lowerCase(TABLE_FUNCTIONS);
const MEMBERSHIP = new Set([
  'in',
  'notin',
  'nullin',
  'notnullin',
  'globalin',
  'globalnotin',
  'globalnullin',
  'globalnotnullin',
]);
const CASTS = new Set(['cast', '_cast', 'accuratecast', 'accuratecastornull', 'accuratecastordefault']);

/** A parameter without a value, and one whose value is not of its type. */
const PARAMETER_CODES: ReadonlySet<number> = new Set([456, 457]);

/** What somebody may use beyond, or short of, what `keytrail sql` allows. */
export interface GuardRules {
  readonly tables: ReadonlySet<string>;
  /** Names in lower case, without those of aggregation. */
  readonly functions: ReadonlySet<string>;
  /** Whether rows may be written down in the statement: `VALUES ((1, 'a'), (2, 'b'))`. */
  readonly mayHaveValues?: boolean;
  /**
   * Values of the parameters that the statement names, as the protocol writes them (`param_<name>`); absent: it may
   * name none.
   */
  readonly parameters?: Settings;
}

/** What `keytrail sql` allows. */
export const PLAIN_RULES: GuardRules = { tables: TABLES, functions: SCALARS };

const CORRECT = `correct the statement; ${WHAT_MAY_BE_ASKED}`;
const QUESTION_OF_YOUR_OWN = 'write the value, or make the statement a question: docs/questions.md tells how';

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

/**
 * @param sql one SELECT as a person wrote it
 * @returns its canonical text, which may be run as a reader
 * @throws UsageError SQL_TOO_LONG, SQL_INVALID, SQL_NOT_A_SELECT, SQL_NAME, SQL_NODE, SQL_FUNCTION, SQL_TABLE, SQL_TYPE
 */
export async function guardSelect(store: Store, sql: string, rules: GuardRules = PLAIN_RULES): Promise<string> {
  if (sql.length > SQL_CHARS_MAX) {
    throw refusal(
      'SQL_TOO_LONG',
      'the statement is too long',
      `${sql.length} characters`,
      `at most ${SQL_CHARS_MAX}`,
      'write a shorter one',
    );
  }
  const canonical = await canonicalText(store, sql);
  const tokens = tokenize(canonical);
  checkNames(tokens, rules.parameters !== undefined);
  const tree = await syntaxTree(store, canonical, rules.parameters ?? {});
  checkTree(tree, rules);
  const stray = outOfScopeTables(
    tokens,
    tablesIn(tree).filter((name) => !rules.tables.has(name)),
  )[0];
  if (stray !== undefined) throw tableRefusal(stray, rules);
  return canonical;
}

async function canonicalText(store: Store, sql: string): Promise<string> {
  try {
    const rows = await store.rows<{ canonical: string }>('SELECT formatQuerySingleLine({sql:String}) AS canonical', {
      role: 'reader',
      parameters: { sql },
    });
    return rows[0]?.canonical ?? '';
  } catch (cause) {
    const explained = explainStoreError(cause);
    if (!(explained instanceof UserError) || explained.code !== 'SQL_REFUSED') throw explained;
    const got = explained.explanation.got ?? '';
    throw refusal('SQL_INVALID', 'this is not one SELECT', got, 'one SELECT statement', CORRECT);
  }
}

/** Whatever is no SELECT, or is more than one, does not parse as a subquery. */
async function syntaxTree(store: Store, canonical: string, settings: Settings): Promise<AstNode> {
  try {
    const text: Uint8Array[] = [];
    // Asked for as a statement and not as a subquery: there the engine explains what it has already made of the text.
    for await (const bytes of store.stream(`EXPLAIN AST SELECT * FROM (${canonical})`, 'TabSeparated', {
      role: 'reader',
      settings,
    })) {
      text.push(bytes);
    }
    return parseAst(Buffer.concat(text).toString('utf8').split('\n'));
  } catch (cause) {
    // A parameter that has no value, or a wrong one, is no fault of the statement.
    if (cause instanceof StoreError && PARAMETER_CODES.has(cause.code)) throw cause;
    const explained = explainStoreError(cause);
    if (!(explained instanceof UserError) || explained.code !== 'SQL_REFUSED') throw explained;
    throw refusal(
      'SQL_NOT_A_SELECT',
      'only a SELECT is allowed, without FORMAT, SETTINGS, INTO OUTFILE and parameters',
      canonical,
      'one SELECT statement',
      'ask with a plain SELECT; --format chooses how the answer is written',
    );
  }
}

/**
 * The tree is lines of text in which names stand as they are: one that holds a line break or a parenthesis could pass
 * for nodes. Names that people need have none.
 */
function checkNames(tokens: readonly SqlToken[], mayHaveParameters: boolean): void {
  for (const { kind, text } of tokens) {
    if (kind === 'parameter' && mayHaveParameters) checkParameter(text);
    else if (kind === 'parameter')
      throw refusal('SQL_NAME', 'parameters are not allowed here', text, 'the value itself', QUESTION_OF_YOUR_OWN);
    if (kind === 'quoted-name' && !/^[`"][\p{L}\p{N} _.,:;@%#/+*=?!$&|-]*[`"]$/u.test(text)) {
      throw refusal('SQL_NAME', 'a quoted name is not allowed', text, 'letters, digits, spaces and simple punctuation');
    }
  }
}

/** A value of these types would stand for a name, or for a state of aggregation that somebody chose the bytes of. */
function checkParameter(text: string): void {
  if (/^\{\s*\w+\s*:[\w\s(),'/+-]+\}$/.test(text) && !/identifier|aggregatefunction/i.test(text)) return;
  throw refusal('SQL_NAME', 'a parameter of this type is not allowed', text, 'a parameter of a plain type');
}

function checkTree(node: AstNode, rules: GuardRules): void {
  if (!NODES.has(node.kind)) {
    throw refusal('SQL_NODE', `${node.kind} is not allowed`, node.line, 'a plain SELECT');
  }
  if (node.kind === 'TableExpression') checkTableFunction(node, rules);
  if (node.kind === 'Function' && node.parent !== 'TableExpression') checkFunction(node, rules);
  for (const child of node.children) checkTree(child, rules);
}

function tableRefusal(name: string, { tables }: GuardRules): UsageError {
  return refusal('SQL_TABLE', `the table ${name} is not allowed`, name, `one of ${[...tables].join(', ')}`);
}

function checkTableFunction(node: AstNode, { mayHaveValues }: GuardRules): void {
  const called = node.children.find((child) => child.kind === 'Function');
  if (called === undefined || ROW_MAKERS.has(called.name.toLowerCase())) return;
  if (mayHaveValues === true && called.name.toLowerCase() === 'values' && isRow(called.children[0]?.children[0]))
    return;
  throw refusal(
    'SQL_FUNCTION',
    `the table function ${called.name} is not allowed`,
    called.name,
    TABLE_FUNCTIONS.join(', '),
  );
}

/** A text in the place of the first row would declare columns, whose defaults are expressions that no tree shows. */
function isRow(node: AstNode | undefined): boolean {
  return (
    (node?.kind === 'Function' && node.name === 'tuple') || (node?.kind === 'Literal' && node.name.startsWith('Tuple_'))
  );
}

function checkFunction(node: AstNode, { functions }: GuardRules): void {
  const name = node.name.toLowerCase();
  if (!functions.has(name) && !isAggregate(node.name)) {
    throw refusal('SQL_FUNCTION', `the function ${node.name} is not allowed`, node.name, 'a function of its arguments');
  }
  if (CASTS.has(name)) checkCast(node.children[0]?.children ?? []);
}

function isAggregate(name: string): boolean {
  if (AGGREGATES.has(name.toLowerCase())) return true;
  const suffix = AGGREGATE_SUFFIXES.find((ending) => name.endsWith(ending) && name.length > ending.length);
  return suffix !== undefined && isAggregate(name.slice(0, -suffix.length));
}

/** A state of aggregation made from bytes that a person chose is fed to code that trusts it. */
function checkCast(operands: readonly AstNode[]): void {
  const type = operands[1];
  if (type?.kind === 'Literal' && !/aggregatefunction/i.test(type.line)) return;
  throw refusal('SQL_TYPE', 'this type is not allowed in a conversion', type?.line ?? '', 'a plain type, written out');
}

/** Every name in the place of a table; `x IN name` reads the table of that name. */
function tablesIn(node: AstNode): string[] {
  const named = node.kind === 'TableIdentifier' ? node : setOf(node);
  return [...(named === undefined ? [] : [named.name]), ...node.children.flatMap(tablesIn)];
}

function setOf(node: AstNode): AstNode | undefined {
  if (node.kind !== 'Function' || !MEMBERSHIP.has(node.name.toLowerCase())) return undefined;
  const set = node.children[0]?.children[1];
  return set?.kind === 'Identifier' ? set : undefined;
}

function refusal(
  code: string,
  message: string,
  got: string,
  expected: string,
  next: string = WHAT_MAY_BE_ASKED,
): UsageError {
  return new UsageError(code, message, {
    got: got.trim().slice(0, GOT_CHARS_MAX),
    expected,
    next,
  });
}
