/** keys, apps and networks as commands, on the store of the demo. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import { type Finished, rowsOf, runKeytrail } from '../support/keytrail.ts';
import { DEMO_END } from '../support/shared-stores.ts';
import { copyOf, temporaryDirectory } from '../support/store.ts';

const daysBefore = (days: number): string => new Date(Date.parse(DEMO_END) - days * 86_400_000).toISOString();

let folder: string;
let dataDir: string;
beforeAll(async () => {
  folder = await temporaryDirectory();
  dataDir = await copyOf('demo-of-october');
});

const run = (...args: string[]): Promise<Finished> => runKeytrail([...args, '--data-dir', dataDir]);

async function rows(...args: string[]): Promise<Record<string, unknown>[]> {
  const done = await run(...args, '--format', 'json');
  expect(done.code, done.stderr).toBe(0);
  return rowsOf(done);
}

async function refused(...args: string[]): Promise<string> {
  const done = await run(...args);
  expect(done.code).toBe(2);
  expect(done.stdout).toBe('');
  return done.stderr;
}

describe('keys list', () => {
  it('shows whose each key is, by account and name, as it is known now', async () => {
    const all = await rows('keys', 'list');
    expect(all.map(({ key_id }) => key_id)).toContain('spare-key');
    expect(all.find(({ key_id }) => key_id === STORY.handover.key)).toMatchObject({
      account_id: '1001',
      state: 'active',
      owner: STORY.handover.to,
    });
    expect(all.find(({ key_id }) => key_id === STORY.deleted.key)).toMatchObject({ state: 'deleted' });
  });

  it('shows how it was at another time', async () => {
    const before = await rows('keys', 'list', '--at', daysBefore(STORY.handover.daysBeforeEnd + 1));
    expect(before.find(({ key_id }) => key_id === STORY.handover.key)).toMatchObject({ owner: STORY.handover.from });
    expect(before.find(({ key_id }) => key_id === STORY.deleted.key)).toMatchObject({ state: 'active' });
  });

  it('filters by account, owner in any case, app and state', async () => {
    const names = async (...args: string[]) => (await rows('keys', 'list', ...args)).map(({ key_id }) => key_id);
    expect(await names('--state', 'deleted')).toEqual([STORY.deleted.key]);
    const staging = await names('--account', '2002');
    expect(staging).toContain('terraform-staging');
    expect(staging).not.toContain('terraform-prod');
    expect(await names('--owner', STORY.handover.to.toUpperCase())).toContain(STORY.handover.key);
    expect(await names('--app', 'deployment')).toContain('ci-deploy');
    expect(await names('--app', 'nothing')).toEqual([]);
    expect(await refused('keys', 'list', '--state', 'sleeping')).toMatch(
      /sleeping.*\n.*unknown, active, deleted, revoked/s,
    );
  });

  it('shows what nobody wrote down, with the owner that the records suggest, marked as a guess', async () => {
    const { key, address, requests } = STORY.unregistered;
    const found = (await rows('keys', 'list', '--unregistered')).find(({ key_id }) => key_id === key);
    expect(found).toMatchObject({ account_id: '1001', requests, source_ips: 1, some_source_ips: [address] });
    expect(found).not.toHaveProperty('owner');
    expect(found).toMatchObject({ guessed_owner: 'finn@northwind.example', guessed_owner_requests: requests });
    expect(await rows('keys', 'list', '--unregistered', '--to', daysBefore(80))).not.toContainEqual(
      expect.objectContaining({ key_id: key }),
    );
  });
});

describe('keys show and history', () => {
  it('show one key with its use, and every version with its origin', async () => {
    const [shown] = await rows('keys', 'show', STORY.handover.key);
    expect(shown).toMatchObject({ key_id: STORY.handover.key, owner: STORY.handover.to, state: 'active' });
    const history = await rows('keys', 'history', STORY.handover.key);
    expect(history.map(({ owner }) => owner)).toEqual([STORY.handover.from, STORY.handover.to]);
    expect(history[1]).toMatchObject({ valid_from: daysBefore(STORY.handover.daysBeforeEnd) });
    expect(history[0]).toMatchObject({ valid_to: daysBefore(STORY.handover.daysBeforeEnd) });
    for (const { origin } of history) expect(origin).toMatch(/^import registry\.yaml, line \d+$/);
  });

  it('show nothing of a key that nobody knows', async () => {
    expect(await rows('keys', 'show', 'nobodys')).toEqual([]);
    expect(await rows('keys', 'history', STORY.handover.key, '--account', '2002')).toEqual([]);
  });
});

describe('apps', () => {
  it('are listed with what gives them, and shown with their keys', async () => {
    const apps = await rows('apps', 'list');
    expect(apps.find(({ app }) => app === 'infrastructure')).toMatchObject({ rules: ['terraform'] });
    const shown = await rows('apps', 'show', 'infrastructure');
    expect(shown.map(({ key_id }) => key_id).sort()).toEqual(['terraform-prod', 'terraform-staging']);
    for (const { app_rule } of shown) expect(app_rule).toBe('terraform');
  });
});

describe('keys set-app', () => {
  it('assigns keys from a time on, and leaves what was before', async () => {
    const from = daysBefore(2);
    expect(await rows('keys', 'set-app', 'billing', 'spare-key', '--from', from)).toMatchObject([{ changes: 1 }]);
    const history = await rows('keys', 'history', 'spare-key');
    expect(history.map(({ app }) => app)).toEqual(['', 'billing']);
    expect(history[1]).toMatchObject({ valid_from: from, origin: 'keys set-app' });
    expect(await rows('keys', 'set-app', 'billing', 'spare-key', '--from', from)).toMatchObject([{ statements: 0 }]);
  });

  it('names the key that it does not know, or that several accounts have, and changes nothing', async () => {
    const before = await rows('keys', 'list');
    const unknown = await run('keys', 'set-app', 'billing', 'spare-key', 'nobodys');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('nobodys');
    const twice = path.join(folder, 'twice.yaml');
    await writeFile(twice, 'keys: [{account_id: "2002", key_id: spare-key, valid_from: 2026-01-01}]\n');
    await rows('keys', 'import', twice);
    expect(await refused('keys', 'set-app', 'x', 'spare-key')).toContain('--account');
    expect(await rows('keys', 'list', '--account', '1001')).toEqual(before.filter((row) => row.account_id === '1001'));
    expect(await rows('keys', 'set-app', 'x', 'spare-key', '--account', '2002')).toMatchObject([{ changes: 1 }]);
  });
});

describe('keys import', () => {
  it('shows in a dry run what would change, by line, and records nothing', async () => {
    const file = path.join(folder, 'change.yaml');
    await writeFile(
      file,
      `keys:\n  - {account_id: "1001", key_id: ci-deploy, allow_list: [198.51.100.65/28], valid_from: ${daysBefore(1)}}\n`,
    );
    const before = await rows('keys', 'history', 'ci-deploy');
    const done = await run('keys', 'import', file, '--dry-run', '--format', 'json');
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain('198.51.100.65/28 was read as 198.51.100.64/28');
    const changes = rowsOf(done);
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes) {
      expect(change).toMatchObject({ kind: 'key', name: '1001/ci-deploy', place: 'change.yaml, line 2' });
    }
    expect(await rows('keys', 'history', 'ci-deploy')).toEqual(before);
  });

  it('refuses what breaks a rule of the source with the place, and leaves the registry as it was', async () => {
    const file = path.join(folder, 'broken.yaml');
    await writeFile(
      file,
      'users:\n  - {account_id: "1001", email: guest@x.example, role: viewer}\nkeys:\n  - {account_id: "1001", key_id: new-key, owner: guest@x.example}\n',
    );
    const done = await run('keys', 'import', file);
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('broken.yaml, line 4');
    expect(await rows('keys', 'history', 'new-key')).toEqual([]);
  });
});

describe('networks', () => {
  it('are listed, and one of several that hold an address wins by its longest prefix', async () => {
    const file = path.join(folder, 'networks.csv');
    await writeFile(file, `network,kind,cidrs,valid_from\nwide,vpn,198.51.100.0/24,${daysBefore(3)}\n`);
    await rows('networks', 'import', file);
    expect((await rows('networks', 'list')).map(({ network }) => network)).toContain('wide');
    const held = await rows('networks', 'test', '198.51.100.65');
    expect(held.map(({ network, wins }) => [network, wins])).toEqual([
      ['build runners', true],
      ['wide', false],
      ['documentation', false],
    ]);
    expect(await rows('networks', 'test', '198.51.100.65', '--at', daysBefore(4))).toMatchObject([
      { network: 'build runners', wins: true },
      { network: 'documentation', wins: false },
    ]);
  });

  it('name ranges that the standards reserve where nobody named one, and refuse what is no address', async () => {
    expect(await rows('networks', 'test', '10.1.2.3')).toMatchObject([{ network: 'private' }]);
    expect(await refused('networks', 'test', 'fe80::1%eth0')).toContain('fe80::1%eth0');
    expect(await refused('networks', 'test', '300.1.1.1')).toContain('300.1.1.1');
  });
});
