/**
 * Events over time, stacked by judgement. The table behind the chart says the same in numbers, and each of its rows
 * leads to its time.
 */
import { useMemo } from 'preact/hooks';
import type { HistogramDocument } from '../../../schemas/api/overview.ts';
import { JUDGEMENTS, type Judgement } from '../../../schemas/judgement.ts';
import { query } from '../state/location.ts';
import { formatNumber } from '../state/number.ts';
import { instant, linkTo, MS_PER_MINUTE, setRange } from '../state/range.ts';
import { formatRange, formatTime } from '../state/time.ts';
import { JUDGEMENT_WORDS, JudgementMark } from './judgement.tsx';
import { Table } from './table.tsx';
import { TimeBars, type TimeBarsProps } from './time-bars.tsx';

/** What must not be overlooked is seen, however many the others are. */
const SERIES = JUDGEMENTS.map((word) => ({
  colour: `--${word}`,
  leastPx: word.startsWith('should') ? 3 : 1,
  mark: <JudgementMark of={word} />,
}));

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
  const bars = useMemo(() => barsOf(of), [of]);
  const precision = of.step_ms < MS_PER_MINUTE ? 'second' : 'minute';
  return (
    <TimeBars
      of={bars}
      label={summaryOf(of)}
      titleOf={({ fromMs, toMs }) => formatRange(fromMs, toMs, precision)}
      onRange={setRange}
    />
  );
}

function barsOf(of: HistogramDocument): TimeBarsProps['of'] {
  return {
    fromMs: Date.parse(of.from),
    toMs: Date.parse(of.to),
    series: SERIES,
    bars: of.buckets.map((bucket) => {
      const [fromMs, toMs] = timesOf(bucket, of);
      return { fromMs, toMs, values: JUDGEMENTS.map((word) => bucket[word]) };
    }),
  };
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
