/** What a source is: the schema of a record and a pure normaliser, in one file beside this one. */
import type { EventFields } from '../audit-event.ts';
import type { RejectionReason } from '../rejection.ts';

/** A parsed record. Integers beyond 2^53 arrive as text, digit by digit as they were written. */
export type JsonObject = { readonly [name: string]: unknown };

export interface NormaliseContext {
  /** The account that the origin names (option or header); `''` when it names none. */
  readonly accountId: string;
  /** True for the addresses of proxies that we trust to have written the right side of a forwarded list. */
  readonly isTrustedProxy: (ip: string) => boolean;
}

/** Bad data is a value: nothing throws for a record. */
export type Normalised =
  | { readonly kind: 'event'; readonly fields: EventFields }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason; readonly path: string; readonly got: string };

export interface Source {
  /** The name that commands and topics use, such as `gateway/request`. */
  readonly name: string;
  readonly title: string;
  /** Raised whenever the same record would give other fields; stored as `schema_version`. */
  readonly version: number;
  /** Resolution of the clock that its times are read from, in ms: what happened within it cannot be told apart. */
  readonly timePrecisionMs: number;
  /** `origin`: records do not name their account, and the origin must (`--account`, header). */
  readonly accountFrom: 'record' | 'origin';
  /** Whether a record whose source nobody named is one of this source. At most one source may say yes. */
  readonly recognises: (record: JsonObject) => boolean;
  readonly normalise: (record: JsonObject, context: NormaliseContext) => Normalised;
}
