/** What makes two reports the same one. Pure. */
import { createHash } from 'node:crypto';

export interface ReportIdentity {
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly zone: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly account: string | null;
  readonly owner: string | null;
}

/** @returns 32 hex digits, whatever order the parameters were given in and whenever the report is made */
export function reportId({ kind, fromMs, toMs, zone, parameters, account, owner }: ReportIdentity): string {
  const given = Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify(['report', kind, fromMs, toMs, zone, given, account, owner]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
