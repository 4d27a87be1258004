/**
 * The picture of an answer: a ranking of names as bars, a course over time, or hours of the week. The table of the
 * answer stands below it and says the same in numbers.
 */
import { useMemo } from 'preact/hooks';
import { formatNumber } from '../state/number.ts';
import type { AnswerRow } from './answer-table.tsx';
import { fieldOf } from './cell.tsx';
import { Course, type CourseProps, timeOf } from './course.tsx';
import { type Chart, type Drawn, drawnOf, OTHERS } from './drawn.ts';
import { Handle } from './handle.tsx';
import { HeatMap } from './heat-map.tsx';

const BARS_MAX = 12;

export interface QuestionChartProps extends Pick<CourseProps, 'title' | 'onRange'> {
  readonly of: Chart;
  readonly rows: readonly AnswerRow[];
}

export function QuestionChart(props: QuestionChartProps) {
  const { of, rows, title } = props;
  if (rows.length === 0) return null;
  if (of.kind === 'scatter' && rows[0]?.weekday !== undefined && rows[0]?.hour !== undefined) {
    return <HeatMap label={title} hours={hoursOf(rows, of.y)} />;
  }
  return <Ranked {...props} />;
}

function Ranked({ of, rows, title, onRange }: QuestionChartProps) {
  const drawn = useMemo(() => drawnOf(of, rows), [of.x, of.y, of.by, rows]);
  const isTime = drawn.points.every(({ x }) => Number.isFinite(timeOf(x)));
  return (
    <div class="stack" style={{ gap: '8px' }}>
      {drawn.series.length > 1 && <SeriesLegend of={drawn.series} name={of.by ?? ''} />}
      {isTime ? (
        <Course of={drawn} y={of.y} title={title} onRange={onRange} />
      ) : (
        <Bars of={drawn} chart={of} title={title} />
      )}
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
