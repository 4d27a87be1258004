import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KafkaMessage } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookHeaders } from '../../src/core/alerts/webhook-signature.ts';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka } from '../support/kafka/shared.ts';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { type Receiver, receiver, status } from './support.ts';

const RULE = ['--rule', 'source-ip-outside-allow-list'];
const REGISTRY = 'keys: [{account_id: a1, key_id: orders, allow_list: [198.51.100.16/28], valid_from: 2026-01-01}]\n';

const request = (id: string, at: number, sourceIp: string): string =>
  JSON.stringify({
    ...{ id, time: new Date(at).toISOString(), type: 'Database', description: 'listed' },
    request: { sourceIp, method: 'GET', path: '/v1/databases', status: 200, userAgent: 'orders/1.0', requestId: id },
    authentication: { accountId: 'a1', keyName: 'orders', result: 'success' },
  });

/** A store of its own, with a registry and a configuration. */
async function world(yaml: string, env: Record<string, string> = {}) {
  const folder = await temporaryDirectory();
  await writeFile(path.join(folder, 'registry.yaml'), REGISTRY);
  await writeFile(path.join(folder, 'keytrail.yaml'), yaml);
  const options = { cwd: folder, env };
  const keytrail = (...args: string[]) => runKeytrail(args, options);
  expect((await keytrail('keys', 'import', 'registry.yaml')).code).toBe(0);
  const take = async (...records: string[]) => {
    const args = ['ingest', '-', '--source', 'gateway/request', '--format', 'ndjson'];
    expect((await runKeytrail(args, { ...options, input: records.join('\n') })).code).toBe(0);
  };
  return { folder, keytrail, take, start: (...args: string[]) => startKeytrail(args, options) };
}

const listed = async (keytrail: (...args: string[]) => ReturnType<typeof runKeytrail>, ...flags: string[]) =>
  rowsOf(await keytrail('alerts', 'list', '--format', 'json', ...flags)).map(({ channel, occasion, result }) => [
    ...[channel, occasion, result],
  ]);

describe('detect run', () => {
  const key = randomBytes(32);
  let hook: Receiver;
  let env: Record<string, string>;
  beforeAll(async () => {
    hook = await receiver();
    env = { KEYTRAIL_ALERTS_HOOK_SECRET: `whsec_${key.toString('base64')}` };
  });
  const yaml = () => `alerts:
  channels:
    hook: {type: webhook, url: "${hook.url.href}"}
    log: {type: file, path: alerts.ndjson}
  allow_targets: [127.0.0.1]
`;

  it('--once sends what it found, and what could not be sent is listed, told, and sent again when somebody asks', async () => {
    const { folder, keytrail, take } = await world(yaml(), env);
    // The channels are known from this first look on.
    expect((await keytrail('detect', 'run', '--once', ...RULE)).code).toBe(0);
    await take(request('x1', Date.now() - 60_000, '203.0.113.9'));
    hook.answer = status(401);
    const first = await keytrail('detect', 'run', '--once', ...RULE);
    expect(first.stderr).toContain('"kind":"refused"');
    expect((await listed(keytrail)).sort()).toEqual([
      ['hook', 'opened', 'given-up'],
      ['log', 'opened', 'delivered'],
    ]);
    expect(await listed(keytrail, '--undelivered')).toEqual([['hook', 'opened', 'given-up']]);
    const [line] = (await readFile(path.join(folder, 'alerts.ndjson'), 'utf8')).trim().split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({
      ...{ class_uid: 2004, severity: 'Critical' },
      remediation: { desc: expect.any(String) },
      evidences: [{ src_endpoint: { ip: '203.0.113.9' }, data: { event_ids: ['x1'] } }],
    });
    hook.answer = status(200);
    expect((await keytrail('alerts', 'retry', '--all')).code).toBe(0);
    expect(await listed(keytrail, '--undelivered')).toEqual([]);
    const { headers, body } = hook.received.at(-1) ?? { headers: {}, body: '' };
    const signed = webhookHeaders(key, String(headers['webhook-id']), Number(headers['webhook-timestamp']), body);
    expect(headers).toMatchObject(signed);
    const [{ id: finding } = {}] = rowsOf(await keytrail('findings', 'list', '--format', 'json'));
    expect((await keytrail('findings', 'close', String(finding), '--false-positive')).code).toBe(0);
    expect((await keytrail('detect', 'run', '--once', ...RULE)).code).toBe(0);
    expect(JSON.parse(hook.received.at(-1)?.body ?? '')).toMatchObject({ activity_id: 3, status_id: 4 });
  });

  it('exits with 1 when a channel is away, and the next run sends it', async () => {
    const { keytrail, take } = await world(yaml(), env);
    await keytrail('detect', 'run', '--once', ...RULE);
    await take(request('x1', Date.now() - 60_000, '203.0.113.9'));
    hook.answer = status(503);
    expect((await keytrail('detect', 'run', '--once', ...RULE)).code).toBe(1);
    expect(await listed(keytrail, '--undelivered')).toEqual([['hook', 'opened', 'failed']]);
    hook.answer = status(200);
    expect((await keytrail('detect', 'run', '--once', ...RULE)).code).toBe(0);
    expect(await listed(keytrail, '--undelivered')).toEqual([]);
  });

  it('in a loop sends what comes, and a month of the past as one digest and no alert', async () => {
    const { keytrail, take, start } = await world(yaml(), env);
    hook.answer = status(200);
    const before = hook.received.length;
    const running = start('detect', 'run', ...RULE);
    await running.says('"msg":"looking"');
    await take(request('x1', Date.now() - 60_000, '203.0.113.9'));
    await expect.poll(() => hook.received.length).toBe(before + 1);
    // That it was taken is recorded a moment later: who is stopped before that sends it once more.
    await expect.poll(() => listed(keytrail, '--undelivered')).toEqual([]);
    const past = Array.from({ length: 30 }, (_, day) =>
      request(`p${day}`, Date.now() - (day + 2) * 86_400_000, `203.0.113.${day + 20}`),
    );
    await take(...past);
    running.child.kill('SIGTERM');
    await running.finished;
    await keytrail('detect', 'run', '--once', ...RULE);
    expect(hook.received.length).toBe(before + 2);
    expect(JSON.parse(hook.received.at(-1)?.body ?? '')).toMatchObject({
      unmapped: { keytrail: { digest: { reason: 'backfill', findings: 30 } } },
    });
  });

  it('does not begin without the secrets of its channels', async () => {
    const { keytrail } = await world(yaml());
    const run = await keytrail('detect', 'run', '--once', ...RULE);
    expect([run.code, run.stderr.includes('KEYTRAIL_ALERTS_HOOK_SECRET')]).toEqual([2, true]);
  });
});

