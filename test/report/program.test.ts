import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runRows } from '../../src/core/reports/rows.ts';
import { insertRows } from '../../src/report/archive.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { migrate } from '../../src/store/migrations.ts';
import { type Daemon, figure, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const DAY_MS = 86_400_000;
const BERLIN = 'Europe/Berlin';
const hourIn = (timeZone: string): number =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(Date.now()));
/** Where no day ends while the tests run: what is due at its end would be made by some and not looked for by others. */
const ZONE = hourIn(BERLIN) < 22 ? BERLIN : 'America/Los_Angeles';

let folder = '';
beforeEach(async () => {
  folder = await temporaryDirectory();
});

const daemons: Daemon[] = [];
/** A test that fails leaves no daemon behind. */
afterEach(() => {
  for (const { running } of daemons.splice(0)) if (running.child.exitCode === null) running.child.kill('SIGKILL');
});
async function daemonOf(env: Record<string, string>): Promise<Daemon> {
  const daemon = await startDaemon(path.join(folder, 'store'), env, ['--no-detections']);
  daemons.push(daemon);
  return daemon;
}

const config = (...schedules: string[]) => `
data_dir: ./store
alerts:
  channels:
    archive: { type: directory, path: ./reports }
reports:
  schedules:
${schedules.map((one) => `    - ${one}`).join('\n')}
`;
const DAILY = `{name: daily, kind: hygiene, period: day, at: "* * * * *", zone: ${ZONE}, formats: [markdown, json], channels: [archive]}`;

const keytrail = (...args: string[]) => runKeytrail(args, { cwd: folder });
const configured = (...schedules: string[]) => writeFile(path.join(folder, 'keytrail.yaml'), config(...schedules));

