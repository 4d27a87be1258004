import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { importText, keyVersions } from './import-text.ts';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

/** The error of an import that is refused, with the place that it names. */
async function refusal(name: string, text: string): Promise<{ code: string; told: string }> {
  const error = await importText(store, name, text).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof UserError)) throw new Error(`not refused: ${String(error)}`);
  return { code: error.code, told: `${error.message} ${error.explanation.got}` };
}

const statements = async (): Promise<number> => {
  const [row] = await store.rows<{ rows: string }>(
    `SELECT (SELECT count() FROM registry_accounts) + (SELECT count() FROM registry_users)
       + (SELECT count() FROM registry_keys) + (SELECT count() FROM registry_networks) AS rows`,
  );
  return Number(row?.rows);
};

describe('what is learned by reading how things stand', () => {
  it('holds from the reading, and before it nothing is known', async () => {
    await importText(store, 'r.yaml', 'keys: [{account_id: 1, key_id: read, owner: ada@x, allow_list: []}]');
    expect(await keyVersions(store, 'read')).toEqual([
      {
        ...{ valid_from: '2026-11-01 00:00:00', valid_to: null, state: 'active', owner: 'ada@x', app: null },
        ...{ allow_list_state: 'none', allow_list: [] },
      },
    ]);
  });

  it('holds since its creation only in so far as creation tells it: the key was there, and no more', async () => {
    await importText(store, 'r.yaml', 'keys: [{account_id: 1, key_id: made, created_at: 2026-03-01, owner: ada@x}]');
    const [made, read] = await keyVersions(store, 'made');
    expect(made).toMatchObject({ valid_from: '2026-03-01 00:00:00', state: 'active', owner: null });
    expect(read).toMatchObject({ valid_from: '2026-11-01 00:00:00', state: 'active', owner: 'ada@x' });
  });

  it('holds from the instant that the entry or the person who imports names', async () => {
    const own = 'keys: [{account_id: 1, key_id: since, owner: ada@x, valid_from: 2026-02-01T10:00:00.250+01:00}]';
    await importText(store, 'r.yaml', own, { from: '2026-01-01T00:00:00Z' });
    expect((await keyVersions(store, 'since')).map(({ valid_from }) => valid_from)).toEqual(['2026-02-01 09:00:00']);
    await importText(store, 'r.yaml', 'keys: [{account_id: 1, key_id: all, owner: ada@x}]', {
      from: '2026-01-01T00:00:00Z',
    });
    expect((await keyVersions(store, 'all')).map(({ valid_from }) => valid_from)).toEqual(['2026-01-01 00:00:00']);
  });

  it('of a key that is gone holds from its end: nobody knows what was before', async () => {
    await importText(store, 'r.yaml', 'keys: [{account_id: 1, key_id: gone, owner: ada@x, deleted_at: 2026-05-01}]');
    expect(await keyVersions(store, 'gone')).toMatchObject([
      { valid_from: '2026-05-01 00:00:00', state: 'deleted', owner: 'ada@x' },
    ]);
  });

  it('behind the end of what an entry claims is unknown', async () => {
    const text = 'keys: [{account_id: 1, key_id: until, owner: ada@x, valid_from: 2026-01-01, valid_to: 2026-02-01}]';
    await importText(store, 'r.yaml', text);
    expect(await keyVersions(store, 'until')).toMatchObject([
      { valid_from: '2026-01-01 00:00:00', valid_to: '2026-02-01 00:00:00', state: 'active', owner: 'ada@x' },
      { valid_from: '2026-02-01 00:00:00', valid_to: null, state: 'unknown', owner: '', allow_list_state: 'unknown' },
    ]);
  });
});

