/** The daemon with all of its parts, several daemons, and clients that do not behave. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exampleAccounts, headersFor, OWN_KEY } from '../../examples/redis-cloud/example-accounts.ts';
import { startStandIn } from '../../examples/redis-cloud/stand-in.ts';
import { type Daemon, figure, push, pusherOf, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

interface Ready {
  readonly ready: boolean;
  readonly parts: readonly { readonly name: string; readonly status: string; readonly mode?: string }[];
}

const modeOf = async ({ url }: Daemon): Promise<string | undefined> => {
  const { parts } = (await (await fetch(`${url}/readyz`)).json()) as Ready;
  return parts.find(({ name }) => name === 'detections')?.mode;
};

/** Asked of the store: what a push is told of new records it is told only where counting is quick. */
async function pushedInto(dataDir: string): Promise<{ readonly n: number; readonly ids: number }> {
  const sql = "SELECT count() AS n, uniqExact(event_id) AS ids FROM activity WHERE source = 'redis-cloud/system-log'";
  const [row] = rowsOf(await runKeytrail(['--data-dir', dataDir, 'sql', sql, '--format', 'json']));
  return { n: Number(row?.n), ids: Number(row?.ids) };
}

test('runs detections: what is pushed is found, counted, sent, listed and judged', async () => {
  const dataDir = await temporaryDirectory();
  const folder = await temporaryDirectory();
  const file = path.join(folder, 'registry.yaml');
  const alerts = path.join(folder, 'alerts.ndjson');
  await writeFile(
    file,
    'keys: [{account_id: a1, key_id: orders, allow_list: [198.51.100.16/28], valid_from: 2026-01-01}]\n',
  );
  expect((await runKeytrail(['keys', 'import', file, '--data-dir', dataDir])).code).toBe(0);
  const channels = JSON.stringify({ log: { type: 'file', path: alerts } });
  const daemon = await startDaemon(dataDir, { KEYTRAIL_ALERTS_CHANNELS: channels });
  const pusher = await tokenOf(dataDir, '--role', 'push', '--source', 'gateway/request');
  const admin = await tokenOf(dataDir, '--role', 'admin');
  const headers = { authorization: `Bearer ${admin}` };
  const record = {
    ...{ id: 'x1', time: new Date().toISOString(), type: 'Database', description: 'listed' },
    request: { sourceIp: '203.0.113.9', method: 'GET', path: '/v1/databases', status: 200, requestId: 'x1' },
    authentication: { accountId: 'a1', keyName: 'orders', result: 'success' },
  };
  const pushed = await fetch(`${daemon.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${pusher}`, 'content-type': 'application/json' },
    body: JSON.stringify(record),
  });
  expect(pushed.status).toBe(202);
  type Page = { findings: { id: string; rule: string }[] };
  const listed = async (): Promise<Page> =>
    (await (await fetch(`${daemon.url}/api/v1/findings?account=a1`, { headers })).json()) as Page;
  const rule = 'source-ip-outside-allow-list';
  await expect.poll(async () => (await listed()).findings.map((one) => one.rule)).toContain(rule);
  await expect.poll(() => figure(daemon, admin, `keytrail_findings_total{rule="${rule}",kind="new"}`)).toBe(1);
  await expect.poll(() => figure(daemon, admin, 'keytrail_deliveries_total{channel="log",result="delivered"}')).toBe(1);
  const [sent] = (await readFile(alerts, 'utf8')).split('\n');
  expect(sent).toContain('203.0.113.9');
  expect(await figure(daemon, admin, 'keytrail_intake_records_total{intake="push"}')).toBeGreaterThan(0);
  const ids = (await listed()).findings.map(({ id }) => id);
  const judged = await fetch(`${daemon.url}/api/v1/findings/judge`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ ids, action: 'close-true-positive' }),
  });
  expect(await judged.json()).toEqual({ judged: ids.length });
  // Who judged it is kept as an event of keytrail's own.
  await expect
    .poll(async () => {
      const asked = await runKeytrail(['query', 'access-log', '--data-dir', dataDir, '--format', 'json']);
      return rowsOf(asked).map(({ action }) => action);
    })
    .toContain('triage');
  expect(await stopDaemon(daemon)).toBe(0);
});

