/** An error as a person reads it: where, got, expected, next; a stack only with --debug. */
import { EXIT, messageOf, UserError } from '../core/errors.ts';

/** @returns the exit code */
export function reportError(error: unknown, stderr: NodeJS.WritableStream, debug: boolean): number {
  if (error instanceof UserError) {
    const { got, expected, next } = error.explanation;
    const lines = [`keytrail: ${error.message}`];
    if (got) lines.push(`  got:      ${got}`);
    if (expected) lines.push(`  expected: ${expected}`);
    if (next) lines.push(`  next:     ${next}`);
    if (debug) lines.push(`  code:     ${error.code}`, error.stack ?? '');
    stderr.write(`${lines.join('\n')}\n`);
    return error.exitCode;
  }
  const lines = [`keytrail: ${messageOf(error)}`];
  if (debug && error instanceof Error) lines.push(error.stack ?? '');
  else lines.push('  next:     the same command with --debug shows where it failed');
  stderr.write(`${lines.join('\n')}\n`);
  return EXIT.failed;
}
