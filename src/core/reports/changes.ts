/** An answer held against that of the period before: what is new, what is gone, and what became more or less. Pure. */
import type { ReportChanges, ReportDelta } from '../../../schemas/reports.ts';
import { grouped, plural } from '../words.ts';

type Value = ReportChanges['gone'][number][string];
export type Row = Readonly<Record<string, Value>>;

export interface Compared {
  /** Columns that say which rows are of the same thing; none: only sums are compared. */
  readonly by: readonly string[];
  readonly of: readonly { readonly name: string; readonly unit: string | null }[];
  /** What one row is of, for the sentence: `key`. */
  readonly noun: string;
  /** Name of the period before. */
  readonly before: string;
  /** The period still runs, and is held against a whole one. */
  readonly isProvisional: boolean;
  readonly goneRowsMax: number;
}

export function changesOf(rows: readonly Row[], earlier: readonly Row[], compared: Compared): ReportChanges {
  const { by, of } = compared;
  const deltas = of.map(({ name, unit }) => deltaOf(name, unit, sumOf(rows, name), sumOf(earlier, name)));
  const known = byThing(earlier, by);
  const present = new Set(rows.map((row) => thingOf(row, by)));
  const before =
    by.length === 0
      ? []
      : rows.map((row) =>
          earlierNumbers(
            known.get(thingOf(row, by)),
            of.map(({ name }) => name),
          ),
        );
  const gone = by.length === 0 ? [] : earlier.filter((row) => !present.has(thingOf(row, by)));
  const newTotal = before.filter((one) => one === null).length;
  return {
    sentence: sentenceOf(deltas, rows.length, newTotal, gone.length, earlier.length, compared),
    by: [...by],
    deltas,
    new_total: newTotal,
    gone_total: gone.length,
    gone: gone.slice(0, compared.goneRowsMax),
    before,
  };
}

const thingOf = (row: Row, by: readonly string[]): string => JSON.stringify(by.map((name) => row[name] ?? null));

function byThing(rows: readonly Row[], by: readonly string[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const thing = thingOf(row, by);
    const others = found.get(thing);
    if (others === undefined) found.set(thing, [row]);
    else others.push(row);
  }
  return found;
}

function earlierNumbers(rows: readonly Row[] | undefined, names: readonly string[]): Record<string, number> | null {
  return rows === undefined ? null : Object.fromEntries(names.map((name) => [name, sumOf(rows, name)]));
}

export function sumOf(rows: readonly Row[], name: string): number {
  let sum = 0;
  for (const row of rows) sum += Number(row[name] ?? 0) || 0;
  return sum;
}

function deltaOf(column: string, unit: string | null, now: number, before: number): ReportDelta {
  return { column, unit, now, before, direction: now > before ? 'up' : now < before ? 'down' : 'same' };
}

function sentenceOf(
  deltas: readonly ReportDelta[],
  rows: number,
  added: number,
  gone: number,
  earlier: number,
  { by, before, noun, isProvisional }: Compared,
): string {
  if (earlier === 0)
    return added > 0 || rows > 0
      ? `There is nothing to compare with: ${before} has no rows.`
      : `Nor was there in ${before}.`;
  // Of things the sum says little: which of them came and went is what changed.
  const said = by.length > 0 ? [] : deltas.slice(0, 1).map(deltaText);
  const things = [
    added > 0 ? `${grouped(added)} new ${added === 1 ? noun : plural(noun)}` : '',
    gone > 0 ? `${grouped(gone)} gone` : '',
  ].filter((text) => text !== '');
  const parts = [...said, ...things];
  const what = parts.length === 0 ? `no ${noun} is new or gone` : parts.join(', ');
  return `Against ${before}${isProvisional ? ', which was whole' : ''}: ${what}.`;
}

/** `requests up 12 % from 1,100 to 1,232` */
export function deltaText({ column, unit, now, before, direction }: ReportDelta): string {
  const what = unit ?? column.replaceAll('_', ' ');
  if (direction === 'same') return `${what} the same, ${grouped(now)}`;
  return `${what} ${direction} ${percentText(now, before)}from ${grouped(before)} to ${grouped(now)}`;
}

function percentText(now: number, before: number): string {
  if (before === 0) return '';
  const percent = (Math.abs(now - before) / before) * 100;
  return percent >= 1_000 ? '' : `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} % `;
}
