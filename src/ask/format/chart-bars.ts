/** A bar a row: label, bar, value. */
import { CHART_BAR_ROWS_MAX, CHART_POINTS_MAX } from '../../core/limits.ts';
import type { AnswerColumn, Cell } from '../answer.ts';
import type { Drawing } from './chart-drawing.ts';
import { fill, type Ink, inkFor } from './chart-ink.ts';
import { shortNumber, valueLabel } from './chart-scale.ts';
import {
  addTo,
  labelOf,
  legendLines,
  numberOf,
  type Series,
  type Stack,
  seriesOf,
  sideOf,
  sumOf,
  tooManyPoints,
} from './chart-series.ts';
import { cutTo, cutWithin, localTimes, pad, textWidth } from './text.ts';

interface Bar {
  readonly label: string;
  /** Empty where the answer has no number. */
  readonly stack: Stack;
}

/** A label takes no more of the width than this, and is not cut below so many columns. */
const LABEL_RATIO = 0.4;
const LABEL_COLUMNS_MIN = 6;
const BAR_CELLS_MIN = 8;

/** @returns no line for an answer without rows */
export async function barLines(rows: AsyncIterable<readonly Cell[]>, drawing: Drawing): Promise<string[]> {
  const { bars, left } = drawing.by === undefined ? await rowBars(rows, drawing) : await groupedBars(rows, drawing);
  if (bars.length === 0) return [];
  const series = seriesOf(bars.map(({ stack }) => stack));
  const ink = inkFor(drawing.color, series.names.length);
  return [
    ink.strong(cutTo(drawing.title, drawing.width)),
    '',
    ...drawn(bars, series, ink, drawing),
    ...(left === 0 ? [] : [ink.faint(`… and ${left.toLocaleString('en-US')} more`)]),
    ...(drawing.by === undefined ? [] : ['', ...legendLines(series, ink, 'blocks', drawing.width)]),
  ];
}

interface Chosen {
  readonly bars: readonly Bar[];
  /** How many are not drawn. */
  readonly left: number;
}

/** One bar for each row: only the rows with the largest bars are held, however long the answer is. */
async function rowBars(rows: AsyncIterable<readonly Cell[]>, drawing: Drawing): Promise<Chosen> {
  const { columns, x, y, local } = drawing;
  let held: { readonly row: readonly Cell[]; readonly stack: Stack }[] = [];
  let count = 0;
  for await (const row of rows) {
    count++;
    const value = numberOf(row[y] ?? null);
    held.push({ row, stack: new Map(value === undefined ? [] : [['', value]]) });
    if (held.length >= CHART_BAR_ROWS_MAX * 50) held = largest(held);
  }
  const chosen = largest(held);
  const shown = chosen.map(({ row }) => (local ? localTimes(row, columns) : row));
  const labels = labelsOf(shown, columns, x, y);
  const bars = chosen.map(({ stack }, index) => ({ label: labels[index] ?? '', stack }));
  return { bars, left: count - bars.length };
}

/** One bar for each value of x, with a part for each series. */
async function groupedBars(rows: AsyncIterable<readonly Cell[]>, drawing: Drawing): Promise<Chosen> {
  const { columns, x, y, by = 0, scale, local } = drawing;
  const stacks = new Map<string, Stack>();
  let points = 0;
  for await (const row of rows) {
    if (++points > CHART_POINTS_MAX) throw tooManyPoints();
    const label = labelOf((local ? localTimes(row, columns) : row)[x] ?? null);
    const stack = stacks.get(label) ?? new Map<string, number>();
    stacks.set(label, stack);
    const value = numberOf(row[y] ?? null);
    if (value !== undefined) addTo(stack, labelOf(row[by] ?? null), value, scale);
  }
  const bars = largest([...stacks].map(([label, stack]) => ({ label, stack })));
  // An answer with a row for each part is in no order of the whole; names have none of their own.
  if (columns[x]?.kind === 'text') bars.sort((one, other) => sizeOf(other) - sizeOf(one));
  return { bars, left: stacks.size - bars.length };
}

const sizeOf = ({ stack }: { readonly stack: Stack }): number =>
  stack.size === 0 ? -1 : sumOf([...stack.values()].map(Math.abs));

/** The largest ones, in the order of the answer. */
function largest<T extends { readonly stack: Stack }>(bars: readonly T[]): T[] {
  if (bars.length <= CHART_BAR_ROWS_MAX) return [...bars];
  const ranked = bars.map((bar, index) => ({ index, size: sizeOf(bar) }));
  ranked.sort((one, other) => other.size - one.size || one.index - other.index);
  const kept = new Set(ranked.slice(0, CHART_BAR_ROWS_MAX).map(({ index }) => index));
  return bars.filter((_, index) => kept.has(index));
}

