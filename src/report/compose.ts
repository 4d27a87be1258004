/** A report as a document: each section's question is asked, held against the period before, and put into words. */
import type { ReportDocument, ReportKind } from '../../schemas/reports.ts';
import type { Store } from '../store/store.ts';

export interface ReportPeriod {
  /** 2026-10, 2026-W47, 2026-Q4, 2026, 2026-11-25 or custom. */
  readonly name: string;
  /** ms since 1970 UTC, half-open. */
  readonly fromMs: number;
  readonly toMs: number;
  /** IANA name. */
  readonly zone: string;
}

export interface ReportScope {
  readonly account?: string | undefined;
  readonly owner?: string | undefined;
}

export interface ReportRequest {
  readonly kind: ReportKind;
  /** Of the kind, by name, as a person gave them. */
  readonly parameters: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;
  readonly period: ReportPeriod;
  /** What changes are counted against; absent: nothing is compared. */
  readonly previous?: ReportPeriod | undefined;
  readonly scope: ReportScope;
}

export interface ComposeDeps {
  readonly store: Store;
  readonly now: () => Date;
}

export async function composeReport(_deps: ComposeDeps, _request: ReportRequest): Promise<ReportDocument> {
  throw new Error('not composed yet');
}
