/** What is asked of APIs by itself, and how far that has come. */
import { at, PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { linkTo } from '../../state/range.ts';
import { Instant } from './streams.tsx';

interface Collector {
  readonly collector: string;
  readonly account_id: string;
  readonly resource: string;
  readonly last_success: string | null;
  readonly position: string | null;
  readonly rows_new: number;
  readonly gaps: number;
  readonly failures: number;
  readonly failure: string;
  readonly detail: string;
}

export function Collectors() {
  const answer = useQuery<Rows<Collector>>(at(PATHS.answer, { id: 'collector-status' }));
  return (
    <Panel
      title="Collectors"
      more={
        <>
          <span class="muted">by account and log</span>
          <a class="push small" href={linkTo('/questions/collector-status')}>
            All figures
          </a>
        </>
      }
      isFlush
    >
      <Answer of={answer} skeleton={<Skeleton lines={4} height={20} />}>
        {({ rows }) => (
          <Table<Collector>
            label="Collectors"
            rows={rows}
            keyOf={({ collector, account_id: account, resource }) => `${collector} ${account} ${resource}`}
            empty={
              <Empty title="Nothing is collected from an API">
                <p class="muted">
                  Accounts of Redis Cloud are named in <code>keytrail.yaml</code>; the daemon then asks their logs for
                  what is new. Once, by hand:
                </p>
                <pre>keytrail collect redis-cloud</pre>
              </Empty>
            }
            columns={[
              { name: 'collector', title: 'collector' },
              {
                name: 'account_id',
                title: 'account',
                cell: ({ account_id: account }) => <Handle field="account_id" value={account} />,
              },
              { name: 'resource', title: 'log' },
              {
                name: 'last_success',
                title: 'read to its end',
                cell: ({ last_success: time }) => (time === null ? 'never' : <Instant of={time} isAgo />),
              },
              {
                name: 'position',
                title: 'reaches to',
                cell: ({ position }) => (position === null ? '–' : <Instant of={position} />),
              },
              { name: 'rows_new', title: 'records', isNumber: true },
              { name: 'gaps', title: 'gaps', isNumber: true },
              { name: 'failures', title: 'failed looks', isNumber: true },
              {
                name: 'failure',
                title: 'state',
                isWrapped: true,
                cell: ({ failure, detail }) =>
                  failure === '' ? (
                    <span class="state-word" data-state="good">
                      well
                    </span>
                  ) : (
                    <>
                      <span class="state-word" data-state="bad">
                        {failure}
                      </span>{' '}
                      <bdi class="muted">{detail.slice(0, 300)}</bdi>
                    </>
                  ),
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
