/** Detections beside two consumers of one group: whichever of them stored a record, and whoever died meanwhile. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka } from '../support/kafka/shared.ts';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const RULE = 'source-ip-outside-allow-list';
const PARTITIONS = 4;

const request = (id: number): string =>
  JSON.stringify({
    ...{ id: `r${id}`, time: new Date().toISOString(), type: 'Database', description: 'listed' },
    request: {
      sourceIp: `203.0.113.${id}`,
      method: 'GET',
      path: '/v1/databases',
      status: 200,
      userAgent: 'orders/1.0',
    },
    authentication: { accountId: 'a1', keyName: 'orders', result: 'success' },
  });

await describeWithKafka('detections beside two consumers', (brokers) => {
  let kafka: KafkaForTests;
  let dataDir: string;

  beforeAll(async () => {
    kafka = new KafkaForTests(brokers);
    const folder = await temporaryDirectory();
    dataDir = path.join(folder, 'store');
    const registry = path.join(folder, 'registry.yaml');
    await writeFile(
      registry,
      'keys: [{account_id: a1, key_id: orders, allow_list: [198.51.100.16/28], valid_from: 2026-01-01}]\n',
    );
    expect((await runKeytrail(['keys', 'import', registry, '--data-dir', dataDir])).code).toBe(0);
  });

  afterAll(() => kafka?.close());

  it('find each record once, also when one consumer is killed and the other reads its records again', async () => {
    const topic = await kafka.topic('requests', { partitions: PARTITIONS });
    const group = kafka.name('group');
    const detecting = startKeytrail(['detect', 'run', '--rule', RULE, '--data-dir', dataDir]);
    await detecting.says('"msg":"looking"');
    const source = `${topic}=gateway/request`;
    const consume = [
      'consume',
      '--brokers',
      brokers.join(),
      '--topic',
      source,
      '--group',
      group,
      '--data-dir',
      dataDir,
    ];
    const env = { KEYTRAIL_KAFKA_SESSION_TIMEOUT_MS: '6000' };
    const consumers = [startKeytrail(consume, { env }), startKeytrail(consume, { env })];
    const send = async (from: number, to: number): Promise<void> => {
      for (let id = from; id < to; id += 1) await kafka.send(topic, [request(id)], id % PARTITIONS);
    };
    const found = async (): Promise<string[]> => {
      const listed = await runKeytrail(['findings', 'list', '--rule', RULE, '--format', 'json', '--data-dir', dataDir]);
      return rowsOf(listed).map(({ summary }) => String(/from (203\.0\.113\.\d+)/.exec(String(summary))?.[1]));
    };
    const addresses = (count: number) => Array.from({ length: count }, (_, id) => `203.0.113.${id}`).sort();

    await send(0, 20);
    await expect.poll(async () => (await found()).sort()).toEqual(addresses(20));
    await consumers[0]?.kill9();
    await send(20, 40);
    await expect.poll(async () => (await found()).sort()).toEqual(addresses(40));

    for (const one of [consumers[1], detecting]) {
      one?.child.kill('SIGTERM');
      expect((await one?.finished)?.code).toBe(0);
    }
  });
});
