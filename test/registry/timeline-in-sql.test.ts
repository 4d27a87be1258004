/** The views fold statements as the program does, for whatever was said in whatever order. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EntityKind, FOLD_RULES, type SaysOf } from '../../src/core/registry/entities.ts';
import { foldTimeline, type Statement } from '../../src/core/registry/timeline.ts';
import type { Store } from '../../src/store/store.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
const instants = fc.integer({ min: 0, max: 6 }).map((step) => Date.UTC(2026, 0, 1) + step * 1_000);
const lists = fc.constantFrom<'unknown' | readonly string[]>(
  'unknown',
  [],
  ['10.0.0.0/8'],
  ['10.0.0.0/8', '2001:db8::/32'],
);

const SAYS: { readonly [Kind in EntityKind]: fc.Arbitrary<SaysOf[Kind]> } = {
  account: says({
    name: fc.constantFrom('', 'one', 'two'),
    accountKey: fc.constantFrom('unknown', 'valid', 'invalid'),
    apiEnabledSince: instants,
  }),
  user: says({
    userId: fc.constantFrom('1', '2'),
    name: fc.constantFrom('', 'Ada', 'Ünï'),
    role: fc.constantFrom('owner', 'viewer'),
    active: fc.boolean(),
  }),
  key: says({
    state: fc.constantFrom('unknown', 'active', 'deleted', 'revoked'),
    owner: fc.constantFrom('', 'ada@x', 'ben@x'),
    app: fc.constantFrom('', 'orders'),
    purpose: fc.constantFrom('', 'backup'),
    createdAt: fc.constantFrom(Date.UTC(2025, 0, 1), Date.UTC(2025, 6, 1)),
    createdBy: fc.constantFrom('', 'ada@x'),
    fingerprint: fc.constantFrom('', 'f'),
    allowList: lists,
  }),
  network: says({
    state: fc.constantFrom('unknown', 'active', 'ended'),
    kind: fc.constantFrom('office', 'vpn'),
    owner: fc.constantFrom('', 'net@x'),
    description: fc.constantFrom('', 'the office'),
    cidrs: fc.constantFrom([], ['10.0.0.0/8'], ['::/64', '192.0.2.0/24']),
  }),
};

function says<Says extends object>(
  arbitraries: { [Name in keyof Says]-?: fc.Arbitrary<NonNullable<Says[Name]>> },
): fc.Arbitrary<Says> {
  const some = Object.fromEntries(
    Object.entries(arbitraries).map(([name, one]) => [name, optional(one as fc.Arbitrary<unknown>)]),
  );
  return fc
    .record(some)
    .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Says);
}

/** Changes of the registry, each saying at most one thing of each thing and instant; some take something back. */
function history(kind: EntityKind): fc.Arbitrary<Said[][]> {
  const said = fc.record({
    entity: fc.nat(24).map((number) => `e${number}`),
    validFrom: instants,
    precisionMs: fc.constantFrom(1, 1_000),
    manner: fc.constantFrom('says', 'says', 'says', 'says', 'takes back', 'takes back and says'),
    says: SAYS[kind] as fc.Arbitrary<object>,
  });
  const change = fc.uniqueArray(said, {
    selector: ({ entity, validFrom }) => `${entity} ${validFrom}`,
    minLength: 60,
    maxLength: 90,
  });
  return fc.array(change, { minLength: 6, maxLength: 6 }).map((changes) =>
    changes.map((all) =>
      all.flatMap(({ entity, manner, says, ...one }) => {
        const id = kind === 'network' || kind === 'account' ? [entity] : ['1001', entity];
        const takesBack: Said = { ...one, kind, id, retracts: true, says: {} };
        const saysIt: Said = { ...one, kind, id, says: says as Said['says'] };
        return { says: [saysIt], 'takes back': [takesBack], 'takes back and says': [takesBack, saysIt] }[manner] ?? [];
      }),
    ),
  );
}

