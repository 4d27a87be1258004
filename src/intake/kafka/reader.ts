/**
 * From batches of kafkajs to chains of the pipeline: opens chains at each assignment, follows positions, holds back.
 */
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload, KafkaMessage } from 'kafkajs';
import PQueue from 'p-queue';
import { messageOf } from '../../core/errors.ts';
import { KAFKA_UNBROKEN_BYTES_MAX } from '../../core/limits.ts';
import type { Receiver } from '../intake.ts';
import { Epoch, flatten, HeldPartition, keyOf, type TopicChoice, type TopicPartition } from './assignment.ts';
import { accountOf, fetchedFrom, rawRecords } from './batch.ts';
import type { Cluster } from './cluster.ts';
import { isAway } from './explain.ts';
import type { KafkaLog } from './log.ts';
import { arrival, type LogRange, opening, reachedEnd, stalled } from './positions.ts';
import { withoutAborted } from './transactions.ts';

export interface ReaderOptions {
  readonly consumer: Consumer;
  readonly cluster: Cluster;
  readonly clusterId: string;
  readonly topics: readonly TopicChoice[];
  /** Where each partition ended at start (until-end). */
  readonly targets: ReadonlyMap<string, LogRange>;
  readonly untilEnd: boolean;
  readonly receiver: Receiver;
  readonly logger: KafkaLog;
  readonly now: () => number;
  readonly fetchWaitMs: number;
  readonly fail: (error: unknown) => void;
}

const CHAINS_OPENED_AT_ONCE = 8;
const HEARTBEAT_LOOK_MS = 500;
const ASK_AGAIN_MS = 1_000;
/** A partition that should have more but gives nothing is looked at after this long and this many empty fetches. */
const STALLED_MS = 1_500;
const STALLED_FETCHES = 5;

export class Reader {
  readonly #options: ReaderOptions;
  epoch: Epoch | undefined;
  messages = 0;
  bytes = 0;
  gaps = 0;
  #epochs = 0;
  #stopped = false;
  #heldBack = false;
  #unbrokenBytes = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    const { consumer } = options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#joined(payload.memberId, payload.memberAssignment));
    consumer.on(consumer.events.REBALANCING, () => this.epoch?.end());
    consumer.on(consumer.events.END_BATCH_PROCESS, (event) => this.#batchEnded(event));
    consumer.on(consumer.events.FETCH, () => {
      for (const held of this.epoch?.partitions.values() ?? []) held.fetches += 1;
    });
  }

