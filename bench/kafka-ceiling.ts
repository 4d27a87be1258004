/** The ceiling of Kafka intake: kafkajs as keytrail configures it, with a handler that does nothing. */
import kafkajs from 'kafkajs';
import { KAFKA_FETCH_BYTES_MAX, KAFKA_PARTITION_FETCH_BYTES } from '../src/core/limits.ts';
import { registerCodecs } from '../src/intake/kafka/codecs.ts';

export interface CeilingOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  /** How many messages the topic holds. */
  readonly messages: number;
}

export interface Ceiling {
  readonly messages: number;
  /** From the first batch to the last message. */
  readonly seconds: number;
  readonly messagesPerSecond: number;
}

/** Reads the topic from its start, once, in a group of its own. */
export async function kafkajsCeiling({ brokers, topic, messages }: CeilingOptions): Promise<Ceiling> {
  registerCodecs();
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId: `bench-${crypto.randomUUID()}`,
    maxBytesPerPartition: KAFKA_PARTITION_FETCH_BYTES,
    maxBytes: KAFKA_FETCH_BYTES_MAX,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let seen = 0;
  let startedAt = 0;
  await new Promise<void>((resolve, reject) => {
    const eachBatch = async ({ batch }: kafkajs.EachBatchPayload) => {
      if (seen === 0) startedAt = performance.now();
      seen += batch.messages.length;
      if (seen >= messages) resolve();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await consumer.disconnect();
  return { messages: seen, seconds, messagesPerSecond: seen / seconds };
}
