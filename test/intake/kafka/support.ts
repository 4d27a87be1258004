/** What stands for the pipeline: keeps what it is given, and settles it when the test says so. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chain, ReceivedMessage, Receiver, StreamPartition, UnframedText } from '../../../src/intake/intake.ts';
import { type ConsumeOptions, type ConsumeResult, consumeKafka } from '../../../src/intake/kafka/consumer.ts';

export class FakeChain implements Chain {
  readonly id = 'fake';
  readonly letters = {};
  readonly partition: StreamPartition;
  readonly messages: ReceivedMessage[] = [];
  readonly gaps: [number, number][] = [];
  settled: number;
  next: number;
  streamEnd = 0;
  abandoned = false;
  drains = 0;
  flushes = 0;
  readonly #receiver: FakeReceiver;
  readonly #onSettled: (position: number) => void;

  constructor(receiver: FakeReceiver, partition: StreamPartition, onSettled: (position: number) => void) {
    this.#receiver = receiver;
    this.partition = partition;
    this.settled = partition.position;
    this.next = partition.position;
    this.#onSettled = onSettled;
  }

  get values(): string[] {
    return this.messages.map(({ value }) => Buffer.from(value).toString());
  }

  add(message: ReceivedMessage): void {
    if (message.position < this.next) throw new Error(`position ${message.position} came after ${this.next}`);
    // Copied: a slice would keep a whole fetch alive.
    this.messages.push({ ...message, value: Uint8Array.from(message.value) });
    this.next = message.next;
    this.#receiver.received(message);
  }

  reject(_text: UnframedText): void {
    throw new Error('Kafka never hands over unframed text');
  }

  passed(position: number): void {
    this.next = Math.max(this.next, position);
    if (this.#receiver.settlesAtOnce) this.settle();
  }

  gap(from: number, to: number): void {
    this.gaps.push([from, to]);
    this.passed(to);
  }

  end(position: number): void {
    this.streamEnd = position;
  }

  drained(): void {
    this.drains += 1;
  }

  async flush(): Promise<void> {
    this.flushes += 1;
    await this.#receiver.flushing;
    this.settle();
  }

  abandon(): void {
    this.abandoned = true;
  }

  /** Tells it even when abandoned, which a real chain does not: nothing may come of it all the same. */
  settle(position = this.next): void {
    this.settled = position;
    this.#onSettled(position);
  }
}

export class FakeReceiver implements Receiver {
  readonly chains: FakeChain[] = [];
  settlesAtOnce = false;
  /** What `flush` waits for. */
  flushing: Promise<void> = Promise.resolve();
  budgetBytes = Number.POSITIVE_INFINITY;
  heldBytes = 0;
  heldBytesMax = 0;
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  async open(partition: StreamPartition, onSettled: (position: number) => void): Promise<Chain> {
    const chain = new FakeChain(this, partition, onSettled);
    this.chains.push(chain);
    return chain;
  }

  get hasRoom(): boolean {
    return this.heldBytes < this.budgetBytes;
  }

  whenRoom(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  received(message: ReceivedMessage): void {
    this.heldBytes += message.value.length;
    this.heldBytesMax = Math.max(this.heldBytesMax, this.heldBytes);
  }

  release(): void {
    this.heldBytes = 0;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  failForGood(error: Error): void {
    this.budgetBytes = -1;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.whenRoom = () => Promise.reject(error);
  }

  get live(): FakeChain[] {
    return this.chains.filter(({ abandoned }) => !abandoned);
  }

  /** All values in order of receipt of each chain, whatever partition. */
  get values(): string[] {
    return this.chains.flatMap(({ values }) => values);
  }

  settleAll(): void {
    for (const chain of this.live) chain.settle();
  }
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export class KeptLog {
  readonly lines: LogLine[] = [];

  debug = (fields: object, message: string) => this.#keep('debug', fields, message);
  info = (fields: object, message: string) => this.#keep('info', fields, message);
  warn = (fields: object, message: string) => this.#keep('warn', fields, message);
  error = (fields: object, message: string) => this.#keep('error', fields, message);

  get text(): string {
    return JSON.stringify(this.lines);
  }

  #keep(level: LogLine['level'], fields: object, message: string): void {
    this.lines.push({ level, fields, message });
  }
}

export interface Running {
  readonly receiver: FakeReceiver;
  readonly log: KeptLog;
  readonly done: Promise<ConsumeResult>;
  /** As SIGTERM does. */
  stop(): Promise<ConsumeResult>;
}

type Choices = Pick<ConsumeOptions, 'brokers' | 'groupId'> &
  Partial<ConsumeOptions> & { topic?: string; fake?: FakeReceiver };

/**
 * Beats so often that a rebalance is noticed at once; a session so long that a busy machine does not end it, which
 * would deliver everything again.
 */
const QUICK = {
  sessionTimeoutMs: 60_000,
  heartbeatMs: 200,
  rebalanceTimeoutMs: 60_000,
  fetchWaitMs: 50,
  commitEveryMs: 50,
};

/** For tests whose members are lost without a word: the broker waits for them as long as their session. */
export const SHORT_SESSION = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 6_000 };

export function start({ topic, fake, ...options }: Choices): Running {
  const receiver = fake ?? new FakeReceiver();
  const log = new KeptLog();
  const abort = new AbortController();
  // Time stands still from then on: what is settled while it stops is committed, however long that takes here.
  let stoppedAt: number | undefined;
  const done = consumeKafka({
    clientId: 'keytrail-test',
    topics: topic === undefined ? [] : [{ topic }],
    receiver,
    logger: log,
    signal: abort.signal,
    now: () => stoppedAt ?? Date.now(),
    ...options,
    times: { ...QUICK, ...options.times },
  });
  done.catch(() => {});
  return {
    receiver,
    log,
    done,
    stop: () => {
      stoppedAt = Date.now();
      abort.abort();
      return done;
    },
  };
}

/** Waits for a state of the world; the test's own time limit ends a wait in vain. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(20);
}