  /** Every partition of this assignment has reached its end. */
  get reachedEnd(): boolean {
    const { epoch } = this;
    if (!this.#options.untilEnd || epoch === undefined || epoch.over || !epoch.opened) return false;
    return [...epoch.partitions.values()].every(({ ended }) => ended);
  }

  /** No batch is taken any more; the member stays in its group until it leaves. */
  stop(): void {
    this.#stopped = true;
    this.#applyPauses();
  }

  /** Resolves when everything received in this epoch is settled. */
  async flush(epoch: Epoch): Promise<void> {
    await Promise.all([...epoch.partitions.values()].map(({ chain }) => chain?.flush()));
  }

  /** Called often: what depends on time passing. */
  tick(): void {
    const { epoch } = this;
    if (!this.#options.receiver.hasRoom) this.#holdBack();
    if (epoch === undefined || epoch.over || !epoch.opened || this.#heldBack) return;
    const { now, fetchWaitMs, untilEnd } = this.#options;
    for (const held of epoch.partitions.values()) {
      const quietMs = now() - held.lastBatchAt;
      if (quietMs >= 2 * fetchWaitMs) held.chain?.drained();
      if (untilEnd && !held.ended && quietMs >= STALLED_MS && held.fetches >= STALLED_FETCHES) {
        held.lastBatchAt = now();
        held.fetches = 0;
        this.#inTurn(held, () => this.#look(held)).catch(this.#options.fail);
      }
    }
  }

  /** What kafkajs calls for each batch. Rejects only with kafkajs's own errors, which it knows how to heal. */
  async batch(payload: EachBatchPayload): Promise<void> {
    const { epoch } = this;
    const held = epoch?.find(payload.batch.topic, payload.batch.partition);
    // Whatever is not taken now is not resolved either, so it is fetched again.
    if (epoch === undefined || held === undefined || !epoch.opened || this.#stopped) return;
    epoch.commit = payload.commitOffsetsIfNecessary;
    try {
      await this.#inTurn(held, async () => {
        if (payload.isStale()) return;
        const from = fetchedFrom(payload.batch) ?? held.position;
        const current = await this.#arrived(epoch, held, from, payload);
        if (current !== undefined && !epoch.over && !this.#stopped) await this.#take(epoch, current, payload);
      });
    } catch (cause) {
      if (cause instanceof Error && cause.name.startsWith('KafkaJS')) throw cause;
      if (isAway(cause)) return;
      this.stop();
      this.#options.fail(cause);
    }
  }

  #joined(memberId: string, assignment: Record<string, number[]>): void {
    this.epoch?.end();
    this.#epochs += 1;
    const epoch = new Epoch(`${memberId} ${this.#epochs}`, flatten(assignment));
    this.epoch = epoch;
    // Nothing is fetched before the chains are open; kafkajs goes on beating meanwhile.
    this.#applyPauses();
    if (!this.#stopped) this.#openAll(epoch).catch(this.#options.fail);
  }

  async #openAll(epoch: Epoch): Promise<void> {
    const topics = [...new Set(epoch.assigned.map(({ topic }) => topic))];
    const { cluster } = this.#options;
    const known = await this.#patiently(epoch, () => Promise.all([cluster.committed(topics), cluster.ranges(topics)]));
    if (known === undefined) return;
    const [committed, ranges] = known;
    const queue = new PQueue({ concurrency: CHAINS_OPENED_AT_ONCE });
    await queue.addAll(
      epoch.assigned.map((at) => async () => {
        const range = ranges.get(keyOf(at)) ?? { start: 0, end: 0 };
        if (!epoch.over) await this.#openFirst(epoch, at, committed.get(keyOf(at)) ?? -1, range);
      }),
    );
    epoch.opened = !epoch.over;
    this.#applyPauses();
  }

  async #openFirst(epoch: Epoch, at: TopicPartition, committed: number, range: LogRange): Promise<void> {
    const { position, readFrom, beyondEnd } = opening(committed, range);
    const held = await this.#open(epoch, at, position, beyondEnd);
    if (held === undefined || epoch.over) return;
    held.chain?.end(range.end);
    if (readFrom > position) {
      this.#gap(held, readFrom);
      // Told by us: kafkajs would first commit a placeholder in place of the group's position.
      this.#seek(held);
    }
    held.ended = this.#options.untilEnd && reachedEnd(held);
  }

  async #open(epoch: Epoch, at: TopicPartition, position: number, unconfirmed = false) {
    const { receiver, topics, clusterId, targets, untilEnd, now } = this.#options;
    const choice = topics.find(({ topic }) => topic === at.topic);
    const target = untilEnd ? (targets.get(keyOf(at))?.end ?? 0) : Number.POSITIVE_INFINITY;
    const held = new HeldPartition(at, { position, target, unconfirmed, now: now() });
    const chain = await receiver.open(
      {
        stream: `kafka:${clusterId}/${at.topic}`,
        partition: at.partition,
        position,
        accountId: choice?.accountId ?? '',
        ...(choice?.source === undefined ? {} : { source: choice.source }),
      },
      (settled) => epoch.settled(held, settled),
    );
    held.chain = chain;
    if (epoch.over) chain.abandon();
    else epoch.hold(held, position);
    return epoch.over ? undefined : held;
  }