describe('alerts', () => {
  it('test sends a message that says it is one, and tells what came back', async () => {
    const hook = await receiver();
    const yaml = `alerts: {channels: {chat: {type: slack}}, allow_private_addresses: true}\n`;
    const { keytrail } = await world(yaml, { KEYTRAIL_ALERTS_CHAT_URL: hook.url.href });
    const sent = await keytrail('alerts', 'test', 'chat');
    expect([sent.code, sent.stderr]).toEqual([0, 'chat: delivered: 200 ok\n']);
    expect(hook.received[0]?.body).toContain('Test of keytrail');
    hook.answer = status(404, {}, 'no_service');
    const refused = await keytrail('alerts', 'test', 'chat');
    expect([refused.code, refused.stderr]).toEqual([1, 'chat: refused: 404 no_service\n']);
    expect((await keytrail('alerts', 'test', 'other')).code).toBe(2);
  });

  it.each([[[]], [['--all', 'abc']], [['abcdef']]])('retry of %j is refused', async (args) => {
    const { keytrail } = await world('{}');
    expect((await keytrail('alerts', 'retry', ...args)).code).toBeGreaterThan(0);
  });
});

await describeWithKafka('a channel that is a topic', (brokers) => {
  let kafka: KafkaForTests;
  beforeAll(() => {
    kafka = new KafkaForTests(brokers);
  });
  afterAll(() => kafka.close());

  async function firstOf(topic: string): Promise<KafkaMessage> {
    const consumer = kafka.kafka.consumer({ groupId: kafka.name('reader') });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    try {
      return await new Promise((resolve) => {
        void consumer.run({ eachMessage: async ({ message }) => resolve(message) });
      });
    } finally {
      await consumer.disconnect();
    }
  }

  it('gets each alert under the key of its finding, and says when there is no such topic', async () => {
    const topic = await kafka.topic('alerts');
    const channels = `{topic: {type: kafka, topic: ${topic}}, absent: {type: kafka, topic: absent-${topic}}}`;
    const alerts = `alerts: {channels: ${channels}, routes: [{channels: [topic]}]}`;
    const yaml = `kafka: {brokers: [${brokers.join()}]}\n${alerts}\n`;
    const { keytrail, take } = await world(yaml);
    await keytrail('detect', 'run', '--once', ...RULE);
    await take(request('x1', Date.now() - 60_000, '203.0.113.9'));
    const run = await keytrail('detect', 'run', '--once', ...RULE);
    expect([run.code, await listed(keytrail)]).toEqual([0, [['topic', 'opened', 'delivered']]]);
    const record = await firstOf(topic);
    const value = JSON.parse(String(record.value)) as { finding_info: { uid: string }; metadata: { uid: string } };
    expect(String(record.key)).toBe(value.finding_info.uid);
    expect(String(record.headers?.['keytrail-id'])).toBe(value.metadata.uid);
    const absent = await keytrail('alerts', 'test', 'absent');
    expect([absent.code, absent.stderr.includes('there is no topic')]).toEqual([1, true]);
  });
});
