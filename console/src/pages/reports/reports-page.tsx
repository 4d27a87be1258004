/** Which reports there are, when the next ones come, what was made, and whether it arrived. */
import { useState } from 'preact/hooks';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { change, value } from '../../state/location.ts';
import { plural } from '../../state/number.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import type { DeliveryList, Kind, Reports, Schedule } from './answers.ts';
import { Deliveries } from './deliveries.tsx';
import { Documents } from './documents.tsx';
import { RunDialog } from './run-dialog.tsx';

export function ReportsPage() {
  const reports = useQuery<Reports>(PATHS.reports);
  const undelivered = useQuery<DeliveryList>(PATHS.report_deliveries, { undelivered: 'true' });
  const [turn, setTurn] = useState(0);
  const run = (kind: string): void => change({ do: `run:${kind}` });
  useKeys([{ keys: 'n', does: 'make a report now', group: 'Reports', run: () => run('') }]);
  const [what, kind = ''] = value('do').split(':');
  return (
    <div class="page">
      <div class="row spread">
        <h1>Reports</h1>
        <Button kind="main" title="Make a report now (n)" onClick={() => run('')}>
          Make a report …
        </Button>
      </div>
      <Answer of={reports} skeleton={<Skeleton lines={2} height={22} />}>
        {({ schedules }) => <Summary schedules={schedules} undelivered={undelivered.data?.deliveries.length} />}
      </Answer>
      <Deliveries of={undelivered} />
      <Documents key={turn} />
      <Answer of={reports} skeleton={<Skeleton lines={8} height={20} />}>
        {({ kinds, schedules }) => (
          <div class="page">
            <Schedules of={schedules} kinds={kinds} />
            <Kinds of={kinds} onRun={run} />
            {what === 'run' && (
              <RunDialog
                kinds={kinds}
                chosen={kind}
                onClose={() => {
                  change({ do: undefined });
                  setTurn(turn + 1);
                }}
              />
            )}
          </div>
        )}
      </Answer>
    </div>
  );
}

function Summary({
  schedules,
  undelivered,
}: {
  readonly schedules: readonly Schedule[];
  readonly undelivered: number | undefined;
}) {
  const next = schedules
    .flatMap((schedule) => (schedule.next === null ? [] : [{ name: schedule.name, at: schedule.next.at }]))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))[0];
  return (
    <Sentence>
      {(undelivered ?? 0) > 0 && (
        <strong class="wrong">{plural(undelivered ?? 0, 'delivery', 'deliveries')} did not arrive. </strong>
      )}
      {schedules.length === 0 ? (
        'No report is made by itself yet; any can be made now.'
      ) : (
        <>
          {plural(schedules.length, 'schedule')} {schedules.length === 1 ? 'makes' : 'make'} reports
          {next !== undefined && (
            <>
              ; the next is <bdi>{next.name}</bdi>, {formatAgo(msOf(next.at))}
            </>
          )}
          .
        </>
      )}
    </Sentence>
  );
}

function Schedules({ of, kinds }: { readonly of: readonly Schedule[]; readonly kinds: readonly Kind[] }) {
  return (
    <Panel title="Schedules" more={<span class="muted">from keytrail.yaml</span>} isFlush>
      <Table<Schedule>
        label="Schedules"
        rows={of}
        keyOf={({ name }) => name}
        empty={
          <Empty title="No report is scheduled">
            <p class="muted">
              Schedules stand in <code>keytrail.yaml</code>, with channels that they are sent to:
            </p>
            <pre>{`reports:
  schedules:
    - name: weekly-keys
      kind: key-usage
      at: monday 07:00
      channels: [mail]`}</pre>
          </Empty>
        }
        columns={[
          { name: 'name', title: 'schedule', cell: ({ name }) => <bdi>{name}</bdi> },
          { name: 'kind', title: 'report', cell: ({ kind }) => kinds.find(({ id }) => id === kind)?.title ?? kind },
          { name: 'period', title: 'of each', cell: ({ period, zone }) => `${period}, ${zone}` },
          {
            name: 'next',
            title: 'next run',
            sortBy: ({ next }) => next?.at ?? '',
            cell: ({ next }) =>
              next === null ? (
                '–'
              ) : (
                <>
                  {formatTime(msOf(next.at), 'minute')}{' '}
                  <span class="muted">
                    ({formatAgo(msOf(next.at))}, tells of {next.period})
                  </span>
                </>
              ),
          },
          {
            name: 'account',
            title: 'of',
            cell: ({ account, per_owner: each }) => `${account ?? 'all accounts'}${each ? ', one for each owner' : ''}`,
          },
          { name: 'formats', title: 'as', sortBy: false, cell: ({ formats }) => formats.join(', ') },
          {
            name: 'channels',
            title: 'sent to',
            sortBy: false,
            cell: ({ channels }) => channels.join(', ') || 'kept only',
          },
        ]}
      />
    </Panel>
  );
}

function Kinds({ of, onRun }: { readonly of: readonly Kind[]; readonly onRun: (kind: string) => void }) {
  return (
    <Panel title="Kinds of reports" isFlush>
      <Table<Kind>
        label="Kinds of reports"
        rows={of}
        keyOf={({ id }) => id}
        columns={[
          { name: 'title', title: 'report', cell: ({ title }) => <b>{title}</b> },
          { name: 'description', title: 'what it tells', isWrapped: true },
          { name: 'period', title: 'of a', cell: ({ period }) => period },
          {
            name: 'run',
            title: <span class="unseen">what can be done</span>,
            sortBy: false,
            cell: ({ id, title }) => (
              <Button kind="plain" label={`Make ${title} now`} onClick={() => onRun(id)}>
                Make now
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}
