/** Names for ranges of addresses. */
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { change, changed, value } from '../../state/location.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { NetworkDialog } from './network-dialog.tsx';

export interface KnownNetwork {
  readonly network: string;
  readonly kind: string;
  readonly owner: string;
  readonly description: string;
  readonly cidrs: readonly string[];
  readonly valid_from: string;
  readonly origin: string;
}

const RANGES_SHOWN = 4;

export function Networks() {
  const answer = useQuery<Rows<KnownNetwork>>(PATHS.known_networks);
  const rows = answer.data?.rows ?? [];
  const [what, ...rest] = value('do').split(':');
  const edited = rest.join(':');
  const selected = useRowKeys(rows.length, {
    group: 'Registry',
    open: (at) => change({ open: rows[at] === undefined ? undefined : `network:${rows[at].network}` }),
  });
  return (
    <Panel
      title="Networks"
      more={
        <>
          <span class="muted">of several that hold an address the narrowest range wins</span>
          <span class="push">
            <Button onClick={() => change({ do: 'network:' })}>Add a network …</Button>
          </span>
        </>
      }
      isFlush
    >
      <Answer of={answer} skeleton={<Skeleton lines={6} height={20} />}>
        {() => (
          <Table<KnownNetwork>
            label="Networks"
            rows={rows}
            selected={selected}
            keyOf={({ network }) => network}
            empty={
              <Empty title="No network has a name yet">
                <p class="muted">
                  Offices, VPNs, CI runners, partners: with names, an address says at once where somebody was. Those
                  that the standards reserve, and the provider of every address, are known without.
                </p>
                <pre>keytrail networks import networks.yaml --dry-run</pre>
              </Empty>
            }
            columns={[
              { name: 'network', title: 'network', cell: ({ network }) => <Handle field="network" value={network} /> },
              { name: 'kind', title: 'kind' },
              {
                name: 'cidrs',
                title: 'ranges',
                isWrapped: true,
                sortBy: ({ cidrs }) => cidrs.length,
                cell: ({ cidrs }) => (
                  <span class="mono" title={cidrs.slice(0, 200).join('\n')}>
                    {cidrs.slice(0, RANGES_SHOWN).join(', ')}
                    {cidrs.length > RANGES_SHOWN && <span class="muted"> and {cidrs.length - RANGES_SHOWN} more</span>}
                  </span>
                ),
              },
              { name: 'owner', title: 'owner', cell: ({ owner }) => <bdi>{owner || '–'}</bdi> },
              {
                name: 'description',
                title: 'what it is',
                isWrapped: true,
                cell: ({ description }) => <bdi>{description.slice(0, 300) || '–'}</bdi>,
              },
              { name: 'valid_from', title: 'since', cell: ({ valid_from: time }) => formatTime(msOf(time), 'day') },
              {
                name: 'edit',
                title: <span class="unseen">what can be done</span>,
                sortBy: false,
                cell: ({ network }) => (
                  <span class="row" style={{ gap: '12px', flexWrap: 'nowrap' }}>
                    <a href={changed({ open: `network:${network}` })}>History</a>
                    <a href={changed({ do: `network:${network}` })} aria-label={`Change ${network}`}>
                      Change
                    </a>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answer>
      {what === 'network' && answer.data !== undefined && (
        <NetworkDialog
          of={rows.find(({ network }) => network === edited)}
          onClose={(isDone) => {
            change({ do: undefined });
            if (isDone) answer.retry();
          }}
        />
      )}
    </Panel>
  );
}
