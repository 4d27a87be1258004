/** The end of a program that talked to brokers. */
import { DAEMON_LINGER_MS_MAX } from '../core/limits.ts';

/**
 * Ends the process a moment later if it does not end by itself: a client of the brokers may leave a connection open
 * behind a broker that died and came back, and nothing waits for it.
 */
export function endSoon(): void {
  setTimeout(() => process.exit(), DAEMON_LINGER_MS_MAX).unref();
}
