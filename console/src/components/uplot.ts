/**
 * The home of uPlot, which draws stacked bars over time: everything that the page knows of that library is here.
 *
 * Its own pointer is left out: that knows the mouse alone, and a pull that slips out of a plot as low as ours would
 * jump to its end. Its own ticks are as well: they take a shifted local time for UTC, and are wrong where local clocks
 * change.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber, formatShort } from '../state/number.ts';
import { TICK_STEPS_MS, ticksOf } from '../state/ticks.ts';
import { formatTick } from '../state/time.ts';
import { heightsOf } from './stack.ts';

export interface BarSeries {
  /** A variable of `tokens.css`. */
  readonly colour: string;
  /** So high it is drawn at least, where it is anything at all. */
  readonly leastPx: number;
}

export interface TimeBar {
  readonly fromMs: number;
  readonly toMs: number;
  /** One for each series, the lowest first. */
  readonly values: readonly number[];
}

export interface BarsOverTime {
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: readonly BarSeries[];
  readonly bars: readonly TimeBar[];
}

export interface PlotOptions {
  readonly heightPx: number;
  /** Ticks by the clock of this machine, and not by UTC. */
  readonly isLocal: boolean;
}

export interface Plot {
  readonly resize: () => void;
  /** The time under the pointer; it may be beyond the ends. */
  readonly timeAt: (clientX: number) => number;
  /** Pixels from the left of the box. */
  readonly placeOf: (ms: number) => number;
  /** Shows what is pulled over, as times; nothing without them. */
  readonly select: (fromMs?: number, toMs?: number) => void;
  readonly destroy: () => void;
}

const Y_AXIS_PX = 40;
const X_AXIS_PX = 20;
const X_TICK_PX_MIN = 56;
const Y_TICK_PX_MIN = 22;
/** Half of a tick's text: one that is nearer to the end would be cut. */
const X_TEXT_PX = 17;
const Y_STEPS = Array.from({ length: 22 }, (_, at) => [1, 2, 5].map((one) => Number(`${one}e${at - 6}`))).flat();
const WHOLE_Y_STEPS = Y_STEPS.filter((step) => step >= 1);
const BOTTOM = 2;
const LEFT = 3;

export function plotBars(box: HTMLElement, of: BarsOverTime, options: PlotOptions): Plot {
  const { fromMs, toMs, bars } = of;
  const width = (): number => Math.max(120, box.clientWidth);
  const plot = new uPlot(
    {
      width: width(),
      height: options.heightPx,
      padding: [6, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: () => [fromMs, toMs] },
        y: { range: (_, __, greatest) => [0, greatest > 0 ? greatest * 1.02 : 1] },
      },
      series: [
        {},
        ...of.series.map(({ colour }, at) => ({
          fill: (self: uPlot) => colourOf(self.root, colour),
          width: 0,
          points: { show: false },
          paths: (self: uPlot) => ({ fill: pathOf(self, of, at), flags: 0 }),
        })),
      ],
      axes: [timeAxis(box, options), valueAxis(box, of)],
    },
    [bars.map((bar) => bar.fromMs), ...of.series.map((_, at) => bars.map(({ values }) => sumOf(values, at + 1)))],
    box,
  );
  return {
    resize: () => plot.setSize({ width: width(), height: options.heightPx }),
    timeAt: (clientX) => plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x'),
    placeOf: (ms) => plot.valToPos(ms, 'x') + plot.over.offsetLeft,
    select: (from, to) => {
      const place = { left: 0, top: 0, width: 0, height: 0 };
      if (from !== undefined && to !== undefined) {
        place.left = plot.valToPos(from, 'x');
        place.width = plot.valToPos(to, 'x') - place.left;
        place.height = plot.over.clientHeight;
      }
      plot.setSelect(place, false);
    },
    destroy: () => plot.destroy(),
  };
}

function timeAxis(box: HTMLElement, { isLocal }: PlotOptions): uPlot.Axis {
  return {
    ...textOf(box),
    side: BOTTOM,
    size: X_AXIS_PX,
    gap: 3,
    space: X_TICK_PX_MIN,
    incrs: [...TICK_STEPS_MS],
    splits: (_, __, min, max, stepMs) => ticksOf(min, max, stepMs, isLocal),
    values: (self, splits, _, __, stepMs) =>
      splits.map((ms) =>
        self.valToPos(ms, 'x') > self.over.clientWidth - X_TEXT_PX ? null : formatTick(ms, stepMs, isLocal),
      ),
    grid: { show: false },
    ticks: { stroke: () => colourOf(box, '--line-strong'), width: 1, size: 3 },
  };
}

function valueAxis(box: HTMLElement, { bars }: BarsOverTime): uPlot.Axis {
  const isWhole = bars.every(({ values }) => values.every(Number.isInteger));
  return {
    ...textOf(box),
    side: LEFT,
    size: Y_AXIS_PX,
    gap: 6,
    space: Y_TICK_PX_MIN,
    incrs: isWhole ? WHOLE_Y_STEPS : Y_STEPS,
    values: (_, splits, __, ___, step) => splits.map((value) => (step < 1 ? formatNumber : formatShort)(value)),
    grid: { stroke: () => colourOf(box, '--line'), width: 1 },
    ticks: { show: false },
  };
}

function textOf(box: HTMLElement): uPlot.Axis {
  return { font: `11px ${getComputedStyle(box).fontFamily}`, stroke: () => colourOf(box, '--muted') };
}

/** A canvas knows no variables: the page is asked what one stands for, in the theme that is shown. */
function colourOf(element: HTMLElement, variable: string): string {
  element.style.color = `var(${variable})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

/** All bars of one series, on whole pixels of the screen. */
function pathOf(plot: uPlot, { series, bars }: BarsOverTime, of: number): Path2D {
  const { pxRatio } = uPlot;
  const { top, height } = plot.bbox;
  const pxPerUnit = height / (plot.scales.y?.max ?? 1);
  const leastPx = series.map((one) => Math.round(one.leastPx * pxRatio));
  const path = new Path2D();
  for (const { fromMs, toMs, values } of bars) {
    const heights = heightsOf(values, pxPerUnit, leastPx);
    if (heights[of] === 0) continue;
    const below = sumOf(heights, of);
    const upper = Math.round(top + height - below - (heights[of] ?? 0));
    const left = Math.round(plot.valToPos(fromMs, 'x', true));
    const width = Math.round(plot.valToPos(toMs, 'x', true)) - left;
    const gap = width > 3 * pxRatio ? Math.round(pxRatio) : 0;
    path.rect(left, upper, Math.max(1, width - gap), Math.round(top + height - below) - upper);
  }
  return path;
}

function sumOf(values: readonly number[], count: number): number {
  return values.slice(0, count).reduce((sum, value) => sum + Math.max(0, value), 0);
}
