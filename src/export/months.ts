/** The months that a range touches, each cut to the range. */

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
    const year = Math.floor(month / 100);
    const start = Date.UTC(year, (month % 100) - 1);
    const end = Date.UTC(year, month % 100);
    return { fromMs: Math.max(start, fromMs), toMs: Math.min(end, toMs), rows };
  });
}
