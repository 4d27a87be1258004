/**
 * Why a record is no event. A code is stored with the dead letter and is part of its identity: never renamed, only
 * added to.
 */
export const REJECTION_REASONS = [
  /** The text is not UTF-8. */
  'invalid-utf8',
  /** The text is not JSON. */
  'invalid-json',
  /** JSON, but no object. */
  'not-an-object',
  /** Objects and arrays nested deeper than JSON_DEPTH_MAX. */
  'too-deep',
  /** More bytes than RECORD_BYTES_MAX; head, length and digest are kept. */
  'record-too-large',
  /** No source was named, and no source recognises the record. */
  'unrecognised-source',
  /** The source needs an account, and neither an option nor a header named one. */
  'account-missing',
  /** The record names another account than the one its origin may bring records of. */
  'account-not-allowed',
  /** A field that identity, time or shape needs is missing or of another type. */
  'invalid-record',
  /** The time is there, but cannot be read. */
  'time-invalid',
  /** The time has no zone: it could be any of 26 hours. */
  'time-without-zone',
  /** The time is before 1970 or after 2299. */
  'time-out-of-range',
  /** The container ends before its end. */
  'container-truncated',
  /** The container's compression is damaged. */
  'container-damaged',
  /** The container expands beyond its bound (bytes or ratio). */
  'container-too-large',
  /** The store refused this very row for its data. */
  'store-refused',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];
