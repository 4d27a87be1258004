import { describe, expect, test } from 'vitest';
import type { ReportDocument } from '../../../schemas/reports.ts';
import { mailParts } from '../../../src/core/alerts/mail.ts';
import { slackPayload } from '../../../src/core/alerts/slack-blocks.ts';
import { MAIL_ATTACHED_BYTES_MAX, REPORT_BODY_BYTES_MAX, REPORT_EMBEDDED_BYTES_MAX } from '../../../src/core/limits.ts';
import { reportMessage } from '../../../src/core/reports/message.ts';
import { documentId, plannedMessages } from '../../../src/core/reports/plan.ts';

const DOCUMENT: ReportDocument = {
  ...{ version: 1, id: '0'.repeat(32), kind: 'key-usage', title: 'Key usage', description: '', parameters: {} },
  period: {
    ...{ name: '2026-W47', zone: 'Europe/Berlin', is_provisional: false },
    ...{ from: '2026-11-15T23:00:00.000Z', to: '2026-11-22T23:00:00.000Z' },
  },
  ...{ previous_period: null, scope: { account: null, owner: null }, generated_at: '2026-11-23T06:00:00.000Z' },
  ...{ is_empty: false, summary: 'Twelve keys were used.' },
  coverage: {
    ...{ sentence: 'No gap is known.', data_until: null, stored_until: null },
    ...{ late_events: 0, dead_letters: 0, gaps: 0, conflicts: 0 },
  },
  sections: [],
  totals: { sections: 0, sections_failed: 0, rows: 0 },
};
const section = (title: string, sentence: string, error: ReportDocument['sections'][number]['error'] = null) => ({
  ...{
    id: 'one',
    title,
    sentence,
    shown_as: 'table' as const,
    question: 'q',
    parameters: {},
    command: '',
    columns: [],
  },
  ...{ shown: [], chart: null, rows: [], rows_total: 0, rows_note: null, changes: null, error },
});
const file = (name: string, type: string, bytes: number) => ({ name, type, content: Buffer.alloc(bytes, 'x') });
const told = (more: Partial<Parameters<typeof reportMessage>[0]> = {}) =>
  reportMessage({
    ...{ id: '1'.repeat(32), documentId: '2'.repeat(32), document: DOCUMENT, files: [], failures: [], at: 0 },
    ...more,
  });

describe('a report as a message', () => {
  test('says what it is, of what, and how far it can be relied on', () => {
    const scope = { account: '1001', owner: 'anna@example.com' };
    const period = { ...DOCUMENT.period, is_provisional: true };
    const message = told({ document: { ...DOCUMENT, scope, period } });
    expect(message.title).toBe('Key usage 2026-W47 of account 1001, anna@example.com (provisional)');
    expect(mailParts(message).subject).toBe(`[keytrail] ${message.title}`);
    expect(message.facts.map(({ name }) => name)).toEqual(['Period', 'Account', 'Owner', 'Record']);
    expect(message.folder).toBe('key-usage-2026-W47-anna-example.com-222222222222');
  });

  test('tells of each section, and of those without an answer why', () => {
    const error = { code: 'ANSWER_TOO_SLOW', message: 'it took longer than 60 s' };
    const { sections } = told({
      document: { ...DOCUMENT, sections: [section('Keys', 'Twelve.'), section('Old', 'None', error)] },
    });
    expect(sections.slice(0, 2).map(({ lines }) => lines)).toEqual([['Twelve.'], ['None: it took longer than 60 s']]);
  });

  test('has the HTML as its body while a mail program shows it, and texts beyond that', () => {
    const within = file('a.html', 'text/html; charset=utf-8', REPORT_BODY_BYTES_MAX);
    const beyond = file('a.html', 'text/html; charset=utf-8', REPORT_BODY_BYTES_MAX + 1);
    expect(mailParts(told({ files: [within] })).html).toBe(within.content.toString());
    expect(mailParts(told({ files: [beyond] })).html).toContain(DOCUMENT.summary);
    expect(mailParts(told({ files: [beyond] })).attachments).toHaveLength(1);
  });

  test('carries what a mail may carry; the largest is left out, and that is said', () => {
    const small = file('small.html', 'text/html', 10);
    const full = mailParts(
      told({ files: [small, file('large.zip', 'application/zip', MAIL_ATTACHED_BYTES_MAX - 10)] }),
    );
    expect(full.attachments.map(({ name }) => name)).toEqual(['small.html', 'large.zip']);
    const over = mailParts(told({ files: [small, file('large.zip', 'application/zip', MAIL_ATTACHED_BYTES_MAX - 9)] }));
    expect(over.attachments.map(({ name }) => name)).toEqual(['small.html']);
    expect(over.text).toContain('large.zip');
  });

  test('is whole for a program while it is small, and without its rows beyond that', () => {
    const rows = (chars: number) => [{ text: 'x'.repeat(chars) }];
    const sized = (chars: number) =>
      told({ document: { ...DOCUMENT, sections: [{ ...section('a', 'b'), rows: rows(chars) }] } });
    const overhead = Buffer.byteLength(JSON.stringify((sized(0).json as { report: unknown }).report));
    const [within, beyond] = [
      sized(REPORT_EMBEDDED_BYTES_MAX - overhead),
      sized(REPORT_EMBEDDED_BYTES_MAX - overhead + 1),
    ];
    expect(within.json).toMatchObject({ is_whole: true, report: { sections: [{ rows: [{}] }] } });
    expect(beyond.json).toMatchObject({ is_whole: false, report: { summary: DOCUMENT.summary } });
    expect(JSON.stringify(beyond.json).length).toBeLessThan(5_000);
  });

  test('holds nothing that is markup, a mention or an escape in the form that it gets', () => {
    const hostile = '<!channel> <script>alert(1)</script> \u202e\u001b[31m';
    const document = { ...DOCUMENT, title: hostile, summary: hostile, sections: [section(hostile, hostile)] };
    const message = told({ document, failures: [hostile], baseUrl: 'https://audit.example' });
    const slack = JSON.stringify(slackPayload(message));
    expect(slack).not.toMatch(/<!channel>|<script>/);
    expect(slack).toContain(`<https://audit.example/api/v1/reports/documents/${'2'.repeat(32)}/html|Open the report>`);
    const { subject, text, html } = mailParts(message);
    expect(html).not.toContain('<script>');
    for (const one of [subject, text, html, slack]) expect(one).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('the keys of a report', () => {
  test('are the same for the same report and readers, in whatever order they are named', () => {
    const [one, other] = [
      documentId('r', ['a', 'b'], ['x@y', 'z@y']),
      documentId('r', ['b', 'a', 'a'], ['z@y', 'x@y']),
    ];
    expect(one).toBe(other);
    expect(plannedMessages(one, ['b', 'a', 'b'])).toEqual(plannedMessages(one, ['a', 'b']));
  });

  test('differ for other readers, and for each channel', () => {
    const ids = [
      documentId('r', ['a'], undefined),
      documentId('r', ['a'], []),
      documentId('r', ['a'], ['x@y']),
      documentId('r', ['b'], undefined),
      documentId('s', ['a'], undefined),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(plannedMessages('d', ['a', 'b']).map(({ message }) => message)).size).toBe(2);
  });
});