describe('a file', () => {
  const FILE = `
accounts: [{account_id: 7, name: Seven, account_key: valid, api_enabled_since: 2026-01-01}]
users: [{account_id: 7, email: Ada@X, name: Ada, role: Owner, active: true, user_id: 12}]
keys:
  - {account_id: 7, key_id: a, owner: ADA@x, created_at: 2026-01-05, allow_list: [10.1.2.3/8, 10.0.0.0/8, 192.0.2.7]}
  - {account_id: 7, key_id: b, owner: ada@x, revoked_at: 2026-06-01, created_at: 2026-01-06}
  - {account_id: 7, key_id: c, owner: ada@x, valid_from: 2026-01-01, valid_to: 2026-02-01}
  - {account_id: 7, key_id: c, owner: ada@x, app: orders, valid_from: 2026-02-01}
app_rules: [{name: r1, app: infrastructure, user_agent: "*terraform*"}]
`;

  it('imported a second time, and a third time later, changes nothing', async () => {
    const first = await importText(store, 'all.yaml', FILE);
    expect(first).toMatchObject({ statements: 8, recordedAt: expect.any(Number) });
    expect(first.warnings).toMatchObject([{ code: 'CIDR_HOST_BITS', got: '10.1.2.3/8', place: 'all.yaml, line 5' }]);
    const before = await statements();
    for (const now of ['2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z']) {
      expect(await importText(store, 'all.yaml', FILE, { now })).toMatchObject({
        changes: [],
        statements: 0,
        recordedAt: undefined,
      });
    }
    expect(await statements()).toBe(before);
  });

  it('says who a key belongs to whatever the case of letters, and lists each range once, masked', async () => {
    expect((await keyVersions(store, 'a', '7')).at(-1)).toMatchObject({
      owner: 'ada@x',
      allow_list: ['10.0.0.0/8', '192.0.2.7/32'],
    });
  });

  it('in a dry run tells every change and records none', async () => {
    const before = await statements();
    const { changes, recordedAt } = await importText(
      store,
      'r.yaml',
      'keys: [{account_id: 7, key_id: a, app: billing}]',
      {
        dryRun: true,
        now: '2026-11-02T00:00:00Z',
      },
    );
    expect(changes).toMatchObject([
      {
        kind: 'key',
        id: ['7', 'a'],
        attribute: 'app',
        before: undefined,
        after: 'billing',
        validFrom: Date.UTC(2026, 10, 2),
      },
    ]);
    expect([recordedAt, await statements()]).toEqual([undefined, before]);
  });

  it('changes only what it says: what it leaves out stays', async () => {
    await importText(store, 'r.yaml', 'keys: [{account_id: 7, key_id: a, app: billing}]', {
      now: '2026-11-02T00:00:00Z',
    });
    expect((await keyVersions(store, 'a', '7')).at(-1)).toMatchObject({
      owner: 'ada@x',
      app: 'billing',
      allow_list_state: 'defined',
    });
  });

  it('that corrects the past leaves what is known of later', async () => {
    const past = 'keys: [{account_id: 7, key_id: a, owner: ben@x, app: old, valid_from: 2026-03-01}]';
    await importText(store, 'r.yaml', past);
    expect(
      (await keyVersions(store, 'a', '7')).map(({ valid_from, owner, app }) => [valid_from.slice(0, 10), owner, app]),
    ).toEqual([
      ['2026-01-05', null, null],
      ['2026-03-01', 'ben@x', 'old'],
      ['2026-11-01', 'ada@x', 'old'],
      ['2026-11-02', 'ada@x', 'billing'],
    ]);
  });

  it('takes back what was said wrongly, and may say it anew, any number of times', async () => {
    const back = 'keys: [{account_id: 7, key_id: a, valid_from: 2026-03-01, retract: true}]';
    expect(await importText(store, 'r.yaml', back)).toMatchObject({ statements: 1 });
    expect((await keyVersions(store, 'a', '7')).map(({ valid_from }) => valid_from.slice(0, 10))).not.toContain(
      '2026-03-01',
    );
    expect(await importText(store, 'r.yaml', back)).toMatchObject({ statements: 0 });
    const anew = `keys:
      - {account_id: 7, key_id: a, valid_from: 2026-03-01, retract: true}
      - {account_id: 7, key_id: a, owner: cy@x, valid_from: 2026-03-01}`;
    await importText(store, 'r.yaml', anew);
    expect((await keyVersions(store, 'a', '7'))[1]).toMatchObject({
      valid_from: '2026-03-01 00:00:00',
      owner: 'cy@x',
      app: null,
    });
    expect(await importText(store, 'r.yaml', anew)).toMatchObject({ statements: 0 });
  });

  it('gives a name to another key after its end, which inherits nothing', async () => {
    const text = `keys:
      - {account_id: 7, key_id: twice, owner: ada@x, app: one, created_at: 2026-01-01, valid_from: 2026-01-01, deleted_at: 2026-02-01}
      - {account_id: 7, key_id: twice, owner: ada@x, created_at: 2026-03-01, valid_from: 2026-03-01}`;
    await importText(store, 'r.yaml', text);
    expect((await keyVersions(store, 'twice', '7')).map(({ state, app }) => [state, app])).toEqual([
      ['active', 'one'],
      ['deleted', 'one'],
      ['active', null],
    ]);
    expect(await importText(store, 'r.yaml', text)).toMatchObject({ statements: 0 });
  });

  it('takes another date of creation for another key', async () => {
    const made = (date: string) => `keys: [{account_id: 7, key_id: reborn, created_at: ${date}}]`;
    await importText(store, 'r.yaml', `keys: [{account_id: 7, key_id: reborn, app: one, created_at: 2026-01-01}]`);
    await importText(store, 'r.yaml', made('2026-11-10'), { now: '2026-11-20T00:00:00Z' });
    expect((await keyVersions(store, 'reborn', '7')).at(-1)).toMatchObject({ state: 'active', app: null });
  });

  it.each(['yaml', 'json', 'csv'])('is understood as %s', async (ending) => {
    const key = {
      account_id: '8',
      key_id: `of-${ending}`,
      owner: 'eve@x',
      allow_list: ['10.0.0.0/8', '2001:db8::/32'],
    };
    const texts: Record<string, string> = {
      yaml: `keys:\n  - account_id: 8\n    key_id: of-yaml\n    owner: eve@x\n    allow_list: [10.0.0.0/8, "2001:db8::/32"]\n`,
      json: JSON.stringify({ keys: [key] }),
      csv: '\ufeffaccount_id,key_id,owner,allow_list,app\r\n8,of-csv,eve@x,"10.0.0.0/8; 2001:db8::/32",\r\n',
    };
    await importText(store, `r.${ending}`, texts[ending] ?? '');
    expect(await keyVersions(store, `of-${ending}`, '8')).toMatchObject([
      { owner: 'eve@x', app: null, allow_list: ['10.0.0.0/8', '2001:db8::/32'] },
    ]);
  });

  it('of CSV is one of accounts, users or keys, with cells that say none, unknown or nothing', async () => {
    await importText(store, 'accounts.csv', 'account_id,name,account_key\n9,Nine,valid\n');
    await importText(store, 'users.csv', 'account_id,email,role,active\n9,z@x,owner,no\n');
    await importText(store, 'keys.csv', 'account_id;key_id;allow_list\n9;n;none\n9;u;unknown\n9;s;\n');
    const rows = await store.rows(
      `SELECT key_id, allow_list_state FROM registry_key_versions WHERE account_id = '9' ORDER BY key_id`,
    );
    expect(rows).toEqual([
      { key_id: 'n', allow_list_state: 'none' },
      { key_id: 's', allow_list_state: null },
      { key_id: 'u', allow_list_state: 'unknown' },
    ]);
    expect(await store.rows(`SELECT role, active FROM registry_user_versions WHERE email = 'z@x'`)).toEqual([
      { role: 'owner', active: false },
    ]);
  });
});

