/** Every change of the registry: when it was recorded, and from what it was learned. */
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Panel } from '../../components/panel.tsx';
import { Refusal } from '../../components/refusal.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';

interface RegistryChange {
  readonly recorded_at: string;
  readonly origin: string;
  readonly statements: number;
  readonly states_app_rules: boolean;
}

const ROWS = 500;

export function Changes({ isHeld }: { readonly isHeld: boolean }) {
  const answer = useQuery<Rows<RegistryChange>>(isHeld ? undefined : PATHS.registry_changes, { limit: ROWS });
  if (isHeld) return <Refusal of="Changes belong to no account, and your token is limited to some." />;
  return (
    <Panel
      title="Changes"
      more={
        <>
          <span class="muted">the latest first; nothing is ever taken back, only said anew</span>
          <a class="push small" href={linkTo('/access', { tab: 'asked', action: 'change-registry' })}>
            Who asked for them
          </a>
        </>
      }
      isFlush
    >
      <Answer of={answer} skeleton={<Skeleton lines={6} height={20} />}>
        {({ rows }) => (
          <Table<RegistryChange>
            label="Changes of the registry"
            rows={rows}
            keyOf={({ recorded_at: time }) => time}
            empty={<Empty title="Nothing was recorded yet" />}
            columns={[
              {
                name: 'recorded_at',
                title: 'recorded',
                cell: ({ recorded_at: time }) => (
                  <time dateTime={time} title={formatAgo(msOf(time))}>
                    {formatTime(msOf(time), 'ms')}
                  </time>
                ),
              },
              { name: 'origin', title: 'learned from', cell: ({ origin }) => <bdi>{origin}</bdi> },
              { name: 'statements', title: 'statements', isNumber: true, hasBar: true },
              {
                name: 'states_app_rules',
                title: 'app rules',
                cell: ({ states_app_rules: states }) => (states ? 'replaced' : '–'),
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
