/**
 * Stacked bars over time. Pulling over them with the pointer sets the range, and a click that of one bar; the table
 * that stands behind or below a chart says the same in numbers, for whoever uses no pointer.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../state/number.ts';
import { isDark } from '../state/preferences.ts';
import { isLocal } from '../state/time.ts';
import { type BarSeries, type BarsOverTime, type Plot, plotBars, type TimeBar } from './uplot.ts';

/** Less of a pull is a click. */
const PULL_PX_MIN = 4;
const TIP_GAP_PX = 12;

export interface NamedSeries extends BarSeries {
  /** What the tip calls it. */
  readonly mark: ComponentChildren;
}

export interface TimeBarsProps {
  /** Drawn anew when it is another object. */
  readonly of: BarsOverTime & { readonly series: readonly NamedSeries[] };
  /** What is seen, in words. */
  readonly label: string;
  readonly titleOf: (bar: TimeBar) => string;
  readonly heightPx?: number;
  /** The bars are days of a calendar, and no moments: no zone moves them. */
  readonly isCalendar?: boolean;
  /** Absent: nothing is set by the pointer. */
  readonly onRange?: ((fromMs: number, toMs: number) => void) | undefined;
}

interface Pull {
  readonly clientX: number;
  readonly ms: number;
}

export function TimeBars({ of, label, titleOf, heightPx = 138, isCalendar = false, onRange }: TimeBarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const pull = useRef<Pull | undefined>(undefined);
  const [at, setAt] = useState(-1);
  const isByClock = isLocal.value && !isCalendar;
  useLayoutEffect(() => {
    if (box.current === null) return;
    const made = plotBars(box.current, of, { heightPx, isLocal: isByClock });
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    plot.current = made;
    setAt(-1);
    return () => {
      watch.disconnect();
      made.destroy();
    };
    // A canvas follows neither theme nor zone by itself.
  }, [of, heightPx, isByClock, isDark.value]);

  const drop = (): void => {
    pull.current = undefined;
    plot.current?.select();
  };
  const timeAt = (clientX: number): number => plot.current?.timeAt(clientX) ?? of.fromMs;
  const barAt = (ms: number): number => of.bars.findIndex((bar) => bar.fromMs <= ms && ms < bar.toMs);
  const pulled = (clientX: number): readonly [number, number] | undefined => {
    if (pull.current === undefined || Math.abs(clientX - pull.current.clientX) < PULL_PX_MIN) return undefined;
    const ends = [pull.current.ms, timeAt(clientX)].map((ms) => Math.min(of.toMs, Math.max(of.fromMs, ms)));
    return [Math.min(...ends), Math.max(...ends)];
  };
  return (
    <div class="chart">
      <div
        ref={box}
        class="chart-plot"
        role="img"
        aria-label={label}
        data-is-pulled={onRange !== undefined}
        style={{ height: `${heightPx}px` }}
        onPointerDown={(event) => {
          if (event.button !== 0 || onRange === undefined) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          pull.current = { clientX: event.clientX, ms: timeAt(event.clientX) };
        }}
        onPointerMove={({ clientX }) => {
          setAt(barAt(timeAt(clientX)));
          if (pull.current !== undefined) plot.current?.select(...(pulled(clientX) ?? []));
        }}
        onPointerUp={({ clientX }) => {
          if (pull.current === undefined) return;
          const ends = pulled(clientX);
          const bar = of.bars[barAt(timeAt(clientX))];
          drop();
          if (ends !== undefined) onRange?.(Math.floor(ends[0]), Math.ceil(ends[1]));
          else if (bar !== undefined) onRange?.(bar.fromMs, bar.toMs);
        }}
        onPointerLeave={() => setAt(-1)}
        onPointerCancel={drop}
      />
      {of.bars[at] !== undefined && plot.current !== undefined && (
        <Hovered bar={of.bars[at]} series={of.series} title={titleOf(of.bars[at])} plot={plot.current} />
      )}
    </div>
  );
}

interface HoveredProps {
  readonly bar: TimeBar;
  readonly series: readonly NamedSeries[];
  readonly title: string;
  readonly plot: Plot;
}

/** Which bar is meant, and its exact numbers, the uppermost first. */
function Hovered({ bar, series, title, plot }: HoveredProps) {
  const tip = useRef<HTMLDivElement>(null);
  const [left, right] = [plot.placeOf(bar.fromMs), plot.placeOf(bar.toMs)];
  useLayoutEffect(() => {
    const element = tip.current;
    if (element === null) return;
    const room = (element.parentElement?.clientWidth ?? 0) - element.offsetWidth;
    const beside = right + TIP_GAP_PX <= room ? right + TIP_GAP_PX : left - TIP_GAP_PX - element.offsetWidth;
    // Where neither side has room, it stands over the bars, and never beyond the page.
    element.style.left = `${Math.max(0, Math.min(beside, room))}px`;
  });
  const parts = series.map((one, at) => ({ ...one, value: bar.values[at] ?? 0 })).filter(({ value }) => value !== 0);
  return (
    <>
      <div class="chart-hover" style={{ left: `${left}px`, width: `${right - left}px` }} />
      <div ref={tip} class="chart-tip" aria-hidden="true">
        <div class="muted">{title}</div>
        {parts.toReversed().map(({ colour, mark, value }) => (
          <div key={colour} class="row spread chart-tip-row">
            {mark}
            <b>{formatNumber(value)}</b>
          </div>
        ))}
        {parts.length === 0 && <div>nothing</div>}
      </div>
    </>
  );
}
