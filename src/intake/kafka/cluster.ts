/**
 * What is asked of the cluster besides reading: who it is, where its logs begin and end, what a group has committed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import kafkajs, { type Admin, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { UserError } from '../../core/errors.ts';
import { keyOf, type TopicPartition } from './assignment.ts';
import { registerCodecs } from './codecs.ts';
import { explainKafka, isSettling, type Where } from './explain.ts';
import { type KafkaLog, kafkajsLog } from './log.ts';
import type { LogRange } from './positions.ts';

export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface ClusterOptions {
  /** `host:port` of brokers to begin with. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly groupId: string;
  /** `true` for the system's own list of authorities. */
  readonly ssl?: ConnectionOptions | true;
  readonly sasl?: KafkaLogin;
  readonly logger: KafkaLog;
}

/** Similar names that an error about an unknown topic lists. */
const TOPICS_LISTED_MAX = 10;
const QUESTIONS_MAX = 10;
const ASK_AGAIN_MS = 200;
const CONNECT_MS_MAX = 5_000;
/** A broker that restarts is back within seconds; the consumer is started anew when that was not enough. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 5_000, retries: 8 };
/** Before anything is read, a person is waiting for the answer. */
const FIRST_RETRY = { initialRetryTime: 100, retries: 2 };

export class Cluster {
  readonly kafka: Kafka;
  readonly where: Where;
  readonly #groupId: string;
  readonly #impatient: Kafka;

  constructor(options: ClusterOptions) {
    registerCodecs();
    const secrets = options.sasl === undefined ? [] : [options.sasl.password];
    this.#groupId = options.groupId;
    this.where = {
      brokers: options.brokers,
      groupId: options.groupId,
      tls: options.ssl !== undefined,
      secrets,
      ...(options.sasl === undefined ? {} : { mechanism: options.sasl.mechanism, username: options.sasl.username }),
    };
    const config: KafkaConfig = {
      brokers: [...options.brokers],
      clientId: options.clientId,
      connectionTimeout: CONNECT_MS_MAX,
      logLevel: kafkajs.logLevel.INFO,
      logCreator: kafkajsLog(options.logger, secrets),
      ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
      ...(options.sasl === undefined ? {} : { sasl: options.sasl as SASLOptions }),
    };
    this.kafka = new kafkajs.Kafka({ ...config, retry: RETRY });
    this.#impatient = new kafkajs.Kafka({ ...config, retry: FIRST_RETRY });
  }

  /**
   * Connects, and looks whether all topics are there, before anything is read.
   *
   * @returns the cluster's id
   * @throws UserError
   */
  async check(topics: readonly string[]): Promise<string> {
    return this.#ask(async (admin) => {
      const { clusterId } = await admin.describeCluster();
      const known = await admin.listTopics();
      const unknown = topics.find((topic) => !known.includes(topic));
      if (unknown !== undefined) throw unknownTopic(unknown, known);
      return clusterId;
    }, this.#impatient);
  }

  /**
   * First offset and last stable offset of every partition. kafkajs lists offsets at the isolation level "read
   * committed" unless it is told otherwise, and an admin client is not: what it calls `high` is the last stable offset.
   */
  async ranges(topics: readonly string[]): Promise<Map<string, LogRange>> {
    return this.#ask(async (admin) => {
      const ranges = new Map<string, LogRange>();
      for (const topic of topics) {
        for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
          ranges.set(keyOf({ topic, partition }), { start: offset(low), end: offset(high) });
        }
      }
      return ranges;
    });
  }

  async range(at: TopicPartition): Promise<LogRange | undefined> {
    return (await this.ranges([at.topic])).get(keyOf(at));
  }

  /** The group's committed offsets; a negative number or nothing where none is committed. */
  async committed(topics: readonly string[]): Promise<Map<string, number>> {
    return this.#ask(async (admin) => {
      const committed = new Map<string, number>();
      const answer = await admin.fetchOffsets({ groupId: this.#groupId, topics: [...topics] });
      for (const { topic, partitions } of answer) {
        for (const each of partitions) committed.set(keyOf({ topic, ...each }), offset(each.offset));
      }
      return committed;
    });
  }

  /** Asks again while leaders are being sorted out, as just after a topic was made or a broker came back. */
  async #ask<Answer>(question: (admin: Admin) => Promise<Answer>, kafka = this.kafka): Promise<Answer> {
    for (let asked = 1; ; asked += 1) {
      try {
        return await this.#askOnce(question, kafka);
      } catch (cause) {
        if (!isSettling(cause) || asked === QUESTIONS_MAX) throw explainKafka(cause, this.where) ?? cause;
        await sleep(ASK_AGAIN_MS);
      }
    }
  }

  /** A connection for each question: they are rare, and one that is kept would have to survive restarts of brokers. */
  async #askOnce<Answer>(question: (admin: Admin) => Promise<Answer>, kafka: Kafka): Promise<Answer> {
    const admin = kafka.admin();
    try {
      await admin.connect();
      return await question(admin);
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }
}

function unknownTopic(topic: string, known: readonly string[]): UserError {
  const others = known.filter((each) => !each.startsWith('__')).sort();
  const listed = others.slice(0, TOPICS_LISTED_MAX).join(', ') + (others.length > TOPICS_LISTED_MAX ? ', …' : '');
  return new UserError('KAFKA_TOPIC_UNKNOWN', `there is no topic ${topic}`, {
    got: topic,
    expected: others.length === 0 ? 'a topic of this cluster, which shows none' : `a topic of this cluster: ${listed}`,
    next: 'correct --topic, or create the topic; with access control, ask for the right to describe it',
  });
}

/** Offsets are 64 bits on the wire; one beyond 2^53 does not happen in a log that is written record by record. */
function offset(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`the offset ${text} is too large`);
  return number;
}
