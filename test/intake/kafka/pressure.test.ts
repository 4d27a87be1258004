/** A store that is slow, away or gone stops the intake; memory stays within the budget. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { KAFKA_PARTITION_FETCH_BYTES } from '../../../src/core/limits.ts';
import { KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithKafka } from '../../support/kafka/shared.ts';
import { FakeReceiver, start, until } from './support.ts';

const MESSAGE_BYTES = 10_000;
const BUDGET_BYTES = 300_000;

await describeWithKafka('holding back', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());

  async function filled(partitions: number, perPartition: number): Promise<string> {
    const topic = await kafka.topic('pressure', { partitions });
    for (let partition = 0; partition < partitions; partition += 1) {
      const values = Array.from({ length: perPartition }, (_, index) => `${index} `.padEnd(MESSAGE_BYTES, 'x'));
      for (let at = 0; at < values.length; at += 50) await kafka.send(topic, values.slice(at, at + 50), partition);
    }
    return topic;
  }

  test('reading pauses when the byte budget is used up, resumes with room, and nothing is lost', async () => {
    const partitions = 4;
    const topic = await filled(partitions, 200);
    const receiver = new FakeReceiver();
    receiver.budgetBytes = BUDGET_BYTES;
    const run = start({ brokers, groupId: kafka.name('group'), topic, fake: receiver, untilEnd: true });
    await until(() => !receiver.hasRoom);
    // What a fetch has brought already may still be handed over; behind that nothing comes.
    await until(async () => {
      const before = receiver.heldBytes;
      await sleep(400);
      return receiver.heldBytes === before;
    });
    expect(receiver.values.length).toBeLessThan(partitions * 200);
    const release = setInterval(() => receiver.hasRoom || receiver.release(), 20);
    expect(await run.done).toMatchObject({ messages: 800, committed: true });
    clearInterval(release);
    for (const { values } of receiver.chains) {
      expect(values.map((value) => Number.parseInt(value, 10))).toEqual(Array.from({ length: 200 }, (_, n) => n));
    }
    // The budget, and at most what one fetch had brought already: a batch of the producer may exceed what was asked
    // for.
    const fetchBytes = partitions * (KAFKA_PARTITION_FETCH_BYTES + 50 * MESSAGE_BYTES);
    expect(receiver.heldBytesMax).toBeLessThanOrEqual(BUDGET_BYTES + fetchBytes);
  });

  test('a member that is held back for longer than its session stays in the group', async () => {
    const topic = await filled(1, 100);
    const receiver = new FakeReceiver();
    receiver.budgetBytes = BUDGET_BYTES;
    const times = { sessionTimeoutMs: 30_000 };
    const run = start({ brokers, groupId: kafka.name('group'), topic, fake: receiver, untilEnd: true, times });
    await until(() => !receiver.hasRoom);
    await sleep(32_000);
    const release = setInterval(() => receiver.hasRoom || receiver.release(), 20);
    expect(await run.done).toMatchObject({ messages: 100 });
    clearInterval(release);
    expect(receiver.chains).toHaveLength(1);
  });

  test('a store that has stopped for good ends the consumer with its error, and nothing is committed', async () => {
    const topic = await filled(1, 10);
    const groupId = kafka.name('group');
    const run = start({ brokers, groupId, topic });
    await until(() => run.receiver.values.length === 10);
    run.receiver.failForGood(new Error('the table is missing'));
    await expect(run.done).rejects.toThrow('the table is missing');
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, -1]]));
  });

  test('a flush that fails at the end is the error of the run', async () => {
    const topic = await filled(1, 10);
    const groupId = kafka.name('group');
    const receiver = new FakeReceiver();
    receiver.flushing = Promise.reject(new Error('the disk is full'));
    receiver.flushing.catch(() => {});
    const run = start({ brokers, groupId, topic, fake: receiver, untilEnd: true });
    await expect(run.done).rejects.toThrow('the disk is full');
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, -1]]));
  });

  test('a partition that gives nothing more says so, also behind an open end', async () => {
    const topic = await filled(1, 3);
    const run = start({ brokers, groupId: kafka.name('group'), topic });
    // It also says so while its first records are long in coming.
    await until(() => run.receiver.values.length === 3);
    const before = run.receiver.chains[0]?.drains ?? 0;
    await until(() => (run.receiver.chains[0]?.drains ?? 0) > before);
    expect(run.receiver.values).toHaveLength(3);
    await run.stop();
  });
});
