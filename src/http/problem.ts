/** Errors of the API as RFC 9457 problem details. What a caller can do something about is told, and nothing else is. */
import type { ProblemDocument } from '../../schemas/api/problem.ts';
import { EXIT, type Explanation, UserError } from '../core/errors.ts';
import { StoreError } from '../store/store.ts';

/** A refusal of the HTTP layer itself. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly explanation: Explanation;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    title: string,
    explanation: Explanation = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(title);
    this.status = status;
    this.code = code;
    this.explanation = explanation;
    this.headers = headers;
  }
}

export const RETRY_AFTER = { 'Retry-After': '2' };

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  QUESTION_UNKNOWN: 404,
  LETTER_UNKNOWN: 404,
  TOKEN_UNKNOWN: 404,
  TOKENS_TOO_MANY: 409,
  REPORT_KIND_UNKNOWN: 404,
  REPORT_TOO_LARGE: 422,
  REPORT_SCOPE_EMPTY: 422,
  CHROMIUM_MISSING: 501,
  ANSWER_TOO_LONG: 422,
  ANSWER_TOO_SLOW: 422,
  ANSWER_TOO_BIG: 422,
  SQL_REFUSED: 422,
  DISK_LOW: 507,
};

export function problemOf(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  if (cause instanceof UserError) {
    const status = STATUS_OF_CODE[cause.code] ?? (cause.exitCode === EXIT.usage ? 400 : 500);
    return new Problem(status, cause.code, cause.message, cause.explanation);
  }
  if (cause instanceof StoreError && cause.kind === 'retriable') return storeAway();
  // Whatever else went wrong is a fault of the program: its text may hold anything, so it goes to the log alone.
  return new Problem(500, 'INTERNAL', 'the request could not be answered', {
    next: 'see the log of the daemon for the request id',
  });
}

export function storeAway(): Problem {
  return new Problem(
    503,
    'STORE_AWAY',
    'the store does not answer',
    { next: 'try again after the time in Retry-After' },
    RETRY_AFTER,
  );
}

export function problemDocument(problem: Problem, requestId: string): ProblemDocument {
  const { got, expected, next } = problem.explanation;
  return {
    type: `urn:keytrail:problem:${problem.code}`,
    title: problem.message,
    status: problem.status,
    code: problem.code,
    ...(got === undefined ? {} : { got }),
    ...(expected === undefined ? {} : { expected }),
    ...(next === undefined ? {} : { next }),
    request_id: requestId,
  };
}
