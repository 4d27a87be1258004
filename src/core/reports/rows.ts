/** Documents, and what became of sending and making them, as rows of their tables. Pure. */
import type { TableRows } from '../registry/rows.ts';
import { RowWriter } from '../row-writer.ts';
import type { PlannedMessage } from './plan.ts';

export interface DocumentRow {
  readonly documentId: string;
  readonly reportId: string;
  /** `''`: somebody asked for it. */
  readonly schedule: string;
  readonly kind: string;
  readonly title: string;
  readonly period: { readonly name: string; readonly fromMs: number; readonly toMs: number; readonly zone: string };
  readonly isProvisional: boolean;
  readonly account: string;
  readonly owner: string;
  /** Who asked for it; `''` for a schedule. */
  readonly author: string;
  readonly summary: string;
  readonly rows: number;
  readonly sectionsFailed: number;
  readonly formats: readonly string[];
  readonly messages: readonly PlannedMessage[];
  readonly recipients: readonly string[] | undefined;
  /** The document as JSON. */
  readonly document: string;
  readonly storedAt: number;
}

const DOCUMENT_COLUMNS = [
  ...['document_id', 'report_id', 'schedule', 'kind', 'title', 'period', 'period_from', 'period_to', 'zone'],
  ...['is_provisional', 'account_id', 'owner', 'author', 'summary', 'rows', 'sections_failed', 'formats', 'messages'],
  ...['channels', 'is_addressed', 'recipients', 'bytes', 'document', 'stored_at'],
];

export function documentRow(row: DocumentRow): TableRows {
  const writer = new RowWriter();
  const { period, messages } = row;
  for (const text of [row.documentId, row.reportId, row.schedule, row.kind, row.title, period.name]) writer.text(text);
  writer.time(period.fromMs);
  writer.time(period.toMs);
  writer.text(period.zone);
  writer.bool(row.isProvisional);
  for (const text of [row.account, row.owner, row.author, row.summary]) writer.text(text);
  writer.uint64(row.rows);
  writer.uint16(row.sectionsFailed);
  writer.array(row.formats, (format) => writer.text(format));
  writer.array(messages, ({ message }) => writer.text(message));
  writer.array(messages, ({ channel }) => writer.text(channel));
  writer.bool(row.recipients !== undefined);
  writer.array(row.recipients ?? [], (recipient) => writer.text(recipient));
  writer.uint64(Buffer.byteLength(row.document));
  writer.text(row.document);
  writer.time(row.storedAt);
  return { table: 'report_documents', columns: DOCUMENT_COLUMNS, bytes: writer.bytes, rows: 1 };
}

export const REPORT_RESULTS = ['failed', 'delivered', 'given-up', 'again'] as const;
export type ReportResult = (typeof REPORT_RESULTS)[number];

export interface ReportDeliveryRow {
  readonly message: string;
  readonly documentId: string;
  readonly channel: string;
  /** ms since 1970, UTC */
  readonly at: number;
  readonly result: ReportResult;
  readonly attempt: number;
  readonly detail: string;
}

const ATTEMPTS_SHOWN_MAX = 65_535;

export function reportDeliveryRows(rows: readonly ReportDeliveryRow[]): TableRows {
  const writer = new RowWriter();
  for (const row of rows) {
    for (const text of [row.message, row.documentId, row.channel]) writer.text(text);
    writer.time(row.at);
    writer.uint8(REPORT_RESULTS.indexOf(row.result) + 1);
    writer.uint16(Math.min(row.attempt, ATTEMPTS_SHOWN_MAX));
    writer.text(row.detail);
  }
  const columns = ['message', 'document_id', 'channel', 'at', 'result', 'attempt', 'detail'];
  return { table: 'report_deliveries', columns, bytes: writer.bytes, rows: rows.length };
}

export const RUN_RESULTS = ['known', 'failed', 'made', 'given-up'] as const;
export type RunResult = (typeof RUN_RESULTS)[number];

export interface RunRow {
  readonly schedule: string;
  /** Its name; `''` for `known`. */
  readonly period: string;
  /** ms since 1970, UTC */
  readonly at: number;
  readonly result: RunResult;
  readonly attempt: number;
  readonly documents: number;
  readonly detail: string;
}

export function runRows(rows: readonly RunRow[]): TableRows {
  const writer = new RowWriter();
  for (const row of rows) {
    writer.text(row.schedule);
    writer.text(row.period);
    writer.time(row.at);
    writer.uint8(RUN_RESULTS.indexOf(row.result) + 1);
    writer.uint16(Math.min(row.attempt, ATTEMPTS_SHOWN_MAX));
    writer.uint32(row.documents);
    writer.text(row.detail);
  }
  const columns = ['schedule', 'period', 'at', 'result', 'attempt', 'documents', 'detail'];
  return { table: 'report_runs', columns, bytes: writer.bytes, rows: rows.length };
}
