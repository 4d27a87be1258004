/** An error as a person reads it: where, got, expected, next; a stack only with --debug. */
import { EXIT, messageOf, UserError } from '../core/errors.ts';
import { StoreError } from '../store/store.ts';

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
  if (error instanceof StoreError) return reportError(explained(error), stderr, debug);
  const lines = [`keytrail: ${messageOf(error)}`];
  if (debug && error instanceof Error) lines.push(error.stack ?? '');
  else lines.push('  next:     the same command with --debug shows where it failed');
  stderr.write(`${lines.join('\n')}\n`);
  return EXIT.failed;
}

/** What a store said, for a person who did not ask it anything in its own language. */
function explained(error: StoreError): UserError {
  const got = error.message.split('\n')[0] ?? '';
  if (error.code === 0) {
    return new UserError(
      'STORE_UNREACHABLE',
      'the store does not answer',
      {
        got,
        expected: 'a ClickHouse server at --clickhouse-url, or the embedded store in --data-dir',
        next: 'see that the server runs and that the address is right, then keytrail doctor',
      },
      { cause: error },
    );
  }
  return new UserError(
    'STORE_REFUSED',
    `the store refused a statement (ClickHouse error ${error.code})`,
    { got, next: 'keytrail doctor looks at the store; --debug shows where it happened' },
    { cause: error },
  );
}
