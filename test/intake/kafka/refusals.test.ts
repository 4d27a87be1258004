/** What a person did wrong, or what is wrong with the cluster: a code, no stack, no password. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { KafkaLogin } from '../../../src/intake/kafka/cluster.ts';
import { KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithKafka, describeWithOwnBroker } from '../../support/kafka/shared.ts';
import { type Broker, startBroker } from '../../support/kafka-broker.ts';
import { type Running, start } from './support.ts';

const PASSWORD = 'correct-horse-battery';
const WRONG = 'wrong-horse-battery';
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

async function refusal(run: Running): Promise<UserError> {
  const error: unknown = await run.done.catch((cause: unknown) => cause);
  if (!(error instanceof UserError)) throw new Error(`not refused: ${error}`);
  return error;
}

await describeWithKafka('refusals', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());

  test('an unknown topic is named before anything is read, with those that exist', async () => {
    const topic = await kafka.topic('known');
    const run = start({ brokers, groupId: kafka.name('group'), topics: [{ topic }, { topic: 'no-such-topic' }] });
    const error = await refusal(run);
    expect(error).toMatchObject({ code: 'KAFKA_TOPIC_UNKNOWN', explanation: { got: 'no-such-topic' } });
    expect(run.receiver.chains).toEqual([]);
  });

  test('TLS spoken to a listener without it is told', async () => {
    const error = await refusal(start({ brokers, groupId: 'group', topic: 'any', ssl: true }));
    expect(['KAFKA_TLS_FAILED', 'KAFKA_UNREACHABLE']).toContain(error.code);
  });

  test('a group that reads by another protocol is told', async () => {
    const topic = await kafka.topic('protocol');
    const groupId = kafka.name('group');
    const custom = { name: 'CustomAssigner', version: 0 };
    const other = kafka.kafka.consumer({
      groupId,
      partitionAssigners: [
        () => ({
          ...custom,
          assign: async () => [],
          protocol: () => ({ name: custom.name, metadata: Buffer.alloc(0) }),
        }),
      ],
    });
    await other.connect();
    await other.subscribe({ topics: [topic] });
    await other.run({ eachMessage: async () => {} });
    const error = await refusal(start({ brokers, groupId, topic }));
    expect(error.code).toBe('KAFKA_GROUP_INVALID');
    await other.disconnect();
  });
});

test('no broker is told with its address', async () => {
  // Nobody listens on port 1; one that was free a moment ago may be somebody's by now.
  const run = start({ brokers: ['127.0.0.1:1'], groupId: 'group', topic: 'any' });
  const error = await refusal(run);
  expect(error.code).toBe('KAFKA_UNREACHABLE');
  expect(error.message).toContain('127.0.0.1:1');
  expect(error.explanation.next).toContain('--brokers');
});

await describeWithOwnBroker('a login', () => {
  let broker: Broker;
  let kafka: KafkaForTests;
  beforeAll(async () => {
    broker = await startBroker({ sasl: { username: 'keytrail', password: PASSWORD }, ssl: 'valid' });
    kafka = new KafkaForTests(broker.brokers);
  });
  afterAll(async () => {
    await kafka?.close();
    await broker?.close();
  });

  const login = (mechanism: KafkaLogin['mechanism'], password: string): KafkaLogin => ({
    mechanism,
    username: 'keytrail',
    password,
  });

  for (const mechanism of MECHANISMS) {
    test(`${mechanism} lets the right password in`, async () => {
      const topic = await kafka.topic(mechanism);
      await kafka.send(topic, ['a', 'b']);
      const run = start({
        ...{ brokers: broker.saslBrokers, groupId: kafka.name('group'), topic, untilEnd: true },
        sasl: login(mechanism, PASSWORD),
      });
      expect(await run.done).toMatchObject({ messages: 2, committed: true });
      expect(run.log.text).not.toContain(PASSWORD);
    });

    test(`${mechanism} refuses the wrong password, which is told nowhere`, async () => {
      const run = start({
        ...{ brokers: broker.saslBrokers, groupId: 'group', topic: 'any' },
        sasl: login(mechanism, WRONG),
      });
      const error = await refusal(run);
      expect(error.code).toBe('KAFKA_AUTH_FAILED');
      expect(error.explanation.expected).toContain('keytrail');
      const told = JSON.stringify([error.message, error.explanation, error.stack, run.log.lines]);
      expect(told).not.toContain(WRONG);
    });
  }

  test('TLS with the authority that vouches for the broker works', async () => {
    const topic = await kafka.topic('tls');
    await kafka.send(topic, ['a']);
    const run = start({
      ...{ brokers: broker.sslBrokers, groupId: kafka.name('group'), topic, untilEnd: true },
      ssl: { ca: [broker.certificate] },
    });
    expect(await run.done).toMatchObject({ messages: 1, committed: true });
  });

  test('TLS with an authority that is unknown is refused', async () => {
    const run = start({ brokers: broker.sslBrokers, groupId: 'group', topic: 'any', ssl: true });
    expect((await refusal(run)).code).toBe('KAFKA_TLS_FAILED');
  });

  test('no TLS to a listener that wants it is refused', async () => {
    const run = start({ brokers: broker.sslBrokers, groupId: 'group', topic: 'any' });
    expect((await refusal(run)).code).toBe('KAFKA_UNREACHABLE');
  });
});

await describeWithOwnBroker('an expired certificate', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker({ ssl: 'expired' });
  });
  afterAll(() => broker?.close());

  test('is refused although its authority is known', async () => {
    const ssl = { ca: [broker.certificate] };
    const error = await refusal(start({ brokers: broker.sslBrokers, groupId: 'group', topic: 'any', ssl }));
    expect(error.code).toBe('KAFKA_TLS_FAILED');
    expect(error.explanation.got).toContain('expired');
  });
});
