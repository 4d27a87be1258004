/** Rows of older normalisers, made anew from what is stored of their records. */
import { z } from 'zod';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { EVENT_COLUMNS, EventRowEncoder, isAsciiText } from '../core/event-row.ts';
import { hashOfHex } from '../core/identity.ts';
import { RENORMALISE_INSERT_BYTES, RENORMALISE_INSERT_ROWS } from '../core/limits.ts';
import { monthOf } from '../core/months.ts';
import { type NetworkColumns, networkColumns } from '../core/network.ts';
import { type ReaderOptions, readRecord } from '../core/record-reader.ts';
import { ChunkPool, RowBuffer } from '../core/row-buffer.ts';
import type { RowBinaryInsert } from '../store/store.ts';

export const outdatedRow = z.object({
  row_key: z.string(),
  source: z.string(),
  account_id: z.string(),
  content_hash: z.string(),
  ingested_at: z.number(),
  stream: z.string(),
  stream_partition: z.number(),
  stream_offset: z.number(),
  record_index: z.number(),
  block_id: z.string(),
  asn: z.number(),
  as_name: z.string(),
  country: z.string(),
  city: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  network_edition: z.string(),
  raw: z.string(),
});
export type OutdatedRow = z.infer<typeof outdatedRow>;

export interface RewriterOptions {
  readonly reader: ReaderOptions;
  readonly networks: NetworkColumns;
  readonly table: string;
  /** What no other run has: part of every token. */
  readonly runId: string;
  readonly insert: (insert: RowBinaryInsert) => Promise<void>;
}

/** Takes rows one by one, and inserts what they become. */
export class Rewriter {
  readonly #options: RewriterOptions;
  readonly #pool = new ChunkPool();
  readonly #months = new Map<number, RowBuffer>();
  /** What the network columns of the present row are. */
  readonly #columns = { text: '', of: (sourceIp: string) => this.#columnsOf(sourceIp) };
  #encoder: { readonly of: string; readonly encoder: EventRowEncoder } | undefined;
  #held = 0;
  #inserts = 0;

  constructor(options: RewriterOptions) {
    this.#options = options;
  }

  /** @returns whether the present normaliser accepts the record; a row that it does not stays as it is */
  async add(row: OutdatedRow): Promise<boolean> {
    const carried = { contentHash: hashOfHex(row.content_hash) };
    const read = readRecord(
      Buffer.from(row.raw),
      sourceNamed(row.source),
      row.account_id,
      this.#options.reader,
      carried,
    );
    if (read.kind === 'letter') return false;
    const { latitude, longitude } = row;
    const old = { asn: row.asn, asName: row.as_name, country: row.country, city: row.city, latitude, longitude };
    if (this.#options.networks.edition === '') this.#columns.text = networkColumns(old, row.network_edition);
    const { source, fields } = read;
    const rows = this.#rowsOf(monthOf(fields.eventTime));
    const before = rows.bytes;
    this.#encoderOf(row).write(
      rows,
      {
        source: source.name,
        schemaVersion: source.version,
        timePrecisionMs: source.timePrecisionMs,
        fields,
        accountId: read.accountId,
        eventId: read.eventId,
        contentHash: carried.contentHash,
        // The ledger's leaf is over these very bytes: they stay, whatever the scrubber has learnt since.
        raw: row.raw,
        ascii: read.ascii && isAsciiText(row.raw),
        position: row.stream_offset,
        recordIndex: row.record_index,
      },
      rows.rows,
    );
    this.#held += rows.bytes - before;
    if (rows.rows >= RENORMALISE_INSERT_ROWS || this.#held >= RENORMALISE_INSERT_BYTES) await this.flush();
    return true;
  }

  /** Inserts what is held. */
  async flush(): Promise<void> {
    for (const rows of this.#months.values()) {
      if (rows.rows === 0) continue;
      const token = `${this.#options.runId}-${this.#inserts++}`;
      const { table } = this.#options;
      await this.#options.insert({ table, columns: EVENT_COLUMNS, body: rows.pieces(), rows: rows.rows, token });
      rows.release();
    }
    this.#months.clear();
    this.#held = 0;
  }

  #rowsOf(month: number): RowBuffer {
    let rows = this.#months.get(month);
    if (rows === undefined) {
      rows = new RowBuffer(this.#pool);
      this.#months.set(month, rows);
    }
    return rows;
  }

  #encoderOf(row: OutdatedRow): EventRowEncoder {
    const { block_id: blockId, ingested_at: ingestedAt, stream, stream_partition: partition } = row;
    const of = `${blockId} ${ingestedAt} ${partition} ${stream}`;
    if (this.#encoder?.of !== of) {
      this.#encoder = { of, encoder: new EventRowEncoder({ blockId, ingestedAt, stream, partition }, this.#columns) };
    }
    return this.#encoder.encoder;
  }

  #columnsOf(sourceIp: string): string {
    const { networks } = this.#options;
    return networks.edition === '' ? this.#columns.text : networks.of(sourceIp);
  }
}
