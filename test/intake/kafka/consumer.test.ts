import { afterAll, expect, test } from 'vitest';
import { KAFKA_FLUSH_MS_MAX } from '../../../src/core/limits.ts';
import { KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithKafka } from '../../support/kafka/shared.ts';
import { FakeReceiver, start, until } from './support.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `value ${from + index}`);

await describeWithKafka('reading a topic', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());

  test('until the end: everything arrives once, in order, and is committed', async () => {
    const topic = await kafka.topic('plain', { partitions: 3 });
    const groupId = kafka.name('group');
    await kafka.send(topic, numbers(0, 100), 0);
    await kafka.send(topic, numbers(100, 150), 1);
    const run = start({ brokers, groupId, topic, untilEnd: true });
    expect(await run.done).toMatchObject({ reason: 'end', messages: 150, gaps: 0, committed: true });
    const [first, second, empty] = run.receiver.chains.toSorted(
      (a, b) => a.partition.partition - b.partition.partition,
    );
    expect(first?.values).toEqual(numbers(0, 100));
    expect(second?.values).toEqual(numbers(100, 150));
    expect(empty?.values).toEqual([]);
    expect(first?.partition.stream).toMatch(new RegExp(`^kafka:[\\w-]{22}/${topic}$`));
    expect(first?.streamEnd).toBe(100);
    expect(await kafka.committed(groupId, topic)).toEqual(
      new Map([
        [0, 100],
        [1, 50],
        [2, -1],
      ]),
    );
  });

  test('a second run goes on where the first one ended', async () => {
    const topic = await kafka.topic('again');
    const groupId = kafka.name('group');
    await kafka.send(topic, numbers(0, 10));
    await start({ brokers, groupId, topic, untilEnd: true }).done;
    await kafka.send(topic, numbers(10, 15));
    const run = start({ brokers, groupId, topic, untilEnd: true });
    expect(await run.done).toMatchObject({ messages: 5 });
    expect(run.receiver.values).toEqual(numbers(10, 15));
    expect(run.receiver.chains[0]?.partition.position).toBe(10);
    expect(await start({ brokers, groupId, topic, untilEnd: true }).done).toMatchObject({
      messages: 0,
      committed: true,
    });
  });

  test('only what is settled is committed', async () => {
    const topic = await kafka.topic('settled');
    const groupId = kafka.name('group');
    await kafka.send(topic, numbers(0, 20));
    let aheadMs = 0;
    const run = start({ brokers, groupId, topic, now: () => Date.now() + aheadMs });
    await until(() => run.receiver.values.length === 20);
    run.receiver.chains[0]?.settle(7);
    await until(async () => (await kafka.committed(groupId, topic)).get(0) === 7);
    // Nothing else is settled while we stop, so nothing else is committed.
    run.receiver.flushing = new Promise(() => {});
    const stopped = run.stop();
    await until(() => run.receiver.chains[0]?.flushes === 1);
    aheadMs = KAFKA_FLUSH_MS_MAX + 1;
    expect(await stopped).toMatchObject({ reason: 'stopped', committed: false });
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 7]]));
    const next = start({ brokers, groupId, topic, untilEnd: true });
    await next.done;
    expect(next.receiver.values).toEqual(numbers(7, 20));
  });

  test('stopping settles what is open and commits it', async () => {
    const topic = await kafka.topic('stop');
    const groupId = kafka.name('group');
    const receiver = new FakeReceiver();
    const run = start({ brokers, groupId, topic, fake: receiver });
    await kafka.send(topic, numbers(0, 5));
    await until(() => receiver.values.length === 5);
    expect(await run.stop()).toMatchObject({ reason: 'stopped', messages: 5, committed: true });
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 5]]));
  });

  test('kafkajs keeps on a batch what its types do not tell, and lists offsets as a reader of committed records', async () => {
    const topic = await kafka.topic('private');
    await kafka.send(topic, numbers(0, 3));
    const open = await (await kafka.producer({ transactionalId: kafka.name('tx') })).transaction();
    await open.send({ topic, messages: [{ value: 'open' }] });
    const [range] = await (await kafka.admin()).fetchTopicOffsets(topic);
    expect(range?.high).toBe('3');
    await open.abort();
    const consumer = kafka.kafka.consumer({ groupId: kafka.name('group') });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const batch = await new Promise<object>((resolve, reject) => {
      consumer.run({ eachBatch: async (payload) => resolve(payload.batch) }).catch(reject);
    });
    await consumer.disconnect();
    expect(batch).toMatchObject({ fetchedOffset: '0', rawMessages: expect.any(Array) });
  });
});