/** The schedule is known since some days, in which nothing ran. */
async function knownSince(days: number, schedule = 'daily'): Promise<void> {
  const { store, close } = await openEmbedded({ dataDir: path.join(folder, 'store'), mode: 'in-process' });
  await migrate(store);
  const known = { schedule, period: '', at: Date.now() - days * DAY_MS, result: 'known', attempt: 0 } as const;
  await insertRows(store, runRows([{ ...known, documents: 0, detail: '' }]));
  await close();
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const dayBefore = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(Date.now() - days * DAY_MS);

describe('report schedule --check', () => {
  it('shows the next ten runs with their periods, and opens no store', async () => {
    await configured(
      `{name: monthly, kind: app-usage, at: monthly 07:00, zone: ${BERLIN}, channels: [archive]}`,
      '{name: daily, kind: hygiene, period: day, at: daily 00:00, channels: [archive]}',
    );
    const shown = await keytrail('report', 'schedule', '--check', '--format', 'json');
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    const rows = rowsOf(shown);
    expect(rows).toHaveLength(10);
    for (const { at_utc, period_to, schedule } of rows) {
      expect(String(at_utc) >= String(period_to)).toBe(true);
      if (schedule === 'monthly') expect(String(at_utc)).toMatch(/-01T0[56]:00:00/);
    }
    expect(existsSync(path.join(folder, 'store'))).toBe(false);
  });

  it.each([
    ['a kind that there is not', DAILY.replace('hygiene', 'horoscope')],
    ['a parameter that there is not', DAILY.replace('at:', 'parameters: {nope: 1}, at:')],
    ['a report of something that is not said', DAILY.replace('hygiene', 'incident')],
    ['owners of what has none', DAILY.replace('hygiene', 'completeness').replace('at:', 'per_owner: true, at:')],
    ['two of one name', DAILY.replace('hygiene', 'key-usage')],
    ['no time zone', DAILY.replace(ZONE, 'Mars/Olympus')],
  ])('refuses %s, with its line', async (_, second) => {
    const name = second === DAILY.replace('hygiene', 'key-usage') ? 'daily' : 'second';
    await configured(DAILY, second.replace('name: daily', `name: ${name}`));
    const refused = await keytrail('report', 'schedule', '--check', '--debug');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('SCHEDULE_INVALID');
    expect(refused.stderr).toContain('keytrail.yaml, line 9');
    // What serve would find out later, it finds out before it starts.
    expect((await keytrail('serve', '--listen', '127.0.0.1:0')).code).toBe(2);
  });
});

describe('report schedule --once', () => {
  it('makes what was missed, each period once, sends it, and does nothing a second time', async () => {
    await configured(DAILY);
    await knownSince(3);
    const first = await keytrail('report', 'schedule', '--once');
    expect([first.code, first.stderr]).toEqual([0, '']);
    const made = lines(first.stdout).map((line) => /^daily (\S+): made, 1 document$/.exec(line)?.[1]);
    expect(made.slice(-2)).toEqual([dayBefore(2), dayBefore(1)]);
    expect(new Set(made).size).toBe(made.length);
    const second = await keytrail('report', 'schedule', '--once');
    expect([second.code, second.stdout, second.stderr]).toEqual([0, '', '']);

    const folders = await readdir(path.join(folder, 'reports'));
    expect(folders).toHaveLength(made.length);
    const history = rowsOf(await keytrail('report', 'history', '--format', 'json'));
    expect(history.map(({ result }) => result)).toEqual(made.map(() => 'delivered'));

    const [latest] = rowsOf(await keytrail('report', 'list', '--format', 'json'));
    const shown = await keytrail('report', 'show', String(latest?.id));
    const kept = folders.find((one) => one.endsWith(String(latest?.id))) ?? '';
    const [file = ''] = (await readdir(path.join(folder, 'reports', kept))).filter((one) => one.endsWith('.md'));
    expect(shown.stdout).toBe(await readFile(path.join(folder, 'reports', kept, file), 'utf8'));

    const out = await keytrail('report', 'show', String(latest?.id), '--format', 'html,csv', '--out', 'out');
    expect(out.code, out.stderr).toBe(0);
    expect((await readdir(path.join(folder, 'out'))).map((one) => path.extname(one)).sort()).toEqual(['.html', '.zip']);

    const again = await keytrail('report', 'resend', String(latest?.id));
    expect([again.code, again.stdout]).toEqual([0, '1 to be sent again, 0 left\n']);
    expect((await keytrail('report', 'show', '0000')).code).toBe(1);
    expect((await keytrail('report', 'resend')).code).toBe(2);
  });

  it('says so, with its exit code, when something could not be delivered, and sends it the next time', async () => {
    await configured(DAILY);
    await knownSince(2);
    await writeFile(path.join(folder, 'reports'), 'a file where the folder should be');
    const first = await keytrail('report', 'schedule', '--once');
    expect(first.code).toBe(1);
    const waiting = rowsOf(await keytrail('report', 'history', '--undelivered', '--format', 'json'));
    expect(waiting.length).toBeGreaterThan(0);
    await rm(path.join(folder, 'reports'));
    await mkdir(path.join(folder, 'reports'));
    expect((await keytrail('report', 'schedule', '--once')).code).toBe(0);
    expect(rowsOf(await keytrail('report', 'history', '--undelivered', '--format', 'json'))).toEqual([]);
  });

  it('asks what is to be done', async () => {
    await configured(DAILY);
    expect((await keytrail('report', 'schedule')).code).toBe(2);
    expect((await keytrail('report', 'schedule', '--check', '--once')).code).toBe(2);
  });
});

describe('two daemons', () => {
  it('make each report once: one of them does, and the other takes over when it ends', async () => {
    await configured(DAILY);
    await knownSince(2);
    const dataDir = path.join(folder, 'store');
    const env = { KEYTRAIL_CONFIG: path.join(folder, 'keytrail.yaml') };
    const first = await daemonOf(env);
    await first.running.says('a report was made');
    const token = await tokenOf(dataDir, '--role', 'viewer');
    const second = await daemonOf(env);
    await expect.poll(() => figure(second, token, 'keytrail_part_standby{part="reports"}')).toBe(1);
    expect(await figure(first, token, 'keytrail_part_standby{part="reports"}')).toBe(0);
    await expect
      .poll(() => figure(first, token, 'keytrail_reports_deliveries_total{channel="archive",result="delivered"}'))
      .toBeGreaterThanOrEqual(2);
    // From cron, beside a daemon, it is the daemon's business.
    const once = await keytrail('report', 'schedule', '--once');
    expect([once.code, once.stdout, once.stderr]).toEqual([
      ...[0, '', 'another process makes the reports of this store\n'],
    ]);
    expect(await stopDaemon(first)).toBe(0);
    await second.running.says('"mode":"active","msg":"reports"');
    expect(await stopDaemon(second)).toBe(0);
  });

  it('of which one is killed in the middle of its work leave none of it undone, and make nothing twice', async () => {
    await configured(DAILY);
    await knownSince(4);
    const env = { KEYTRAIL_CONFIG: path.join(folder, 'keytrail.yaml') };
    const first = await daemonOf({ ...env, KEYTRAIL_PAUSE_AT: 'report:stored:2' });
    await first.running.says('"point":"report:stored"');
    await first.running.kill9();
    const second = await daemonOf(env);
    await second.running.says(`"period":"${dayBefore(1)}"`);
    const sent = () => readdir(path.join(folder, 'reports')).then((all) => all.filter((one) => !one.startsWith('.')));
    await expect.poll(sent).toHaveLength(4);
    expect(await stopDaemon(second)).toBe(0);
    const list = rowsOf(await keytrail('report', 'list', '--format', 'json')).map(({ period }) => period);
    expect(list).toEqual([dayBefore(1), dayBefore(2), dayBefore(3), dayBefore(4)]);
  });
});
