/** What was decided of alerts, and what became of sending them, as rows of their table. Pure. */
import type { TableRows } from '../registry/rows.ts';
import { RowWriter } from '../row-writer.ts';
import type { Occasion } from './telling.ts';

export const DELIVERY_RESULTS = ['held', 'planned', 'failed', 'delivered', 'given-up', 'again', 'unrouted'] as const;
export type DeliveryResult = (typeof DELIVERY_RESULTS)[number];
const OCCASIONS = ['opened', 'reopened', 'resolved', 'digest'] as const;

export interface DeliveryRow {
  readonly message: string;
  /** ms since 1970, UTC */
  readonly at: number;
  readonly result: DeliveryResult;
  readonly attempt: number;
  readonly channel: string;
  readonly occasion: Occasion | 'digest';
  readonly fingerprint: string;
  readonly occasionAt: number;
  /** Of what is held: the kind of its digest. Of what was tried: what came back. */
  readonly detail: string;
  /** Of a digest: the messages that it stands for. */
  readonly members: readonly string[];
}

const COLUMNS = [
  ...['message', 'at', 'result', 'attempt', 'channel', 'occasion', 'fingerprint', 'occasion_at', 'detail', 'members'],
];
const ATTEMPTS_SHOWN_MAX = 65_535;

export function deliveryRows(rows: readonly DeliveryRow[]): TableRows {
  const writer = new RowWriter();
  for (const row of rows) {
    writer.text(row.message);
    writer.time(row.at);
    writer.uint8(DELIVERY_RESULTS.indexOf(row.result) + 1);
    writer.uint16(Math.min(row.attempt, ATTEMPTS_SHOWN_MAX));
    writer.text(row.channel);
    writer.uint8(OCCASIONS.indexOf(row.occasion) + 1);
    writer.text(row.fingerprint);
    writer.time(row.occasionAt);
    writer.text(row.detail);
    writer.array(row.members, (member) => writer.text(member));
  }
  return { table: 'deliveries', columns: COLUMNS, bytes: writer.bytes, rows: rows.length };
}
