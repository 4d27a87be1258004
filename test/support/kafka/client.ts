/** Producers, topics and offsets for tests, with a client of their own. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka, type Message, type Producer } from 'kafkajs';

export interface TopicOptions {
  readonly partitions?: number;
  /** `cleanup.policy`, `retention.ms`, `max.message.bytes`, … */
  readonly config?: Readonly<Record<string, string>>;
}

/** How long a busy broker may take to make, widen or remove a topic. */
export const ADMIN_MS_MAX = 120_000;
/** The broker must not abort a transaction that a test holds open; it allows a quarter of an hour at most. */
const TRANSACTION_MS_MAX = 600_000;

/** A client that keeps what it opened and closes it at the end. */
export class KafkaForTests {
  readonly kafka: Kafka;
  /** Apart from every other run on the same cluster. */
  readonly prefix = `kt-${crypto.randomUUID().slice(0, 8)}`;
  readonly #producers: Producer[] = [];
  #admin: Admin | undefined;
  #plain: Promise<Producer> | undefined;
  #names = 0;

  constructor(brokers: readonly string[]) {
    this.kafka = new kafkajs.Kafka({
      brokers: [...brokers],
      clientId: 'keytrail-tests',
      logLevel: kafkajs.logLevel.NOTHING,
      // A busy broker answers late, and is no broker that is away.
      connectionTimeout: 30_000,
      requestTimeout: 120_000,
      retry: { initialRetryTime: 50, retries: 20, maxRetryTime: 1_000 },
    });
  }

  /** A name that nothing else uses, for a topic or a group. */
  name(of: string): string {
    this.#names += 1;
    return `${this.prefix}-${of}-${this.#names}`;
  }

  async admin(): Promise<Admin> {
    if (this.#admin === undefined) {
      this.#admin = this.kafka.admin();
      await this.#admin.connect();
    }
    return this.#admin;
  }

  /** @returns the topic's name */
  async topic(of = 'topic', options: TopicOptions = {}): Promise<string> {
    const topic = this.name(of);
    await this.create(topic, options);
    return topic;
  }

  async create(topic: string, options: TopicOptions = {}): Promise<void> {
    const admin = await this.admin();
    const configEntries = Object.entries(options.config ?? {}).map(([name, value]) => ({ name, value }));
    await admin.createTopics({
      // It fails, rather than waits, while a broker has not heard of the topic yet.
      waitForLeaders: false,
      timeout: ADMIN_MS_MAX,
      topics: [{ topic, numPartitions: options.partitions ?? 1, replicationFactor: 1, configEntries }],
    });
    for (let known = false; !known; known = await hasLeaders(admin, topic)) await sleep(20);
  }

  /** The topic has `count` partitions from then on, each with a leader. */
  async widen(topic: string, count: number): Promise<void> {
    const admin = await this.admin();
    await admin.createPartitions({ topicPartitions: [{ topic, count }], timeout: ADMIN_MS_MAX });
    for (let known = false; !known; known = await hasLeaders(admin, topic, count)) await sleep(20);
  }

  async producer(options: { transactionalId?: string } = {}): Promise<Producer> {
    const transactional = { maxInFlightRequests: 1, transactionTimeout: TRANSACTION_MS_MAX, ...options };
    const producer = this.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      ...(options.transactionalId === undefined ? {} : transactional),
    });
    await producer.connect();
    this.#producers.push(producer);
    return producer;
  }

  /** Sends values (or whole messages) to one partition in one request. */
  async send(topic: string, messages: readonly (string | Message)[], partition = 0): Promise<void> {
    this.#plain ??= this.producer();
    const producer = await this.#plain;
    await producer.send({ topic, messages: messages.map((each) => message(each, partition)) });
  }

  /** Everything below `offset` is gone, as retention does it. */
  async trim(topic: string, offset: number, partition = 0): Promise<void> {
    const admin = await this.admin();
    // The call knows leaders only of topics that were asked for before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  }

  /** Committed offset per partition; -1 where nothing is committed. */
  async committed(groupId: string, topic: string): Promise<Map<number, number>> {
    const admin = await this.admin();
    for (;;) {
      try {
        const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
        return new Map((answer?.partitions ?? []).map((each) => [each.partition, Number(each.offset)]));
      } catch (cause) {
        // A broker that has just begun, or begun again, is still taking up its groups.
        if (!(cause instanceof kafkajs.KafkaJSProtocolError && cause.retriable)) throw cause;
        await sleep(50);
      }
    }
  }

  async commit(groupId: string, topic: string, offset: number, partition = 0): Promise<void> {
    const admin = await this.admin();
    await admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(offset) }] });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#producers.map((each) => each.disconnect()), this.#admin?.disconnect()]);
  }
}

async function hasLeaders(admin: Admin, topic: string, count = 1): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata();
  const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
  return partitions.length >= count && partitions.every(({ leader }) => leader >= 0);
}

function message(each: string | Message, partition: number): Message {
  return typeof each === 'string' ? { value: each, partition } : { partition, ...each };
}