  /** Asks until the cluster answers; a broker that restarts is no failure. */
  async #patiently<Answer>(epoch: Epoch, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    while (!epoch.over && !this.#stopped) {
      try {
        return await ask();
      } catch (cause) {
        if (!isAway(cause)) throw cause;
        this.#options.logger.warn({ reason: messageOf(cause) }, 'Kafka is away; asking again');
        await sleep(ASK_AGAIN_MS);
      }
    }
    return undefined;
  }

  /** @returns the partition that takes the batch, or undefined when it is to be fetched again */
  async #arrived(epoch: Epoch, held: HeldPartition, from: number, payload: EachBatchPayload) {
    if (from === held.position) return held;
    const log = await this.#options.cluster.range(held);
    const found = arrival(held.position, from, log?.start);
    if (found.kind === 'trimmed') this.#gap(held, found.to);
    else if (found.kind === 'restarted') return this.#restart(epoch, held, from, payload);
    else if (found.kind === 'stray') {
      this.#seek(held);
      return undefined;
    }
    return held;
  }

  /** The log begins anew: what was received of the old one cannot be delivered again, so it is settled before. */
  async #restart(epoch: Epoch, old: HeldPartition, position: number, payload?: EachBatchPayload) {
    const { topic, partition } = old;
    const fields = { topic, partition, position: old.position, now: position };
    this.#options.logger.warn(fields, 'the log of this partition was made again or cut short; reading from its start');
    let flushed = false;
    const flush = old.chain?.flush().then(() => {
      flushed = true;
    });
    while (!flushed && !this.#stopped && !epoch.over) {
      await Promise.race([flush, sleep(HEARTBEAT_LOOK_MS)]);
      await payload?.heartbeat();
    }
    if (!flushed || epoch.over) return undefined;
    old.chain?.abandon();
    return this.#open(epoch, old, position);
  }

  async #take(epoch: Epoch, held: HeldPartition, payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset } = payload;
    held.chain?.end(Number(batch.highWatermark));
    for (const message of withoutAborted(rawRecords(batch), batch.messages)) {
      this.#give(held, message);
      if (this.#unbrokenBytes < KAFKA_UNBROKEN_BYTES_MAX) continue;
      this.#unbrokenBytes = 0;
      // If beating fails, or we are stopped, kafkajs goes on from here and not from the beginning of the batch.
      resolveOffset(message.offset);
      await breathe();
      await payload.heartbeat();
      if (epoch.over || this.#stopped) return;
    }
    resolveOffset(batch.lastOffset());
    this.#passed(held, Number(batch.lastOffset()) + 1, Number(batch.highWatermark));
    if (!this.#options.receiver.hasRoom) this.#holdBack();
  }

  #give(held: HeldPartition, message: KafkaMessage): void {
    const position = Number(message.offset);
    const { value } = message;
    held.position = position + 1;
    // A message without a value tells a compacted topic to forget a key: no record.
    if (value === null) return;
    const accountId = accountOf(message);
    held.chain?.add({ position, next: position + 1, value, ...(accountId === undefined ? {} : { accountId }) });
    this.messages += 1;
    this.bytes += value.length;
    this.#unbrokenBytes += value.length;
  }

  /** Everything below `position` has been fetched. */
  #passed(held: HeldPartition, position: number, highWatermark = Number.POSITIVE_INFINITY): void {
    held.chain?.passed(position);
    held.position = position;
    held.unconfirmed = false;
    held.lastBatchAt = this.#options.now();
    held.fetches = 0;
    held.looks = 0;
    if (position >= highWatermark) held.chain?.drained();
    if (reachedEnd(held)) this.#ended(held);
  }

  #ended(held: HeldPartition): void {
    held.ended = true;
    held.chain?.drained();
    this.#applyPauses();
  }

  /** Batches of markers, aborted or compacted records never reach the handler: kafkajs moves on and tells only here. */
  #batchEnded({ payload }: ConsumerEndBatchProcessEvent): void {
    const held = this.epoch?.find(payload.topic, payload.partition);
    if (payload.batchSize > 0 || held === undefined) return;
    const last = Number(payload.lastOffset);
    // Absent when nothing of the batch lies at or after the position: then the position itself is what was passed.
    const first = payload.firstOffset === null ? last : Number(payload.firstOffset);
    this.#inTurn(held, () => this.#passedUnseen(held, first, last + 1)).catch((cause: unknown) => {
      if (!isAway(cause)) this.#options.fail(cause);
    });
  }

  async #passedUnseen(held: HeldPartition, first: number, next: number): Promise<void> {
    const { epoch } = this;
    if (epoch === undefined || epoch.find(held.topic, held.partition) !== held) return;
    if (first === held.position) return this.#passed(held, next);
    // The event does not tell what the fetch had asked for, so a batch that does not continue is fetched once more from
    // the position: what comes then does come after it.
    if (held.sentBackTo !== held.position) {
      held.sentBackTo = held.position;
      this.#seek(held);
      return;
    }
    const log = await this.#options.cluster.range(held);
    if (log === undefined) return;
    if (first > held.position) {
      if (log.start > held.position) this.#gap(held, Math.min(log.start, first));
      this.#passed(held, next);
    } else if (log.start <= first && log.end < held.position) {
      const anew = await this.#restart(epoch, held, log.start);
      if (anew !== undefined) this.#passed(anew, next);
    }
  }

  async #look(held: HeldPartition): Promise<void> {
    if (this.epoch?.find(held.topic, held.partition) !== held) return;
    const log = await this.#options.cluster.range(held).catch(() => undefined);
    if (log === undefined) return;
    held.looks += 1;
    const found = stalled(held, log, held.looks);
    if (found.kind === 'trimmed') {
      this.#gap(held, found.to);
      this.#passed(held, found.to);
    } else if (found.kind === 'ended') {
      const { topic, partition, position, target } = held;
      if (position < target)
        this.#options.logger.warn(
          { topic, partition, position, target },
          'the rest of this partition holds no records',
        );
      this.#ended(held);
    }
  }

  #gap(held: HeldPartition, to: number): void {
    const { topic, partition, position } = held;
    this.#options.logger.warn({ topic, partition, from: position, to }, 'records were trimmed before they were read');
    held.chain?.gap(position, to);
    held.position = to;
    this.gaps += 1;
  }

  #seek(held: HeldPartition): void {
    const { topic, partition, position } = held;
    this.#quietly(() => this.#options.consumer.seek({ topic, partition, offset: String(position) }));
  }

  #inTurn(held: HeldPartition, work: () => Promise<void>): Promise<void> {
    const turn = held.tail.then(work);
    held.tail = turn.catch(() => {});
    return turn;
  }

  #holdBack(): void {
    if (this.#heldBack || this.#stopped) return;
    this.#heldBack = true;
    this.#applyPauses();
    this.#options.receiver.whenRoom().then(() => {
      this.#heldBack = false;
      this.#applyPauses();
    }, this.#options.fail);
  }

  /** Paused: all while stopping, opening or out of room; else those that have reached their end. */
  #applyPauses(): void {
    const { epoch } = this;
    if (epoch === undefined || epoch.over) return;
    const all = this.#stopped || this.#heldBack || !epoch.opened;
    const paused = (at: TopicPartition) => all || epoch.find(at.topic, at.partition)?.ended === true;
    const { consumer } = this.#options;
    this.#quietly(() => {
      consumer.pause(epoch.assigned.filter(paused).map(one));
      consumer.resume(epoch.assigned.filter((at) => !paused(at)).map(one));
    });
  }

  /** Between a crash and the next assignment kafkajs has no group to pause or seek; the next epoch does it anew. */
  #quietly(action: () => void): void {
    try {
      action();
    } catch (cause) {
      this.#options.logger.debug({ reason: messageOf(cause) }, 'no group to steer now');
    }
  }
}

const one = ({ topic, partition }: TopicPartition) => ({ topic, partitions: [partition] });
