/** The course of an answer: its points as bars over time, stacked by series. */
import { useMemo } from 'preact/hooks';
import { formatNumber } from '../state/number.ts';
import { MS_PER_DAY, MS_PER_MINUTE } from '../state/range.ts';
import { formatRange } from '../state/time.ts';
import type { Drawn } from './drawn.ts';
import { fieldName } from './entities.ts';
import { TimeBars, type TimeBarsProps } from './time-bars.tsx';

const HEIGHT_PX = 180;
const LONE_POINT_MS = 3_600_000;

export interface CourseProps {
  readonly of: Drawn;
  /** Name of the column that is drawn. */
  readonly y: string;
  readonly title: string;
  readonly onRange?: ((fromMs: number, toMs: number) => void) | undefined;
}

/** @returns not a number where the text is no time */
export function timeOf(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(?:T.*Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
}

export function Course({ of, y, title, onRange }: CourseProps) {
  const isCalendar = of.points.every(({ x }) => isDay(x));
  const bars = useMemo(() => barsOf(of, fieldName(y), isCalendar), [of, y]);
  const step = (bars.bars[0]?.toMs ?? 0) - bars.fromMs;
  const greatest = Math.max(...of.points.map(({ total }) => total));
  const titleOf = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): string =>
    isCalendar
      ? new Date(fromMs).toISOString().slice(0, 10)
      : formatRange(fromMs, toMs, step < MS_PER_MINUTE ? 'second' : 'minute');
  return (
    <TimeBars
      of={bars}
      label={`${title}: at most ${formatNumber(greatest)}`}
      titleOf={titleOf}
      heightPx={HEIGHT_PX}
      isCalendar={isCalendar}
      onRange={onRange}
    />
  );
}

function isDay(text: string): boolean {
  return text.length === 10;
}

function barsOf({ points, series }: Drawn, y: string, isCalendar: boolean): TimeBarsProps['of'] {
  const timed = points.map(({ x, parts }) => ({ fromMs: timeOf(x), values: parts }));
  const sorted = timed.toSorted((one, other) => one.fromMs - other.fromMs);
  const times = sorted.map(({ fromMs }) => fromMs);
  const step = isCalendar ? MS_PER_DAY : stepOf(times);
  return {
    fromMs: times[0] ?? 0,
    toMs: (times.at(-1) ?? 0) + step,
    series: series.map((name, at) => ({
      colour: `--series-${at}`,
      leastPx: 1,
      mark: (
        <span>
          <span class="series-mark" data-series={at} />{' '}
          <bdi class="foreign">{name || (series.length > 1 ? 'none' : y)}</bdi>
        </span>
      ),
    })),
    bars: sorted.map(({ fromMs, values }) => ({ fromMs, toMs: fromMs + step, values })),
  };
}

/** The longest step that leads to every point: buckets that hold nothing may be missing between them. */
function stepOf(times: readonly number[]): number {
  const between = times.slice(1).map((ms, at) => ms - (times[at] ?? ms));
  return between.reduce(greatestDivisor, 0) || LONE_POINT_MS;
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
