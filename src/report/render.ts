/** A document in the formats that people read and programs take. */
import type { ReportDocument, ReportFormat } from '../../schemas/reports.ts';

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
}

export async function renderReport(
  _document: ReportDocument,
  _format: ReportFormat,
  _options: RenderOptions = {},
): Promise<RenderedFile[]> {
  throw new Error('not rendered yet');
}
