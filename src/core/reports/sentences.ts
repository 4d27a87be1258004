/** What a section's sentence may name: the first row, sums, counts, and what changed. Pure. */
import type { ReportChanges } from '../../../schemas/reports.ts';
import { summaryOf } from '../findings/finding.ts';
import { grouped } from '../words.ts';
import { type Row, sumOf } from './changes.ts';

export interface Told {
  readonly rows: readonly Row[];
  /** Of the whole answer. */
  readonly rowsTotal: number;
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly changes: ReportChanges | null;
}

/** Texts of which a sentence counts the rows: verdicts, proposals, states. */
const WORD = /^[a-z][a-z-]*$/;

/** @param template as for findings: `{column}`, `{column:unit}`, and `[…]` where each has a value */
export function sentenceFrom(template: string, told: Told): string {
  const sentence = summaryOf(template.trim(), valuesOf(told));
  return sentence.replace(/\s+/g, ' ').trim();
}

/**
 * The first row's columns by name; `rows`; `sum_<number>`; `count_<column>_<word>` for the rows whose text is a word;
 * `new` and `gone`. What is nothing has no value, so that `[…]` leaves it out.
 */
function valuesOf({ rows, rowsTotal, numbers, texts, changes }: Told): Record<string, unknown> {
  const first = rows[0] ?? {};
  const values: Record<string, unknown> = { ...first, rows: grouped(rowsTotal) };
  for (const name of numbers) {
    if (typeof first[name] === 'number') values[name] = grouped(first[name]);
    const sum = sumOf(rows, name);
    values[`sum_${name}`] = grouped(sum);
    values[`some_${name}`] = sum === 0 ? '' : grouped(sum);
  }
  for (const [name, count] of wordCounts(rows, texts)) values[name] = grouped(count);
  values.new = something(changes?.new_total);
  values.gone = something(changes?.gone_total);
  return values;
}

const something = (count: number | undefined): string => (count === undefined || count === 0 ? '' : grouped(count));

function wordCounts(rows: readonly Row[], texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const text of texts) {
      const word = row[text];
      if (typeof word !== 'string' || !WORD.test(word)) continue;
      const name = `count_${text}_${word.replaceAll('-', '_')}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}
