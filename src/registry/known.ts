/** What the registry knows: every statement that counts, by the thing that it is about. */
import { z } from 'zod';
import { ACCOUNT_KEY_STATES, type AppRule, KEY_STATES } from '../../schemas/registry.ts';
import { UserError } from '../core/errors.ts';
import { REGISTRY_STATEMENT_ROWS_MAX } from '../core/limits.ts';
import { type EntityKind, entityKey, type KnownEntity, type SaysOf } from '../core/registry/entities.ts';
import type { Attributes, Statement } from '../core/registry/timeline.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

/** 64-bit integers arrive as text. */
const ms = z.coerce.number().int();
const text = z.string().nullable();

const shared = {
  id: z.array(z.string()),
  valid_from_ms: ms,
  precision_ms: z.number(),
  recorded_at_ms: ms,
  retracts: z.boolean(),
  origin: z.string(),
};

const ROWS = {
  account: z.object({
    ...shared,
    name: text,
    account_key_state: z.enum(ACCOUNT_KEY_STATES).nullable(),
    api_enabled_since_ms: ms.nullable(),
  }),
  user: z.object({
    ...{ ...shared, user_id: text, name: text, role: text, active: z.boolean().nullable() },
    ...{ has_api_key: z.boolean().nullable(), mfa: z.boolean().nullable() },
  }),
  key: z.object({
    ...shared,
    ...{ state: z.enum(KEY_STATES).nullable(), owner: text, app: text, purpose: text, created_at_ms: ms.nullable() },
    ...{ created_by: text, fingerprint: text, allow_list_state: z.enum(['unknown', 'none', 'defined']).nullable() },
    allow_list: z.array(z.string()),
  }),
  network: z.object({
    ...shared,
    ...{ state: z.enum(['unknown', 'active', 'ended']).nullable(), kind: text, owner: text, description: text },
    ...{ states_cidrs: z.boolean(), cidrs: z.array(z.string()) },
  }),
} as const;

const SAYS: { readonly [Kind in EntityKind]: (row: z.infer<(typeof ROWS)[Kind]>) => Attributes } = {
  account: (row) => ({
    name: row.name,
    accountKey: row.account_key_state,
    apiEnabledSince: row.api_enabled_since_ms,
  }),
  user: (row) => ({
    ...{ userId: row.user_id, name: row.name, role: row.role, active: row.active },
    ...{ hasApiKey: row.has_api_key, mfa: row.mfa },
  }),
  key: (row) => ({
    ...{ state: row.state, owner: row.owner, app: row.app, purpose: row.purpose, createdAt: row.created_at_ms },
    ...{ createdBy: row.created_by, fingerprint: row.fingerprint },
    allowList: row.allow_list_state === 'unknown' ? 'unknown' : row.allow_list_state === null ? null : row.allow_list,
  }),
  network: (row) => ({
    ...{ state: row.state, kind: row.kind, owner: row.owner, description: row.description },
    cidrs: row.states_cidrs ? row.cidrs : null,
  }),
};

export type Known = ReadonlyMap<string, KnownEntity>;

/** @throws UserError REGISTRY_TOO_LARGE */
export async function readKnown(store: Store, kinds: readonly EntityKind[]): Promise<Known> {
  const known = new Map<string, KnownEntity>();
  let rows = 0;
  for (const kind of kinds) {
    for (const [key, entity] of await readKind(store, kind)) {
      known.set(key, entity);
      rows += entity.statements.length;
    }
  }
  if (rows > REGISTRY_STATEMENT_ROWS_MAX) throw tooLarge(rows);
  return known;
}

async function readKind<Kind extends EntityKind>(store: Store, kind: Kind): Promise<Known> {
  const known = new Map<string, KnownEntity & { statements: Statement<SaysOf[EntityKind]>[] }>();
  const says = SAYS[kind] as (row: unknown) => Attributes;
  for (const row of z.array(ROWS[kind]).parse(await store.rows(statement(`registry-${kind}s`)))) {
    const key = entityKey(kind, row.id);
    const entity = known.get(key) ?? { kind, id: row.id, statements: [] };
    entity.statements.push({
      validFrom: row.valid_from_ms,
      precisionMs: row.precision_ms,
      recordedAt: row.recorded_at_ms,
      retracts: row.retracts,
      origin: row.origin,
      says: withoutNulls(says(row)) as SaysOf[EntityKind],
    });
    known.set(key, entity);
  }
  return known;
}

function withoutNulls(says: Attributes): Attributes {
  return Object.fromEntries(Object.entries(says).filter(([, value]) => value !== null));
}

const ruleRow = z.object({
  rule: z.string(),
  app: z.string(),
  key_pattern: z.string(),
  user_agent_pattern: z.string(),
  network: z.string(),
});

/** The app rules in force, first match first. */
export async function readAppRules(store: Store): Promise<AppRule[]> {
  const rows = z.array(ruleRow).parse(await store.rows(statement('registry-app-rules')));
  return rows.map(({ rule, app, key_pattern: key, user_agent_pattern: userAgent, network }) => ({
    name: rule,
    app,
    ...(key === '' ? {} : { key }),
    ...(userAgent === '' ? {} : { user_agent: userAgent }),
    ...(network === '' ? {} : { network }),
  }));
}

function tooLarge(rows: number): UserError {
  return new UserError('REGISTRY_TOO_LARGE', 'the registry holds more statements than this program reads', {
    got: `${rows} statements`,
    expected: `at most ${REGISTRY_STATEMENT_ROWS_MAX}`,
    next: 'import what changed, and not every state anew: equal states add nothing',
  });
}
