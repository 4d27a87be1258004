/** Members that come, go and lapse: what one of them commits never moves another one's position. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithKafka } from '../../support/kafka/shared.ts';
import { SHORT_SESSION, start, until } from './support.ts';

const PARTITIONS = [0, 1, 2, 3];

await describeWithKafka('a group', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());

  async function filled(of: string, perPartition = 3): Promise<string> {
    const topic = await kafka.topic(of, { partitions: PARTITIONS.length });
    for (const partition of PARTITIONS) {
      await kafka.send(
        topic,
        Array.from({ length: perPartition }, (_, index) => `${partition}-${index}`),
        partition,
      );
    }
    return topic;
  }

  test('a block begun before a rebalance never commits after it, and its records are delivered again', async () => {
    const topic = await filled('rebalance');
    const groupId = kafka.name('group');
    const first = start({ brokers, groupId, topic });
    await until(() => first.receiver.values.length === 12);
    const before = [...first.receiver.chains];
    const second = start({ brokers, groupId, topic });
    await until(() => first.receiver.live.length === 2 && second.receiver.live.length === 2);
    expect(before.every(({ abandoned }) => abandoned)).toBe(true);
    for (const chain of before) chain.settle();
    await until(() => first.receiver.values.length === 18 && second.receiver.values.length === 6);
    // Several commit rounds later, still nothing: only chains of the new assignment count.
    await sleep(500);
    expect([...(await kafka.committed(groupId, topic)).values()]).toEqual([-1, -1, -1, -1]);
    second.receiver.settleAll();
    await until(
      async () => [...(await kafka.committed(groupId, topic)).values()].filter((at) => at === 3).length === 2,
    );
    // One after the other: a member that leaves first would rebalance what the other one is about to commit.
    await first.stop();
    await second.stop();
    expect([...(await kafka.committed(groupId, topic)).values()]).toEqual([3, 3, 3, 3]);
  });

  test('a commit that is held up while the group rebalances is dropped', async () => {
    const topic = await filled('held-up');
    const groupId = kafka.name('group');
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let reached = 0;
    const checkpoint = (point: string) => {
      reached += point === 'kafka:before-commit' ? 1 : 0;
      return reached === 1 ? held : undefined;
    };
    const first = start({ brokers, groupId, topic, checkpoint });
    await until(() => first.receiver.values.length === 12);
    first.receiver.settleAll();
    await until(() => reached === 1);
    const second = start({ brokers, groupId, topic });
    await until(() => second.receiver.values.length === 6);
    letGo();
    await sleep(500);
    expect([...(await kafka.committed(groupId, topic)).values()]).toEqual([-1, -1, -1, -1]);
    await Promise.all([first.stop(), second.stop()]);
  });

  test('a member that leaves hands its partitions to the others, from the committed offsets', async () => {
    const topic = await filled('leaving');
    const groupId = kafka.name('group');
    const first = start({ brokers, groupId, topic });
    const second = start({ brokers, groupId, topic });
    await until(() => first.receiver.live.length === 2 && second.receiver.live.length === 2);
    await until(() => second.receiver.live.every(({ values }) => values.length === 3));
    await second.stop();
    await until(() => first.receiver.live.length === 4);
    const positions = first.receiver.live.map(({ partition }) => partition.position);
    expect(positions.toSorted()).toEqual([0, 0, 3, 3]);
    await first.stop();
  });

  test('two members until the end read everything between them', async () => {
    const topic = await filled('shared', 50);
    const groupId = kafka.name('group');
    const runs = [
      start({ brokers, groupId, topic, untilEnd: true }),
      start({ brokers, groupId, topic, untilEnd: true }),
    ];
    await Promise.all(runs.map(({ done }) => done));
    expect(new Set(runs.flatMap(({ receiver }) => receiver.values)).size).toBe(200);
    expect([...(await kafka.committed(groupId, topic)).values()]).toEqual([50, 50, 50, 50]);
  });

  test('a member that was not heard of for too long commits nothing, joins again and goes on', async () => {
    const topic = await kafka.topic('lapsed');
    const groupId = kafka.name('group');
    await kafka.send(topic, ['a', 'b', 'c']);
    const run = start({ brokers, groupId, topic, times: SHORT_SESSION });
    const whole = () => run.receiver.live.find(({ values }) => values.length === 3);
    await until(() => whole() !== undefined);
    const lapsed = whole();
    // Longer than the session, and than the broker takes to notice: as a process that was suspended.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000);
    lapsed?.settle();
    await until(() => lapsed?.abandoned === true);
    await until(() => whole() !== undefined);
    expect(await run.stop()).toMatchObject({ committed: true });
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 3]]));
  });
});
