/** The months that a range touches, each cut to the range. */
import { monthSpan } from '../core/months.ts';

export interface StoredMonth {
  /** `202601` */
  readonly month: number;
  /** About how many events it holds. */
  readonly rows: number;
}

export interface ExportSlice {
  /** Half-open, ms since 1970 UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly rows: number;
}

export function slicesOf(months: readonly StoredMonth[], fromMs: number, toMs: number): ExportSlice[] {
  return months.map(({ month, rows }) => {
    const { startMs, endMs } = monthSpan(month);
    return { fromMs: Math.max(startMs, fromMs), toMs: Math.min(endMs, toMs), rows };
  });
}
