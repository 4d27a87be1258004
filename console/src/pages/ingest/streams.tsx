/** Where records are read from, how far, and what came of them. */
import type { Rows } from '../../api/rows.ts';
import type { Query } from '../../api/use-query.ts';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { changed } from '../../state/location.ts';
import { formatNumber } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import type { IngestRow } from './summary.tsx';

export function Streams({ of }: { readonly of: Query<Rows<IngestRow>> }) {
  return (
    <Panel
      title="Streams"
      more={
        <>
          <span class="muted">of all time, by partition</span>
          <a class="push small" href={linkTo('/questions/ingest-status')}>
            Of the time in the head
          </a>
        </>
      }
      isFlush
    >
      <Answer of={of} skeleton={<Skeleton lines={6} height={20} />}>
        {({ rows }) => (
          <Table<IngestRow>
            label="Streams"
            rows={rows}
            keyOf={({ stream, stream_partition: partition }) => `${stream} ${partition}`}
            empty={<Empty title="Nothing has been received yet" />}
            columns={[
              {
                name: 'stream',
                title: 'stream',
                isWrapped: true,
                cell: ({ stream, stream_partition: partition }) => (
                  <a class="handle" href={changed({ tab: 'ledger', stream })} title="Its blocks in the ledger">
                    <bdi>{stream}</bdi>
                    {partition > 0 && <span class="muted"> / {partition}</span>}
                  </a>
                ),
              },
              {
                name: 'last_event_time',
                title: 'events reach to',
                cell: ({ last_event_time: time }) => (time === null ? '–' : <Instant of={time} />),
              },
              {
                name: 'last_recorded_at',
                title: 'last stored',
                cell: ({ last_recorded_at: time }) => <Instant of={time} isAgo />,
              },
              { name: 'lag', title: 'still to read', isNumber: true, cell: ({ lag }) => <Bad of={lag} /> },
              { name: 'received', title: 'received', isNumber: true, hasBar: true },
              { name: 'new', title: 'new', isNumber: true },
              { name: 'already_known', title: 'known before', isNumber: true },
              {
                name: 'dead_letters',
                title: 'refused',
                isNumber: true,
                cell: ({ dead_letters: letters }) =>
                  letters === 0 ? '0' : <a href={changed({ tab: 'letters' })}>{formatNumber(letters)}</a>,
              },
              {
                name: 'gap_positions',
                title: 'lost',
                isNumber: true,
                cell: ({ gap_positions: positions, gaps }) => (
                  <Bad of={positions} title={gaps === 0 ? undefined : `in ${formatNumber(gaps)} gaps`} />
                ),
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

export function Instant({ of, isAgo = false }: { readonly of: string; readonly isAgo?: boolean }) {
  const ms = msOf(of);
  const [shown, other] = isAgo ? [formatAgo(ms), formatTime(ms)] : [formatTime(ms), formatAgo(ms)];
  return (
    <time dateTime={of} title={other}>
      {shown}
    </time>
  );
}

function Bad({ of, title }: { readonly of: number; readonly title?: string | undefined }) {
  return (
    <span class={of > 0 ? 'is-bad' : undefined} title={title}>
      {formatNumber(of)}
    </span>
  );
}
