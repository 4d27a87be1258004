/**
 * Sends what detections found. The store is the outbox: a finding that raises an alert is the intent, what was decided
 * of it is appended before anything is sent, and what came back after it. Whoever is killed anywhere in between is
 * followed by one who decides the same, and sends what was not recorded under the same key.
 *
 * Only the holder of the lease runs one.
 */
import type { RouteFile } from '../../schemas/alerts.ts';
import { askedFor, decided, type Intent } from '../core/alerts/decide.ts';
import type { DeliveryResult } from '../core/alerts/delivery-rows.ts';
import { digestMessage } from '../core/alerts/digest-message.ts';
import { dueDigests, type Held } from '../core/alerts/digests.ts';
import { findingMessage } from '../core/alerts/finding-message.ts';
import type { Message } from '../core/alerts/message.ts';
import type { RuleWords } from '../core/alerts/telling.ts';
import { invariant } from '../core/errors.ts';
import { ALERT_DECIDED_ROWS_MAX, ALERT_FLOOD_MS, ALERT_STOP_MS_MAX } from '../core/limits.ts';
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { withRetry } from '../store/retry.ts';
import type { Store } from '../store/store.ts';
import type { Channel, Sent } from './channel.ts';
import { type Attempted, Dispatcher } from './dispatcher.ts';
import {
  append,
  changes,
  digestOf,
  findingsOf,
  knownChannels,
  sendAgain,
  undecided,
  type Waiting,
  waiting,
} from './outbox.ts';

export interface DeliverOptions {
  readonly store: Store;
  readonly channels: readonly Channel[];
  readonly routes: readonly RouteFile[] | undefined;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** What a rule says of itself; `undefined` for one that is not known any more. */
  readonly wordsOf: (rule: string) => RuleWords | undefined;
  readonly onError: (error: unknown) => void;
  /** Told of each attempt, once it is recorded. */
  readonly onAttempt?: (channel: string, waiting: Waiting, sent: Sent) => void;
  readonly checkpoint?: Checkpoint;
  readonly sendMsMax?: number;
}

const RESULTS: Readonly<Record<Sent['kind'], DeliveryResult>> = {
  delivered: 'delivered',
  retry: 'failed',
  refused: 'given-up',
};

export class Deliverer {
  readonly #options: DeliverOptions;
  readonly #dispatchers: readonly Dispatcher<Waiting>[];
  readonly #floodAt = new Map<string, number>();
  readonly #sent = new Map<string, number[]>();
  #since: Map<string, number> | undefined;
  readonly #over = new AbortController();
  #seen = '';
  #held: readonly Held[] = [];

