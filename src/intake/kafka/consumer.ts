/**
 * Reads topics of Kafka as a member of a consumer group and commits what the pipeline has settled, never more.
 *
 * Auto-commit is off, and reading a group for the first time always begins at the log's start: kafkajs commits a
 * default offset by itself when the committed one is out of range, and that is the end of the log unless it is told
 * otherwise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerCrashEvent } from 'kafkajs';
import { messageOf } from '../../core/errors.ts';
import {
  KAFKA_COMMIT_MS_MAX,
  KAFKA_FETCH_BYTES_MAX,
  KAFKA_FLUSH_MS_MAX,
  KAFKA_LEAVE_MS_MAX,
  KAFKA_PARTITION_FETCH_BYTES,
} from '../../core/limits.ts';
import type { Receiver } from '../intake.ts';
import type { Epoch, TopicChoice, TopicOffsets } from './assignment.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { Committer, type KafkaCheckpoint } from './committer.ts';
import { explainKafka, isAway } from './explain.ts';
import type { LogRange } from './positions.ts';
import { Reader } from './reader.ts';

export type { TopicChoice } from './assignment.ts';

/** Times in milliseconds. The defaults are for production; tests shorten them. */
export interface ConsumerTimes {
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly fetchWaitMs: number;
  readonly commitEveryMs: number;
  /** How soon a new partition, or another leader, is noticed without an error. */
  readonly metadataAgeMs: number;
}

const TIMES: ConsumerTimes = {
  sessionTimeoutMs: 30_000,
  heartbeatMs: 3_000,
  rebalanceTimeoutMs: 60_000,
  // Also the longest that reading stays paused after there is room again.
  fetchWaitMs: 100,
  commitEveryMs: 200,
  metadataAgeMs: 60_000,
};
const TICK_MS = 50;
const FLUSH_TICK_MS = 10;
const JOIN_AGAIN_MS = 1_000;

export interface ConsumeOptions extends ClusterOptions {
  readonly topics: readonly TopicChoice[];
  /** Stop when every partition has reached the last stable offset that it had at start. */
  readonly untilEnd?: boolean;
  readonly receiver: Receiver;
  readonly now?: () => number;
  /** Aborting it settles what is open, commits and leaves, within ten seconds. */
  readonly signal?: AbortSignal;
  readonly checkpoint?: KafkaCheckpoint;
  readonly times?: Partial<ConsumerTimes>;
}

export interface ConsumeResult {
  /** `end`: everything that was there at start is settled; `stopped`: the signal came. */
  readonly reason: 'end' | 'stopped';
  readonly messages: number;
  readonly bytes: number;
  /** Ranges of positions that were trimmed before they could be read. */
  readonly gaps: number;
  /** False: some of what was settled could not be committed and will be delivered again. */
  readonly committed: boolean;
}

/**
 * Resolves when the end is reached or the signal came.
 *
 * @throws UserError when the cluster, login, certificate or topics are not as asked for, or a batch cannot be read
 * @throws what the receiver rejects with, when the store has stopped for good
 */
export async function consumeKafka(options: ConsumeOptions): Promise<ConsumeResult> {
  const topics = options.topics.map(({ topic }) => topic);
  const cluster = new Cluster(options);
  const clusterId = await cluster.check(topics);
  const targets = options.untilEnd === true ? await cluster.ranges(topics) : new Map<string, LogRange>();
  const consumption = new Consumption(options, cluster, clusterId, targets);
  return consumption.run();
}

class Consumption {
  readonly #options: ConsumeOptions;
  readonly #cluster: Cluster;
  readonly #times: ConsumerTimes;
  readonly #now: () => number;
  readonly #consumer: Consumer;
  readonly #reader: Reader;
  readonly #committer: Committer;
  #failure: { readonly error: unknown } | undefined;
  #stoppedAt: number | undefined;
  #committedAt = 0;
  #leaving = false;

