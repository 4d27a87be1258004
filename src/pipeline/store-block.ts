/**
 * Makes a block durable: rows of each month, dead letters, and the row at fault when the store refuses one for its
 * data.
 */
import type { BlockBuilder } from '../core/block.ts';
import { DEAD_LETTER_COLUMNS, NO_DIGEST, writeDeadLetter } from '../core/dead-letter-row.ts';
import { UserError } from '../core/errors.ts';
import { EVENT_COLUMNS, readEventRow } from '../core/event-row.ts';
import { REFUSED_ROWS_MAX } from '../core/limits.ts';
import { type ChunkPool, RowBuffer } from '../core/row-buffer.ts';
import { type RowBinaryInsert, type Store, StoreError } from '../store/store.ts';

export interface BlockStore {
  /** Inserts, and retries what is retriable until it is durable. */
  readonly insert: (insert: RowBinaryInsert) => ReturnType<Store['insert']>;
  readonly pool: ChunkPool;
  /** Takes a row that the store refused for its data, by its ordinal in the block. Default: a dead letter. */
  readonly onRefused?: (ordinal: number, error: StoreError) => void;
}

/** @returns reasons of the rows that the store refused, beyond the letters that the block already held */
export async function storeBlock(store: BlockStore, block: BlockBuilder): Promise<string[]> {
  const late = new RowBuffer(store.pool);
  const refused: string[] = [];
  const { stream, partition, tokenScope = '' } = block.stamp;
  const scope = `${stream}\0${partition}\0${tokenScope}`;
  try {
    for (const [month, rows] of block.months) {
      await insertMonth(store, block, rows, `${scope}\0${month}`, 0, rows.rows, (row, error) => {
        refused.push('store-refused');
        if (refused.length > REFUSED_ROWS_MAX) throw tooManyRefused(error);
        if (store.onRefused) store.onRefused(rows.ordinals(row, row + 1)[0] ?? 0, error);
        else refuse(block, rows, row, error, late);
      });
    }
    await insertLetters(store, block, block.letters, `${scope}\0letters`);
    await insertLetters(store, block, late, `${scope}\0refused`);
  } finally {
    late.release();
  }
  return refused;
}

/** Halves what the store refuses for its data, down to the row at fault. Each half has a token of its own rows. */
async function insertMonth(
  store: BlockStore,
  block: BlockBuilder,
  rows: RowBuffer,
  scope: string,
  from: number,
  to: number,
  onRefused: (row: number, error: StoreError) => void,
): Promise<void> {
  if (from === to) return;
  try {
    await store.insert({
      table: 'audit_events',
      columns: EVENT_COLUMNS,
      body: rows.pieces(from, to),
      rows: to - from,
      token: block.index.token(scope, rows.ordinals(from, to)),
    });
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'data') throw error;
    if (to - from === 1) return onRefused(from, error);
    const middle = (from + to) >>> 1;
    await insertMonth(store, block, rows, scope, from, middle, onRefused);
    await insertMonth(store, block, rows, scope, middle, to, onRefused);
  }
}

async function insertLetters(store: BlockStore, block: BlockBuilder, rows: RowBuffer, scope: string): Promise<void> {
  if (rows.rows === 0) return;
  await store.insert({
    table: 'dead_letters',
    columns: DEAD_LETTER_COLUMNS,
    body: rows.pieces(),
    rows: rows.rows,
    // The reasons stand in the token: the same records may be rejected otherwise by a later version of the program.
    token: block.index.token(`${scope}\0${block.reasons.join()}`, rows.ordinals()),
  });
}

function refuse(block: BlockBuilder, rows: RowBuffer, row: number, error: StoreError, late: RowBuffer): void {
  const facts = readEventRow(Buffer.concat(rows.pieces(row, row + 1)));
  const ordinal = rows.ordinals(row, row + 1)[0] ?? 0;
  const letter = {
    contentHash: facts.contentHash,
    reason: 'store-refused' as const,
    source: facts.source,
    accountId: facts.accountId,
    path: '',
    got: `ClickHouse error ${error.code}`,
    text: Buffer.from(facts.raw),
    textBytes: Buffer.byteLength(facts.raw),
    textDigest: NO_DIGEST,
    replayable: true,
  };
  const position = block.index.position(ordinal);
  const recordIndex = block.index.recordIndex(ordinal);
  writeDeadLetter(late, letter, { ...block.stamp, position, recordIndex }, ordinal);
}

function tooManyRefused(error: StoreError): UserError {
  return new UserError(
    'STORE_REFUSES_ROWS',
    `the store refuses more than ${REFUSED_ROWS_MAX} rows of one block`,
    {
      got: error.message,
      expected: 'rows that fit the tables; so many refusals are a fault of the tables or of the program',
      next: 'keytrail doctor; nothing was acknowledged, so nothing is lost',
    },
    { cause: error },
  );
}
