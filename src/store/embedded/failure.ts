/** A failed statement as the HTTP protocol tells it: status, code header, text. */
import { messageOf } from '../../core/errors.ts';
import { codeOfText } from '../errors.ts';

/** A refusal of our own, with ClickHouse's code for it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(code: number, label: string, message: string) {
    super(`Code: ${code}. DB::Exception: ${message}. (${label})`);
  }
}

/** As ClickHouse's HTTP handler maps them; any other code is 500. */
const STATUS_OF_CODE: ReadonlyMap<number, number> = new Map([
  [516, 401],
  [497, 403],
  [164, 403],
  [47, 404],
  [60, 404],
  [81, 404],
  [159, 408],
  [307, 413],
  [26, 400],
  [27, 400],
  [36, 400],
  [53, 400],
  [62, 400],
  [117, 400],
  [456, 400],
  [457, 400],
  [48, 501],
]);

export interface Failure {
  readonly status: number;
  readonly code: number;
  readonly text: string;
}

export function failureOf(cause: unknown, version: string): Failure {
  const message = isNoSpace(cause)
    ? `Code: 243. DB::Exception: ${messageOf(cause)}. (NOT_ENOUGH_SPACE)`
    : messageOf(cause);
  const known = codeOfText(message);
  const code = known === 0 ? 1002 : known;
  const text = known === 0 ? `Code: 1002. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)` : message;
  return { status: STATUS_OF_CODE.get(code) ?? 500, code, text: `${text} (version ${version})` };
}

/**
 * The spool ran into a full disk: the same to the caller as the engine's own refusal, which heals when space is freed.
 */
function isNoSpace(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}
