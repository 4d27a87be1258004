/** Hours of a month in slices of about as many rows as one statement copies. Pure. */

export interface HourRows {
  /** The hour's first instant, ms since 1970 UTC. */
  readonly hourMs: number;
  readonly rows: number;
}

export interface Slice {
  /** Half-open, ms since 1970 UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly rows: number;
}

const HOUR_MS = 3_600_000;

/**
 * @param hours in order
 * @returns slices that hold each hour once; one with more rows than `rowsMax` is a single hour
 */
export function slicesOf(hours: readonly HourRows[], rowsMax: number): Slice[] {
  const slices: Slice[] = [];
  for (const { hourMs, rows } of hours) {
    const last = slices.at(-1);
    if (last === undefined || last.rows + rows > rowsMax) {
      slices.push({ fromMs: hourMs, toMs: hourMs + HOUR_MS, rows });
    } else {
      slices[slices.length - 1] = { fromMs: last.fromMs, toMs: hourMs + HOUR_MS, rows: last.rows + rows };
    }
  }
  return slices;
}
