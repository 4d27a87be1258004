/** Months as the store partitions by them: `202601`, in UTC. */

/** The month's first instant, and that of the next month; ms since 1970 UTC. */
export function monthSpan(month: number): { readonly startMs: number; readonly endMs: number } {
  const year = Math.floor(month / 100);
  return { startMs: Date.UTC(year, (month % 100) - 1), endMs: Date.UTC(year, month % 100) };
}

/** `2026-01` */
export function monthName(month: number): string {
  return `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`;
}

/** The month of an instant (ms since 1970 UTC). */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
