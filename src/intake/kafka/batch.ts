/** What a batch and a message of kafkajs 2.2.4 hold, also beside what its types tell. */
import type { Batch, KafkaMessage } from 'kafkajs';
import type { RawRecord } from './transactions.ts';

export const ACCOUNT_HEADER = 'keytrail-account';

/** The offset that the fetch asked for: kept on the batch, untyped. */
export function fetchedFrom(batch: Batch): number | undefined {
  const { fetchedOffset } = batch as { fetchedOffset?: string };
  const offset = fetchedOffset ?? batch.firstOffset();
  return offset === null ? undefined : Number(offset);
}

/** All that was fetched, filtered or not: untyped too. */
export function rawRecords(batch: Batch): readonly RawRecord[] {
  return (batch as { rawMessages?: readonly RawRecord[] }).rawMessages ?? batch.messages;
}

export function accountOf({ headers }: KafkaMessage): string | undefined {
  const header = headers?.[ACCOUNT_HEADER];
  const value = Array.isArray(header) ? header[0] : header;
  return value === undefined ? undefined : value.toString();
}
