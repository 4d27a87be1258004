/**
 * kafkajs alone, with the fetch sizes of the program and a handler that does nothing: what no consumer on it can beat.
 */
import kafkajs from 'kafkajs';
import { KAFKA_FETCH_BYTES_MAX, KAFKA_PARTITION_FETCH_BYTES } from '../../src/core/limits.ts';

const [brokers = '', topic = '', events = '0'] = process.argv.slice(2);
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
const consumer = kafka.consumer({
  groupId: `empty-handler-${crypto.randomUUID()}`,
  maxBytesPerPartition: KAFKA_PARTITION_FETCH_BYTES,
  maxBytes: KAFKA_FETCH_BYTES_MAX,
  maxWaitTimeInMs: 100,
});
let left = Number(events);
let startedAt = 0;
let done = () => {};
const read = new Promise<void>((resolve) => {
  done = resolve;
});
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    startedAt ||= performance.now();
    left -= batch.messages.length;
    if (left <= 0) done();
  },
});
await read;
const seconds = (performance.now() - startedAt) / 1_000;
await consumer.disconnect();
process.stdout.write(`${JSON.stringify({ seconds })}\n`);
