/** What detections found and nobody has looked at, the gravest first. */
import type { FindingPage } from '../../../../schemas/api/findings.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Severity } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { cut } from '../../state/cut.ts';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import { type Finding, severityRank } from '../findings/finding.ts';
import { alike } from './alike.ts';

const ROWS = 8;
const ASKED_MAX = 100;

export function OpenFindings() {
  const found = useQuery<FindingPage>(PATHS.findings, { state: 'open', severity: 'low', limit: ASKED_MAX });
  // The API gives the latest first: where not all fit, grave ones of long ago are asked for besides.
  const hasMore = found.data !== undefined && found.data.next !== null;
  const grave = useQuery<FindingPage>(hasMore ? PATHS.findings : undefined, {
    ...{ state: 'open', severity: 'high', limit: ASKED_MAX },
  });
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
            rows={alike(onceEach([...findings, ...(grave.data?.findings ?? [])])).slice(0, ROWS)}
            keyOf={({ first }) => first.id}
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
                cell: ({ first }) => <Severity of={first.severity} />,
                sortBy: ({ first }) => severityRank(first.severity),
              },
              {
                name: 'summary',
                title: 'finding',
                isWrapped: true,
                cell: ({ first: { id, summary, rule, key_id }, count }) => (
                  <>
                    <a class="handle" href={linkTo(`/findings/${id}`)}>
                      <bdi>{cut(summary || rule)}</bdi>
                    </a>
                    {count > 1 && (
                      <a class="small more-alike" href={linkTo('/findings', { state: 'open', rule, key: key_id })}>
                        {' '}
                        and {count - 1} more like it
                      </a>
                    )}
                  </>
                ),
              },
              {
                name: 'last_seen',
                title: 'last seen',
                sortBy: ({ first }) => first.last_seen,
                cell: ({ first: { last_seen } }) => (
                  <span title={formatTime(msOf(last_seen))}>{formatAgo(msOf(last_seen))}</span>
                ),
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

function onceEach(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}
