/**
 * The picture of an answer: a ranking of names as bars, a course over time, or hours of the week. The table of the
 * answer stands below it and says the same in numbers.
 */
import type { QuestionDocument } from '../../../schemas/api/questions.ts';
import { formatNumber, formatShort } from '../state/number.ts';
import { formatTick } from '../state/time.ts';
import type { AnswerRow } from './answer-table.tsx';
import { fieldOf } from './cell.tsx';
import { Handle } from './handle.tsx';
import { HeatMap } from './heat-map.tsx';

type Chart = NonNullable<QuestionDocument['chart']>;

interface Point {
  readonly x: string;
  readonly total: number;
  /** By series, in the order of the series. */
  readonly parts: readonly number[];
  readonly account: string | undefined;
}

interface Drawn {
  readonly series: readonly string[];
  readonly points: readonly Point[];
}

const SERIES_MAX = 6;
const BARS_MAX = 12;
const OTHERS = 'all others';

export function QuestionChart({
  of,
  rows,
  title,
}: {
  readonly of: Chart;
  readonly rows: readonly AnswerRow[];
  title: string;
}) {
  if (rows.length === 0) return null;
  if (of.kind === 'scatter' && rows[0]?.weekday !== undefined && rows[0]?.hour !== undefined) {
    return <HeatMap label={title} hours={hoursOf(rows, of.y)} />;
  }
  const drawn = drawnOf(of, rows);
  const isTime = drawn.points.every(({ x }) => /^\d{4}-\d{2}-\d{2}/.test(x));
  return (
    <div class="stack" style={{ gap: '8px' }}>
      {drawn.series.length > 1 && <SeriesLegend of={drawn.series} name={of.by ?? ''} />}
      {isTime ? <Course of={drawn} title={title} /> : <Bars of={drawn} chart={of} title={title} />}
    </div>
  );
}

function hoursOf(rows: readonly AnswerRow[], y: string): number[] {
  const hours = Array.from({ length: 168 }, () => 0);
  for (const row of rows) {
    const at = (Number(row.weekday) - 1) * 24 + Number(row.hour);
    hours[at] = (hours[at] ?? 0) + Number(row[y] ?? 0);
  }
  return hours;
}

/** The greatest series by name, and what is left as one; points in the order of their first row. */
function drawnOf({ x, y, by }: Chart, rows: readonly AnswerRow[]): Drawn {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = by === undefined ? '' : String(row[by] ?? '');
    sums.set(name, (sums.get(name) ?? 0) + Number(row[y] ?? 0));
  }
  const ranked = [...sums].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
  const series = ranked.length > SERIES_MAX ? [...ranked.slice(0, SERIES_MAX - 1), OTHERS] : ranked;
  const points = new Map<string, { parts: number[]; account: string | undefined }>();
  for (const row of rows) {
    const at = String(row[x] ?? '');
    const point = points.get(at) ?? {
      parts: series.map(() => 0),
      account: row.account_id === undefined ? undefined : String(row.account_id),
    };
    const found = series.indexOf(by === undefined ? '' : String(row[by] ?? ''));
    const place = found < 0 ? series.length - 1 : found;
    point.parts[place] = (point.parts[place] ?? 0) + Number(row[y] ?? 0);
    points.set(at, point);
  }
  return {
    series,
    points: [...points].map(([at, { parts, account }]) => ({
      x: at,
      parts,
      account,
      total: parts.reduce((sum, part) => sum + part, 0),
    })),
  };
}

function SeriesLegend({ of, name }: { readonly of: readonly string[]; readonly name: string }) {
  const field = fieldOf(name);
  return (
    <ul class="legend">
      {of.map((one, at) => (
        <li key={one}>
          <span class="series-mark" data-series={at} aria-hidden="true" />{' '}
          {field === undefined || one === OTHERS ? (
            <bdi>{one || 'none'}</bdi>
          ) : (
            <Handle field={field} value={one} empty="none" />
          )}
        </li>
      ))}
    </ul>
  );
}

