/** How long a channel that could not take a message is left alone. Pure. */
import { ALERT_PAUSE_MS_MAX, ALERT_PAUSE_MS_MIN, ALERT_RETRY_AFTER_SECONDS_MAX } from '../limits.ts';

/**
 * @param failures in a row, at least one
 * @param afterMs what the receiver asked for
 * @param chance in [0, 1): many senders shall not return in step
 */
export function channelPause(failures: number, afterMs: number | undefined, chance: number): number {
  const bound = Math.min(ALERT_PAUSE_MS_MAX, ALERT_PAUSE_MS_MIN * 2 ** Math.min(failures - 1, 20));
  return Math.max(Math.round(bound / 2 + (chance * bound) / 2), afterMs ?? 0);
}

/** @returns ms of a `Retry-After` header, in seconds or as a date; never more than what is believed */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(ms, 0), ALERT_RETRY_AFTER_SECONDS_MAX * 1_000);
}
