/**
 * Events over time, stacked by judgement. Drawing over it with the pointer sets the range; the table behind it says the
 * same in numbers, and each of its rows leads to its time, for whoever uses no pointer.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HistogramDocument } from '../../../schemas/api/overview.ts';
import { JUDGEMENTS, type Judgement } from '../../../schemas/judgement.ts';
import { query } from '../state/location.ts';
import { formatNumber, formatShort } from '../state/number.ts';
import { instant, linkTo, setRange } from '../state/range.ts';
import { formatTick, formatTime, isLocal } from '../state/time.ts';
import { JUDGEMENT_WORDS, JudgementMark } from './judgement.tsx';
import { Table } from './table.tsx';

const HEIGHT = 120;
const AXIS = 18;
const LEFT = 40;
/** Less of a pull is a click. */
const PULL_PX_MIN = 4;

export interface HistogramProps {
  readonly of: HistogramDocument;
  readonly isTable?: boolean;
}

export type Bucket = HistogramDocument['buckets'][number];

export function sumOf(bucket: Bucket): number {
  return JUDGEMENTS.reduce((sum, word) => sum + bucket[word], 0);
}

export function totalOf({ buckets }: HistogramDocument, of?: Judgement): number {
  return buckets.reduce((sum, bucket) => sum + (of === undefined ? sumOf(bucket) : bucket[of]), 0);
}

export function Histogram({ of, isTable = false }: HistogramProps) {
  return isTable ? <HistogramTable of={of} /> : <HistogramChart of={of} />;
}

function HistogramChart({ of }: { readonly of: HistogramDocument }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [at, setAt] = useState(-1);
  const [pull, setPull] = useState<readonly [number, number] | undefined>(undefined);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(120, entry?.contentRect.width ?? 800)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const { buckets, step_ms: stepMs } = of;
  const [fromMs, toMs] = [Date.parse(of.from), Date.parse(of.to)];
  const top = niceTop(Math.max(1, ...buckets.map(sumOf)));
  const plot = width - LEFT;
  const xOf = (ms: number): number => LEFT + ((ms - fromMs) / (toMs - fromMs)) * plot;
  const timeAt = (x: number): number => fromMs + ((Math.max(LEFT, Math.min(width, x)) - LEFT) / plot) * (toMs - fromMs);
  const yOf = (events: number): number => HEIGHT - (events / top) * (HEIGHT - 4);
  const place = (event: PointerEvent): number => event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  const hovered = buckets[at];
  const { tickMs, ticks } = ticksOf(fromMs, toMs, plot);
  return (
    <div
      class="chart"
      ref={box}
      style={{ touchAction: 'pan-y', cursor: 'crosshair' }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPull([place(event), place(event)]);
      }}
      onPointerMove={(event) => {
        const x = place(event);
        if (pull !== undefined) setPull([pull[0], x]);
        setAt(
          buckets.findIndex((bucket) => x >= xOf(Date.parse(bucket.at)) && x < xOf(Date.parse(bucket.at) + stepMs)),
        );
      }}
      onPointerUp={() => {
        setPull(undefined);
        if (pull === undefined) return;
        const [one, other] = [Math.min(...pull), Math.max(...pull)];
        if (other - one >= PULL_PX_MIN) setRange(Math.floor(timeAt(one)), Math.ceil(timeAt(other)));
        else if (hovered !== undefined) setRange(...timesOf(hovered, of));
      }}
      onPointerLeave={() => setAt(-1)}
      onPointerCancel={() => setPull(undefined)}
    >
      <svg height={HEIGHT + AXIS} viewBox={`0 0 ${width} ${HEIGHT + AXIS}`} role="img" aria-label={summaryOf(of)}>
        {(top < 2 ? [0, top] : [0, top / 2, top]).map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={width} y1={yOf(value)} y2={yOf(value)} />
            <text x={LEFT - 6} y={Math.max(10, yOf(value) + 4)} text-anchor="end">
              {formatShort(value)}
            </text>
          </g>
        ))}
        {buckets.map((bucket) => (
          <Bar
            key={bucket.at}
            bucket={bucket}
            x={xOf(Math.max(fromMs, Date.parse(bucket.at)))}
            end={xOf(Math.min(toMs, Date.parse(bucket.at) + stepMs))}
            yOf={yOf}
          />
        ))}
        {ticks.map((ms) => (
          <text key={ms} x={xOf(ms)} y={HEIGHT + 14} text-anchor="middle">
            {formatTick(ms, tickMs)}
          </text>
        ))}
        {pull !== undefined && Math.abs(pull[1] - pull[0]) >= PULL_PX_MIN && (
          <rect class="brush" x={Math.min(...pull)} y={0} width={Math.abs(pull[1] - pull[0])} height={HEIGHT} />
        )}
      </svg>
      {hovered !== undefined && <Tip bucket={hovered} x={xOf(Date.parse(hovered.at))} width={width} stepMs={stepMs} />}
    </div>
  );
}