  constructor(options: ConsumeOptions, cluster: Cluster, clusterId: string, targets: ReadonlyMap<string, LogRange>) {
    this.#options = options;
    this.#cluster = cluster;
    const { sessionTimeoutMs = TIMES.sessionTimeoutMs } = options.times ?? {};
    // Three beats fit into a session, however short it was chosen.
    const heartbeatMs = Math.min(TIMES.heartbeatMs, Math.floor(sessionTimeoutMs / 3));
    this.#times = { ...TIMES, heartbeatMs, ...options.times };
    this.#now = options.now ?? Date.now;
    this.#consumer = this.#createConsumer();
    const { topics, receiver, logger, untilEnd = false } = options;
    this.#reader = new Reader({
      ...{ topics, receiver, logger, untilEnd, targets, cluster, clusterId },
      consumer: this.#consumer,
      now: this.#now,
      fetchWaitMs: this.#times.fetchWaitMs,
      fail: (error) => this.#fail(error),
    });
    this.#committer = new Committer({
      logger,
      checkpoint: options.checkpoint ?? (() => undefined),
      fallback: (offsets) => this.#consumer.commitOffsets(flattened(offsets)),
    });
  }

  async run(): Promise<ConsumeResult> {
    try {
      await this.#start();
      for (;;) {
        const reason = await this.#readOn();
        const committed = await this.#settle();
        // A rebalance in between took the partitions away before they were committed: their rest is read again.
        if (reason === 'end' && this.#stoppedAt === undefined && this.#reader.epoch?.opened !== true) continue;
        const { messages, bytes, gaps } = this.#reader;
        return { reason, messages, bytes, gaps, committed };
      }
    } finally {
      await this.#leave();
    }
  }

  #createConsumer(): Consumer {
    return this.#cluster.kafka.consumer({
      groupId: this.#options.groupId,
      sessionTimeout: this.#times.sessionTimeoutMs,
      heartbeatInterval: this.#times.heartbeatMs,
      rebalanceTimeout: this.#times.rebalanceTimeoutMs,
      maxWaitTimeInMs: this.#times.fetchWaitMs,
      maxBytesPerPartition: KAFKA_PARTITION_FETCH_BYTES,
      maxBytes: KAFKA_FETCH_BYTES_MAX,
      metadataMaxAge: this.#times.metadataAgeMs,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => !this.#leaving },
    });
  }

  async #start(): Promise<void> {
    this.#consumer.on(this.#consumer.events.CRASH, (event) => this.#crashed(event));
    const topics = this.#options.topics.map(({ topic }) => topic);
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics, fromBeginning: true });
    } catch (cause) {
      throw explainKafka(cause, this.#cluster.where) ?? cause;
    }
    this.#join();
  }

  /** Not awaited: joining a group waits for its other members, and the signal may come meanwhile. */
  #join(): void {
    this.#consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 1,
        eachBatch: (payload) => this.#reader.batch(payload),
      })
      .catch((error: unknown) => this.#fail(error));
  }

  async #readOn(): Promise<'end' | 'stopped'> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#options.signal?.aborted) {
        this.#stoppedAt = this.#now();
        return 'stopped';
      }
      this.#reader.tick();
      this.#commitNowAndThen();
      if (this.#reader.reachedEnd) return 'end';
      await sleep(TICK_MS);
    }
  }

  #commitNowAndThen(): void {
    const { epoch } = this.#reader;
    if (epoch === undefined || this.#now() - this.#committedAt < this.#times.commitEveryMs) return;
    this.#committedAt = this.#now();
    void this.#committer.commit(epoch);
  }

  /** @returns whether everything that was received is settled and committed */
  async #settle(): Promise<boolean> {
    if (this.#stoppedAt !== undefined) this.#reader.stop();
    const { epoch } = this.#reader;
    if (epoch === undefined) return true;
    const flushed = await this.#until(
      this.#reader.flush(epoch),
      () => epoch.over || this.#outOfTime(KAFKA_FLUSH_MS_MAX),
    );
    if (!flushed) this.#options.logger.warn({}, 'not everything settled in time; the rest will be delivered again');
    return (await this.#commitLast(epoch)) && flushed;
  }

  /** Until the signal comes, a commit that fails is worth waiting for: a run to the end would be read again. */
  async #commitLast(epoch: Epoch): Promise<boolean> {
    const givenUp = () => epoch.over || this.#outOfTime(KAFKA_FLUSH_MS_MAX + KAFKA_COMMIT_MS_MAX);
    while (!givenUp() && !(epoch.fenced && this.#stoppedAt !== undefined)) {
      let committed = false;
      const commit = this.#committer.commit(epoch).then((done) => {
        committed = done && epoch.due().length === 0;
      });
      await this.#until(commit, givenUp);
      if (committed) return true;
      await sleep(TICK_MS);
    }
    return false;
  }

  /** @returns false when it was given up before `work` was done; rejects when the store has stopped for good */
  async #until(work: Promise<void>, givenUp: () => boolean): Promise<boolean> {
    let done = false;
    work.then(
      () => {
        done = true;
      },
      (error: unknown) => this.#fail(error),
    );
    while (!done && !givenUp()) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#options.signal?.aborted) this.#stoppedAt ??= this.#now();
      await sleep(FLUSH_TICK_MS);
    }
    return done;
  }

  #outOfTime(milliseconds: number): boolean {
    return this.#stoppedAt !== undefined && this.#now() - this.#stoppedAt > milliseconds;
  }

  async #leave(): Promise<void> {
    this.#leaving = true;
    this.#reader.stop();
    this.#reader.epoch?.end();
    const gone = this.#consumer.disconnect().catch((error: unknown) => {
      this.#options.logger.debug({ reason: messageOf(error) }, 'leaving the group was not heard');
    });
    await Promise.race([gone, sleep(KAFKA_LEAVE_MS_MAX)]);
  }

  /** kafkajs has disconnected. What it does not start again by itself includes a coordinator that restarts. */
  #crashed({ payload: { error, restart } }: ConsumerCrashEvent): void {
    if (this.#leaving) return;
    this.#reader.epoch?.end();
    const explained = explainKafka(error, this.#cluster.where);
    // A certificate that expires while we run counts as a connection error to kafkajs, which would try for ever.
    if (!isAway(error) && (explained !== undefined || !restart)) {
      this.#fail(explained ?? error);
      return;
    }
    this.#options.logger.warn({ reason: messageOf(error) }, 'Kafka is away; the consumer starts again');
    if (!restart) void sleep(JOIN_AGAIN_MS).then(() => this.#leaving || this.#join());
  }

  #fail(error: unknown): void {
    this.#failure ??= { error: explainKafka(error, this.#cluster.where) ?? error };
  }
}

function flattened({ topics }: { topics: TopicOffsets[] }) {
  return topics.flatMap(({ topic, partitions }) => partitions.map((each) => ({ topic, ...each })));
}