describe('app rules', () => {
  const rules = () =>
    store.rows<{ rule: string }>('SELECT arrayJoin(rule_names) AS rule FROM registry_now ORDER BY rule');

  it('are replaced as a whole, and stay where a file does not speak of them', async () => {
    await importText(
      store,
      'r.yaml',
      'app_rules: [{name: a, app: x, key: "ci-*"}, {name: b, app: y, network: office}]',
    );
    await importText(store, 'r.yaml', 'keys: [{account_id: 1, key_id: rules}]');
    expect(await rules()).toEqual([{ rule: 'a' }, { rule: 'b' }]);
    await importText(store, 'r.yaml', 'app_rules: []');
    expect(await rules()).toEqual([]);
  });
});

describe('refused, with the place, is', () => {
  it.each([
    [
      'a range that is none',
      'keys:\n  - account_id: 1\n    key_id: x\n    allow_list: [10.0.0.0/33]',
      'REGISTRY_FILE_INVALID',
      'line 4',
    ],
    [
      'an address with a zone',
      'keys:\n- {account_id: 1, key_id: x, allow_list: ["fe80::1%eth0"]}',
      'REGISTRY_FILE_INVALID',
      'fe80::1%eth0',
    ],
    ['a field that nobody knows', 'keys:\n- {account_id: 1, key_id: x, ownr: a@x}', 'REGISTRY_FILE_INVALID', 'ownr'],
    ['a key without a name', 'keys:\n- {account_id: 1}', 'REGISTRY_FILE_INVALID', 'key_id'],
    [
      'two owners in one entry',
      'keys:\n- {account_id: 1, key_id: x, owner: [a@x, b@x]}',
      'REGISTRY_FILE_INVALID',
      'owner',
    ],
    [
      'a time without a zone',
      'keys:\n- {account_id: 1, key_id: x, created_at: "2026-01-01T10:00:00"}',
      'REGISTRY_FILE_INVALID',
      'created_at',
    ],
    [
      'a day that does not exist',
      'keys:\n- {account_id: 1, key_id: x, created_at: 2026-02-30}',
      'REGISTRY_FILE_INVALID',
      '2026-02-30',
    ],
    ['YAML that is none', 'keys:\n  - {account_id: 1\n  - x', 'REGISTRY_FILE_INVALID', 'line 3'],
    [
      'an end before the beginning',
      'keys:\n- {account_id: 1, key_id: x, valid_from: 2026-02-01, valid_to: 2026-01-01}',
      'REGISTRY_INVERTED',
      'line 2',
    ],
    [
      'an end at the beginning',
      'keys:\n- {account_id: 1, key_id: x, valid_from: 2026-02-01, valid_to: 2026-02-01}',
      'REGISTRY_INVERTED',
      'line 2',
    ],
    [
      'a deletion before the creation',
      'keys:\n- {account_id: 1, key_id: x, created_at: 2026-02-01, deleted_at: 2026-01-01}',
      'REGISTRY_TIMES',
      'line 2',
    ],
    [
      'entries of one key that overlap in time',
      'keys:\n- {account_id: 1, key_id: x, valid_from: 2026-01-01, valid_to: 2026-03-01}\n- {account_id: 1, key_id: x, valid_from: 2026-02-01}',
      'REGISTRY_OVERLAP',
      'line 3',
    ],
    [
      'a key under two owners',
      'keys:\n- {account_id: 1, key_id: x, owner: a@x, valid_from: 2026-01-01}\n- {account_id: 1, key_id: x, owner: b@x, valid_from: 2026-01-01}',
      'REGISTRY_CONTRADICTION',
      'line 3',
    ],
    [
      'an owner without the owner role',
      'users:\n- {account_id: 5, email: v@x, role: viewer}\nkeys:\n- {account_id: 5, key_id: x, owner: v@x}',
      'OWNER_ROLE',
      'line 4',
    ],
    [
      'an owner without the owner role, whose role is known only of later',
      'users:\n- {account_id: 5, email: v@x, role: viewer}\nkeys:\n- {account_id: 5, key_id: x, owner: v@x, valid_from: 2026-01-01}',
      'OWNER_ROLE',
      'line 4',
    ],
    [
      'a key outside the account of its owner',
      'users:\n- {account_id: 5, email: o@x, role: owner}\nkeys:\n- {account_id: 6, key_id: x, owner: o@x}',
      'OWNER_ACCOUNT',
      'line 4',
    ],
    ['a rule that asks for nothing', 'app_rules:\n- {name: r, app: x}', 'REGISTRY_FILE_INVALID', 'line 2'],
    [
      'two rules of one name',
      'app_rules:\n- {name: r, app: x, key: a}\n- {name: r, app: y, key: b}',
      'APP_RULE_TWICE',
      'line 3',
    ],
    [
      'taking back what was never said',
      'keys:\n- {account_id: 1, key_id: nobody, valid_from: 2026-01-01, retract: true}',
      'REGISTRY_NOTHING_TO_RETRACT',
      'line 2',
    ],
  ])('%s', async (_, text, code, place) => {
    const before = await statements();
    const refused = await refusal('r.yaml', text);
    expect(refused.code).toBe(code);
    expect(refused.told).toContain(place);
    expect(refused.told).toContain('r.yaml');
    expect(await statements()).toBe(before);
  });

  it.each([
    ['unknown columns of a CSV', 'keys.csv', 'account_id,key_id,ownr\n1,x,a@x\n', 'ownr'],
    ['a CSV of nothing that is known', 'keys.csv', 'name\nx\n', 'line 1'],
    ['a row with too few cells', 'keys.csv', 'account_id,key_id\n1,x\n1\n', 'line 3'],
    ['a quote that is never closed', 'keys.csv', 'account_id,key_id\n1,"x\n', 'line 2'],
    [
      'a cell that is wrong, behind rows of several lines',
      'keys.csv',
      'account_id,key_id,purpose,allow_list\n1,a,"two\nlines",none\n1,b,,10.0.0.0/40\n',
      'line 4',
    ],
    ['JSON that is none', 'keys.json', '{"keys": [}', 'keys.json'],
    [
      'a network that names two for one range',
      'networks.yaml',
      'networks:\n- {network: a, cidrs: [10.0.0.0/8]}\n- {network: b, cidrs: [10.1.0.0/8]}',
      'line 3',
    ],
    [
      'a network without a good range',
      'networks.yaml',
      'networks:\n- {network: a, cidrs: [10.0.0.0/8, office]}',
      'office',
    ],
  ])('%s', async (_, name, text, place) => {
    expect((await refusal(name, text)).told).toContain(place);
  });

  it('a file that is no UTF-8', async () => {
    const told = importText(store, 'keys.yaml', Buffer.from([0x6b, 0xff, 0xfe]));
    await expect(told).rejects.toMatchObject({ code: 'REGISTRY_FILE_INVALID' });
  });

  it('several faults are told at once', async () => {
    const text = `users: [{account_id: 5, email: v@x, role: viewer}]
keys:
  - {account_id: 5, key_id: x, owner: v@x}
  - {account_id: 5, key_id: y, owner: v@x}
  - {account_id: 5, key_id: z, valid_from: 2026-02-01, valid_to: 2026-01-01}`;
    const { told } = await refusal('r.yaml', text);
    for (const line of [3, 4, 5]) expect(told).toContain(`line ${line}`);
  });
});

describe('a role that was lost later', () => {
  it('is how the world may be, and refuses nothing', async () => {
    await importText(
      store,
      'r.yaml',
      `users:
  - {account_id: 6, email: left@x, role: owner, valid_from: 2026-01-01}
  - {account_id: 6, email: left@x, role: viewer, valid_from: 2026-06-01}
keys: [{account_id: 6, key_id: left-over, owner: left@x, valid_from: 2026-02-01}]`,
    );
    expect(await keyVersions(store, 'left-over', '6')).toMatchObject([{ owner: 'left@x' }]);
  });
});
