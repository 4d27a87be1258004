/** The daemon as people run it: a process of its own, killed and stopped. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { push, SYSTEM_LOG as SOURCE, startDaemon, tokenOf } from '../support/daemon.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

async function eventsIn(dataDir: string): Promise<number> {
  const [row] = rowsOf(
    await runKeytrail(['--data-dir', dataDir, 'sql', 'SELECT count() AS n FROM activity', '--format', 'json']),
  );
  return Number(row?.n);
}

test('takes records in, answers, lets other commands ask beside it, and ends when it is told to', async () => {
  const daemon = await startDaemon(await temporaryDirectory());
  const pusher = await tokenOf(daemon.dataDir, '--role', 'push', '--source', SOURCE, '--account', '1');
  const viewer = await tokenOf(daemon.dataDir, '--role', 'viewer', '--expires', '1d');
  // How many of them are new it may leave open where counting takes too long, so that is counted here.
  expect(await (await push(daemon, pusher, [1, 2])).json()).toMatchObject({ received: 2, dead_letters: 0 });
  expect(await eventsIn(daemon.dataDir)).toBe(2);
  // A connection that was idle is left by the daemon, of which a client that stood still knows nothing.
  const alone = { connection: 'close' };
  const headers = { ...alone, authorization: `Bearer ${viewer}` };
  const found = (await (await fetch(`${daemon.url}/api/v1/events`, { headers })).json()) as { events: unknown[] };
  expect(found.events).toHaveLength(2);
  const listed = rowsOf(await runKeytrail(['--data-dir', daemon.dataDir, 'token', 'list', '--format', 'json']));
  expect(listed.map(({ role, state }) => [role, state])).toEqual([
    ['push', 'counts'],
    ['viewer', 'counts'],
  ]);
  expect(JSON.stringify(listed)).not.toContain(viewer.slice(-20));
  expect((await runKeytrail(['--data-dir', daemon.dataDir, 'token', 'revoke', String(listed[1]?.token_id)])).code).toBe(
    0,
  );
  await expect.poll(async () => (await fetch(`${daemon.url}/api/v1/me`, { headers })).status).toBe(401);
  // A tail that nobody ends keeps no daemon from ending.
  const admin = await tokenOf(daemon.dataDir, '--role', 'admin');
  const asAdmin = { ...alone, authorization: `Bearer ${admin}` };
  const tail = await fetch(`${daemon.url}/api/v1/events/tail`, { headers: asAdmin });
  daemon.running.child.kill('SIGTERM');
  expect((await daemon.running.finished).code).toBe(0);
  await tail.body?.cancel().catch(() => undefined);
});

test('tries dead letters again, as the command does, while it takes records in', async () => {
  const dataDir = await temporaryDirectory();
  const file = path.join(dataDir, 'log.ndjson');
  await writeFile(file, [0, 1, 2].map((id) => systemLogEntry(id)).join('\n'));
  const store = path.join(dataDir, 'store');
  expect((await runKeytrail(['--data-dir', store, 'ingest', file])).code).toBe(3);
  const daemon = await startDaemon(store, {}, ['--no-detections']);
  const analyst = await tokenOf(store, '--role', 'analyst');
  const replay = async () => {
    const headers = { authorization: `Bearer ${analyst}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ reasons: ['account-missing'], account: '1' });
    const answer = await fetch(`${daemon.url}/api/v1/dead-letters/replay`, { method: 'POST', headers, body });
    return (await answer.json()) as unknown;
  };
  expect(await replay()).toMatchObject({ letters: 3, replayed: 3, events: 3 });
  expect(await replay()).toMatchObject({ letters: 0 });
  expect(await eventsIn(store)).toBe(3);
  daemon.running.child.kill('SIGTERM');
  expect((await daemon.running.finished).code).toBe(0);
});

test('goes on when the process of the engine is killed: intake and answers come back, and nothing is lost', async () => {
  const daemon = await startDaemon(await temporaryDirectory());
  const pusher = await tokenOf(daemon.dataDir, '--role', 'push', '--source', SOURCE, '--account', '1');
  const admin = await tokenOf(daemon.dataDir, '--role', 'admin');
  await push(daemon, pusher, [1]);
  const engine = execFileSync('pgrep', ['-P', String(daemon.running.child.pid)])
    .toString()
    .trim()
    .split('\n');
  for (const pid of engine) process.kill(Number(pid), 'SIGKILL');
  let sent = 2;
  await expect
    .poll(async () => {
      const { status } = await push(daemon, pusher, [sent]);
      if (status === 202) sent++;
      return status;
    })
    .toBe(202);
  const headers = { authorization: `Bearer ${admin}` };
  await expect.poll(async () => (await fetch(`${daemon.url}/readyz`)).status).toBe(200);
  const { events } = (await (await fetch(`${daemon.url}/api/v1/events`, { headers })).json()) as { events: unknown[] };
  expect(events).toHaveLength(sent - 1);
  daemon.running.child.kill('SIGTERM');
  await daemon.running.finished;
});

test.each(['after-insert', 'after-ledger', 'open-block'])(
  'killed %s, a push that its client repeats doubles nothing',
  async (point) => {
    const dataDir = await temporaryDirectory();
    const first = await startDaemon(dataDir, { KEYTRAIL_PAUSE_AT: point });
    const pusher = await tokenOf(dataDir, '--role', 'push', '--source', SOURCE, '--account', '1');
    const cut = push(first, pusher, [1, 2, 3]).catch(() => undefined);
    await first.running.says('"paused"');
    await first.running.kill9();
    await cut;
    const second = await startDaemon(dataDir);
    expect(await (await push(second, pusher, [1, 2, 3])).json()).toMatchObject({ received: 3, dead_letters: 0 });
    expect(await eventsIn(dataDir)).toBe(3);
    second.running.child.kill('SIGTERM');
    await second.running.finished;
  },
);

test('says what is wrong before anything starts', async () => {
  const dataDir = await temporaryDirectory();
  for (const [args, env, code] of [
    [['--listen', 'nowhere'], {}, 2],
    [['--listen', '0.0.0.0:0'], {}, 2],
    [[], { KEYTRAIL_HTTP_TLS_CERT_FILE: '/nowhere', KEYTRAIL_HTTP_TLS_KEY_FILE: '/nowhere' }, 2],
    [[], { KEYTRAIL_KAFKA_TOPICS: 'a=no/such', KEYTRAIL_KAFKA_BROKERS: 'a:1' }, 2],
    [[], { KEYTRAIL_QUERIES: '/nowhere' }, 1],
  ] as const) {
    const finished = await runKeytrail(['--data-dir', dataDir, 'serve', ...args], { env });
    expect(finished.code, finished.stderr).toBe(code);
  }
  const one = await startDaemon(dataDir);
  const taken = await runKeytrail(['--data-dir', dataDir, 'serve', '--listen', new URL(one.url).host]);
  expect(taken.code).toBe(1);
  expect(taken.stderr).toContain('cannot listen');
  one.running.child.kill('SIGTERM');
  await one.running.finished;
});
