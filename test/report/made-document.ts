/** A document with rows of a test's own, as a section of `show` would have them. */
import type { ReportDocument, ReportSection, ReportShow } from '../../schemas/reports.ts';

type Rows = ReportSection['rows'];

export function madeSection(rows: Rows, more: Partial<ReportSection> = {}): ReportSection {
  return {
    ...{ id: 'keys', title: 'Keys', sentence: 'Some keys.', shown_as: 'table' as ReportShow, question: 'key-usage' },
    ...{ parameters: {}, command: 'keytrail query key-usage --from 2026-10-01 --to 2026-11-01' },
    columns: [
      { name: 'key_id', label: 'Key', kind: 'text', unit: null, description: 'what names the key' },
      { name: 'owner', label: 'Owner', kind: 'text', unit: null, description: null },
      { name: 'requests', label: 'Requests', kind: 'number', unit: 'requests', description: null },
      { name: 'last_seen', label: 'Last seen', kind: 'time', unit: null, description: null },
    ],
    shown: ['key_id', 'owner', 'requests', 'last_seen'],
    ...{ chart: null, rows, rows_total: rows.length, rows_note: null, changes: null, error: null },
    ...more,
  };
}

export const keyRow = (key_id: string, requests = 1, owner = 'ada@northwind.example'): Rows[number] => ({
  ...{ key_id, owner, requests, last_seen: '2026-10-31T23:30:00.000Z' },
});

export function madeDocument(sections: readonly ReportSection[], more: Partial<ReportDocument> = {}): ReportDocument {
  return {
    version: 1,
    id: '0123456789abcdef0123456789abcdef',
    ...{ kind: 'key-usage', title: 'Key usage', description: 'Which keys are used.' },
    period: {
      ...{ name: '2026-10', from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
      ...{ zone: 'UTC', is_provisional: false },
    },
    ...{ previous_period: null, scope: { account: null, owner: null }, parameters: {} },
    ...{ generated_at: '2026-11-02T06:00:00.000Z', is_empty: false, summary: 'What there is to tell.' },
    coverage: {
      ...{ sentence: 'Whole.', data_until: null, stored_until: null },
      ...{ late_events: 0, dead_letters: 0, gaps: 0, conflicts: 0 },
    },
    sections: [...sections],
    totals: {
      sections: sections.length,
      sections_failed: 0,
      rows: sections.reduce((sum, { rows }) => sum + rows.length, 0),
    },
    ...more,
  };
}
