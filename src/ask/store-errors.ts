/** What a person can do about an answer that the store refused to give. */
import { EXIT, UserError } from '../core/errors.ts';
import {
  ANSWER_ROWS_MAX,
  GOT_CHARS_MAX,
  READER_MEMORY_BYTES_MAX,
  READER_RESULT_BYTES_MAX,
  READER_SECONDS_MAX,
} from '../core/limits.ts';
import { StoreError } from '../store/store.ts';

const NARROWER =
  'ask about a shorter time (--from, --to, or event_time in a SELECT of your own), or for fewer rows or columns';
/** What stands behind the refusal of a SELECT that a person typed. */
export const WHAT_MAY_BE_ASKED = 'docs/questions.md says what may be asked';

interface Limit {
  readonly code: string;
  readonly message: string;
  readonly expected: string;
}

const TOO_LONG = limit(
  'ANSWER_TOO_LONG',
  'the answer is too long',
  `at most ${ANSWER_ROWS_MAX} rows and ${READER_RESULT_BYTES_MAX} bytes`,
);
const LIMITS: Readonly<Record<number, Limit>> = {
  158: TOO_LONG,
  159: limit('ANSWER_TOO_SLOW', 'the answer took too long', `at most ${READER_SECONDS_MAX} s`),
  160: limit('ANSWER_TOO_SLOW', 'the answer would take too long', `at most ${READER_SECONDS_MAX} s`),
  241: limit('ANSWER_TOO_BIG', 'the answer needs too much memory', `at most ${READER_MEMORY_BYTES_MAX} bytes`),
  396: TOO_LONG,
};

function limit(code: string, message: string, expected: string): Limit {
  return { code, message, expected };
}

/** Refusals of the statement itself: syntax, unknown names, types and arguments that do not fit, rights. */
const STATEMENT_CODES = new Set([
  6, 26, 27, 36, 38, 41, 42, 43, 44, 46, 47, 50, 53, 62, 63, 69, 70, 72, 128, 131, 153, 164, 167, 179, 184, 185, 207,
  215, 306, 352, 386, 395, 407, 456, 457, 476, 497,
]);

/** Who wrote the statement: a person at the prompt, who called wrongly when it cannot be run, or a file. */
export type StatementOrigin = 'typed' | 'saved';

/** @returns a UserError for whatever the engine tells; what came, where no engine answered */
export function explainStoreError(cause: unknown, origin: StatementOrigin = 'saved'): unknown {
  if (!(cause instanceof StoreError) || cause.code === 0) return cause;
  const known = LIMITS[cause.code];
  if (known !== undefined) return beyondLimit(known, cause);
  if (STATEMENT_CODES.has(cause.code)) return refused(cause, origin);
  return new UserError(
    'ANSWER_FAILED',
    'the store could not answer',
    {
      got: firstSentence(cause.message),
      expected: 'a statement that the store can run',
      next: 'change the statement; keytrail doctor checks the store',
    },
    { cause },
  );
}

/** The refusal of an answer with too many rows: the engine counts them block by block, and may let more pass. */
export function tooManyRows(): UserError {
  return beyondLimit(TOO_LONG);
}

function beyondLimit({ code, message, expected }: Limit, cause?: StoreError): UserError {
  return new UserError(code, message, { expected, next: NARROWER }, { cause });
}

function refused(cause: StoreError, origin: StatementOrigin): UserError {
  const typed = origin === 'typed';
  return new UserError(
    'SQL_REFUSED',
    'the store refused the statement',
    {
      got: firstSentence(cause.message),
      expected: 'a SELECT that the store can run',
      next: typed
        ? `correct the statement; ${WHAT_MAY_BE_ASKED}`
        : 'correct the question when it is your own; keytrail doctor checks the store',
    },
    { cause, exitCode: typed ? EXIT.usage : EXIT.failed },
  );
}

/** The engine repeats the whole statement behind its reason, and that only hides the reason. */
export function firstSentence(message: string): string {
  return message
    .replace(/^.*?DB::Exception: /s, '')
    .replace(/(?::? in scope |\. Expected one of: |: while executing |: while processing ).*$/is, '')
    .replace(/\.?\s*\([A-Z][A-Z0-9_]*\)(?:\s*\(version [^)]*\))?\s*$/, '')
    .slice(0, GOT_CHARS_MAX)
    .trim();
}