  constructor(options: DeliverOptions) {
    this.#options = options;
    const { channels, now, random, onError, sendMsMax } = options;
    this.#dispatchers = channels.map(
      (channel) =>
        new Dispatcher<Waiting>({
          ...{ channel, now, random, onError },
          messageOf: (one) => this.#messageOf(one),
          record: (attempted) => this.#record(channel, attempted),
          ...(sendMsMax === undefined ? {} : { sendMsMax }),
        }),
    );
  }

  /** Notes which channels there are: what is found from now on is sent to them. Before anything is looked for. */
  async begin(): Promise<void> {
    const { store, channels, now } = this.#options;
    const names = channels.map(({ name }) => name);
    this.#since ??= await knownChannels(store, names, now());
  }

  /** Decides what is new, and begins to send; what is under way goes on by itself. */
  async step({ flush = false } = {}): Promise<void> {
    const { store, checkpoint = noCheckpoint } = this.#options;
    await this.begin();
    await checkpoint('deliver:begun');
    const seen = await changes(store);
    if (seen !== this.#seen) {
      await this.#decide();
      await checkpoint('deliver:decided');
      await this.#load();
      this.#seen = seen;
    }
    await this.#gather(flush);
    for (const dispatcher of this.#dispatchers) dispatcher.go();
  }

  /**
   * Sends all that can be sent now, also what was held for a digest.
   *
   * @returns how many messages are left
   */
  async flush(): Promise<number> {
    await this.step({ flush: true });
    for (let before = Number.POSITIVE_INFINITY; this.left < before; ) {
      before = this.left;
      await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.idle()));
      for (const dispatcher of this.#dispatchers) dispatcher.go();
    }
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.idle()));
    return this.left;
  }

  /**
   * Sends a finding once more, or for the first time, to where the routes lead now.
   *
   * @returns to how many channels
   */
  async ask(intent: Intent): Promise<number> {
    const { store, channels, routes, now } = this.#options;
    const known = channels.map(({ name, resolves }) => ({ name, resolves, since: 0, lately: 0 }));
    const rows = askedFor(intent, { routes, channels: known, now: now() });
    for (const row of rows) if ((await sendAgain(store, row.message, row.at)) === 0) await append(store, [row]);
    return rows.length;
  }

  get left(): number {
    return this.#dispatchers.reduce((sum, { left }) => sum + left, 0);
  }

  /** What was handed over is still recorded, as long as the store takes it. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#over.abort(), ALERT_STOP_MS_MAX);
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.close()));
    clearTimeout(timer);
  }

  async #decide(): Promise<void> {
    const since = this.#since ?? new Map<string, number>();
    for (let more = true; more; ) {
      // A clock that was set back must not make what is found look older than the channels.
      const now = this.#options.now();
      for (const [name, at] of since) since.set(name, Math.min(at, now));
      const intents = await undecided(this.#options.store, Math.min(...since.values()));
      await this.#enter(intents, since);
      more = intents.length === ALERT_DECIDED_ROWS_MAX;
    }
  }

  async #enter(intents: readonly Intent[], since: ReadonlyMap<string, number>): Promise<void> {
    const { store, channels, routes, now } = this.#options;
    const known = channels.map(({ name, resolves }) => ({
      ...{ name, resolves, since: since.get(name) ?? now() },
      lately: this.#lately(name),
    }));
    const rows = decided(intents, { routes, channels: known, now: now() });
    await append(store, rows);
    for (const { result, channel, at } of rows) if (result === 'planned') this.#sent.get(channel)?.push(at);
  }

  /** How many messages a channel was sent one by one within the time in which they count. */
  #lately(channel: string): number {
    const now = this.#options.now();
    const kept = (this.#sent.get(channel) ?? []).filter((at) => Math.abs(now - at) < ALERT_FLOOD_MS);
    this.#sent.set(channel, kept);
    return kept.length;
  }

  async #load(): Promise<void> {
    const marks = new Map(this.#dispatchers.map((dispatcher) => [dispatcher, dispatcher.mark()]));
    const all = await waiting(this.#options.store);
    this.#held = all
      .filter(({ result }) => result === 'held')
      .map(({ message, channel, detail, first_ms }) => ({ message, channel, kind: detail, since: first_ms }));
    for (const dispatcher of this.#dispatchers) {
      const own = all.filter(({ result, channel }) => result !== 'held' && channel === dispatcher.channel.name);
      if (own.some(({ result }) => result === 'again')) dispatcher.forgive();
      dispatcher.set(own, marks.get(dispatcher) ?? 0);
    }
  }

  async #gather(flush: boolean): Promise<void> {
    const { store, now } = this.#options;
    const names = new Set(this.#dispatchers.map(({ channel }) => channel.name));
    const held = this.#held.filter(({ channel }) => names.has(channel));
    const digests = dueDigests(held, { now: now(), floodAt: this.#floodAt, flush });
    if (digests.length === 0) return;
    await append(store, digests);
    for (const { channel, detail, at } of digests) if (detail === 'flood') this.#floodAt.set(channel, at);
    await this.#load();
  }

  async #messageOf({ message: id, occasion, fingerprint, detail, first_ms: at }: Waiting): Promise<Message> {
    const { store, wordsOf } = this.#options;
    if (occasion === 'digest') return digestMessage({ id, at, reason: detail, ...(await digestOf(store, id)) });
    const finding = (await findingsOf(store, [fingerprint])).get(fingerprint);
    invariant(finding, 'what was decided on was found');
    const words = wordsOf(finding.rule);
    return findingMessage({ id, occasion, finding, ...(words === undefined ? {} : { words }) });
  }

  async #record(channel: Channel, { waiting: one, attempt, sent }: Attempted<Waiting>): Promise<void> {
    const { store, now, checkpoint = noCheckpoint, onAttempt } = this.#options;
    await checkpoint('deliver:sent');
    const { message, occasion, fingerprint } = one;
    const row = {
      ...{ message, at: now(), result: RESULTS[sent.kind], attempt, channel: channel.name, occasion, fingerprint },
      ...{ occasionAt: 0, detail: sent.detail, members: [] },
    };
    await withRetry(() => append(store, [row]), { signal: this.#over.signal });
    await checkpoint('deliver:recorded');
    onAttempt?.(channel.name, one, sent);
  }
}
