/** A document in the formats that people read and programs take. */
import type { ReportDocument, ReportFormat } from '../../schemas/reports.ts';
import { visibleJson } from '../ask/readable.ts';
import { fileName } from './format/readable.ts';

export interface RenderedFile {
  /** Such as `key-usage-2026-W47.html`; no folder. */
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly content: Buffer;
}

export interface RenderOptions {
  /** Path of Chromium, for PDF; absent: looked for. */
  readonly chromium?: string | undefined;
  /** How long it may print. Default: REPORT_PRINT_MS_MAX. */
  readonly printMsMax?: number | undefined;
  /** Markdown for a terminal: emphasis, and how wide it is. */
  readonly color?: boolean | undefined;
  readonly width?: number | undefined;
}

interface Format {
  readonly ending: string;
  readonly type: string;
  readonly write: (document: ReportDocument, options: RenderOptions) => Promise<string | Uint8Array>;
}

/** Each is loaded when it is asked for. */
const FORMATS: Readonly<Record<ReportFormat, Format>> = {
  html: {
    ...{ ending: 'html', type: 'text/html; charset=utf-8' },
    write: async (document) => (await import('./format/html.ts')).htmlOf(document),
  },
  pdf: {
    ...{ ending: 'pdf', type: 'application/pdf' },
    write: async (document, { chromium, printMsMax: msMax }) => {
      const { htmlOf } = await import('./format/html.ts');
      return (await import('./format/pdf.ts')).printed(htmlOf(document), { chromium, msMax });
    },
  },
  markdown: {
    ...{ ending: 'md', type: 'text/markdown; charset=utf-8' },
    write: async (document, options) => (await import('./format/markdown.ts')).markdownOf(document, options),
  },
  csv: {
    ...{ ending: 'csv.zip', type: 'application/zip' },
    write: async (document) => (await import('./format/csv.ts')).zippedCsv(document),
  },
  json: {
    ...{ ending: 'json', type: 'application/json' },
    write: async (document) => jsonOf(document),
  },
  xlsx: {
    ...{ ending: 'xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
    write: async (document) => (await import('./format/xlsx.ts')).workbookOf(document),
  },
};

/** Line by line: the ends of lines are ours, and stay. */
function jsonOf(document: ReportDocument): string {
  return JSON.stringify(document, null, 2)
    .split('\n')
    .map((line) => `${visibleJson(line)}\n`)
    .join('');
}

/** @throws UserError CHROMIUM_MISSING, PDF_FAILED */
export async function renderReport(
  document: ReportDocument,
  format: ReportFormat,
  options: RenderOptions = {},
): Promise<RenderedFile[]> {
  const { ending, type, write } = FORMATS[format];
  const content = await write(document, options);
  const name = `${fileName(document)}.${ending}`;
  return [
    {
      name,
      type,
      content:
        typeof content === 'string'
          ? Buffer.from(content)
          : Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    },
  ];
}
