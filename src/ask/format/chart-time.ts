/** Columns over time: an axis of numbers to the left, one of time below, and a gap where there is nothing. */
import { CHART_POINTS_MAX } from '../../core/limits.ts';
import type { Cell } from '../answer.ts';
import type { Drawing } from './chart-drawing.ts';
import { fill, type Ink, inkFor } from './chart-ink.ts';
import { type Axis, axisFor, axisLabel } from './chart-scale.ts';
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
import { humanNumber } from './human.ts';
import { cutTo, pad, textWidth } from './text.ts';
import { placeOf, rangeText, type TimeAxis, ticksOf, timeAxis } from './time-axis.ts';

const ROWS = 10;

interface Point {
  readonly ms: number;
  readonly series: string;
  /** Absent where the answer has no number. */
  readonly value: number | undefined;
}

/** What there is at one place of the time axis: a sign for each row, from the zero line outwards. */
interface Place {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** Both axes, and how they lie in lines of text. */
interface Grid {
  readonly axis: Axis;
  readonly time: TimeAxis;
  readonly rowsPerTick: number;
  readonly labelColumns: number;
}

/**
 * @param scatter each point for itself, and not as a column
 * @returns no line for an answer without rows
 */
export async function timeLines(
  rows: AsyncIterable<readonly Cell[]>,
  drawing: Drawing,
  scatter: boolean,
): Promise<string[]> {
  const points = await pointsOf(rows, drawing);
  if (points.length === 0) return [];
  const stacks = stacksOf(points, drawing);
  const series = seriesOf(scatter ? [countsOf(points)] : stacks.values());
  const ink = inkFor(drawing.color, series.names.length);
  const extremes = scatter ? points.map(({ value = 0 }) => value) : [...stacks.values()].flatMap(sidesOf);
  const grid = gridOf([...stacks.keys()], extremes, points, drawing);
  const places = scatter ? scattered(points, series, ink, grid) : stacked(stacks, series, ink, grid);
  return [
    ink.strong(cutTo(drawing.title, drawing.width)),
    '',
    ...plotLines(places, grid, ink, drawing),
    ...captionLines([...stacks.keys()], grid.time, scatter, drawing).map((line) => ink.faint(line)),
    ...(drawing.by === undefined ? [] : legendLines(series, ink, scatter ? 'dots' : 'blocks', drawing.width)),
  ];
}

async function pointsOf(rows: AsyncIterable<readonly Cell[]>, { x, y, by }: Drawing): Promise<Point[]> {
  const points: Point[] = [];
  for await (const row of rows) {
    const ms = Date.parse(String(row[x]));
    // A row without a time has no place among times.
    if (Number.isNaN(ms)) continue;
    if (points.length >= CHART_POINTS_MAX) throw tooManyPoints();
    points.push({ ms, series: by === undefined ? '' : labelOf(row[by] ?? null), value: numberOf(row[y] ?? null) });
  }
  return points.sort((one, other) => one.ms - other.ms);
}

/** Instants in order, each with what stands there; that is empty where the answer has no number. */
function stacksOf(points: readonly Point[], { scale }: Drawing): Map<number, Stack> {
  const stacks = new Map<number, Stack>();
  for (const { ms, series, value } of points) {
    const stack = stacks.get(ms) ?? new Map<string, number>();
    stacks.set(ms, stack);
    if (value !== undefined) addTo(stack, series, value, scale);
  }
  return stacks;
}

function countsOf(points: readonly Point[]): Stack {
  const counts: Stack = new Map();
  for (const { series } of points) counts.set(series, (counts.get(series) ?? 0) + 1);
  return counts;
}

const sidesOf = (stack: Stack): number[] => {
  const values = [...stack.values()];
  return [sumOf(sideOf(values, 1)), -sumOf(sideOf(values, -1))];
};

function gridOf(
  instants: readonly number[],
  extremes: readonly number[],
  points: readonly Point[],
  { scale, width }: Drawing,
): Grid {
  const whole = points.every(({ value = 0 }) => Number.isInteger(value));
  const [min, max] = extremes.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [0, 0]);
  const axis = axisFor(min, max, scale, whole);
  const labels = Array.from({ length: axis.up + axis.down + 1 }, (_, tick) =>
    axisLabel((tick - axis.down) * axis.step, scale),
  );
  const labelColumns = Math.max(...labels.map(textWidth));
  return {
    axis,
    labelColumns,
    time: timeAxis(instants, Math.max(1, width - labelColumns - 2)),
    rowsPerTick: Math.max(2, Math.round(ROWS / (axis.up + axis.down))),
  };
}

