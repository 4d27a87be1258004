/** The queues of all channels together: what waits is read once for all, and they begin and stop as one. */
import { ALERT_STOP_MS_MAX } from '../core/limits.ts';
import type { Channel } from './channel.ts';
import { Dispatcher, type DispatcherOptions, type Queued } from './dispatcher.ts';

export interface Addressed extends Queued {
  /** Name of a channel. */
  readonly channel: string;
}

export class Dispatchers<One extends Addressed> {
  readonly #all: readonly Dispatcher<One>[];
  readonly #over = new AbortController();

  constructor(channels: readonly Channel[], options: Omit<DispatcherOptions<One>, 'channel'>) {
    this.#all = channels.map((channel) => new Dispatcher<One>({ ...options, channel }));
  }

  /** Aborted when what was handed over need not be recorded any more: the time to stop is up. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * @param read all that waits, of whatever channel
   * @param isAgain whether somebody asked for it anew: then its channel is tried at once
   */
  async load(read: () => Promise<readonly One[]>, isAgain: (one: One) => boolean): Promise<void> {
    const marks = this.#all.map((dispatcher) => dispatcher.mark());
    const waiting = await read();
    for (const [at, dispatcher] of this.#all.entries()) {
      const own = waiting.filter(({ channel }) => channel === dispatcher.channel.name);
      if (own.some(isAgain)) dispatcher.forgive();
      dispatcher.set(own, marks[at] ?? 0);
    }
  }

  /** Begins what may be sent now. */
  go(): void {
    for (const dispatcher of this.#all) dispatcher.go();
  }

  /**
   * Sends what can be sent now.
   *
   * @returns how many messages are left
   */
  async flush(): Promise<number> {
    for (let before = Number.POSITIVE_INFINITY; this.left < before; ) {
      before = this.left;
      await this.#idle();
      this.go();
    }
    await this.#idle();
    return this.left;
  }

  get left(): number {
    return this.#all.reduce((sum, { left }) => sum + left, 0);
  }

  /** What was handed over is still recorded, as long as the store takes it. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#over.abort(), ALERT_STOP_MS_MAX);
    await Promise.all(this.#all.map((dispatcher) => dispatcher.close()));
    clearTimeout(timer);
  }

  async #idle(): Promise<void> {
    await Promise.all(this.#all.map((dispatcher) => dispatcher.idle()));
  }
}
