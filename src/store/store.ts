/**
 * The port to the store. One wire protocol stands behind it (ClickHouse over HTTP), and nothing above it knows whether
 * a server or the embedded engine answers.
 */

/** A typed parameter of a statement; reaches SQL as `{name:Type}` only. */
export type ParameterValue = string | number | boolean | readonly (string | number)[] | null;
export type Parameters = Readonly<Record<string, ParameterValue>>;
export type Settings = Readonly<Record<string, string | number>>;

export interface QueryOptions {
  readonly parameters?: Parameters;
  readonly settings?: Settings;
  /**
   * `reader`: the role that can only read keytrail's own tables, with `readonly=1`. Default: the program's own rights.
   */
  readonly role?: 'reader';
  readonly signal?: AbortSignal;
}

/** Rows in ClickHouse's RowBinary, columns in the order of `columns`. */
export interface RowBinaryInsert {
  readonly table: string;
  readonly columns: readonly string[];
  /**
   * The rows' bytes, in order, in as many pieces as they were written in; a row may not straddle two pieces, but need
   * not know.
   */
  readonly body: readonly Uint8Array[];
  readonly rows: number;
  /** Digest of exactly these rows: a repeat with the same token is a no-op of the store. */
  readonly token: string;
}

export interface Store {
  /** All rows of a small answer. 64-bit integers arrive as text unless they were cast in SQL. */
  rows<Row>(sql: string, options?: QueryOptions): Promise<Row[]>;
  /** The answer's bytes in a ClickHouse format, streamed; an error after the first byte rejects the iteration. */
  stream(sql: string, format: string, options?: QueryOptions): AsyncIterable<Uint8Array>;
  /** A statement without an answer (DDL, mutation). */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** Resolves when the rows are durable. Not retried inside: see `src/store/retry.ts`. */
  insert(insert: RowBinaryInsert): Promise<void>;
  close(): Promise<void>;
}

/**
 * `retriable`: the same call may succeed later. `data`: these rows will never be accepted as they are. `fatal`: nothing
 * heals by waiting (authentication, missing table, wrong schema version).
 */
export type StoreErrorKind = 'retriable' | 'data' | 'fatal';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** ClickHouse's error code; 0 where the connection failed before one came. */
  readonly code: number;

  constructor(kind: StoreErrorKind, code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
  }
}
