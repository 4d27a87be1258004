/** What was received block by block: positions without a hole, or a gap that says what is missing. */
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Refusal } from '../../components/refusal.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { change, value } from '../../state/location.ts';
import { formatNumber } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { Instant } from './streams.tsx';

interface Block {
  readonly recorded_at: string;
  readonly kind: string;
  readonly stream: string;
  readonly stream_partition: number;
  readonly position_from: number;
  readonly position_to: number;
  readonly received: number;
  readonly dead_letters: number;
  readonly first_event_time: string | null;
  readonly last_event_time: string | null;
  readonly block_id: string;
  readonly block_digest: string;
  readonly chain_id: string;
}

const ROWS = 500;
const DIGEST_SHOWN = 12;

export function Ledger({ isHeld }: { readonly isHeld: boolean }) {
  const stream = value('stream');
  const answer = useQuery<Rows<Block>>(isHeld ? undefined : PATHS.ledger, { stream, limit: ROWS });
  if (isHeld) return <Refusal of="The ledger belongs to no account, and your token is limited to some." />;
  return (
    <Panel
      title="Ledger"
      more={
        <>
          <span class="muted">
            {answer.data !== undefined && answer.data.rows.length < ROWS
              ? 'all entries'
              : `${formatNumber(ROWS)} entries`}
            , the latest first
          </span>
          {stream !== '' && (
            <Button kind="plain" onClick={() => change({ stream: undefined })}>
              only <bdi>{stream.slice(0, 60)}</bdi> ✕
            </Button>
          )}
        </>
      }
      isFlush
    >
      <Answer of={answer} skeleton={<Skeleton lines={10} height={20} />}>
        {({ rows }) => (
          <Table<Block>
            label="Ledger"
            rows={rows}
            keyOf={({ block_id: id, chain_id: chain, position_from: from }) => `${id} ${chain} ${from}`}
            empty={<Empty title="No block was entered" />}
            columns={[
              { name: 'recorded_at', title: 'entered', cell: ({ recorded_at: time }) => <Instant of={time} /> },
              {
                name: 'kind',
                title: 'kind',
                cell: ({ kind }) => (kind === 'gap' ? <span class="is-bad">gap: lost</span> : kind),
              },
              {
                name: 'stream',
                title: 'stream',
                isWrapped: true,
                cell: ({ stream: name, stream_partition: partition }) => (
                  <>
                    <bdi>{name}</bdi>
                    {partition > 0 && <span class="muted"> / {partition}</span>}
                  </>
                ),
              },
              {
                name: 'position_from',
                title: 'positions',
                isNumber: true,
                cell: ({ position_from: from, position_to: to }) => `${formatNumber(from)} – ${formatNumber(to)}`,
              },
              { name: 'received', title: 'records', isNumber: true, hasBar: true },
              { name: 'dead_letters', title: 'refused', isNumber: true },
              {
                name: 'first_event_time',
                title: 'events from, to',
                cell: ({ first_event_time: from, last_event_time: to }) =>
                  from === null || to === null
                    ? '–'
                    : `${formatTime(msOf(from), 'minute')} → ${formatTime(msOf(to), 'minute')}`,
              },
              {
                name: 'block_digest',
                title: 'digest',
                sortBy: false,
                cell: ({ block_digest: digest }) => (
                  <span class="mono" title={digest}>
                    {digest.slice(0, DIGEST_SHOWN)}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
