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

type Finding = FindingPage['findings'][number];

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
            rows={grouped(findings)}
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
                sortBy: ({ first }) => SEVERITIES.indexOf(first.severity),
              },
              {
                name: 'summary',
                title: 'finding',
                isWrapped: true,
                cell: ({ first: { id, summary, rule, key_id }, count }) => (
                  <>
                    <a class="handle" href={linkTo(`/findings/${id}`)}>
                      <bdi>{summary || rule}</bdi>
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

interface Group {
  readonly first: Finding;
  readonly count: number;
}

/** What one detection found of one key is told once: the gravest first, of each the latest. */
function grouped(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const name = [finding.rule, finding.account_id, finding.key_id, ...Object.values(finding.entity)].join(' ');
    const known = groups.get(name);
    const isLater = known === undefined || known.first.last_seen < finding.last_seen;
    groups.set(name, { first: isLater ? finding : known.first, count: (known?.count ?? 0) + 1 });
  }
  const rank = ({ first }: Group): number => SEVERITIES.indexOf(first.severity);
  return [...groups.values()].toSorted((one, other) => rank(other) - rank(one)).slice(0, ROWS);
}