/** A column for each place; where several instants share one, the highest of them stands: no peak is hidden. */
function stacked(
  stacks: ReadonlyMap<number, Stack>,
  series: Series,
  ink: Ink,
  { axis, time, rowsPerTick }: Grid,
): (Place | undefined)[] {
  const highest = new Map<number, Stack>();
  const height = (stack: Stack | undefined) => Math.max(-1, ...(stack ? sidesOf(stack).map(Math.abs) : []));
  for (const [ms, stack] of stacks) {
    const place = placeOf(time, ms);
    if (stack.size > 0 && height(stack) > height(highest.get(place))) highest.set(place, stack);
  }
  const perRow = axis.step / rowsPerTick;
  return Array.from({ length: time.places }, (_, place) => {
    const stack = highest.get(place);
    if (stack === undefined) return undefined;
    const values = series.valuesOf(stack);
    return {
      up: fill(sideOf(values, 1), perRow, axis.up * rowsPerTick, ink.step).map((cell) => ink.cell(cell, 'up')),
      down: fill(sideOf(values, -1), perRow, axis.down * rowsPerTick, ink.step).map((cell) => ink.cell(cell, 'down')),
    };
  });
}

function scattered(
  points: readonly Point[],
  series: Series,
  ink: Ink,
  { axis, time, rowsPerTick }: Grid,
): (Place | undefined)[] {
  const places: ({ up: string[]; down: string[] } | undefined)[] = Array.from({ length: time.places });
  const last = series.names.length - 1;
  for (const { ms, series: name, value } of points) {
    if (value === undefined) continue;
    const found = series.names.indexOf(name);
    const place = placeOf(time, ms);
    const signs = places[place] ?? { up: [], down: [] };
    places[place] = signs;
    const side = value < 0 ? signs.down : signs.up;
    const rows = (value < 0 ? axis.down : axis.up) * rowsPerTick;
    const row = Math.floor((Math.abs(value) / axis.step) * rowsPerTick);
    side[Math.max(0, Math.min(rows - 1, row))] = ink.dot(found < 0 ? last : found);
  }
  return places;
}

function plotLines(places: readonly (Place | undefined)[], grid: Grid, ink: Ink, drawing: Drawing): string[] {
  const { axis, rowsPerTick, time, labelColumns } = grid;
  const ticks = ticksOf(time, drawing.local);
  const edge = (label: string, sign: string) => `${pad(label, labelColumns, 'left')} ${ink.faint(sign)}`;
  const line = (side: 'up' | 'down', row: number) => {
    const isTick = (row + 1) % rowsPerTick === 0;
    const value = ((row + 1) / rowsPerTick) * axis.step * (side === 'up' ? 1 : -1);
    const signs = places.map((place) => wide(place?.[side][row] ?? ' ', time));
    return `${isTick ? edge(axisLabel(value, drawing.scale), '┤') : edge('', '│')}${signs.join('')}`;
  };
  const rows = (count: number) => Array.from({ length: count * rowsPerTick }, (_, row) => row);
  const marks = axis.down === 0 ? new Set(ticks.map(({ column }) => column)) : new Set<number>();
  return [
    ...rows(axis.up)
      .reverse()
      .map((row) => line('up', row)),
    `${edge(axisLabel(0, drawing.scale), axis.down === 0 ? '└' : '┼')}${ink.faint(zeroLine(places, time, marks))}`,
    ...rows(axis.down).map((row) => line('down', row)),
    ...(ticks.length === 0 ? [] : [`${' '.repeat(labelColumns + 2)}${ink.faint(tickLabels(ticks))}`]),
  ];
}

/** From three columns on, one of them keeps a bar apart from the next. */
function wide(sign: string, { columnsPerSlot }: TimeAxis): string {
  return columnsPerSlot < 3 ? sign.repeat(columnsPerSlot) : `${sign.repeat(columnsPerSlot - 1)} `;
}

/** The line is there where the answer is, so that nothing and zero are not the same. */
function zeroLine(places: readonly (Place | undefined)[], time: TimeAxis, marks: ReadonlySet<number>): string {
  const signs = places.flatMap((place) => Array.from({ length: time.columnsPerSlot }, () => (place ? '─' : ' ')));
  return signs.map((sign, column) => (marks.has(column) ? '┬' : sign)).join('');
}

function tickLabels(ticks: ReturnType<typeof ticksOf>): string {
  let text = '';
  for (const { column, label } of ticks) if (column >= text.length) text = text.padEnd(column) + label;
  return text;
}

/** In two lines where one is too narrow: what a column stands for must not be cut away. */
function captionLines(
  instants: readonly number[],
  time: TimeAxis,
  scatter: boolean,
  { local, width }: Drawing,
): string[] {
  const [first = 0, last = 0] = [instants[0], instants.at(-1)];
  if (first === last) return [cutTo(rangeText(first, first, local), width)];
  const length = humanNumber(time.stepMs * time.slotsPerColumn, { kind: 'duration', ms: 1 });
  const range = rangeText(first, scatter || !time.even ? last : last + time.stepMs, local);
  const shared = scatter || time.slotsPerColumn === 1 ? '' : `, the highest of ${time.slotsPerColumn}`;
  const column = `one column: ${time.even ? '' : 'about '}${length}${shared}`;
  const line = `${range} · ${column}`;
  return textWidth(line) <= width ? [line] : [range, column].map((part) => cutTo(part, width));
}