function Bars({ of: { points, series }, chart, title }: { of: Drawn; chart: Chart; title: string }) {
  const ranked = points.toSorted((one, other) => other.total - one.total);
  const shown = ranked.slice(0, BARS_MAX);
  const greatest = Math.max(...shown.map(({ total }) => total), Number.MIN_VALUE);
  const field = fieldOf(chart.x);
  return (
    <ul class="bars" aria-label={title}>
      {shown.map(({ x, total, parts, account }) => (
        <li key={x}>
          <span class="bars-name">
            {field === undefined ? (
              <bdi>{x || 'none'}</bdi>
            ) : (
              <Handle field={field} value={x} account={account} empty="none" />
            )}
          </span>
          <span class="bars-track" aria-hidden="true">
            {parts.map((part, at) =>
              part === 0 ? null : (
                <i
                  key={series[at]}
                  data-series={at}
                  title={`${series[at] || x}: ${formatNumber(part)}`}
                  style={{ width: `${(part / greatest) * 100}%` }}
                />
              ),
            )}
          </span>
          <span class="number small">{formatNumber(total)}</span>
        </li>
      ))}
      {ranked.length > shown.length && (
        <li class="muted small">and {formatNumber(ranked.length - shown.length)} more, in the table</li>
      )}
    </ul>
  );
}

const WIDTH = 900;
const HEIGHT = 150;
const LEFT = 44;
const AXIS = 18;

function Course({ of: { points, series }, title }: { readonly of: Drawn; readonly title: string }) {
  const sorted = points.toSorted((one, other) => (one.x < other.x ? -1 : 1));
  const times = sorted.map(({ x }) => Date.parse(x.length === 10 ? `${x}T00:00:00Z` : x));
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const step = Math.max(60_000, Math.min(...times.slice(1).map((ms, at) => ms - (times[at] ?? ms)), 86_400_000));
  const top = Math.max(1, ...sorted.map(({ total }) => total));
  const xOf = (ms: number): number => LEFT + ((ms - first) / (last - first + step)) * (WIDTH - LEFT);
  const width = Math.max(1, xOf(first + step) - LEFT - 1);
  const yOf = (value: number): number => HEIGHT - (value / top) * (HEIGHT - 8);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + AXIS}`} role="img" aria-label={`${title}: at most ${formatNumber(top)}`}>
        {[0, top].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH} y1={yOf(value)} y2={yOf(value)} />
            <text x={LEFT - 6} y={Math.max(10, yOf(value) + 4)} text-anchor="end">
              {formatShort(value)}
            </text>
          </g>
        ))}
        {sorted.map(({ x, parts }, at) => {
          let below = 0;
          return parts.map((part, place) => {
            const y = yOf(below + part);
            const height = yOf(below) - y;
            below += part;
            return part === 0 ? null : (
              <rect
                key={`${x} ${series[place]}`}
                data-series={place}
                x={xOf(times[at] ?? first)}
                y={y}
                width={width}
                height={height}
              >
                <title>{`${x}${series[place] ? ` ${series[place]}` : ''}: ${formatNumber(part)}`}</title>
              </rect>
            );
          });
        })}
        {ticksOf(first, last + step).map((ms) => (
          <text key={ms} x={xOf(ms)} y={HEIGHT + 14} text-anchor="middle">
            {formatTick(ms, step)}
          </text>
        ))}
      </svg>
    </figure>
  );
}

function ticksOf(fromMs: number, toMs: number): number[] {
  const wanted = 8;
  const size = [1, 2, 7, 14, 30, 90].map((days) => days * 86_400_000).find((ms) => (toMs - fromMs) / ms <= wanted);
  const step = toMs - fromMs < 86_400_000 * 2 ? 3 * 3_600_000 : (size ?? 365 * 86_400_000);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at < toMs; at += step) ticks.push(at);
  return ticks;
}
