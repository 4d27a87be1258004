/**
 * Errors for people: where, what was got, what was expected, what to do next. Broken promises of ours throw plain
 * errors.
 */

export interface Explanation {
  readonly got?: string;
  readonly expected?: string;
  readonly next?: string;
}

/** Process exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, deadLetters: 3, findings: 4 } as const;

/** An error that the user can do something about. Tests assert the code; the wording may change. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly explanation: Explanation;
  readonly exitCode: number;

  constructor(
    code: string,
    message: string,
    explanation: Explanation = {},
    options: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.explanation = explanation;
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** The command was called wrongly (exit code 2). */
export class UsageError extends UserError {
  constructor(code: string, message: string, explanation: Explanation = {}, options: { cause?: unknown } = {}) {
    super(code, message, explanation, { ...options, exitCode: EXIT.usage });
  }
}

/** @throws Error when a promise that the code makes to itself is broken */
export function invariant(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new Error(`broken promise: ${promise}`);
}

/** What went wrong, in one line, whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
