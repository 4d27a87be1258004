/** The port to where alerts go. */
import type { Message } from '../core/alerts/message.ts';

/**
 * `retry`: it may be taken later (the receiver is away, overloaded, or has a certificate that cannot be trusted).
 * `refused`: it will not be taken as it is; somebody has to change something first.
 */
export type Sent =
  | { readonly kind: 'delivered'; readonly detail: string }
  | { readonly kind: 'retry'; readonly detail: string; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly detail: string };

export interface Channel {
  readonly name: string;
  /** Whether it is told that something is over; people are told once, and not again when they themselves closed it. */
  readonly resolves: boolean;
  /** Does not throw: what goes wrong is an answer. The signal ends the wait. */
  send(message: Message, signal: AbortSignal): Promise<Sent>;
  close(): Promise<void>;
}
