/**
 * Sends reports that are stored. The store is the outbox: a document says where it goes, and what came back is appended
 * after it was handed over. Channels and queues are those of alerts; each report is a message like any other.
 *
 * Only the holder of the lease runs one.
 */
import type { Attachment, Message } from '../core/alerts/message.ts';
import { invariant, messageOf } from '../core/errors.ts';
import { ALERT_STOP_MS_MAX, REPORT_SEND_MS_MAX } from '../core/limits.ts';
import { reportMessage } from '../core/reports/message.ts';
import type { ReportResult } from '../core/reports/rows.ts';
import type { Channel, Sent } from '../deliver/channel.ts';
import { type Attempted, Dispatcher } from '../deliver/dispatcher.ts';
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { withRetry } from '../store/retry.ts';
import type { Store } from '../store/store.ts';
import { type KeptDocument, keptDocument } from './archive.ts';
import type { Press } from './maker.ts';
import { appendDeliveries, reportChanges, type WaitingReport, waitingReports } from './outbox.ts';

export interface SenderOptions {
  readonly store: Store;
  readonly press: Press;
  readonly channels: readonly Channel[];
  /** Where people find the daemon; absent: messages hold no link. */
  readonly baseUrl?: string | undefined;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
  /** Told of each attempt, once it is recorded. */
  readonly onAttempt?: (channel: string, waiting: WaitingReport, sent: Sent) => void;
  readonly checkpoint?: Checkpoint;
  readonly sendMsMax?: number;
}

const RESULTS: Readonly<Record<Sent['kind'], ReportResult>> = {
  delivered: 'delivered',
  retry: 'failed',
  refused: 'given-up',
};

export class ReportSender {
  readonly #options: SenderOptions;
  readonly #dispatchers: readonly Dispatcher<WaitingReport>[];
  readonly #over = new AbortController();
  #seen = '';

  constructor(options: SenderOptions) {
    this.#options = options;
    const { channels, now, random, onError, sendMsMax = REPORT_SEND_MS_MAX } = options;
    this.#dispatchers = channels.map(
      (channel) =>
        new Dispatcher<WaitingReport>({
          ...{ channel, now, random, onError, sendMsMax },
          messageOf: (one) => this.#messageOf(one),
          record: (attempted) => this.#record(attempted),
        }),
    );
  }

  /** Begins to send what waits; what is under way goes on by itself. */
  async step(): Promise<void> {
    const { store } = this.#options;
    const seen = await reportChanges(store);
    if (seen !== this.#seen) {
      await this.#load();
      this.#seen = seen;
    }
    for (const dispatcher of this.#dispatchers) dispatcher.go();
  }

  /**
   * Sends all that can be sent now.
   *
   * @returns how many messages are left
   */
  async flush(): Promise<number> {
    await this.step();
    for (let before = Number.POSITIVE_INFINITY; this.left < before; ) {
      before = this.left;
      await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.idle()));
      for (const dispatcher of this.#dispatchers) dispatcher.go();
    }
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.idle()));
    return this.left;
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

  async #load(): Promise<void> {
    const marks = new Map(this.#dispatchers.map((dispatcher) => [dispatcher, dispatcher.mark()]));
    const all = await waitingReports(this.#options.store);
    for (const dispatcher of this.#dispatchers) {
      const own = all.filter(({ channel }) => channel === dispatcher.channel.name);
      dispatcher.set(own, marks.get(dispatcher) ?? 0);
    }
  }

  async #messageOf({ message: id, document_id }: WaitingReport): Promise<Message> {
    const { store, press, baseUrl } = this.#options;
    const kept = await keptDocument(store, document_id);
    invariant(kept, 'what is to be sent is stored');
    return messageOfKept(kept, { id, press, baseUrl });
  }

  async #record({ waiting: one, attempt, sent }: Attempted<WaitingReport>): Promise<void> {
    const { store, now, checkpoint = noCheckpoint, onAttempt } = this.#options;
    await checkpoint('report:sent');
    const { message, document_id: documentId, channel } = one;
    const row = { message, documentId, channel, at: now(), result: RESULTS[sent.kind], attempt, detail: sent.detail };
    await withRetry(() => appendDeliveries(store, [row]), { signal: this.#over.signal });
    await checkpoint('report:recorded');
    onAttempt?.(channel, one, sent);
  }
}

/**
 * The same document gives the same message, also a second time. A format that cannot be written is said to be missing,
 * and keeps nobody from getting the others.
 */
export async function messageOfKept(
  { document_id: documentId, document, formats, is_addressed, recipients, stored_ms: at }: KeptDocument,
  { id, press, baseUrl }: { id: string; press: Press; baseUrl: string | undefined },
): Promise<Message> {
  const files: Attachment[] = [];
  const failures: string[] = [];
  for (const format of formats) {
    try {
      files.push(...(await press.render(document, format)));
    } catch (error) {
      failures.push(`${format}: ${messageOf(error)}`);
    }
  }
  const to = is_addressed ? { to: recipients } : {};
  return reportMessage({ id, documentId, document, files, failures, baseUrl, at, ...to });
}