const NAMES: Readonly<Record<EntityKind, Readonly<Record<string, string>>>> = {
  account: { name: 'name', accountKey: 'account_key_state', apiEnabledSince: 'api_enabled_since' },
  user: { userId: 'user_id', name: 'name', role: 'role', active: 'active' },
  key: {
    ...{ state: 'state', owner: 'owner', app: 'app', purpose: 'purpose', createdAt: 'created_at' },
    ...{ createdBy: 'created_by', fingerprint: 'fingerprint', allowList: 'allow_list' },
  },
  network: { state: 'state', kind: 'kind', owner: 'owner', description: 'description', cidrs: 'cidrs' },
};

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

describe.each(['account', 'user', 'key', 'network'] as const)('the versions of each %s', (kind) => {
  it('are in SQL what they are in the program', async () => {
    const [changes = []] = fc.sample(history(kind), { seed: 7, numRuns: 1 });
    const statements = new Map<string, Statement<object & Record<string, unknown>>[]>();
    for (const change of changes) {
      const recordedAt = await sayToRegistry(store, change);
      for (const { id, validFrom, precisionMs = 1, retracts = false, says } of change) {
        const entity = id.at(-1) ?? '';
        const one = { validFrom, precisionMs, recordedAt, retracts, origin: 'test', says };
        statements.set(entity, [...(statements.get(entity) ?? []), one]);
      }
    }
    const expected = [...statements].flatMap(([entity, all]) =>
      foldTimeline(all, FOLD_RULES[kind]).map((version) => ({
        entity,
        valid_from: version.validFrom,
        valid_to: version.validTo ?? null,
        recorded_at: version.recordedAt,
        precision_ms: version.precisionMs,
        ...(FOLD_RULES[kind] === undefined ? {} : { incarnation: version.incarnation }),
        ...Object.fromEntries(
          Object.entries(NAMES[kind]).map(([attribute, column]) => [
            column,
            version.says[attribute] ?? (column === 'cidrs' ? [] : null),
          ]),
        ),
      })),
    );
    expect(expected.length).toBeGreaterThan(80);
    const identity = { account: 'account_id', user: 'email', key: 'key_id', network: 'network' }[kind];
    const rows = await store.rows<Record<string, unknown>>(
      `SELECT * REPLACE (
         toUnixTimestamp64Milli(valid_from) AS valid_from, toUnixTimestamp64Milli(valid_to) AS valid_to,
         toUnixTimestamp64Milli(recorded_at) AS recorded_at
       ), ${identity} AS entity FROM registry_${kind}_versions`,
    );
    expect(rows.map((row) => asVersion(kind, row)).sort(byNameAndTime)).toEqual(expected.sort(byNameAndTime));
  });
});

function asVersion(kind: EntityKind, row: Record<string, unknown>): { entity: string; valid_from: number } {
  const time = (value: unknown) => (value === null ? null : Date.parse(`${String(value).replace(' ', 'T')}Z`));
  const number = (value: unknown) => (value === null ? null : Number(value));
  const columns = Object.values(NAMES[kind]).map((column) => {
    if (column === 'api_enabled_since' || column === 'created_at') return [column, time(row[column])];
    if (column === 'allow_list')
      return [
        column,
        row.allow_list_state === null ? null : row.allow_list_state === 'unknown' ? 'unknown' : row.allow_list,
      ];
    return [column, row[column] ?? null];
  });
  return {
    entity: String(row.entity),
    valid_from: Number(row.valid_from),
    ...{ valid_to: number(row.valid_to), recorded_at: number(row.recorded_at), precision_ms: Number(row.precision_ms) },
    ...('incarnation' in row ? { incarnation: Number(row.incarnation) } : {}),
    ...Object.fromEntries(columns),
  };
}

interface Keyed {
  readonly entity: string;
  readonly valid_from: number;
}

function byNameAndTime(one: Keyed, other: Keyed): number {
  return one.entity < other.entity ? -1 : one.entity > other.entity ? 1 : one.valid_from - other.valid_from;
}
