/** What detections found and nobody has looked at, the gravest first. */
import type { FindingPage } from '../../../../schemas/api/findings.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Severity } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';

const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'];
const ROWS = 8;

export function OpenFindings() {
  const found = useQuery<FindingPage>(PATHS.findings, { state: 'open', severity: 'low', limit: 100 });
  return (
    <Panel
      title="Open findings"
      more={
        <a class="push small" href={linkTo('/findings', { state: 'open' })}>
          All findings
        </a>
      }
      isFlush
    >
      <Answer of={found} skeleton={<Skeleton lines={6} height={20} />}>
        {({ findings }) => (
          <Table
            label="Open findings"
            rows={gravest(findings)}
            keyOf={({ id }) => id}
            empty={
              <Empty title="Nothing is open">
                <p class="muted">
                  Detections look at new events every few seconds, as long as the daemon runs; what they find stands
                  here.
                </p>
              </Empty>
            }
            columns={[
              {
                name: 'severity',
                title: 'severity',
                cell: ({ severity }) => <Severity of={severity} />,
                sortBy: ({ severity }) => SEVERITIES.indexOf(severity),
              },
              {
                name: 'summary',
                title: 'finding',
                isWrapped: true,
                cell: ({ id, summary, rule }) => (
                  <a class="handle" href={linkTo(`/findings/${id}`)}>
                    <bdi>{summary || rule}</bdi>
                  </a>
                ),
              },
              {
                name: 'last_seen',
                title: 'last seen',
                cell: ({ last_seen }) => <span title={formatTime(msOf(last_seen))}>{formatAgo(msOf(last_seen))}</span>,
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

function gravest(findings: FindingPage['findings']): FindingPage['findings'] {
  const rank = ({ severity }: { severity: string }): number => SEVERITIES.indexOf(severity);
  return findings.toSorted((one, other) => rank(other) - rank(one)).slice(0, ROWS);
}
