/** Refusals in the words of ClickHouse's HTTP protocol, so that its clients understand them. */
import { UserError } from '../../core/errors.ts';
import { StoreError } from '../../store/store.ts';
import { Problem } from '../problem.ts';

export class SqlRefusal extends Error {
  override readonly name = 'SqlRefusal';
  readonly code: number;
  readonly label: string;

  constructor(code: number, label: string, message: string) {
    super(message);
    this.code = code;
    this.label = label;
  }
}

export interface SqlFailure {
  readonly status: number;
  readonly code: number;
  readonly text: string;
}

const ACCESS_DENIED = [497, 'ACCESS_DENIED'] as const;
/** What the guard refuses, as the code that a server would refuse it with. */
const OF_GUARD: Readonly<Record<string, readonly [number, string]>> = {
  SQL_INVALID: [62, 'SYNTAX_ERROR'],
  SQL_TOO_LONG: [307, 'TOO_MANY_BYTES'],
  SQL_NOT_A_SELECT: [164, 'READONLY'],
};

const STATUS: ReadonlyMap<number, number> = new Map([
  [516, 401],
  [497, 403],
  [164, 403],
  [47, 404],
  [60, 404],
  [81, 404],
  [159, 408],
  [307, 413],
  [202, 429],
  [210, 503],
  [62, 400],
  [36, 400],
  [456, 400],
  [457, 400],
]);

export function sqlFailureOf(cause: unknown): SqlFailure {
  if (cause instanceof SqlRefusal) return failure(cause.code, cause.label, cause.message);
  // The store's own text names its code and its reason, and may repeat the statement, which is the caller's.
  if (cause instanceof StoreError && cause.code > 0) {
    const text = cause.message.includes('DB::Exception') ? cause.message : codeText(cause.code, '', cause.message);
    return { status: STATUS.get(cause.code) ?? 500, code: cause.code, text };
  }
  if (cause instanceof StoreError) return failure(210, 'NETWORK_ERROR', 'The store does not answer');
  if (cause instanceof UserError) {
    const [code, label] = OF_GUARD[cause.code] ?? ACCESS_DENIED;
    const { got, expected } = cause.explanation;
    return failure(code, label, `${cause.message}; got ${got ?? ''}; expected ${expected ?? ''}`);
  }
  if (cause instanceof Problem) {
    const [code, label] = cause.status === 429 ? ([202, 'TOO_MANY_SIMULTANEOUS_QUERIES'] as const) : ACCESS_DENIED;
    return { ...failure(code, label, cause.message), status: cause.status };
  }
  return failure(1002, 'UNKNOWN_EXCEPTION', 'The statement could not be run; the log of the daemon says why');
}

function failure(code: number, label: string, message: string): SqlFailure {
  return { status: STATUS.get(code) ?? 500, code, text: codeText(code, label, message) };
}

function codeText(code: number, label: string, message: string): string {
  return `Code: ${code}. DB::Exception: ${message}.${label === '' ? '' : ` (${label})`}`;
}
