/** A report as a message: what it says in a few lines, and the whole of it as files. Pure. */
import type { ReportDocument } from '../../../schemas/reports.ts';
import { type Attachment, clean, type Fact, type Message, type Section } from '../alerts/message.ts';
import {
  ALERT_TITLE_CHARS_MAX,
  REPORT_BODY_BYTES_MAX,
  REPORT_EMBEDDED_BYTES_MAX,
  REPORT_LINE_CHARS_MAX,
} from '../limits.ts';

export interface ReportTelling {
  /** The key of the message. */
  readonly id: string;
  readonly documentId: string;
  readonly document: ReportDocument;
  /** As they are to be attached, in the order of the formats that were asked for. */
  readonly files: readonly Attachment[];
  /** Formats that could not be written, each with why. */
  readonly failures: readonly string[];
  /** Where people find the daemon, without a slash at the end. */
  readonly baseUrl?: string | undefined;
  readonly to?: readonly string[] | undefined;
  /** ms since 1970, UTC; when it was made. */
  readonly at: number;
}

export function reportMessage(telling: ReportTelling): Message {
  const { id, documentId, document, files, at, to } = telling;
  const title = clean(titleOf(document), ALERT_TITLE_CHARS_MAX);
  const html = files.find(({ type, content }) => isHtml(type) && content.length <= REPORT_BODY_BYTES_MAX);
  const notes = telling.failures.map((failure) => clean(failure, REPORT_LINE_CHARS_MAX));
  const sections = document.sections.map((section): Section => {
    const failed = section.error === null ? '' : `: ${section.error.message}`;
    return {
      title: clean(section.title),
      lines: [clean(`${section.sentence}${failed}`, REPORT_LINE_CHARS_MAX)],
    };
  });
  return {
    ...{ id, title, at },
    dedup: documentId,
    action: 'tell',
    severity: 'informational',
    subject: `[keytrail] ${title}`,
    folder: folderOf(document, documentId),
    text: clean(document.summary, REPORT_LINE_CHARS_MAX),
    facts: factsOf(document),
    sections: [
      ...(notes.length > 0 ? [{ title: 'Not attached', lines: notes }] : []),
      ...sections,
      { title: 'The whole report', lines: [`keytrail report show ${documentId.slice(0, 12)}`] },
    ],
    ...linkOf(telling),
    json: jsonOf(document, documentId, files),
    ...(html === undefined ? {} : { html: html.content.toString('utf8') }),
    attachments: files,
    ...(to === undefined ? {} : { to }),
  };
}

function titleOf({ title, period, scope }: ReportDocument): string {
  const of = [scope.account === null ? [] : `account ${scope.account}`, scope.owner ?? []].flat();
  const whom = of.length === 0 ? '' : ` of ${of.join(', ')}`;
  return `${title} ${period.name}${whom}${period.is_provisional ? ' (provisional)' : ''}`;
}

function factsOf({ period, scope, coverage, totals }: ReportDocument): Fact[] {
  const fact = (name: string, value: string): Fact => ({ name, value: clean(value) });
  return [
    fact('Period', `${period.name} (${period.zone})${period.is_provisional ? ', still running' : ''}`),
    ...(scope.account === null ? [] : [fact('Account', scope.account)]),
    ...(scope.owner === null ? [] : [fact('Owner', scope.owner)]),
    fact('Record', coverage.sentence),
    ...(totals.sections_failed === 0 ? [] : [fact('Without an answer', `${totals.sections_failed} sections`)]),
  ];
}

function linkOf({ baseUrl, documentId }: ReportTelling): Pick<Message, 'link'> {
  if (baseUrl === undefined) return {};
  return { link: { title: 'Open the report', url: `${baseUrl}/api/v1/reports/documents/${documentId}/html` } };
}

/** Whole for whoever reads it by program, where it is no more than such a receiver takes. */
function jsonOf(document: ReportDocument, documentId: string, files: readonly Attachment[]): Message['json'] {
  const { sections, ...head } = document;
  const isSmall = Buffer.byteLength(JSON.stringify(document)) <= REPORT_EMBEDDED_BYTES_MAX;
  return {
    type: 'keytrail.report',
    document_id: documentId,
    report: isSmall ? document : { ...head, sections: sections.map(({ rows: _, changes: __, ...told }) => told) },
    is_whole: isSmall,
    files: files.map(({ name, type, content }) => ({ name, type, bytes: content.length })),
  };
}

function folderOf({ kind, period, scope }: ReportDocument, documentId: string): string {
  const whose = scope.owner === null ? [] : [scope.owner.slice(0, 100)];
  return [kind, period.name, ...whose, documentId.slice(0, 12)].join('-').replace(/[^A-Za-z0-9._-]+/g, '-');
}

const isHtml = (type: string): boolean => type.startsWith('text/html');
