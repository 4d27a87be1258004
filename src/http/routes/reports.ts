/** Reports: what kinds and schedules there are, what was made and what became of it, and making one now. */
import { z } from 'zod';
import {
  documentId,
  documentPageSchema,
  documentSchema,
  reportDeliveriesSchema,
  reportMadeSchema,
  reportRequestSchema,
  reportsSchema,
} from '../../../schemas/api/reports.ts';
import { REPORT_FORMATS, type ReportKind } from '../../../schemas/reports.ts';
import type { Caller } from '../../access/token-book.ts';
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../core/limits.ts';
import { nextRuns } from '../../core/reports/due.ts';
import { endedPeriod, isZone, parsePeriod } from '../../core/reports/period.ts';
import { askedDocumentId } from '../../core/reports/plan.ts';
import { keepDocument, keptDocument } from '../../report/archive.ts';
import { composeReport, type ReportRequest } from '../../report/compose.ts';
import { kindNamed } from '../../report/kinds.ts';
import { resendReports } from '../../report/outbox.ts';
import { renderReport } from '../../report/render.ts';
import type { Schedule } from '../../report/schedules.ts';
import type { Store } from '../../store/store.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route, type Services, streamRoute } from '../route.ts';
import { decodeToken, encodeToken } from './opaque.ts';
import { statementRows } from './rows.ts';

const cursorSchema = z.strictObject({ time: z.iso.datetime(), id: z.string() });
const name = z.string().max(1_000).default('');
const limit = z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT);
const documentParams = z.strictObject({ document: documentId.meta({ description: 'Id of the document.' }) });

/** A page that people look at: it may show what it brings along, and do nothing. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox";

export const REPORT_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/reports',
    operation: 'listReports',
    summary: 'The kinds of reports, and the schedules that make them.',
    tag: 'reports',
    ability: 'read',
    answer: reportsSchema,
    handle: async ({ services, caller }) => ({
      kinds: services.reports.kinds.map(shownKind),
      schedules: services.reports.schedules
        .filter(({ account }) => isOwn(caller, account))
        .map((schedule) => shownSchedule(schedule, services.now())),
    }),
  }),
  jsonRoute({
    path: '/api/v1/reports/documents',
    operation: 'listReportDocuments',
    summary: 'A page of the reports that were made and kept, the latest first.',
    tag: 'reports',
    ability: 'read',
    query: z.strictObject({
      ...{ kind: name, schedule: name, account: name, owner: name, limit },
      cursor: z.string().max(1_000).meta({ description: '`next` of the page before.' }).optional(),
    }),
    answer: documentPageSchema,
    handle: async ({ query, store, signal }) => {
      const { kind, schedule, account: account_id, owner, limit: rows_max } = query;
      const cursor = decodeToken(query.cursor, cursorSchema);
      const parameters = {
        ...{ kind, schedule, account_id, owner, limit: rows_max, is_continued: cursor === undefined ? 0 : 1 },
        cursor_time: (cursor?.time ?? '1970-01-01T00:00:00.000Z').replace('T', ' ').replace('Z', ''),
        cursor_id: cursor?.id ?? '',
      };
      const { rows } = await statementRows(store, 'reports-page', parameters, signal);
      const last = rows.length < rows_max ? undefined : rows.at(-1);
      return {
        documents: rows as never,
        next: last === undefined ? null : encodeToken({ time: last.stored_at, id: last.id }),
      };
    },
  }),
  jsonRoute({
    path: '/api/v1/reports/documents/{document}',
    operation: 'getReportDocument',
    summary: 'One report whole, as data.',
    tag: 'reports',
    ability: 'read',
    params: documentParams,
    answer: documentSchema,
    handle: async ({ params, store }) => (await requireDocument(store, params.document)).document,
  }),
  streamRoute({
    path: '/api/v1/reports/documents/{document}/html',
    operation: 'getReportPage',
    summary: 'One report as a page to look at.',
    tag: 'reports',
    ability: 'read',
    types: ['text/html; charset=utf-8'],
    params: documentParams,
    stream: async ({ params, store }) => {
      const { document } = await requireDocument(store, params.document);
      const [file] = await renderReport(document, 'html');
      return {
        ...{ type: 'text/html; charset=utf-8', bytes: bytesOf(file?.content) },
        headers: { 'Content-Security-Policy': PAGE_POLICY },
      };
    },
  }),
  streamRoute({
    path: '/api/v1/reports/documents/{document}/files/{format}',
    operation: 'getReportFile',
    summary: 'One report as a file.',
    tag: 'reports',
    ability: 'export',
    types: [
      ...['text/html; charset=utf-8', 'text/markdown; charset=utf-8', 'application/json', 'application/pdf'],
      ...['application/zip', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ],
    params: documentParams.extend({ format: z.enum(REPORT_FORMATS).meta({ description: 'How it is written.' }) }),
    stream: async ({ params, store, services }) => {
      const { document } = await requireDocument(store, params.document);
      const { chromium } = services.reports;
      const [file] = await renderReport(document, params.format, { chromium });
      if (file === undefined) throw new Problem(500, 'INTERNAL', 'the report could not be written');
      return { type: file.type, fileName: asciiName(file.name), bytes: bytesOf(file.content) };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/reports/run',
    operation: 'runReport',
    summary: 'Makes a report now, and keeps it.',
    tag: 'reports',
    ability: 'export',
    deed: 'export',
    body: reportRequestSchema,
    answer: reportMadeSchema,
    handle: async ({ body, store, services, caller }) => {
      const request = requestOf(body, services, caller);
      const now = services.now();
      const deps = { store, questions: services.questions, now: () => new Date(now) };
      const document = await composeReport(deps, request);
      const id = askedDocumentId(document.id, services.uuid());
      await keepDocument(services.store, document, {
        ...{ documentId: id, schedule: '', author: caller.name, formats: [], messages: [], recipients: undefined },
        storedAt: now,
      });
      const { summary, totals } = document;
      return { document: id, report: document.id, summary, sections_failed: totals.sections_failed };
    },
  }),
  jsonRoute({
    path: '/api/v1/reports/deliveries',
    operation: 'listReportDeliveries',
    summary: 'What became of sending reports, the latest first.',
    tag: 'reports',
    ability: 'read',
    query: z.strictObject({
      document: documentId.or(z.literal('')).default(''),
      undelivered: z.enum(['true', 'false']).default('false').meta({ description: 'Only what was not delivered.' }),
      limit,
    }),
    answer: reportDeliveriesSchema,
    handle: async ({ query: { document, undelivered, limit: rows_max }, store, signal }) => {
      const parameters = { document, undelivered: undelivered === 'true', limit: rows_max };
      const { rows } = await statementRows(store, 'reports-deliveries', parameters, signal);
      return { deliveries: rows as never };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/reports/documents/{document}/resend',
    operation: 'resendReport',
    summary: 'Sends a report to its channels once more.',
    tag: 'reports',
    ability: 'operate',
    deed: 'operate',
    params: documentParams,
    answer: z.strictObject({ messages: z.int().nonnegative() }),
    handle: async ({ params: { document }, store, services }) => {
      await requireDocument(store, document);
      return { messages: await resendReports(services.store, document, services.now()) };
    },
  }),
];

/** What is of all accounts, or of another one, is nothing for who is held to some. */
const isOwn = (caller: Caller, account: string): boolean =>
  caller.accounts.length === 0 || caller.accounts.includes(account);