test('collects from an API as one of its parts, and shows what came of it', async () => {
  const accounts = exampleAccounts({ seed: 5, end: Date.now(), rows: 50, sessions: 10 });
  const standIn = await startStandIn({ seed: 5, now: Date.now, accounts });
  const keys = accounts.map((account) => {
    const { 'x-api-key': accountKey = '', 'x-api-secret-key': userKey = '' } = headersFor(account, OWN_KEY);
    const name = `KEYTRAIL_REDIS_CLOUD_${account.id}`;
    return { [`${name}_ACCOUNT_KEY`]: accountKey, [`${name}_USER_KEY`]: userKey };
  });
  const dataDir = await temporaryDirectory();
  const daemon = await startDaemon(dataDir, {
    KEYTRAIL_COLLECT_REDIS_CLOUD_BASE_URL: `${standIn.url}/v1`,
    KEYTRAIL_COLLECT_REDIS_CLOUD_ACCOUNTS: accounts.map(({ id }) => id).join(),
    ...Object.assign({}, ...keys),
  });
  const admin = await tokenOf(dataDir, '--role', 'admin');
  for (const { id } of accounts) {
    await expect.poll(() => figure(daemon, admin, `keytrail_collector_rows_total{account="${id}"}`)).toBe(60);
  }
  const asked = await runKeytrail(['query', 'collector-status', '--data-dir', dataDir, '--format', 'json']);
  expect(rowsOf(asked).map(({ failure }) => failure)).toEqual(rowsOf(asked).map(() => ''));
  expect(await stopDaemon(daemon)).toBe(0);
  await standIn.close();
});

test('two on one data directory: one looks, the other stands by, and takes over store and detections', async () => {
  const dataDir = await temporaryDirectory();
  const first = await startDaemon(dataDir);
  // Before there is another one that could be quicker.
  await expect.poll(() => modeOf(first)).toBe('active');
  const second = await startDaemon(dataDir);
  await expect.poll(() => modeOf(second)).toBe('standby');
  const pusher = await pusherOf(dataDir);
  const admin = await tokenOf(dataDir, '--role', 'admin');
  expect(await (await push(first, pusher, [1, 2])).json()).toMatchObject({ received: 2 });
  expect(await pushedInto(dataDir)).toEqual({ n: 2, ids: 2 });
  expect(await (await push(second, pusher, [2, 3])).json()).toMatchObject({ received: 2 });
  expect(await pushedInto(dataDir)).toEqual({ n: 3, ids: 3 });
  expect(await figure(second, admin, 'keytrail_part_standby{part="detections"}')).toBe(1);
  await first.running.kill9();
  await expect.poll(() => modeOf(second)).toBe('active');
  await expect.poll(async () => (await push(second, pusher, [3, 4])).status).toBe(202);
  expect(await stopDaemon(second)).toBe(0);
});

test('is stopped under load: what was acknowledged is stored, and nothing twice', async () => {
  const dataDir = await temporaryDirectory();
  const daemon = await startDaemon(dataDir);
  const pusher = await pusherOf(dataDir);
  const acknowledged: number[] = [];
  let next = 0;
  let isOver = false;
  const client = async (): Promise<void> => {
    while (!isOver) {
      const ids = Array.from({ length: 200 }, () => next++);
      const answer = await push(daemon, pusher, ids).catch(() => undefined);
      if (answer?.status === 202) acknowledged.push(...ids);
      if (answer === undefined) return;
    }
  };
  const clients = [0, 1, 2, 3].map(client);
  await expect.poll(() => acknowledged.length).toBeGreaterThan(2_000);
  expect(await stopDaemon(daemon)).toBe(0);
  isOver = true;
  await Promise.all(clients);
  const { n, ids } = await pushedInto(dataDir);
  expect(n).toBeGreaterThanOrEqual(acknowledged.length);
  expect(n).toBe(ids);
});

