/** Who used an address: keys with their owners, from when to when, and the first request of each. */
import type { RowsDocument } from '../../../../schemas/api/questions.ts';
import type { Query } from '../../api/use-query.ts';
import { ROWS_FIRST } from '../../components/first-of.ts';
import { Handle } from '../../components/handle.tsx';
import { JudgementMark } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Strip } from '../../components/strip.tsx';
import { Table } from '../../components/table.tsx';
import { formatNumber } from '../../state/number.ts';
import { range } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { type Entity, eventsOf, firstEventOf } from './entity.ts';

export interface UsersRow {
  readonly account_id: string;
  readonly key_id: string;
  readonly owner: string;
  readonly app: string;
  readonly network: string;
  readonly asn: number;
  readonly as_name: string;
  readonly country: string;
  readonly requests: number;
  readonly failures: number;
  readonly contradictions: number;
  readonly first_seen: string;
  readonly last_seen: string | null;
}

export function Users({ entity, of }: { readonly entity: Entity; readonly of: Query<RowsDocument> }) {
  const { fromMs, toMs } = range.value;
  const narrowed = ({ key_id }: UsersRow) => ({ 'only.key_id': key_id });
  return (
    <div id="users">
      <Panel
        title="Who used it"
        more={<span class="muted">the owner is that of the time of the requests</span>}
        isFlush
      >
        <Answer
          of={of}
          skeleton={
            <div class="panel-body">
              <Skeleton lines={4} height={20} />
            </div>
          }
        >
          {({ rows }) => (
            <Table
              label="Who used it"
              rows={rows as unknown as readonly UsersRow[]}
              keyOf={(row) => `${row.account_id} ${row.key_id} ${row.owner} ${row.app}`}
              rowsFirst={ROWS_FIRST}
              isWanted={({ contradictions }) => Number(contradictions) > 0}
              empty={<Empty title="Nobody used it in this time" />}
              columns={[
                {
                  name: 'key_id',
                  title: 'key',
                  cell: ({ key_id, account_id }) => (
                    <Handle field="key_id" value={key_id} account={account_id} empty="no key was shown" />
                  ),
                },
                {
                  name: 'owner',
                  title: 'owner',
                  cell: ({ owner }) => (
                    <Handle field="owner" value={owner} known="resolved" because="registry" empty="not known" />
                  ),
                },
                {
                  name: 'app',
                  title: 'app',
                  cell: ({ app }) => <Handle field="app" value={app} known="resolved" because="registry or a rule" />,
                },
                {
                  name: 'strip',
                  title: 'first to last seen',
                  sortBy: false,
                  cell: ({ first_seen, last_seen }) => (
                    <Strip
                      firstMs={msOf(first_seen)}
                      lastMs={msOf(last_seen ?? first_seen)}
                      fromMs={fromMs}
                      toMs={toMs}
                    />
                  ),
                },
                {
                  name: 'first_seen',
                  title: 'first request',
                  cell: (row) => (
                    <a href={firstEventOf(entity, row.first_seen, narrowed(row))} title="Its first request">
                      {formatTime(msOf(row.first_seen))}
                    </a>
                  ),
                },
                {
                  name: 'requests',
                  title: 'requests',
                  isNumber: true,
                  hasBar: true,
                  cell: (row) => <a href={eventsOf(entity, narrowed(row))}>{formatNumber(Number(row.requests))}</a>,
                },
                {
                  name: 'failures',
                  title: 'failed',
                  isNumber: true,
                  cell: (row) =>
                    Number(row.failures) > 0 && (
                      <a href={eventsOf(entity, { ...narrowed(row), 'only.outcome': 'failure' })}>
                        {formatNumber(Number(row.failures))}
                      </a>
                    ),
                },
                {
                  name: 'contradictions',
                  title: 'not as it should be',
                  cell: (row) => <Wrongly of={row} entity={entity} />,
                },
              ]}
            />
          )}
        </Answer>
      </Panel>
    </div>
  );
}

function Wrongly({ of, entity }: { readonly of: UsersRow; readonly entity: Entity }) {
  const count = Number(of.contradictions);
  if (count === 0) return null;
  const wrong = ['should-be-denied', 'should-be-allowed'];
  return (
    <a href={eventsOf(entity, { 'only.key_id': of.key_id, 'only.judgement': wrong })}>
      <JudgementMark of="should-be-denied" isShort /> {formatNumber(count)}
    </a>
  );
}
