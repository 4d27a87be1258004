/**
 * Removes records of aborted transactions that kafkajs lets through. Its filter takes one aborted transaction per
 * record off a list in order of their ends; with several producers aborting at once the first records of some pass. A
 * transaction is aborted as a whole, so the rest of the fetch tells.
 */

/** A record as kafkajs holds it, with the fields that its types leave out. */
export interface RawRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly isControlRecord?: boolean;
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
}

/** A control record's key is its version and its type, two bytes each; type 0 ends an aborted transaction. */
const isAbort = (record: RawRecord) => record.key !== null && record.key.length >= 4 && record.key.readInt16BE(2) === 0;

/**
 * @param raw everything that was fetched, in order: also markers and records that were filtered out
 * @param visible what kafkajs hands over of it
 */
export function withoutAborted<R extends RawRecord>(raw: readonly RawRecord[], visible: readonly R[]): readonly R[] {
  // Nothing was filtered: no marker and no aborted record is in this fetch.
  if (raw.length === visible.length) return visible;
  const shown = new Set<RawRecord>(visible);
  const leaked = new Set<RawRecord>();
  const aborted = new Map<string, boolean>();
  for (const record of raw.toReversed()) {
    const { producerId, inTransaction } = record.batchContext ?? { producerId: '', inTransaction: false };
    if (record.isControlRecord) aborted.set(producerId, isAbort(record));
    else if (inTransaction && !shown.has(record)) aborted.set(producerId, true);
    else if (inTransaction && aborted.get(producerId)) leaked.add(record);
  }
  return leaked.size === 0 ? visible : visible.filter((record) => !leaked.has(record));
}
