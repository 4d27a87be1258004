/**
 * Hands the messages of one channel over, a few at a time. A channel that could not take one is left alone for a while,
 * and then asked with a single message; the others wait, and no other channel notices.
 */
import PQueue from 'p-queue';
import { channelPause } from '../core/alerts/backoff.ts';
import type { Message } from '../core/alerts/message.ts';
import {
  ALERT_QUEUED_MESSAGES_MAX,
  ALERT_RETRY_AFTER_SECONDS_MAX,
  ALERT_SEND_MS_MAX,
  ALERT_SENDS_AT_ONCE,
} from '../core/limits.ts';
import type { Channel, Sent } from './channel.ts';

/** What waits to be sent, as far as it matters for whose turn it is. */
export interface Queued {
  readonly message: string;
  /** Attempts that were made. */
  readonly attempt: number;
  /** When it was decided on, ms since 1970 UTC. */
  readonly first_ms: number;
  /** What it is about: of one thing only the oldest message is sent. Absent or `''`: of nothing that others are about. */
  readonly fingerprint?: string;
}

export interface Attempted<One extends Queued = Queued> {
  readonly waiting: One;
  readonly attempt: number;
  readonly sent: Sent;
}

export interface DispatcherOptions<One extends Queued = Queued> {
  readonly channel: Channel;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** The message, made when its turn comes. */
  readonly messageOf: (waiting: One) => Promise<Message>;
  /** Makes what became of it durable. */
  readonly record: (attempted: Attempted<One>) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly sendMsMax?: number;
}

export class Dispatcher<One extends Queued> {
  readonly #options: DispatcherOptions<One>;
  readonly #queue = new PQueue({ concurrency: ALERT_SENDS_AT_ONCE });
  readonly #waiting = new Map<string, One>();
  readonly #underWay = new Map<string, One>();
  readonly #attempts = new Map<string, number>();
  readonly #stop = new AbortController();
  /** What was recorded for good, and when, counted in such records. */
  readonly #settled = new Map<string, number>();
  #records = 0;
  #failures = 0;
  #notBefore = 0;

  constructor(options: DispatcherOptions<One>) {
    this.#options = options;
  }

  get channel(): Channel {
    return this.#options.channel;
  }

  /** To be taken before the store is asked what waits. */
  mark(): number {
    return this.#records;
  }

  /**
   * Replaces what waits by what the store says; what is under way stays, and what was recorded while the store was
   * asked is not taken for something that waits.
   */
  set(all: readonly One[], mark: number): void {
    this.#waiting.clear();
    for (const one of all) {
      const isSettled = (this.#settled.get(one.message) ?? -1) >= mark;
      if (!isSettled && !this.#underWay.has(one.message)) this.#waiting.set(one.message, one);
    }
    for (const [message, at] of this.#settled) if (at < mark) this.#settled.delete(message);
  }

  /** Somebody mended something: it is asked at once. */
  forgive(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  /** Begins what may be sent now. */
  go(): void {
    if (this.#stop.signal.aborted || this.#isResting()) return;
    const room = this.#failures > 0 ? 1 - this.#underWay.size : ALERT_QUEUED_MESSAGES_MAX - this.#underWay.size;
    for (const one of this.#next().slice(0, Math.max(0, room))) {
      this.#waiting.delete(one.message);
      this.#underWay.set(one.message, one);
      void this.#queue.add(() => this.#send(one)).catch(this.#options.onError);
    }
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#queue.onIdle();
  }

  get left(): number {
    return this.#waiting.size + this.#underWay.size;
  }

  /** Ends what is under way; what was not recorded is sent again by whoever comes next. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#queue.clear();
    await this.#queue.onIdle();
    await this.#options.channel.close();
  }

  /** The ones tried least come first, but of one finding always the oldest: what is over must not open again. */
  #next(): One[] {
    const oldest = new Map<string, One>();
    for (const one of [...this.#underWay.values(), ...this.#waiting.values()]) {
      const other = oldest.get(aboutOf(one));
      if (other === undefined || one.first_ms < other.first_ms) oldest.set(aboutOf(one), one);
    }
    return [...this.#waiting.values()]
      .filter((one) => oldest.get(aboutOf(one)) === one)
      .sort((one, other) => this.#attemptsOf(one) - this.#attemptsOf(other) || one.first_ms - other.first_ms);
  }

  #attemptsOf({ message, attempt }: One): number {
    return this.#attempts.get(message) ?? attempt;
  }

  async #send(one: One): Promise<void> {
    const { record } = this.#options;
    // What was queued when the channel failed waits like everything else.
    if (this.#stop.signal.aborted || this.#isResting()) return this.#putBack(one);
    try {
      const attempt = this.#attemptsOf(one) + 1;
      const sent = await this.#handOver(await this.#options.messageOf(one));
      if (sent.kind === 'retry' && this.#stop.signal.aborted) return this.#putBack(one);
      this.#attempts.set(one.message, attempt);
      this.#learn(sent);
      await record({ waiting: one, attempt, sent });
      if (sent.kind === 'retry') this.#putBack(one);
      else this.#settle(one);
    } catch (error) {
      // The store is away, or the message could not be made: it waits as if the channel had been away.
      this.#options.onError(error);
      this.#learn({ kind: 'retry', detail: '' });
      this.#putBack(one);
    } finally {
      this.#underWay.delete(one.message);
    }
  }

  #settle({ message }: One): void {
    this.#attempts.delete(message);
    this.#settled.set(message, this.#records++);
  }

  #putBack(one: One): void {
    this.#underWay.delete(one.message);
    this.#waiting.set(one.message, one);
  }

  /** Whatever a channel does, its time is limited here. */
  async #handOver(message: Message): Promise<Sent> {
    const { channel, sendMsMax = ALERT_SEND_MS_MAX } = this.#options;
    const late = AbortSignal.timeout(sendMsMax);
    const signal = AbortSignal.any([late, this.#stop.signal]);
    const over = new Promise<Sent>((resolve) => {
      const end = () => resolve({ kind: 'retry', detail: 'no answer in time' });
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
    try {
      return await Promise.race([channel.send(message, signal), over]);
    } catch (error) {
      this.#options.onError(error);
      return { kind: 'retry', detail: 'the channel broke' };
    }
  }

  /** No channel rests longer than this: what looks like more is a clock that was set back. */
  #isResting(): boolean {
    const left = this.#notBefore - this.#options.now();
    return left > 0 && left <= ALERT_RETRY_AFTER_SECONDS_MAX * 1_000;
  }

  #learn(sent: Sent): void {
    if (sent.kind !== 'retry') {
      this.#failures = 0;
      return;
    }
    this.#failures++;
    const pause = channelPause(this.#failures, sent.afterMs, this.#options.random());
    this.#notBefore = this.#options.now() + pause;
  }
}

const aboutOf = ({ fingerprint, message }: Queued): string => fingerprint || message;
