/** What of an answer is drawn: points by name or time, and in each of them the greatest series. */
import type { QuestionDocument } from '../../../schemas/api/questions.ts';
import type { AnswerRow } from './answer-table.tsx';

export type Chart = NonNullable<QuestionDocument['chart']>;

export interface Point {
  readonly x: string;
  readonly total: number;
  /** By series, in the order of the series. */
  readonly parts: readonly number[];
  readonly account: string | undefined;
}

export interface Drawn {
  readonly series: readonly string[];
  readonly points: readonly Point[];
}

const SERIES_MAX = 6;
export const OTHERS = 'all others';

/** The greatest series by name, and what is left as one; points in the order of their first row. */
export function drawnOf({ x, y, by }: Chart, rows: readonly AnswerRow[]): Drawn {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = by === undefined ? '' : String(row[by] ?? '');
    sums.set(name, (sums.get(name) ?? 0) + Number(row[y] ?? 0));
  }
  const ranked = [...sums].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
  const series = ranked.length > SERIES_MAX ? [...ranked.slice(0, SERIES_MAX - 1), OTHERS] : ranked;
  const points = new Map<string, { parts: number[]; account: string | undefined }>();
  for (const row of rows) {
    const at = String(row[x] ?? '');
    const point = points.get(at) ?? {
      parts: series.map(() => 0),
      account: row.account_id === undefined ? undefined : String(row.account_id),
    };
    const found = series.indexOf(by === undefined ? '' : String(row[by] ?? ''));
    const place = found < 0 ? series.length - 1 : found;
    point.parts[place] = (point.parts[place] ?? 0) + Number(row[y] ?? 0);
    points.set(at, point);
  }
  return {
    series,
    points: [...points].map(([at, { parts, account }]) => ({
      x: at,
      parts,
      account,
      total: parts.reduce((sum, part) => sum + part, 0),
    })),
  };
}
