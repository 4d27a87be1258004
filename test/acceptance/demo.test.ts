/** The demo, and the README's own commands: what a new user sees in the first minute. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import { VERDICTS } from '../../src/core/authentication-rules.ts';
import { ask, everyAnswer } from '../support/answers.ts';
import { runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

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

  it('has something to answer to every question but those about a source that it has not, and records that went wrong', async () => {
    const dataDir = path.join(folder, 'every');
    const made = await runKeytrail(['demo', '--end', '2026-11-01T00:00:00Z', '--data-dir', dataDir], { cwd: folder });
    expect(made.code, made.stderr).toBe(0);
    const answers = await everyAnswer(dataDir);
    const empty = Object.keys(answers).filter((id) => answers[id]?.length === 0);
    expect(empty).toEqual(['collector-status', 'conflicting-events', 'dead-letter-summary']);
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
