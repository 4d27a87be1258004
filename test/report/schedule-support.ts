/** Schedules with a press of a test's own: what is made and sent is real, and what a report says is little. */
import { randomUUID } from 'node:crypto';
import type { ReportDocument, ReportFormat, ReportKind } from '../../schemas/reports.ts';
import { reportId } from '../../src/core/reports/identity.ts';
import { type ScheduleTimes, scheduleTimes } from '../../src/core/reports/schedule-times.ts';
import type { ReportRequest } from '../../src/report/compose.ts';
import type { Press } from '../../src/report/maker.ts';
import { kindParameters } from '../../src/report/request.ts';
import type { Schedule } from '../../src/report/schedules.ts';
import type { Store } from '../../src/store/store.ts';

export const KIND: ReportKind = {
  id: 'test-kind',
  file: 'test-kind.yaml',
  title: 'Test report',
  description: 'A report of a test.',
  period: 'day',
  parameters: { top: { default: 10, description: 'how many' } },
  summary: 'one',
  sections: [],
};

export function schedule(name: string, more: Partial<Schedule> & { at?: string } = {}): Schedule {
  const { at = 'daily 07:00', zone = 'UTC', ...rest } = more;
  return {
    ...{ name, zone, kind: KIND, grain: 'day', parameters: {}, account: '', isPerOwner: false, recipients: {} },
    ...{ formats: ['html', 'csv'], channels: ['one'], times: scheduleTimes(at, zone) as ScheduleTimes },
    ...rest,
  };
}

export interface TestPress extends Press {
  readonly asked: ReportRequest[];
  /** Of the documents for each owner. */
  owners: readonly string[];
  /** Answers from now on, in place of a document. */
  fail: ((request: ReportRequest) => Error | undefined) | undefined;
  /** Sections without an answer from now on. */
  sectionFails: (owner: string | undefined) => boolean;
}

export function testPress(): TestPress {
  const press: TestPress = {
    ...{ asked: [], owners: [], fail: undefined, sectionFails: () => false },
    compose: async (request) => {
      press.asked.push(request);
      const error = press.fail?.(request);
      if (error !== undefined) throw error;
      return documentOf(request, press.sectionFails(undefined));
    },
    composeForOwners: async function* (request) {
      press.asked.push(request);
      for (const owner of press.owners) {
        const scoped = { ...request, scope: { ...request.scope, owner } };
        const error = press.fail?.(scoped);
        if (error !== undefined) throw error;
        yield documentOf(scoped, press.sectionFails(owner));
      }
    },
    render: async (document, format) => [await fileOf(document, format)],
  };
  return press;
}

async function fileOf({ kind, id, summary, period }: ReportDocument, format: ReportFormat) {
  if (format === 'pdf') throw new Error('there is no Chromium here');
  const name = `${kind}-${period.name}.${format}`;
  if (format === 'html') {
    return { name, type: 'text/html; charset=utf-8', content: Buffer.from(`<!doctype html><p>${summary} ${id}</p>`) };
  }
  return { name, type: 'text/csv', content: Buffer.from(`id\n${id}\n`) };
}

/** Differs each time it is made: so a document that was made twice is noticed. */
function documentOf({ kind, period, scope, parameters }: ReportRequest, sectionFails: boolean): ReportDocument {
  const iso = (ms: number) => new Date(ms).toISOString();
  const error = sectionFails ? { code: 'QUERY_FAILED', message: 'it took too long' } : null;
  return {
    version: 1,
    id: reportId({
      ...{ kind: kind.id, ...period, parameters: kindParameters(kind, parameters) },
      ...{ account: scope.account ?? null, owner: scope.owner ?? null },
    }),
    ...{ kind: kind.id, title: kind.title, description: kind.description },
    period: {
      name: period.name,
      from: iso(period.fromMs),
      to: iso(period.toMs),
      zone: period.zone,
      is_provisional: false,
    },
    previous_period: null,
    scope: { account: scope.account ?? null, owner: scope.owner ?? null },
    parameters: { ...parameters } as ReportDocument['parameters'],
    generated_at: iso(period.toMs),
    is_empty: false,
    summary: `Made as ${randomUUID()}.`,
    coverage: {
      ...{ sentence: 'The record is complete.', data_until: null, stored_until: null },
      ...{ late_events: 0, dead_letters: 0, gaps: 0, conflicts: 0 },
    },
    sections: [
      {
        ...{ id: 'one', title: 'One', sentence: 'There was one.', shown_as: 'table', question: 'key-usage' },
        ...{ parameters: {}, command: 'keytrail query key-usage', columns: [], shown: [], chart: null, rows: [] },
        ...{ rows_total: 0, rows_note: null, changes: null, error },
      },
    ],
    totals: { sections: 1, sections_failed: sectionFails ? 1 : 0, rows: 0 },
  };
}

export interface StoredRun {
  readonly period: string;
  readonly result: string;
  readonly attempt: number;
}

export async function storedRuns(store: Store, name: string): Promise<StoredRun[]> {
  return store.rows<StoredRun>(
    `SELECT period, toString(result) AS result, attempt FROM report_runs
     WHERE schedule = {name:String} AND result != 'known' ORDER BY period, attempt`,
    { parameters: { name } },
  );
}

export async function storedDocuments(store: Store, name: string) {
  return store.rows<{ period: string; owner: string; channels: string[]; recipients: string[]; document: string }>(
    `SELECT period, owner, channels, recipients, document FROM report_documents FINAL
     WHERE schedule = {name:String} ORDER BY period, owner`,
    { parameters: { name } },
  );
}

export async function deliveriesOf(store: Store, name: string) {
  return store.rows<{ channel: string; result: string; attempt: number; detail: string }>(
    `SELECT toString(channel) AS channel, toString(result) AS result, attempt, detail FROM report_deliveries
     WHERE document_id IN (SELECT document_id FROM report_documents WHERE schedule = {name:String})
     ORDER BY channel, attempt, report_deliveries.result`,
    { parameters: { name } },
  );
}
