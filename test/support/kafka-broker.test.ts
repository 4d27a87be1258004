import { afterAll, expect, test } from 'vitest';
import { KafkaForTests } from './kafka/client.ts';
import { describeWithKafka } from './kafka/shared.ts';

await describeWithKafka('the broker of the tests', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());

  test('keeps what is produced and forgets what is trimmed', async () => {
    const topic = await kafka.topic('trim');
    await kafka.send(topic, ['a', 'b', 'c']);
    await kafka.trim(topic, 2);
    const admin = await kafka.admin();
    expect(await admin.fetchTopicOffsets(topic)).toEqual([{ partition: 0, offset: '3', high: '3', low: '2' }]);
  });
});
