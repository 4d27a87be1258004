/** What a failure of the store means for the caller: wait and try again, give up on these rows, or stop. */
import { messageOf } from '../core/errors.ts';
import { StoreError, type StoreErrorKind } from './store.ts';

/**
 * ClickHouse codes that may heal by waiting: overload, limits, a replica or disk that is away, a query that was ended
 * from outside.
 */
const RETRIABLE_CODES: ReadonlySet<number> = new Set([
  3, 32, 75, 107, 159, 164, 198, 202, 203, 209, 210, 236, 241, 242, 243, 252, 279, 285, 319, 394, 425, 473, 735, 999,
  1000,
]);

/** Codes that speak of the rows and not of the store: halving the insert finds the row at fault. */
const DATA_CODES: ReadonlySet<number> = new Set([
  6, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 130, 131, 190, 321, 349, 407, 441, 467, 675, 676, 691,
]);

/**
 * Codes that are worth another try, but are also what a permanent fault looks like: a statement that never fits into
 * its time (159) or memory (241), a user that may only read (164).
 */
export const CAPPED_CODES: ReadonlySet<number> = new Set([159, 164, 241]);

/** Failures of a connection, before or in the middle of an answer. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EAGAIN',
  'EBUSY',
  'UND_ERR_SOCKET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'Z_BUF_ERROR',
]);

/** Messages of the client library's own errors, which carry no code. */
const CONNECTION_MESSAGE = /^(Timeout error\.|aborted$|socket hang up|Premature close)/;

/**
 * An unlisted code is fatal: retrying what nobody understands hides it, and calling it `data` would turn good rows into
 * dead letters.
 */
export function kindOfCode(code: number): StoreErrorKind {
  if (RETRIABLE_CODES.has(code)) return 'retriable';
  return DATA_CODES.has(code) ? 'data' : 'fatal';
}

/**
 * The error of an HTTP answer that was not 200; `code` is the header's, 0 where a proxy answered in the server's place.
 */
export function errorOfAnswer(status: number, code: number, text: string): StoreError {
  const message = text.trim().slice(0, 2_000) || `the store answered with HTTP status ${status}`;
  if (code > 0) return new StoreError(kindOfCode(code), code, message);
  const heals = status >= 500 || status === 429 || status === 408;
  return new StoreError(heals ? 'retriable' : 'fatal', 0, `HTTP status ${status}: ${message}`);
}

/** The ClickHouse code that stands in an error's text, 0 where none does. */
export function codeOfText(text: string): number {
  return Number(/\bCode: (\d+)/.exec(text)?.[1] ?? 0);
}

/** Any thrown thing as a StoreError. What is neither the server's nor the connection's failure is `fatal`. */
export function storeErrorOf(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const message = messageOf(cause);
  const label = connectionCodeOf(cause);
  if (label !== '' || CONNECTION_MESSAGE.test(message)) {
    return new StoreError('retriable', 0, label === '' ? message : `${label}: ${message}`, cause);
  }
  const named = cause instanceof Error && 'code' in cause ? Number(cause.code) : 0;
  const code = Number.isInteger(named) && named > 0 ? named : codeOfText(message);
  return new StoreError(code > 0 ? kindOfCode(code) : 'fatal', code, message, cause);
}

/**
 * `ECONNRESET` and the like; `''` for what is no failure of a connection. Aggregates (several addresses tried) count by
 * their first.
 */
export function connectionCodeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if (cause instanceof AggregateError) return connectionCodeOf(cause.errors[0]);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (CONNECTION_CODES.has(code) || code.startsWith('HPE_')) return code;
  return cause instanceof StoreError ? connectionCodeOf(cause.cause) : '';
}
