/** Rows of `dead_letter_log`: what was done about a letter, appended and never changed. */
import { sha256 } from '../core/dead-letter-row.ts';
import { hashOfHex } from '../core/identity.ts';
import { VARINT_BYTES_MAX, writeText, writeUInt64, writeUuid } from '../core/row-buffer.ts';
import type { RowBinaryInsert } from '../store/store.ts';
import type { LetterKey } from './letters.ts';

export const LOG_ACTION = { replayed: 1, 'refused-again': 2 } as const;

export interface LogEntry {
  readonly letter: LetterKey;
  readonly action: keyof typeof LOG_ACTION;
  /** The event that came of it, the first where there are several; all `''` for a letter that was refused. */
  readonly eventSource: string;
  readonly eventAccountId: string;
  readonly eventId: string;
  /** The reason of a refusal; how many events, where it is not one. */
  readonly detail: string;
}

const COLUMNS: readonly string[] = [
  'content_hash',
  'at',
  'action',
  'run_id',
  'reason',
  'source',
  'account_id',
  'event_source',
  'event_account_id',
  'event_id',
  'detail',
];
const FIXED_BYTES = 16 + 8 + 1 + 16;

/**
 * @param at ms since 1970, UTC
 * @param runId the replay, which makes the token its own: two replays each say what they did
 */
export function logInsert(entries: readonly LogEntry[], at: number, runId: string): RowBinaryInsert {
  const body = entries.map((entry) => encode(entry, at, runId));
  const token = sha256(Buffer.concat(body)).toString('hex');
  return { table: 'dead_letter_log', columns: COLUMNS, body, rows: entries.length, token };
}

function encode(entry: LogEntry, at: number, runId: string): Buffer {
  const { letter } = entry;
  const texts = [
    letter.reason,
    letter.source,
    letter.accountId,
    entry.eventSource,
    entry.eventAccountId,
    entry.eventId,
    entry.detail,
  ];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + VARINT_BYTES_MAX, FIXED_BYTES);
  const row = Buffer.alloc(bytes);
  row.write(hashOfHex(letter.contentHash), 0, 'latin1');
  writeUInt64(row, at, 16);
  row[24] = LOG_ACTION[entry.action];
  writeUuid(row, runId, 25);
  let end = FIXED_BYTES;
  for (const text of texts) end = writeText(row, text, end);
  return row.subarray(0, end);
}
