/** The daemon beside a real broker: topics are read, their lag is told, and a broker that goes away ends nothing. */
import { expect, it } from 'vitest';
import { figure, push, pusherOf, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka, describeWithOwnBroker } from '../support/kafka/shared.ts';
import { startBroker } from '../support/kafka-broker.ts';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

const entries = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => systemLogEntry(from + at));

async function eventsIn(dataDir: string): Promise<number> {
  const sql = "SELECT count() AS n FROM activity WHERE source = 'redis-cloud/system-log'";
  const [row] = rowsOf(await runKeytrail(['--data-dir', dataDir, 'sql', sql, '--format', 'json']));
  return Number(row?.n);
}

await describeWithKafka('the daemon with a topic', (brokers) => {
  it('stores what the topic has, together with what is pushed, and goes on where it ended', async () => {
    const kafka = new KafkaForTests(brokers);
    const topic = await kafka.topic('daemon', { partitions: 2 });
    const dataDir = await temporaryDirectory();
    const group = kafka.name('group');
    const env = {
      KEYTRAIL_KAFKA_BROKERS: brokers.join(),
      KEYTRAIL_KAFKA_TOPICS: `${topic}=redis-cloud/system-log@1`,
      KEYTRAIL_KAFKA_GROUP: group,
    };
    await kafka.send(topic, entries(0, 500), 0);
    await kafka.send(topic, entries(500, 500), 1);
    const first = await startDaemon(dataDir, env);
    const pusher = await pusherOf(dataDir);
    const admin = await tokenOf(dataDir, '--role', 'admin');
    expect(await (await push(first, pusher, [5_000, 5_001])).json()).toMatchObject({ received: 2 });
    await expect.poll(() => figure(first, admin, 'keytrail_intake_records_total{intake="kafka"}')).toBe(1_000);
    const text = await (await fetch(`${first.url}/metrics`, { headers: { authorization: `Bearer ${admin}` } })).text();
    const lags = [...text.matchAll(/^keytrail_intake_lag\{intake="kafka",.*\} (\d+)$/gm)].map(([, lag]) => lag);
    expect(lags).toEqual(['0', '0']);
    // A daemon that is told to end waits for its last commit, but not for ever.
    await expect.poll(async () => [...(await kafka.committed(group, topic)).values()]).toEqual([500, 500]);
    expect(await stopDaemon(first)).toBe(0);
    await kafka.send(topic, entries(1_000, 10), 0);
    const second = await startDaemon(dataDir, env);
    // What was committed is not read again.
    await expect.poll(() => figure(second, admin, 'keytrail_intake_records_total{intake="kafka"}')).toBe(10);
    expect(await stopDaemon(second)).toBe(0);
    expect(await eventsIn(dataDir)).toBe(1_012);
    await kafka.close();
  });
});

await describeWithOwnBroker('a broker that dies', () => {
  it('keeps no consumer from ending when it is told to', async () => {
    const broker = await startBroker({ overrides: { 'broker.session.timeout.ms': '3000' } });
    const kafka = new KafkaForTests(broker.brokers);
    const topic = await kafka.topic('dying');
    const dataDir = await temporaryDirectory();
    const group = kafka.name('group');
    const source = `${topic}=redis-cloud/system-log@1`;
    const args = ['consume', '--brokers', broker.brokers.join(), '--topic', source, '--group', group];
    const running = startKeytrail([...args, '--data-dir', dataDir]);
    await kafka.send(topic, entries(0, 10));
    await expect.poll(async () => (await kafka.committed(group, topic)).get(0)).toBe(10);
    await broker.kill9();
    await broker.restart();
    await kafka.send(topic, entries(10, 10));
    await expect.poll(async () => (await kafka.committed(group, topic)).get(0)).toBe(20);
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
    await kafka.close();
    await broker.close();
  });

  it('lets the daemon take pushes in meanwhile, and reads on when the broker is there again', async () => {
    const broker = await startBroker({ overrides: { 'broker.session.timeout.ms': '3000' } });
    const kafka = new KafkaForTests(broker.brokers);
    const topic = await kafka.topic('dying');
    const dataDir = await temporaryDirectory();
    const group = kafka.name('group');
    const daemon = await startDaemon(dataDir, {
      KEYTRAIL_KAFKA_BROKERS: broker.brokers.join(),
      KEYTRAIL_KAFKA_TOPICS: `${topic}=redis-cloud/system-log@1`,
      KEYTRAIL_KAFKA_GROUP: group,
    });
    const pusher = await pusherOf(dataDir);
    const admin = await tokenOf(dataDir, '--role', 'admin');
    await kafka.send(topic, entries(0, 10));
    await expect.poll(() => figure(daemon, admin, 'keytrail_intake_records_total{intake="kafka"}')).toBe(10);
    await broker.kill9();
    expect((await push(daemon, pusher, [100])).status).toBe(202);
    await broker.restart();
    await kafka.send(topic, entries(10, 10));
    // Not by their number: what had not been committed when the broker died comes again, and is counted again.
    await expect.poll(async () => (await kafka.committed(group, topic)).get(0)).toBe(20);
    expect(await figure(daemon, admin, 'keytrail_intake_records_total{intake="kafka"}')).toBeGreaterThanOrEqual(20);
    expect(await stopDaemon(daemon)).toBe(0);
    expect(await eventsIn(dataDir)).toBe(21);
    await kafka.close();
    await broker.close();
  });
});
