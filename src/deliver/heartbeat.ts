/**
 * Tells a dead man's switch that detections look: when it hears nothing any more, it raises the alarm that keytrail
 * itself cannot raise. What became of a beat is told, and nothing waits for it.
 */
import { HEARTBEAT_ANSWER_MS_MAX } from '../core/limits.ts';
import { type HttpOptions, post } from './http.ts';

export interface HeartbeatOptions extends HttpOptions {
  readonly url: URL;
  readonly everyMs: number;
  readonly now: () => number;
  /** Told why a beat was not taken. */
  readonly onFailure: (detail: string) => void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #beatAt = Number.NEGATIVE_INFINITY;
  #beating: Promise<void> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Beats when it is time, and when detections look. */
  step(isLooking: boolean): void {
    const { everyMs, now } = this.#options;
    const at = now();
    const isEarly = at >= this.#beatAt && at - this.#beatAt < everyMs;
    if (!isLooking || isEarly || this.#beating !== undefined) return;
    this.#beatAt = at;
    this.#beating = this.#beat().finally(() => {
      this.#beating = undefined;
    });
  }

  async close(): Promise<void> {
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { url, onFailure, ...http } = this.#options;
    const body = JSON.stringify({ sender: 'keytrail', status: 'looking' });
    const signal = AbortSignal.timeout(HEARTBEAT_ANSWER_MS_MAX);
    const sent = await post({ url, body, headers: { 'content-type': 'application/json' } }, http, signal);
    if (sent.kind !== 'delivered') onFailure(sent.detail);
  }
}