const shownKind = ({ id, title, description, period, parameters }: ReportKind) => ({
  ...{ id, title, description, period },
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([parameter, { default: fallback, description: meaning }]) => [
      parameter,
      { default: fallback ?? null, description: meaning },
    ]),
  ),
});

function shownSchedule(schedule: Schedule, now: number) {
  const [next] = nextRuns([schedule], now, 1);
  const { name: called, kind, grain, zone, account, isPerOwner, formats, channels } = schedule;
  return {
    ...{ name: called, kind: kind.id, period: grain, zone, account: account === '' ? null : account },
    ...{ per_owner: isPerOwner, formats: [...formats], channels: [...channels] },
    next: next === undefined ? null : { at: new Date(next.atMs).toISOString(), period: next.period.name },
  };
}

/** @param store as the caller may see it: what it may not see is not there */
async function requireDocument(store: Store, id: string) {
  const kept = await keptDocument(store, id);
  if (kept !== undefined) return kept;
  throw new Problem(404, 'REPORT_UNKNOWN', 'there is no such report', { got: id });
}

/** @throws Problem ZONE_UNKNOWN, ACCOUNT_LIMITED; UsageError REPORT_KIND_UNKNOWN, PERIOD_INVALID */
function requestOf(
  { kind: id, period, zone, parameters, account, owner }: z.output<typeof reportRequestSchema>,
  { reports, now }: Services,
  { accounts }: Caller,
): ReportRequest {
  if (!isZone(zone)) {
    throw new Problem(400, 'ZONE_UNKNOWN', 'this is no time zone', { got: zone, expected: 'a name such as UTC' });
  }
  const kind = kindNamed(reports.kinds, id);
  const of = account ?? (accounts.length === 1 ? accounts[0] : undefined);
  if (accounts.length > 0 && (of === undefined || !accounts.includes(of))) {
    throw new Problem(403, 'ACCOUNT_LIMITED', 'the token is limited to accounts, and the report is to be of others', {
      ...{ got: of ?? 'no account', expected: `one of ${accounts.join(', ')}` },
    });
  }
  return {
    ...{ kind, parameters },
    period: period === undefined ? endedPeriod(kind.period, now(), zone) : parsePeriod(period, zone),
    scope: { ...(of === undefined ? {} : { account: of }), ...(owner === undefined ? {} : { owner }) },
  };
}

async function* bytesOf(content: Buffer | undefined): AsyncGenerator<Uint8Array> {
  if (content !== undefined) yield content;
}

/** A header holds no more than this; what is left out is in the file itself. */
const asciiName = (file: string): string => file.replace(/[^A-Za-z0-9._-]+/g, '-');