/**
 * What x says; where that is nothing, or says the same of several rows, with what the other texts of those rows say, as
 * far as that is needed to tell them apart.
 */
function labelsOf(
  rows: readonly (readonly Cell[])[],
  columns: readonly AnswerColumn[],
  x: number,
  y: number,
): string[] {
  const labels = rows.map((row) => partOf(row[x]));
  for (const [index, column] of columns.entries()) {
    if (column.kind !== 'text' || index === x || index === y) continue;
    const before = [...labels];
    for (const [at, row] of rows.entries()) {
      const peers = rows.filter((_, place) => before[place] === before[at]);
      const differs = peers.some((peer) => peer[index] !== row[index]);
      if (differs || before[at] === '') labels[at] = [before[at], partOf(row[index])].filter(Boolean).join(' · ');
    }
  }
  return labels.map((label) => (label === '' ? '(none)' : label));
}

const partOf = (cell: Cell | undefined): string => (cell === '' || cell === null ? '' : labelOf(cell ?? null));

function drawn(bars: readonly Bar[], series: Series, ink: Ink, drawing: Drawing): string[] {
  const layout = layoutOf(bars, drawing);
  return bars.map(({ label, stack }, index) => {
    const text = pad(cutWithin(label, layout.labelColumns), layout.labelColumns, 'right');
    return `${text}  ${barOf(series.valuesOf(stack), ink, layout)} ${layout.values[index] ?? ''}`;
  });
}

interface Layout {
  readonly labelColumns: number;
  readonly values: readonly string[];
  /** Cells to the left of the zero line, and to its right. */
  readonly cellsBelow: number;
  readonly cellsAbove: number;
  readonly perCell: number;
}

function layoutOf(bars: readonly Bar[], { width, scale }: Drawing): Layout {
  const stacks = bars.map(({ stack }) => [...stack.values()]);
  const above = Math.max(0, ...stacks.map((parts) => sumOf(sideOf(parts, 1))));
  const below = Math.max(0, ...stacks.map((parts) => sumOf(sideOf(parts, -1))));
  const texts = (text: (sum: number) => string) =>
    stacks.map((parts) => (parts.length === 0 ? '' : text(sumOf(parts))));
  let values = texts((sum) => valueLabel(sum, scale));
  // Two columns behind the label, one before the value, and one for the line at zero.
  const around = below > 0 ? 4 : 3;
  const cellsBeside = (label: number) => width - label - widest(values) - around;
  const longest = widest(bars.map(({ label }) => label));
  const wanted = Math.min(longest, Math.floor(width * LABEL_RATIO));
  if (cellsBeside(wanted) < BAR_CELLS_MIN && scale === undefined) values = texts(shortNumber);
  const labelColumns = [
    { room: BAR_CELLS_MIN, least: LABEL_COLUMNS_MIN },
    { room: 2, least: 1 },
  ].reduce((label, { room, least }) => {
    const missing = Math.max(0, room - cellsBeside(label));
    return Math.max(Math.min(label, least), label - missing);
  }, wanted);
  return { labelColumns, values, ...sidesOf(Math.max(2, cellsBeside(labelColumns)), below, above) };
}

/** The cells on each side of zero, all of one worth. */
function sidesOf(cells: number, below: number, above: number): Pick<Layout, 'cellsBelow' | 'cellsAbove' | 'perCell'> {
  const part = below / (below + above) || 0;
  const cellsBelow = part === 0 || part === 1 ? cells * part : clamp(Math.round(cells * part), 1, cells - 1);
  const cellsAbove = cells - cellsBelow;
  const perCell = Math.max(below / Math.max(cellsBelow, 1), above / Math.max(cellsAbove, 1)) || 1;
  return { cellsBelow, cellsAbove, perCell };
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(textWidth));

function barOf(values: readonly number[], ink: Ink, { cellsBelow, cellsAbove, perCell }: Layout): string {
  const right = fill(sideOf(values, 1), perCell, cellsAbove, ink.step).map((cell) => ink.cell(cell, 'right'));
  if (cellsBelow === 0) return right.join('');
  const left = fill(sideOf(values, -1), perCell, cellsBelow, ink.step).map((cell) => ink.cell(cell, 'left'));
  return `${' '.repeat(cellsBelow - left.length)}${left.reverse().join('')}${ink.faint('│')}${right.join('')}`;
}
