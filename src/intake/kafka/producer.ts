/**
 * Writes records to topics, for a `consume` elsewhere: acknowledged by all replicas before anything counts as written.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { messageOf } from '../../core/errors.ts';
import { ACCOUNT_HEADER } from './batch.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { explainKafka, isAway } from './explain.ts';

export interface ProduceOptions extends Omit<ClusterOptions, 'groupId'> {
  readonly topics: readonly string[];
  /** Ends the wait for a cluster that is away. */
  readonly signal?: AbortSignal;
}

export interface TopicWriter {
  /** Resolves when all replicas hold the records; waits while the cluster is away. */
  write(topic: string, accountId: string, values: readonly Buffer[]): Promise<void>;
  /** One record with a key of its own; fails while the cluster is away, for who has a queue of their own. */
  put(topic: string, record: KeyedRecord): Promise<void>;
  close(): Promise<void>;
}

export interface KeyedRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const ALL_REPLICAS = -1;
const TRY_AGAIN_MS = 1_000;

/** @throws UserError when the cluster, login or topics are not as asked for */
export async function openTopicWriter(options: ProduceOptions): Promise<TopicWriter> {
  const cluster = new Cluster({ ...options, groupId: '' });
  await cluster.check(options.topics);
  // One request under way at a time keeps the order of an account's records also where one is sent again.
  const producer = cluster.kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  await producer.connect();
  return {
    write: (topic, accountId, values) => writeOnceItIsThere(producer, cluster, options, { topic, accountId, values }),
    put: async (topic, { key, value, headers }) => {
      try {
        await producer.send({ topic, messages: [{ key, value, headers: { ...headers } }], acks: ALL_REPLICAS });
      } catch (cause) {
        throw explainKafka(cause, cluster.where) ?? cause;
      }
    },
    close: () => producer.disconnect(),
  };
}

interface Written {
  readonly topic: string;
  readonly accountId: string;
  readonly values: readonly Buffer[];
}

async function writeOnceItIsThere(
  producer: Producer,
  cluster: Cluster,
  { logger, signal }: ProduceOptions,
  { topic, accountId, values }: Written,
): Promise<void> {
  const messages = values.map((value) => ({ key: accountId, value, headers: { [ACCOUNT_HEADER]: accountId } }));
  for (;;) {
    try {
      await producer.send({ topic, messages, acks: ALL_REPLICAS });
      return;
    } catch (cause) {
      if (!isAway(cause) || signal?.aborted === true) throw explainKafka(cause, cluster.where) ?? cause;
      logger.warn({ reason: messageOf(cause) }, 'Kafka is away; the records wait');
      await sleep(TRY_AGAIN_MS);
      // What the connection was lost for may have ended it for good.
      await producer.connect().catch(() => undefined);
    }
  }
}
