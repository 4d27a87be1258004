/** The demo, and the README's own commands: what a new user sees in the first minute. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import { VERDICTS } from '../../src/core/authentication-rules.ts';
import { ask, everyAnswer } from '../support/answers.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { copyOf, temporaryDirectory } from '../support/store.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await temporaryDirectory();
});

describe('the demo', () => {
  it('tells the story in a fresh store, ends by itself, and says what to type next', async () => {
    const dataDir = path.join(folder, 'demo');
    const args = ['demo', '--end', '2026-11-01T00:00:00Z', '--data-dir', dataDir];
    const first = await runKeytrail(args, { cwd: folder });
    expect(first.code, first.stderr).toBe(0);
    for (const name of [STORY.foreign.key, STORY.foreign.address, STORY.shared.key, STORY.denied.key]) {
      expect(first.stdout).toContain(name);
    }
    const addresses = await ask(dataDir, 'source-ip-usage', '--param', 'to=2027-01-01');
    const denied = addresses.find(({ source_ip }) => source_ip === STORY.denied.address);
    expect(denied).toMatchObject({ requests: STORY.denied.attempts, failures: STORY.denied.attempts, keys: 1 });

    for (const verdict of VERDICTS) expect(first.stdout, verdict).toMatch(new RegExp(`^${verdict} `, 'm'));

    const next = [...first.stdout.matchAll(/^ {2}npx keytrail (query|sql|keys) (.*)$/gm)];
    expect(next.length).toBeGreaterThanOrEqual(7);
    for (const [, command, rest] of next) {
      const shell = `node ${path.join(ROOT, 'bin/keytrail.cjs')} ${command} ${rest}`;
      const { stdout } = await run('sh', ['-c', shell], { cwd: folder });
      expect(stdout.length, shell).toBeGreaterThan(100);
    }

    const second = await runKeytrail(args, { cwd: folder });
    expect(withoutRate(second.stdout), 'a second demo starts afresh').toBe(withoutRate(first.stdout));
  });

  it.skipIf(process.platform !== 'linux')(
    'goes on in a browser on a terminal, where its link is the last word, until Ctrl-C',
    async () => {
      const program = path.join(ROOT, 'bin/keytrail.cjs');
      // A shell that stays between the terminal and the program would end by the signal itself.
      const command = `exec ${process.execPath} ${program} demo --data-dir ${path.join(folder, 'watched')}`;
      const child = spawn('script', ['-qefc', command, '/dev/null'], {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await expect.poll(() => said).toMatch(/sign in once: \S+code=\S+\s+$/);
      const [, link = ''] = /sign in once: (\S+)/.exec(said) ?? [];
      const page = await fetch(link);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<div id="console">');
      child.stdin.write('\u0003');
      const [code] = (await once(child, 'close')) as [number];
      expect(code).toBe(0);
      await expect(fetch(new URL('/healthz', link))).rejects.toThrow();
    },
  );

  it('has something to answer to every question but those about a source that it has not, and records that went wrong', async () => {
    const answers = await everyAnswer(await copyOf('demo-of-october'));
    const empty = Object.keys(answers).filter((id) => answers[id]?.length === 0);
    expect(empty).toEqual(['access-log', 'collector-status', 'conflicting-events', 'dead-letter-summary']);
  });

  it('finds what the story contains, and nothing else', async () => {
    const dataDir = path.join(folder, 'found');
    const made = await runKeytrail(['demo', '--end', '2026-11-01T00:00:00Z', '--data-dir', dataDir], { cwd: folder });
    expect(made.code, made.stderr).toBe(0);
    const listed = await runKeytrail(['findings', 'list', '--data-dir', dataDir, '--format', 'json']);
    const found = rowsOf(listed).map(({ rule, summary }) => `${/^Key (\S+) /.exec(String(summary))?.[1]} ${rule}`);
    expect(counts(found)).toEqual(STORY_FINDINGS);
    const told = made.stdout.slice(made.stdout.indexOf('What is unusual?'));
    for (const { summary } of rowsOf(listed)) {
      if (!SAME_ON_OTHER_DAYS.test(String(summary))) expect(told).toContain(summary);
    }
  });

  it('never removes a folder that it did not make', async () => {
    const dataDir = path.join(folder, 'precious');
    await mkdir(dataDir);
    await writeFile(path.join(dataDir, 'thesis.txt'), 'years of work');
    const done = await runKeytrail(['demo', '--data-dir', dataDir]);
    expect(done.code).toBe(1);
    expect(await readFile(path.join(dataDir, 'thesis.txt'), 'utf8')).toBe('years of work');
  });
});

describe('the demo of Redis Cloud', () => {
  it('collects while the log grows, learns of users and keys, and names owners where they are known', async () => {
    const dataDir = path.join(folder, 'demo-redis-cloud');
    const done = await runKeytrail(['demo', 'redis-cloud', '--data-dir', dataDir], { cwd: folder });
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toContain('nightly-report');
    const usage = await ask(dataDir, 'key-usage');
    expect(usage).toContainEqual(
      expect.objectContaining({ account_id: '1001', key_id: 'nightly-report', owner: 'ada@northwind.example' }),
    );
    const status = await ask(dataDir, 'collector-status');
    expect(status.filter(({ failure }) => failure !== '')).toEqual([]);
    expect(status.filter(({ resource }) => resource === 'system-log').map(({ gaps }) => gaps)).toEqual([0, 0]);
  });
});

describe('the README', () => {
  it('has only keytrail commands that run as they stand', async () => {
    const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
    const commands = [...readme.matchAll(/^```sh\n(.*?)^```/gms)]
      .flatMap(([, block]) => (block ?? '').split('\n'))
      .filter((line) => line.startsWith('npx keytrail '));
    expect(commands.length).toBeGreaterThanOrEqual(3);
    const env = { ...process.env, KEYTRAIL_DATA_DIR: path.join(folder, 'readme') };
    for (const command of commands) {
      const shell = command.replace('npx keytrail', 'node bin/keytrail.cjs');
      const { stdout } = await run('sh', ['-c', shell], { cwd: ROOT, env });
      expect(stdout, command).not.toBe('');
    }
  });

  it('is matched by the help, which lists every command', async () => {
    const help = await runKeytrail(['--help']);
    expect(help.code).toBe(0);
    for (const name of [
      'demo',
      'ingest',
      'consume',
      'query',
      'sql',
      'export',
      'keys',
      'apps',
      'networks',
      'renormalise',
      'dead-letters',
      'migrate',
      'retention',
      'doctor',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
      const own = await runKeytrail([name, '--help']);
      expect(own.code, name).toBe(0);
      expect(own.stdout).toContain(`keytrail ${name}`);
    }
  });
});

function withoutRate(text: string): string {
  return text.replace(/^rate .*$/m, '');
}

/** What is found on several days, or of several operations, and told once. */
const SAME_ON_OTHER_DAYS = / was let in | which is deleted, | called /;

