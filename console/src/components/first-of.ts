/** What a long table begins with: what comes behind is seldom read, and takes long to draw. */
export const ROWS_FIRST = 50;

/** The first rows, and those behind them that are wanted in any case. */
export function firstOf<Row>(
  rows: readonly Row[],
  count = rows.length,
  isWanted: (row: Row) => boolean = () => false,
): readonly Row[] {
  return rows.filter((row, at) => at < count || isWanted(row));
}
