/** Time along an axis of terminal columns: where each instant stands, and where its round times are. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './milliseconds.ts';
import { localTime, shortTime, zoneOf } from './text.ts';

/** A single bar as wide as the terminal would look like a great many. */
const SLOT_COLUMNS_MAX = 6;

/** Slots of equal length, each of which may hold a bucket; a slot without one is a gap. */
export interface TimeAxis {
  readonly startMs: number;
  /** Length of a slot. */
  readonly stepMs: number;
  /** All distances are multiples of a slot. */
  readonly even: boolean;
  /** Slots that share a column, where there are more of them than columns. */
  readonly slotsPerColumn: number;
  /** Columns that a slot takes, where there is room. */
  readonly columnsPerSlot: number;
  /** How many columns differ in what they show: slots, or groups of slots. */
  readonly places: number;
}

/**
 * @param times ms since 1970, distinct and ascending, at least one
 * @param width columns that there are
 */
export function timeAxis(times: readonly number[], width: number): TimeAxis {
  const startMs = times[0] ?? 0;
  const span = (times.at(-1) ?? startMs) - startMs;
  const { stepMs, even } = stepOf(times);
  const slots = Math.round(span / stepMs) + 1;
  const slotsPerColumn = Math.ceil(slots / width);
  const places = Math.ceil(slots / slotsPerColumn);
  const columnsPerSlot = Math.max(1, Math.min(SLOT_COLUMNS_MAX, Math.floor(width / places)));
  return { startMs, stepMs, even, slotsPerColumn, columnsPerSlot, places };
}

/** The place of an instant that is one of the axis's own. */
export function placeOf(axis: TimeAxis, ms: number): number {
  return Math.floor(Math.round((ms - axis.startMs) / axis.stepMs) / axis.slotsPerColumn);
}

/** Instant at which a place begins. */
export function beginOf(axis: TimeAxis, place: number): number {
  return axis.startMs + place * axis.slotsPerColumn * axis.stepMs;
}

/** The distance of which all are multiples; where that is not the shortest one, as with months, the middle one. */
function stepOf(times: readonly number[]): Pick<TimeAxis, 'stepMs' | 'even'> {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time));
  if (distances.length === 0) return { stepMs: DAY_MS, even: true };
  distances.sort((one, other) => one - other);
  const shortest = distances[0] ?? DAY_MS;
  if (distances.every((distance) => distance % shortest === 0)) return { stepMs: shortest, even: true };
  return { stepMs: distances[Math.floor(distances.length / 2)] ?? shortest, even: false };
}

export interface Tick {
  readonly column: number;
  readonly label: string;
}

interface TickStep {
  readonly ms: number;
  /** Number of the stretch that a wall-clock time lies in: where it changes, a tick stands. */
  readonly stretch: (wallMs: number) => number;
  /** Part of `YYYY-MM-DDTHH:MM:SS`. */
  readonly label: (wall: string) => string;
}

const every = (ms: number, label: TickStep['label'], originMs = 0): TickStep => ({
  ms,
  stretch: (wallMs) => Math.floor((wallMs - originMs) / ms),
  label,
});
const everyMonths = (count: number, label: TickStep['label']): TickStep => ({
  ms: count * 30 * DAY_MS,
  stretch: (wallMs) => {
    const date = new Date(wallMs);
    return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / count);
  },
  label,
});

const seconds = (wall: string) => wall.slice(11, 19);
const clock = (wall: string) => (wall.slice(11, 16) === '00:00' ? wall.slice(5, 10) : wall.slice(11, 16));
const day = (wall: string) => wall.slice(5, 10);
const month = (wall: string) => wall.slice(0, 7);
const year = (wall: string) => wall.slice(0, 4);
/** 1970-01-05 was a Monday. */
const MONDAY_MS = 4 * DAY_MS;

const TICK_STEPS: readonly TickStep[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => every(count * SECOND_MS, seconds)),
  ...[1, 2, 5, 10, 15, 30].map((count) => every(count * MINUTE_MS, clock)),
  ...[1, 2, 3, 6, 12].map((count) => every(count * HOUR_MS, clock)),
  ...[1, 2].map((count) => every(count * DAY_MS, day)),
  ...[1, 2].map((count) => every(count * 7 * DAY_MS, day, MONDAY_MS)),
  ...[1, 2, 3, 6].map((count) => everyMonths(count, month)),
  ...[1, 2, 5, 10, 20, 50, 100].map((count) => everyMonths(count * 12, year)),
];
const TICK_GAP_COLUMNS = 3;

/** Round times in the zone of the reader, as close together as their labels can stand. */
export function ticksOf(axis: TimeAxis, local: boolean): Tick[] {
  const columns = axis.places * axis.columnsPerSlot;
  const columnMs = (axis.slotsPerColumn * axis.stepMs) / axis.columnsPerSlot;
  const begins = Array.from({ length: axis.places }, (_, place) => beginOf(axis, place));
  const walls = begins.map((ms) => ms + offsetMs(ms, local));
  const text = (wallMs: number) => new Date(wallMs).toISOString();
  const step = TICK_STEPS.find(({ ms, label }) => {
    return ms / columnMs >= label(text(walls[0] ?? 0)).length + TICK_GAP_COLUMNS;
  });
  if (step === undefined) return [];
  const ticks: Tick[] = [];
  for (const [place, wallMs] of walls.entries()) {
    const before = walls[place - 1] ?? wallMs - 1;
    if (step.stretch(before) === step.stretch(wallMs)) continue;
    const column = place * axis.columnsPerSlot;
    const label = step.label(text(roundedDown(wallMs, step)));
    if (column + label.length <= Math.max(columns, label.length)) ticks.push({ column, label });
  }
  return ticks;
}

/** The round time that a place holds: its beginning may lie after it, where buckets are not round themselves. */
function roundedDown(wallMs: number, step: TickStep): number {
  const roundMs = Math.min(step.ms, DAY_MS);
  return Math.floor(wallMs / roundMs) * roundMs;
}

function offsetMs(ms: number, local: boolean): number {
  return local ? -new Date(ms).getTimezoneOffset() * MINUTE_MS : 0;
}

/** `2026-10-02 → 2026-11-01 UTC` */
export function rangeText(fromMs: number, toMs: number, local: boolean): string {
  const texts = [fromMs, toMs].map((ms) => {
    const utc = new Date(ms).toISOString();
    return local ? localTime(utc) : utc;
  });
  const walls = texts.map((text) =>
    shortTime(text)
      .replace(/(?:Z|[+-]\d\d:\d\d)$/, '')
      .replace('T', ' '),
  );
  const wholeDays = walls.every((wall) => wall.endsWith(' 00:00'));
  const shown = wholeDays ? walls.map((wall) => wall.slice(0, 10)) : walls;
  return `${shown[0] === shown[1] ? shown[0] : shown.join(' → ')} ${zoneOf(texts[0] ?? '')}`;
}
