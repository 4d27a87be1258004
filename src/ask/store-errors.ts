/** What a person can do about an answer that the store refused to give. */
import { UserError } from '../core/errors.ts';
import {
  ANSWER_ROWS_MAX,
  GOT_CHARS_MAX,
  READER_MEMORY_BYTES_MAX,
  READER_RESULT_BYTES_MAX,
  READER_SECONDS_MAX,
} from '../core/limits.ts';
import { StoreError } from '../store/store.ts';

const NARROWER = 'ask about a shorter time (--from, --to) or for fewer columns';

const LIMITS: Readonly<Record<number, { code: string; message: string; expected: string }>> = {
  158: limit('ANSWER_TOO_LONG', 'the answer has too many rows', `at most ${ANSWER_ROWS_MAX} rows`),
  159: limit('ANSWER_TOO_SLOW', 'the answer took too long', `at most ${READER_SECONDS_MAX} s`),
  160: limit('ANSWER_TOO_SLOW', 'the answer would take too long', `at most ${READER_SECONDS_MAX} s`),
  241: limit('ANSWER_TOO_BIG', 'the answer needs too much memory', `at most ${READER_MEMORY_BYTES_MAX} bytes`),
  396: limit(
    'ANSWER_TOO_LONG',
    'the answer is too long',
    `at most ${ANSWER_ROWS_MAX} rows and ${READER_RESULT_BYTES_MAX} bytes`,
  ),
};

function limit(code: string, message: string, expected: string) {
  return { code, message, expected };
}

/** Refusals of the statement itself: syntax, unknown names, types that do not fit, rights. */
const STATEMENT_CODES = new Set([
  6, 26, 27, 36, 38, 41, 42, 43, 44, 46, 47, 50, 53, 62, 63, 69, 70, 72, 153, 164, 167, 179, 184, 185, 207, 215, 306,
  352, 386, 395, 407, 456, 457, 476, 497,
]);

/** @returns a UserError where the person asking can do something about it, else what came */
export function explainStoreError(cause: unknown): unknown {
  if (!(cause instanceof StoreError)) return cause;
  const known = LIMITS[cause.code];
  if (known !== undefined) {
    return new UserError(known.code, known.message, { expected: known.expected, next: NARROWER }, { cause });
  }
  if (!STATEMENT_CODES.has(cause.code)) return cause;
  return new UserError(
    'SQL_REFUSED',
    'the store refused the statement',
    { got: firstSentence(cause.message) },
    { cause },
  );
}

/** The engine repeats the whole statement behind its reason, and that only hides the reason. */
export function firstSentence(message: string): string {
  return message
    .replace(/^.*?DB::Exception: /s, '')
    .replace(/(?:: In scope |\. Expected one of: |: while executing |: While processing ).*$/is, '')
    .slice(0, GOT_CHARS_MAX)
    .trim();
}
