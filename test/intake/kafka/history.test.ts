/** Logs that are not simply one record behind the other: transactions, compaction, trimming, topics made again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { ADMIN_MS_MAX, KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithKafka } from '../../support/kafka/shared.ts';
import { FakeReceiver, type Running, start, until } from './support.ts';

await describeWithKafka('reading a log with holes', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());

  async function read(topic: string, groupId: string): Promise<Running> {
    const run = start({ brokers, groupId, topic, untilEnd: true });
    await run.done;
    return run;
  }

  async function logEnd(topic: string): Promise<number> {
    const [range] = await (await kafka.admin()).fetchTopicOffsets(topic);
    return Number(range?.high);
  }

  async function transaction(transactionalId: string) {
    return (await kafka.producer({ transactionalId })).transaction();
  }

  test('aborted transactions never arrive, their offsets and markers are passed and committed', async () => {
    const topic = await kafka.topic('transactions');
    const groupId = kafka.name('group');
    const producer = await kafka.producer({ transactionalId: kafka.name('tx') });
    for (const [values, fate] of [
      [['a', 'b'], 'commit'],
      [['x', 'y'], 'abort'],
      [['c'], 'commit'],
      [['z'], 'abort'],
    ] as const) {
      const open = await producer.transaction();
      await open.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
      await (fate === 'commit' ? open.commit() : open.abort());
    }
    const run = await read(topic, groupId);
    expect(run.receiver.values).toEqual(['a', 'b', 'c']);
    expect(await logEnd(topic)).toBe(10);
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 10]]));
  });

  test('a topic of nothing but aborted records comes to its end, and that is committed', async () => {
    const topic = await kafka.topic('aborted');
    const groupId = kafka.name('group');
    const open = await transaction(kafka.name('tx'));
    await open.send({ topic, messages: [{ value: 'x' }, { value: 'y' }] });
    await open.abort();
    const run = await read(topic, groupId);
    expect(run.receiver.values).toEqual([]);
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 3]]));
  });

  test('records of several producers that abort at once do not arrive', async () => {
    const topic = await kafka.topic('aborts');
    const [first, second] = [await transaction(kafka.name('tx')), await transaction(kafka.name('tx'))];
    const send = (open: typeof first, value: string) => open.send({ topic, messages: [{ value, partition: 0 }] });
    for (const round of ['1', '2', '3']) {
      await send(first, `x${round}`);
      await send(second, `y${round}`);
    }
    await second.abort();
    await first.abort();
    await kafka.send(topic, ['kept']);
    expect((await read(topic, kafka.name('group'))).receiver.values).toEqual(['kept']);
  });

  test('an open transaction holds back what follows, and until-end does not wait for it', async () => {
    const topic = await kafka.topic('open');
    const groupId = kafka.name('group');
    await kafka.send(topic, ['before']);
    const open = await transaction(kafka.name('tx'));
    await open.send({ topic, messages: [{ value: 'inside', partition: 0 }] });
    await kafka.send(topic, ['behind']);
    expect((await read(topic, groupId)).receiver.values).toEqual(['before']);
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 1]]));
    await open.commit();
    expect((await read(topic, groupId)).receiver.values).toEqual(['inside', 'behind']);
  });

  test('a compacted topic gives what is left of it, and its holes are no gaps', async () => {
    const config = {
      'cleanup.policy': 'compact',
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.01',
      'max.compaction.lag.ms': '100',
      'delete.retention.ms': '0',
    };
    const topic = await kafka.topic('compacted', { config });
    for (let round = 0; round < 5; round += 1) {
      const keyed = (key: string) => ({ key, value: round === 4 ? null : `${key}${round}` });
      await kafka.send(topic, [keyed('a'), { key: 'b', value: `b${round}` }, keyed('c')]);
      await sleep(150);
    }
    await kafka.send(topic, [{ key: 'd', value: 'd' }]);
    const end = await logEnd(topic);
    let run = await read(topic, kafka.name('group'));
    while (run.receiver.values.length > 2) {
      await sleep(300);
      run = await read(topic, kafka.name('group'));
    }
    expect(run.receiver.values).toEqual(['b4', 'd']);
    expect(run.receiver.chains[0]?.gaps).toEqual([]);
    expect(run.receiver.chains[0]?.next).toBe(end);
  });

  test('a log trimmed past the committed offset is a recorded gap', async () => {
    const topic = await kafka.topic('trimmed');
    const groupId = kafka.name('group');
    await kafka.send(topic, ['0', '1', '2']);
    await read(topic, groupId);
    await kafka.send(topic, ['3', '4', '5', '6', '7']);
    await kafka.trim(topic, 6);
    const run = await read(topic, groupId);
    expect(run.receiver.chains.map(({ partition, gaps, values }) => [partition.position, gaps, values])).toEqual([
      [3, [[3, 6]], ['6', '7']],
    ]);
    expect(await run.done).toMatchObject({ gaps: 1, committed: true });
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 8]]));
    expect(run.log.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { from: 3, to: 6 } }]);
  });

  test('a log trimmed to its very end is a gap, and the end', async () => {
    const topic = await kafka.topic('emptied');
    const groupId = kafka.name('group');
    await kafka.send(topic, ['0']);
    await read(topic, groupId);
    await kafka.send(topic, ['1', '2', '3']);
    await kafka.trim(topic, 4);
    const run = await read(topic, groupId);
    expect(run.receiver.chains[0]?.gaps).toEqual([[1, 4]]);
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 4]]));
  });

  test('a log trimmed while intake is held back is a gap too', async () => {
    const topic = await kafka.topic('overtaken');
    const receiver = new FakeReceiver();
    receiver.budgetBytes = 4;
    await kafka.send(topic, ['0', '1', '2', '3']);
    const run = start({ brokers, groupId: kafka.name('group'), topic, fake: receiver });
    await until(() => receiver.values.length === 4);
    await kafka.send(topic, ['4', '5', '6', '7']);
    await kafka.trim(topic, 6);
    receiver.release();
    await until(() => receiver.values.length === 6);
    expect(receiver.chains).toMatchObject([{ gaps: [[4, 6]], values: ['0', '1', '2', '3', '6', '7'] }]);
    await run.stop();
  });

  test('a topic made again is read from its start, in a new chain', async () => {
    const topic = await kafka.topic('remade');
    const groupId = kafka.name('group');
    await kafka.send(topic, ['old 0', 'old 1', 'old 2', 'old 3']);
    await read(topic, groupId);
    const admin = await kafka.admin();
    await admin.deleteTopics({ topics: [topic], timeout: ADMIN_MS_MAX });
    await until(async () => !(await admin.listTopics()).includes(topic));
    await kafka.create(topic);
    await kafka.send(topic, ['new 0', 'new 1']);
    // Newer brokers forget the offsets of a deleted topic; older ones, and tools that restore them, do not.
    await kafka.commit(groupId, topic, 4);
    const run = await read(topic, groupId);
    expect(run.receiver.chains.map(({ partition, values }) => [partition.position, values])).toEqual([
      [4, []],
      [0, ['new 0', 'new 1']],
    ]);
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 2]]));
    expect(run.log.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(0);
  });

  test('a topic that is deleted while it is read ends the run with a clear error', async () => {
    // A client of its own: one that has known a topic asks for it for ever, and fails when it is gone.
    const owner = new KafkaForTests(brokers);
    const topic = await owner.topic('deleted');
    await owner.send(topic, ['a']);
    const run = start({ brokers, groupId: owner.name('group'), topic });
    await until(() => run.receiver.values.length === 1);
    await (await owner.admin()).deleteTopics({ topics: [topic], timeout: ADMIN_MS_MAX });
    await expect(run.done).rejects.toMatchObject({ code: 'KAFKA_TOPIC_UNKNOWN' });
    await owner.close();
  });

  test('partitions that are added while the topic is read are read too', async () => {
    const topic = await kafka.topic('grown');
    const groupId = kafka.name('group');
    await kafka.send(topic, ['a', 'b']);
    const run = start({ brokers, groupId, topic, times: { metadataAgeMs: 300 } });
    await until(() => run.receiver.values.length === 2);
    await kafka.widen(topic, 3);
    const producer = await kafka.producer();
    await producer.send({ topic, messages: [{ value: 'c', partition: 2 }] });
    // What was there before may be read again, and later than what is new.
    const live = () => run.receiver.live.flatMap(({ values }) => values).toSorted();
    await until(() => run.receiver.live.length === 3 && live().join() === 'a,b,c');
    await run.stop();
    expect([...(await kafka.committed(groupId, topic)).values()]).toEqual([2, -1, 1]);
  });

  test('an empty topic is at its end at once, also when its leaders are still being sorted out', async () => {
    for (let fresh = 0; fresh < 5; fresh += 1) {
      const topic = await kafka.topic('empty', { partitions: 8 });
      const run = await read(topic, kafka.name('group'));
      expect(await run.done).toMatchObject({ reason: 'end', messages: 0, committed: true });
      expect(run.receiver.chains).toHaveLength(8);
    }
  });

  test('a message without a value is passed over, and the account header comes with its message', async () => {
    const topic = await kafka.topic('headers');
    const groupId = kafka.name('group');
    await kafka.send(topic, [
      { value: 'a', headers: { 'keytrail-account': '1001' } },
      { key: 'gone', value: null },
      { value: 'b', headers: { other: 'x' } },
      { value: '' },
      { key: 'gone', value: null },
    ]);
    const run = await read(topic, groupId);
    const seen = run.receiver.chains[0]?.messages.map(({ position, next, accountId }) => [position, next, accountId]);
    expect(seen).toEqual([
      [0, 1, '1001'],
      [2, 3, undefined],
      [3, 4, undefined],
    ]);
    expect(await kafka.committed(groupId, topic)).toEqual(new Map([[0, 5]]));
  });
});
