/** The stored side of sending reports: what is to be sent, and what became of it. Nothing is kept anywhere else. */
import { z } from 'zod';
import { type ReportDeliveryRow, reportDeliveryRows } from '../core/reports/rows.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { insertRows } from './archive.ts';

const waitingRow = z.object({
  ...{ message: z.string(), document_id: z.string(), channel: z.string(), attempt: z.number(), first_ms: z.number() },
});
export type WaitingReport = z.infer<typeof waitingRow>;

export async function waitingReports(store: Store): Promise<WaitingReport[]> {
  return z.array(waitingRow).parse(await store.rows(statement('reports-waiting')));
}

/** Differs from what it was when there may be something to send. */
export async function reportChanges(store: Store): Promise<string> {
  const [row] = await store.rows<{ seen: string }>(statement('reports-changes'));
  return row?.seen ?? '';
}

export function appendDeliveries(store: Store, rows: readonly ReportDeliveryRow[]): Promise<void> {
  return insertRows(store, reportDeliveryRows(rows));
}

const againRow = waitingRow.omit({ first_ms: true });

/**
 * Asks for a report to be sent once more, to all of its channels.
 *
 * @param document id of a document; `''`: of all, those that were given up
 * @returns how many messages that are
 */
export async function resendReports(store: Store, document: string, now: number): Promise<number> {
  const parameters = { document, only_given_up: document === '' };
  const found = z.array(againRow).parse(await store.rows(statement('reports-again'), { parameters }));
  const rows = found.map(({ message, document_id: documentId, channel, attempt }) => ({
    ...{ message, documentId, channel, attempt, at: now, result: 'again' as const, detail: '' },
  }));
  await appendDeliveries(store, rows);
  return rows.length;
}