/** What a person who knows the story would want to hear of it, by key and detection. */
const STORY_FINDINGS: Readonly<Record<string, number>> = {
  // The leak: six nights, a survey of the account in the first of them.
  'orders-service source-ip-outside-allow-list': 6,
  'orders-service new-source-ip-for-key': 1,
  'orders-service new-network-for-key': 1,
  'orders-service new-user-agent-for-key': 1,
  'orders-service new-action-for-key': 6,
  'orders-service key-shared-across-networks': 1,
  // Two people with one key, whose owner leaves.
  'reporting-adhoc new-source-ip-for-key': 1,
  'reporting-adhoc new-network-for-key': 1,
  'reporting-adhoc new-user-agent-for-key': 1,
  'reporting-adhoc key-shared-across-networks': 1,
  'reporting-adhoc owner-role-lost-key-active': 1,
  // A key that slept for eleven weeks.
  'migration-job dormant-key-used': 1,
  'migration-job new-source-ip-for-key': 1,
  'migration-job new-network-for-key': 1,
  'migration-job new-user-agent-for-key': 1,
  // Tries that were refused.
  'ci-deploy denied-source-ip': 1,
  'ci-deploy failures-for-key': 1,
  'ci-deploy unusual-hours': 1,
  // Refused although the allow list holds the address, at an hour that is not the job's.
  'billing-export verdict-mismatch': 1,
  'billing-export unusual-hours': 1,
  // Nobody wrote it down; and it was deleted.
  'debug-tmp unknown-or-deleted-key-used': 1,
  'finn-laptop unknown-or-deleted-key-used': 4,
  // Two dozen databases deleted, at night.
  'platform-admin new-action-for-key': 1,
  'platform-admin unusual-hours': 1,
};

function counts(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const name of names) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}