test('speaks TLS with the files that it is given, and nothing else on that port', async () => {
  const folder = await temporaryDirectory();
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const env = { KEYTRAIL_HTTP_TLS_CERT_FILE: cert, KEYTRAIL_HTTP_TLS_KEY_FILE: key };
  const daemon = await startDaemon(await temporaryDirectory(), env);
  expect(daemon.url).toMatch(/^https:/);
  const ca = await readFile(cert);
  const asked = https.get(`${daemon.url}/healthz`, { ca });
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(response.headers['strict-transport-security']).toBeDefined();
  const strange = https.get(`${daemon.url}/healthz`);
  const [refused] = (await once(strange, 'error')) as [{ code: string }];
  expect(refused.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  await expect(fetch(`${daemon.url.replace('https', 'http')}/healthz`)).rejects.toThrow();
  expect(await stopDaemon(daemon)).toBe(0);
});

test('clients that send their headers by drops, or half a body, are let go, and others are answered meanwhile', async () => {
  const dataDir = await temporaryDirectory();
  const daemon = await startDaemon(dataDir);
  const pusher = await pusherOf(dataDir);
  const { hostname, port } = new URL(daemon.url);
  const slow = Array.from({ length: 200 }, () => net.connect(Number(port), hostname));
  // A drop that meets a closed connection is an error of the socket, and its end all the same.
  const ended = slow.map(
    (socket) => new Promise<void>((resolve) => socket.on('error', () => undefined).on('close', () => resolve())),
  );
  for (const socket of slow) socket.resume().write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n');
  const drops = setInterval(() => {
    for (const socket of slow) if (!socket.destroyed) socket.write('X-Drop: 1\r\n');
  }, 1_000);
  const half = net.connect(Number(port), hostname).on('error', () => undefined);
  half.resume();
  half.write(
    `POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${pusher}\r\n` +
      `Content-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n${systemLogEntry(1)}\n`,
  );
  expect((await push(daemon, pusher, [2])).status).toBe(202);
  await Promise.all(ended);
  clearInterval(drops);
  half.destroy();
  // What was cut off before its end was never taken.
  expect(await pushedInto(dataDir)).toEqual({ n: 1, ids: 1 });
  expect(await (await push(daemon, pusher, [1, 2])).json()).toMatchObject({ received: 2 });
  expect(await pushedInto(dataDir)).toEqual({ n: 2, ids: 2 });
  expect(await stopDaemon(daemon)).toBe(0);
});

test('twenty readers at once are answered while records come in', async () => {
  const dataDir = await temporaryDirectory();
  const daemon = await startDaemon(dataDir);
  const pusher = await pusherOf(dataDir);
  const tokens = await Promise.all([0, 1, 2, 3].map(() => tokenOf(dataDir, '--role', 'analyst')));
  const paths = ['/api/v1/events', '/api/v1/events/facets', '/api/v1/questions/key-usage/answer', '/api/v1/keys'];
  let isOver = false;
  const reader = async (at: number): Promise<number> => {
    const headers = { authorization: `Bearer ${tokens[at % tokens.length]}` };
    let answered = 0;
    while (!isOver) {
      const response = await fetch(`${daemon.url}${paths[at % paths.length]}`, { headers });
      await response.arrayBuffer();
      expect(response.status).toBe(200);
      answered++;
    }
    return answered;
  };
  const readers = Array.from({ length: 20 }, (_, at) => reader(at));
  for (let from = 0; from < 5_000; from += 500) {
    const ids = Array.from({ length: 500 }, (_, at) => from + at);
    expect(await (await push(daemon, pusher, ids)).json()).toMatchObject({ received: 500, dead_letters: 0 });
  }
  isOver = true;
  for (const answered of await Promise.all(readers)) expect(answered).toBeGreaterThan(0);
  expect(await stopDaemon(daemon)).toBe(0);
});