interface BarProps {
  readonly bucket: Bucket;
  readonly x: number;
  readonly end: number;
  readonly yOf: (events: number) => number;
}

function Bar({ bucket, x, end, yOf }: BarProps) {
  let below = 0;
  return (
    <>
      {JUDGEMENTS.map((word) => {
        const events = bucket[word];
        if (events === 0) return null;
        const y = yOf(below + events);
        // What must not be overlooked has at least a line, however many the others are.
        const height = Math.max(word.startsWith('should') ? 3 : 1, yOf(below) - y);
        below += events;
        const gap = end - x > 3 ? 1 : 0;
        return (
          <rect key={word} class={`bars-${word}`} x={x} y={y} width={Math.max(1, end - x - gap)} height={height} />
        );
      })}
    </>
  );
}

function Tip({ bucket, x, width, stepMs }: { bucket: Bucket; x: number; width: number; stepMs: number }) {
  const ms = Date.parse(bucket.at);
  const side = x > width / 2 ? { right: `${width - x + 8}px` } : { left: `${x + 16}px` };
  return (
    <div class="chart-tip" style={side} aria-hidden="true">
      <div class="muted">
        {formatTime(ms, stepMs < 60_000 ? 'second' : 'minute')} →{' '}
        {formatTime(ms + stepMs, stepMs < 60_000 ? 'second' : 'minute').slice(11)}
      </div>
      {JUDGEMENTS.filter((word) => bucket[word] > 0).map((word) => (
        <div key={word} class="row spread" style={{ flexWrap: 'nowrap', gap: '16px' }}>
          <JudgementMark of={word} />
          <b>{formatNumber(bucket[word])}</b>
        </div>
      ))}
      {sumOf(bucket) === 0 && <div>no events</div>}
    </div>
  );
}

/** From when until when a bucket counts: the first and the last are cut where the range ends. */
function timesOf({ at }: Bucket, { from, to, step_ms }: HistogramDocument): [number, number] {
  return [Math.max(Date.parse(at), Date.parse(from)), Math.min(Date.parse(at) + step_ms, Date.parse(to))];
}

function HistogramTable({ of }: { readonly of: HistogramDocument }) {
  const { buckets } = of;
  const keep = Object.fromEntries([...query()].filter(([name]) => !['from', 'to', 'last'].includes(name)));
  const used = JUDGEMENTS.filter((word) => buckets.some((bucket) => bucket[word] > 0));
  return (
    <div style={{ maxHeight: '320px', overflowY: 'auto' }}>
      <Table
        label="Events over time"
        rows={buckets.filter((bucket) => sumOf(bucket) > 0)}
        keyOf={({ at }) => at}
        empty={<p class="muted">No events.</p>}
        columns={[
          {
            name: 'at',
            title: 'from',
            cell: (bucket) => {
              const [ms, untilMs] = timesOf(bucket, of);
              const range = { from: instant(ms), to: instant(untilMs), last: undefined };
              return <a href={linkTo(window.location.pathname, { ...keep, ...range })}>{formatTime(ms)}</a>;
            },
          },
          ...used.map((word) => ({
            name: word,
            title: JUDGEMENT_WORDS[word],
            isNumber: true,
            hasBar: true,
          })),
        ]}
      />
    </div>
  );
}

function summaryOf(of: HistogramDocument): string {
  const counts = JUDGEMENTS.map((word) => [word, totalOf(of, word)] as const).filter(([, events]) => events > 0);
  const told = counts.map(([word, events]) => `${formatNumber(events)} ${JUDGEMENT_WORDS[word]}`).join(', ');
  return `Events over time: ${told || 'none'}`;
}

/** 1, 2 or 5 with zeros: an axis that can be read. */
function niceTop(greatest: number): number {
  const size = 10 ** Math.floor(Math.log10(greatest));
  return ([1, 2, 5, 10].find((one) => one * size >= greatest) ?? 10) * size;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICKS_MS = [
  ...[1, 5, 10, 30].map((count) => count * 1_000),
  ...[1, 5, 10, 30].map((count) => count * MINUTE),
  ...[1, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY),
];
const TICK_PX_MIN = 72;

/** Times that people count by, as close together as can be read. */
function ticksOf(fromMs: number, toMs: number, width: number): { readonly tickMs: number; readonly ticks: number[] } {
  const tickMs = TICKS_MS.find((one) => (one / (toMs - fromMs)) * width >= TICK_PX_MIN) ?? toMs - fromMs;
  // Midnight of the zone that is shown, and not of UTC.
  const offset = isLocal.value ? new Date(fromMs).getTimezoneOffset() * MINUTE : 0;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs - offset) / tickMs) * tickMs + offset; at < toMs; at += tickMs) ticks.push(at);
  return { tickMs, ticks };
}
