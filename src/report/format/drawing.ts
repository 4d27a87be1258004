/** Numbers of a section in the shape that a drawing needs, whatever draws it. */
import type { ReportSection } from '../../../schemas/reports.ts';

type Row = ReportSection['rows'][number];

const numberAt = (row: Row, name: string): number => Number(row[name] ?? 0) || 0;
/** Without a column, each row counts once. */
const heightOf = (row: Row, name: string | null): number => (name === null ? 1 : numberAt(row, name));
const textAt = (row: Row, name: string): string => String(row[name] ?? '');

/** The part of the greatest that a number of a row is, 0 to 1. */
export function shareOf(section: ReportSection, column: string, row: Row): number {
  const most = section.rows.reduce((max, one) => Math.max(max, numberAt(one, column)), 0);
  return most === 0 ? 0 : numberAt(row, column) / most;
}

export interface Stack {
  readonly x: string;
  readonly sum: number;
  /** By series; what the series has nothing of is absent. */
  readonly parts: ReadonlyMap<string, number>;
}

/** One stack for each x, in the order of the answer. */
export function seriesTotals({ rows, chart }: ReportSection): Stack[] {
  if (chart === null) return [];
  const stacks = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const x = textAt(row, chart.x);
    const parts = stacks.get(x) ?? new Map<string, number>();
    stacks.set(x, parts);
    const name = chart.by === null ? '' : textAt(row, chart.by);
    parts.set(name, (parts.get(name) ?? 0) + heightOf(row, chart.y));
  }
  return [...stacks].map(([x, parts]) => ({ x, parts, sum: [...parts.values()].reduce((sum, one) => sum + one, 0) }));
}

/** Series by how much they hold, the most first; those beyond `most` are one. */
export function seriesNames(
  stacks: readonly Stack[],
  most: number,
): { readonly names: string[]; readonly rest: number } {
  const totals = new Map<string, number>();
  for (const { parts } of stacks) for (const [name, value] of parts) totals.set(name, (totals.get(name) ?? 0) + value);
  const ranked = [...totals].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([name]) => name);
  return ranked.length <= most
    ? { names: ranked, rest: 0 }
    : { names: ranked.slice(0, most - 1), rest: ranked.length - most + 1 };
}

export function valuesOf({ parts, sum }: Stack, names: readonly string[], rest: number): number[] {
  const own = names.map((name) => parts.get(name) ?? 0);
  return rest === 0 ? own : [...own, sum - own.reduce((all, one) => all + one, 0)];
}

/** Every day of the calendar from the first to the last: a day without a row is one without a request. */
export function withEveryDay(stacks: readonly Stack[], first: string, last: string): Stack[] {
  const known = new Map(stacks.map((stack) => [stack.x, stack]));
  const days: Stack[] = [];
  for (let ms = Date.parse(`${first}T00:00Z`); ms <= Date.parse(`${last}T00:00Z`); ms += 86_400_000) {
    const x = new Date(ms).toISOString().slice(0, 10);
    days.push(known.get(x) ?? { x, sum: 0, parts: new Map() });
  }
  return days;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export interface Heat {
  readonly rows: readonly { readonly label: string; readonly cells: readonly number[] }[];
  readonly most: number;
}

/** Weekdays by hours. */
export function heatOf({ rows, chart }: ReportSection): Heat {
  const counts = WEEKDAYS.map(() => Array.from({ length: 24 }, () => 0));
  for (const row of rows) {
    if (chart === null) break;
    const [day, hour] = [numberAt(row, chart.by ?? '') - 1, numberAt(row, chart.x)];
    const cells = counts[day];
    if (cells !== undefined && hour in cells) cells[hour] = (cells[hour] ?? 0) + heightOf(row, chart.y);
  }
  const most = Math.max(1, ...counts.flat());
  return { rows: counts.map((cells, day) => ({ label: WEEKDAYS[day] ?? '', cells })), most };
}
