/** Reports that were made for somebody, as they are stored: written once, before anything of them is sent. */
import { z } from 'zod';
import { REPORT_FORMATS, type ReportDocument } from '../../schemas/reports.ts';
import { sha256 } from '../core/dead-letter-row.ts';
import { UserError } from '../core/errors.ts';
import { REPORT_DOCUMENT_BYTES_MAX } from '../core/limits.ts';
import type { TableRows } from '../core/registry/rows.ts';
import { type DocumentRow, documentRow } from '../core/reports/rows.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

/** All rows or none: they are one block of one table. The same rows a second time are no second ones. */
export async function insertRows(store: Store, { table, columns, bytes, rows }: TableRows): Promise<void> {
  if (rows === 0) return;
  await store.insert({ table, columns, body: [bytes], rows, token: sha256(bytes).toString('hex') });
}

/** What is kept of a report, beside what the document says of itself. */
export type Kept = Pick<
  DocumentRow,
  'documentId' | 'schedule' | 'author' | 'formats' | 'messages' | 'recipients' | 'storedAt'
>;

/** @throws UserError REPORT_TOO_LARGE */
export async function keepDocument(store: Store, document: ReportDocument, kept: Kept): Promise<void> {
  const { id: reportId, kind, title, period, scope, summary, totals } = document;
  const text = JSON.stringify(document);
  const bytes = Buffer.byteLength(text);
  if (bytes > REPORT_DOCUMENT_BYTES_MAX) {
    throw new UserError('REPORT_TOO_LARGE', 'the report is too large to be kept', {
      got: `${bytes} bytes`,
      expected: `at most ${REPORT_DOCUMENT_BYTES_MAX} bytes`,
      next: 'ask of one account, of a shorter time, or of each owner by itself',
    });
  }
  const row = documentRow({
    ...{ ...kept, reportId, kind, title, summary, document: text },
    period: { name: period.name, fromMs: Date.parse(period.from), toMs: Date.parse(period.to), zone: period.zone },
    isProvisional: period.is_provisional,
    ...{ account: scope.account ?? '', owner: scope.owner ?? '' },
    ...{ rows: totals.rows, sectionsFailed: totals.sections_failed },
  });
  await insertRows(store, row);
}

/** @returns ids of the documents of a kind that are stored for a period, by its name */
export async function keptDocuments(store: Store, kind: string, period: string): Promise<ReadonlySet<string>> {
  const parameters = { kind, period };
  const rows = await store.rows<{ document_id: string }>(statement('reports-known'), { parameters });
  return new Set(rows.map(({ document_id }) => document_id));
}

const keptRow = z.object({
  ...{ document_id: z.string(), report_id: z.string(), schedule: z.string(), kind: z.string() },
  formats: z.array(z.enum(REPORT_FORMATS)),
  ...{ is_addressed: z.boolean(), recipients: z.array(z.string()), messages: z.array(z.string()) },
  ...{ channels: z.array(z.string()), stored_ms: z.number(), document: z.string() },
});

/** What every version of a document has; the rest was checked when it was written. */
const documentHead = z.looseObject({ version: z.literal(1), id: z.string(), sections: z.array(z.unknown()) });

export interface KeptDocument extends Omit<z.infer<typeof keptRow>, 'document'> {
  readonly document: ReportDocument;
}

export async function keptDocument(store: Store, id: string): Promise<KeptDocument | undefined> {
  const [found] = await store.rows(statement('reports-document'), { parameters: { document: id } });
  if (found === undefined) return undefined;
  const { document, ...row } = keptRow.parse(found);
  return { ...row, document: documentHead.parse(JSON.parse(document)) as unknown as ReportDocument };
}

/**
 * @param prefix of the id of a document, or of a report: of several documents of one report the last one
 * @throws UserError REPORT_UNKNOWN, REPORT_AMBIGUOUS
 */
export async function documentNamed(store: Store, prefix: string): Promise<string> {
  const rows = await store.rows<{ document_id: string; report_id: string }>(statement('reports-named'), {
    parameters: { prefix },
  });
  const [first] = rows;
  if (first === undefined || prefix === '') {
    throw new UserError('REPORT_UNKNOWN', 'there is no such report', { got: prefix, next: 'keytrail report history' });
  }
  const isOne = rows.length === 1 || rows.every(({ report_id }) => report_id === first.report_id);
  if (isOne) return first.document_id;
  throw new UserError('REPORT_AMBIGUOUS', 'several reports have an id that begins so', {
    got: prefix,
    expected: rows.map(({ document_id }) => document_id.slice(0, 16)).join(', '),
    next: 'name more of the id',
  });
}
