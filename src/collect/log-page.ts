/** A page of one of the two logs: its rows as the very bytes that came, and what a walk needs to know of each. */
import { parseInstant } from '../../schemas/fields/time.ts';
import { type Told, toldBy } from '../core/collect/told.ts';
import type { RowFact } from '../core/collect/walk.ts';
import { frameMessage } from '../core/framing.ts';
import { API_ANSWER_BYTES_MAX, GOT_CHARS_MAX } from '../core/limits.ts';
import { identityOfRecord } from '../core/record-reader.ts';
import type { ApiAnswer } from './api.ts';
import { ApiError } from './api-error.ts';

export interface PageRow extends RowFact {
  readonly bytes: Buffer;
  /** The entry tells of an account: of its users, their keys, or what keys may do. */
  readonly isOfAccount: boolean;
  /** What it says of users and keys, where its text is one that is known. */
  readonly told: Told | undefined;
}

/**
 * @param storeKeyHex with which identities are made: an open digest would let a secret in a row be guessed
 * @throws ApiError when the answer is no page of a log
 */
export function readPage({ json, body }: ApiAnswer, accountId: string, storeKeyHex: string): PageRow[] {
  const { entries } = json;
  if (!Array.isArray(entries)) {
    const names = Object.keys(json).join(', ').slice(0, GOT_CHARS_MAX);
    throw new ApiError('ANSWER_OF_ANOTHER_SHAPE', `an object without entries: ${names}`);
  }
  return recordsOf(body, entries).map((bytes, index) => {
    const entry = (entries[index] ?? {}) as Readonly<Record<string, unknown>>;
    const { time, type } = entry;
    const instant = typeof time === 'string' ? parseInstant(time) : undefined;
    return {
      bytes,
      hash: identityOfRecord(bytes, storeKeyHex),
      time: typeof instant === 'number' ? instant : undefined,
      isOfAccount: type === 'Account',
      told: toldBy(entry, accountId),
    };
  });
}

/** As they were written: a record that is written anew would not be the one that a file of the same log holds. */
function recordsOf(body: Buffer, entries: readonly unknown[]): Buffer[] {
  const framed = frameMessage(body, { recordBytesMax: API_ANSWER_BYTES_MAX });
  const records = framed.flatMap((one) => (one.kind === 'record' ? [Buffer.from(one.bytes)] : []));
  return records.length === entries.length ? records : entries.map((entry) => Buffer.from(JSON.stringify(entry)));
}
