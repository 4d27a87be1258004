/** Statements and app rules as rows of their tables. */
import { parseCidr, piecesOf } from '../../../schemas/fields/cidr.ts';
import { ACCOUNT_KEY_STATES, type AppRule, KEY_STATES } from '../../../schemas/registry.ts';
import { invariant } from '../errors.ts';
import { RowWriter } from '../row-writer.ts';
import { ruleExpression } from './app-rules.ts';
import type { AccountSays, EntityKind, KeySays, NetworkSays, UserSays } from './entities.ts';
import type { NewStatement } from './plan.ts';
import type { Attributes } from './timeline.ts';

export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly bytes: Buffer;
  readonly rows: number;
}

interface Layout {
  readonly table: string;
  readonly identity: readonly string[];
  readonly attributes: readonly string[];
}

const SHARED = ['valid_from', 'precision_ms', 'recorded_at', 'retracts', 'origin'] as const;
const NETWORK_STATES = ['unknown', 'active', 'ended'] as const;
const ALLOW_LIST_STATES = ['unknown', 'none', 'defined'] as const;

const LAYOUTS: Readonly<Record<EntityKind, Layout>> = {
  account: {
    table: 'registry_accounts',
    identity: ['account_id'],
    attributes: ['name', 'account_key_state', 'api_enabled_since'],
  },
  user: {
    table: 'registry_users',
    identity: ['account_id', 'email'],
    attributes: ['user_id', 'name', 'role', 'active', 'has_api_key', 'mfa'],
  },
  key: {
    table: 'registry_keys',
    identity: ['account_id', 'key_id'],
    attributes: [
      ...['state', 'owner', 'app', 'purpose', 'created_at', 'created_by', 'fingerprint'],
      ...['allow_list_state', 'allow_list', 'allow_list_from', 'allow_list_to'],
    ],
  },
  network: {
    table: 'registry_networks',
    identity: ['network'],
    attributes: ['state', 'kind', 'owner', 'description', 'states_cidrs', 'cidrs', 'cidr_from', 'cidr_bits'],
  },
};

/** @returns the rows of each table that has any */
export function statementRows(statements: readonly NewStatement[]): TableRows[] {
  const byKind = new Map<EntityKind, NewStatement[]>();
  for (const statement of statements) {
    const all = byKind.get(statement.kind);
    if (all === undefined) byKind.set(statement.kind, [statement]);
    else all.push(statement);
  }
  return [...byKind].map(([kind, all]) => {
    const { table, identity, attributes } = LAYOUTS[kind];
    const writer = new RowWriter();
    for (const one of all) writeStatement(writer, one);
    return { table, columns: [...identity, ...SHARED, ...attributes], bytes: writer.bytes, rows: all.length };
  });
}

function writeStatement(writer: RowWriter, { kind, id, statement }: NewStatement): void {
  for (const part of id) writer.text(part);
  writer.time(statement.validFrom);
  writer.uint32(statement.precisionMs);
  writer.time(statement.recordedAt);
  writer.bool(statement.retracts);
  writer.text(statement.origin);
  WRITERS[kind](writer, statement.says);
}

const WRITERS: Readonly<Record<EntityKind, (writer: RowWriter, says: Attributes) => void>> = {
  account: (writer, { name, accountKey, apiEnabledSince }: AccountSays) => {
    text(writer, name);
    choice(writer, ACCOUNT_KEY_STATES, accountKey);
    time(writer, apiEnabledSince);
  },
  user: (writer, { userId, name, role, active, hasApiKey, mfa }: UserSays) => {
    text(writer, userId);
    text(writer, name);
    text(writer, role);
    for (const flag of [active, hasApiKey, mfa]) writer.nullable(flag, (value) => writer.bool(value));
  },
  key: (writer, says: KeySays) => {
    choice(writer, KEY_STATES, says.state);
    text(writer, says.owner);
    text(writer, says.app);
    text(writer, says.purpose);
    time(writer, says.createdAt);
    text(writer, says.createdBy);
    text(writer, says.fingerprint);
    allowList(writer, says.allowList);
  },
  network: (writer, says: NetworkSays) => {
    choice(writer, NETWORK_STATES, says.state);
    text(writer, says.kind);
    text(writer, says.owner);
    text(writer, says.description);
    const cidrs = (says.cidrs ?? []).map(parsed);
    writer.bool(says.cidrs !== undefined);
    writer.array(cidrs, (cidr) => writer.text(cidr.text));
    writer.array(cidrs, (cidr) => writer.address(cidr.first));
    writer.array(cidrs, (cidr) => writer.uint8(cidr.bits));
  },
};

function text(writer: RowWriter, value: string | undefined): void {
  writer.nullable(value, (given) => writer.text(given));
}

function time(writer: RowWriter, value: number | undefined): void {
  writer.nullable(value, (given) => writer.time(given));
}

function choice<Name extends string>(writer: RowWriter, names: readonly Name[], value: Name | undefined): void {
  writer.nullable(value, (given) => writer.uint8(names.indexOf(given)));
}

function allowList(writer: RowWriter, list: KeySays['allowList']): void {
  const cidrs = typeof list === 'object' ? list.map(parsed) : [];
  const pieces = cidrs.flatMap(piecesOf);
  const state = list === undefined || list === 'unknown' ? list : cidrs.length === 0 ? 'none' : 'defined';
  choice(writer, ALLOW_LIST_STATES, state);
  writer.array(cidrs, (cidr) => writer.text(cidr.text));
  writer.array(pieces, ({ first }) => writer.address(first));
  writer.array(pieces, ({ last }) => writer.address(last));
}

function parsed(text: string) {
  const cidr = parseCidr(text);
  invariant(cidr.kind === 'cidr', 'a statement holds ranges that were checked');
  return cidr;
}

/** @param recordedAt the import's own instant; of each import all rules count, or those of the last one that had any */
export function appRuleRows(rules: readonly AppRule[], recordedAt: number): TableRows {
  const writer = new RowWriter();
  rules.forEach((rule, position) => {
    writer.time(recordedAt);
    writer.uint16(position);
    for (const value of [rule.name, rule.app, rule.key, rule.user_agent, rule.network]) writer.text(value ?? '');
    writer.text(ruleExpression(rule));
  });
  const columns = [
    'recorded_at',
    'position',
    'rule',
    'app',
    'key_pattern',
    'user_agent_pattern',
    'network',
    'expression',
  ];
  return { table: 'app_rules', columns, bytes: writer.bytes, rows: rules.length };
}
