/** A broker that goes away in the middle, and comes back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithOwnBroker } from '../../support/kafka/shared.ts';
import { type Broker, startBroker } from '../../support/kafka-broker.ts';
import { SHORT_SESSION, start, until } from './support.ts';

await describeWithOwnBroker('a broker that restarts', () => {
  let broker: Broker;
  let kafka: KafkaForTests;
  beforeAll(async () => {
    broker = await startBroker();
    kafka = new KafkaForTests(broker.brokers);
  });
  afterAll(async () => {
    await kafka?.close();
    await broker?.close();
  });

  for (const [how, away] of [
    ['shut down', () => broker.stop()],
    ['killed', () => broker.kill9()],
  ] as const) {
    test(`${how} in the middle: intake waits, goes on by itself, and every record arrives`, async () => {
      const topic = await kafka.topic('restart', { partitions: 2 });
      const groupId = kafka.name('group');
      const before = Array.from({ length: 50 }, (_, index) => `before ${index}`);
      await kafka.send(topic, before);
      const run = start({ brokers: broker.brokers, groupId, topic, times: SHORT_SESSION });
      await until(() => run.receiver.values.length >= 50);
      await away();
      await broker.restart();
      const after = Array.from({ length: 50 }, (_, index) => `after ${index}`);
      await kafka.send(topic, after, 1);
      // Of the assignment that is now: it may have begun anew, and what it has not read yet it cannot settle.
      await until(() => new Set(run.receiver.live.flatMap(({ values }) => values)).size === 100);
      expect(await run.stop()).toMatchObject({ reason: 'stopped', committed: true });
      expect(await kafka.committed(groupId, topic)).toEqual(
        new Map([
          [0, 50],
          [1, 50],
        ]),
      );
    });
  }

  test('told to stop while the broker is away, the consumer leaves all the same', async () => {
    const topic = await kafka.topic('away');
    await kafka.send(topic, ['a']);
    // By the clock: what cannot be committed is given up after a while.
    const run = start({ brokers: broker.brokers, groupId: kafka.name('group'), topic, now: Date.now });
    await until(() => run.receiver.values.length === 1);
    await broker.kill9();
    expect(await run.stop()).toMatchObject({ reason: 'stopped' });
    await broker.restart();
  });
});
