/**
 * The registry as people use it: the built program, processes that are killed or run at once, secrets that leave no
 * trace.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Finished, type RunOptions, rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryDirectory();
});

async function fileNamed(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

async function json(
  dataDir: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Record<string, unknown>[]> {
  const done = await runKeytrail([...args, '--format', 'json', '--data-dir', dataDir], options);
  expect(done.code, done.stderr).toBe(0);
  return rowsOf(done);
}

const listed = async (dataDir: string) =>
  (await json(dataDir, ['keys', 'list'])).map(({ key_id, owner }) => `${key_id} of ${owner}`);

const keysFile = (count: number, owner: string) =>
  `account_id,key_id,owner\n${Array.from({ length: count }, (_, number) => `1,key-${number},${owner}`).join('\n')}\n`;

describe('an import that is killed', () => {
  const OLD = ['key-0 of ada@x', 'key-1 of ada@x'];
  const NEW = ['key-0 of ben@x', 'key-1 of ben@x'];

  // All at once, because each waits until the lock of the dead process is taken for dead.
  it('at any step is seen as a whole or not at all, and can be done again', async () => {
    const [first, second] = [
      await fileNamed('first.csv', keysFile(2, 'ada@x')),
      await fileNamed('second.csv', keysFile(2, 'ben@x')),
    ];
    const points = ['registry:staged', 'registry:stored', 'registry:loaded', 'registry:committed'];
    const outcomes = await Promise.all(
      points.map(async (point) => {
        const dataDir = path.join(folder, `killed-${point.slice(9)}`);
        await json(dataDir, ['keys', 'import', first]);
        const env = { KEYTRAIL_PAUSE_AT: point };
        const running = startKeytrail(['keys', 'import', second, '--data-dir', dataDir], { env });
        await running.says('paused');
        await running.kill9();
        const left = await listed(dataDir);
        const [again] = await json(dataDir, ['keys', 'import', second]);
        return { point, left, changes: again?.changes, now: await listed(dataDir) };
      }),
    );
    expect(outcomes).toEqual([
      { point: 'registry:staged', left: OLD, changes: 2, now: NEW },
      { point: 'registry:stored', left: OLD, changes: 2, now: NEW },
      { point: 'registry:loaded', left: OLD, changes: 2, now: NEW },
      { point: 'registry:committed', left: NEW, changes: 0, now: NEW },
    ]);
  });
});

describe('two imports at once', () => {
  it('are one after the other: each is whole, and one is seen by the other', async () => {
    const dataDir = path.join(folder, 'at-once');
    await json(dataDir, ['keys', 'list']);
    const owners = ['ada@x', 'ben@x', 'chen@x'];
    const files = await Promise.all(owners.map((owner) => fileNamed(`${owner}.csv`, keysFile(200, owner))));
    const all = await Promise.all(
      files.map((file) => runKeytrail(['keys', 'import', file, '--data-dir', dataDir, '--format', 'json'])),
    );
    for (const done of all) expect(done.code, done.stderr).toBe(0);
    const last = new Set((await json(dataDir, ['keys', 'list'])).map(({ owner }) => owner));
    expect(last.size).toBe(1);
    const history = await json(dataDir, ['keys', 'history', 'key-0']);
    expect(new Set(history.map(({ owner }) => owner))).toEqual(new Set(owners));
  });
});

describe('a large file', () => {
  it('of a hundred thousand rows is imported whole, and a second time adds nothing', async () => {
    const dataDir = path.join(folder, 'large');
    const rows = Array.from({ length: 100_000 }, (_, number) => {
      const list = `10.${(number >> 8) & 255}.${number & 255}.0/24 2001:db8:${(number & 65_535).toString(16)}::/48`;
      const cells = [`key-${number}`, `owner-${number % 900}@x`, `app-${number % 40}`, `2026-01-0${1 + (number % 9)}`];
      return [number % 7, ...cells, number % 3 === 0 ? 'none' : list].join();
    });
    const file = await fileNamed(
      'large.csv',
      `account_id,key_id,owner,app,created_at,allow_list\n${rows.join('\n')}\n`,
    );
    expect((await json(dataDir, ['keys', 'import', file]))[0]).toMatchObject({ statements: 200_000 });
    const [count] = await json(dataDir, [
      'sql',
      'SELECT count() AS versions, uniqExact(key_id) AS keys FROM registry_key_versions',
    ]);
    expect(count).toEqual({ versions: 200_000, keys: 100_000 });
    expect((await json(dataDir, ['keys', 'import', file]))[0]).toMatchObject({ statements: 0 });
  });
});

describe('keys export', () => {
  it.each(['yaml', 'json', 'csv'])('as %s imports to the same registry', async (format) => {
    const [from, to] = [path.join(folder, `from-${format}`), path.join(folder, `to-${format}`)];
    const file = await fileNamed(
      `export-${format}.yaml`,
      `accounts: [{account_id: 1, name: One, account_key: valid, api_enabled_since: 2026-01-01, valid_from: 2026-01-01}]
users: [{account_id: 1, email: ada@x, name: "=Ada", role: owner, active: true, valid_from: 2026-01-01}]
keys:
  - {account_id: 1, key_id: "-odd", owner: ada@x, app: "+app", purpose: "two, words", created_at: 2026-02-01, valid_from: 2026-02-02, allow_list: [10.0.0.0/8, "::/0"]}
  - {account_id: 1, key_id: gone, owner: ada@x, created_at: 2026-02-01, valid_from: 2026-02-01, deleted_at: 2026-03-01, allow_list: []}
  - {account_id: 1, key_id: gone, owner: ada@x, created_at: 2026-04-01, valid_from: 2026-04-01, allow_list: unknown}
  - {account_id: 1, key_id: until, owner: ada@x, valid_from: 2026-01-01, valid_to: 2026-02-01}
app_rules: [{name: r, app: infrastructure, key: "ci-*", user_agent: "*terraform*", network: office}]
`,
    );
    await json(from, ['keys', 'import', file]);
    const exported = await runKeytrail(['keys', 'export', '--format', format, '--data-dir', from]);
    expect(exported.code, exported.stderr).toBe(0);
    await json(to, ['keys', 'import', await fileNamed(`exported.${format}`, exported.stdout)]);
    const versions = (dataDir: string) =>
      json(dataDir, [
        'sql',
        'SELECT * EXCEPT (recorded_at, origin) FROM registry_key_versions ORDER BY account_id, key_id, valid_from',
      ]);
    const expected = await versions(from);
    expect(expected.length).toBe(7);
    expect(await versions(to)).toEqual(expected);
    // …and to nothing new where it came from.
    expect((await json(from, ['keys', 'import', path.join(folder, `exported.${format}`)]))[0]).toMatchObject({
      statements: 0,
    });
  });
});

describe('a leaked secret', () => {
  const SECRET = 'Sx7-leaked-Kq3vV9-u5er-k3y';
  const said: string[] = [];
  let dataDir: string;

  const run = async (args: readonly string[], options: RunOptions = {}): Promise<Finished> => {
    const done = await runKeytrail([...args, '--data-dir', dataDir, '--log-level', 'trace'], options);
    said.push(done.stdout, done.stderr);
    return done;
  };

  beforeAll(async () => {
    dataDir = path.join(folder, 'secret');
    const keys = 'account_id,key_id,owner\n1,ci-deploy,ada@x\n1,orders,ben@x\n';
    await run(['keys', 'import', await fileNamed('secret.csv', keys)]);
    const record = (id: string, more: object) =>
      JSON.stringify({
        id,
        time: '2026-11-20T08:15:00Z',
        request: { sourceIp: '203.0.113.7', method: 'GET', path: '/' },
        authentication: { accountId: '1', keyName: 'ci-deploy', result: 'success' },
        ...more,
      });
    const lines = [
      record('a', { headers: { 'x-api-secret-key': SECRET } }),
      record('b', {}),
      record('c', { headers: { 'X-Api-Secret-Key': SECRET } }),
    ];
    const letter = `{"x-api-secret-key": "${SECRET}", "id": `;
    await run(['ingest', await fileNamed('records.ndjson', `${lines.join('\n')}\n${letter}\n`)]);
  });

  it('that is on standard input is told which key it is, and where it was seen', async () => {
    const stored = await run(['keys', 'fingerprint', '--stdin', '--key', 'ci-deploy'], { input: `${SECRET}\n` });
    expect(stored.stdout).toMatch(/^\[secret:1:[0-9a-f]{32}\]\n$/);
    const found = await run(['keys', 'find-secret', '--stdin', '--format', 'json'], { input: SECRET });
    expect(found.code).toBe(4);
    expect(rowsOf(found)).toMatchObject([
      { found_in: 'registered key', account_id: '1', key_id: 'ci-deploy', owner: 'ada@x' },
      { found_in: 'event', account_id: '1', key_id: 'ci-deploy', occurrences: 2, example_id: 'a' },
      { found_in: 'dead letter', occurrences: 1 },
    ]);
  });

  it('is found under a fingerprint key that was rotated since', async () => {
    const env = { KEYTRAIL_FINGERPRINT_KEY_ID: '2' };
    const found = await run(['keys', 'find-secret', '--stdin', '--format', 'json'], { input: SECRET, env });
    expect(rowsOf(found).map(({ found_in }) => found_in)).toEqual(['registered key', 'event', 'dead letter']);
  });

  it('of nobody is found nowhere', async () => {
    const found = await run(['keys', 'find-secret', '--stdin', '--format', 'json'], { input: `${SECRET}2` });
    expect([found.code, rowsOf(found)]).toEqual([0, []]);
  });

  it.each([
    ['is not taken as an argument', ['keys', 'find-secret', SECRET], ''],
    ['is not taken as an argument with --stdin either', ['keys', 'fingerprint', '--stdin', SECRET], SECRET],
    ['is only read when --stdin says so', ['keys', 'find-secret'], SECRET],
    ['is not nothing', ['keys', 'find-secret', '--stdin'], ''],
    ['is one line', ['keys', 'find-secret', '--stdin'], `${SECRET}\n${SECRET}`],
    ['is not longer than any key is', ['keys', 'find-secret', '--stdin'], SECRET.repeat(200)],
  ])('%s', async (_, args, input) => {
    expect((await run(args, { input })).code).toBe(2);
  });

  it('is never written anywhere', async () => {
    const forms = [
      SECRET,
      SECRET.slice(3, 20),
      Buffer.from(SECRET).toString('base64').slice(0, 24),
      Buffer.from(SECRET).toString('hex'),
    ];
    const files: string[] = [];
    for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(path.join(entry.parentPath, entry.name));
    }
    expect(files.length).toBeGreaterThan(20);
    for (const form of forms) {
      expect(said.filter((text) => text.includes(form))).toEqual([]);
      for (const file of files) expect((await readFile(file)).includes(form), `${form} in ${file}`).toBe(false);
    }
  });
});
