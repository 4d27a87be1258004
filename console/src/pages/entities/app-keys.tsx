/** The keys of an app, assigned to it or concluded by a rule. */
import type { RowsDocument } from '../../../../schemas/api/questions.ts';
import type { Query } from '../../api/use-query.ts';
import { ROWS_FIRST } from '../../components/first-of.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { formatNumber } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { type Entity, eventsOf } from './entity.ts';

export interface AppKeysRow {
  readonly account_id: string;
  readonly key_id: string;
  readonly owner: string;
  readonly app_rule: string;
  readonly requests: number;
  readonly first_used: string | null;
  readonly last_used: string | null;
  readonly source_ips: number;
}

export function AppKeys({ entity, of }: { readonly entity: Entity; readonly of: Query<RowsDocument> }) {
  const time = (at: string | null) =>
    at === null ? <span class="muted">not used</span> : formatTime(msOf(at), 'minute');
  return (
    <div id="keys">
      <Panel title="Its keys" isFlush>
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
              label="Its keys"
              rows={rows as unknown as readonly AppKeysRow[]}
              keyOf={(row) => `${row.account_id} ${row.key_id} ${row.owner} ${row.app_rule}`}
              rowsFirst={ROWS_FIRST}
              empty={<Empty title="No key is assigned to it, and no rule gave it one in this time" />}
              columns={[
                {
                  name: 'key_id',
                  title: 'key',
                  cell: ({ key_id, account_id }) => <Handle field="key_id" value={key_id} account={account_id} />,
                },
                {
                  name: 'account_id',
                  title: 'account',
                  cell: ({ account_id }) => <Handle field="account_id" value={account_id} />,
                },
                {
                  name: 'owner',
                  title: 'owner',
                  cell: ({ owner }) => (
                    <Handle field="owner" value={owner} known="resolved" because="registry" empty="not known" />
                  ),
                },
                {
                  name: 'app_rule',
                  title: 'its app because',
                  cell: ({ app_rule }) =>
                    app_rule === 'assigned' ? (
                      'the registry says so'
                    ) : (
                      <span class="known-inferred" title="Concluded, as the rule says">
                        the rule {app_rule} fits
                      </span>
                    ),
                },
                { name: 'first_used', title: 'first used', cell: ({ first_used }) => time(first_used) },
                { name: 'last_used', title: 'last used', cell: ({ last_used }) => time(last_used) },
                { name: 'source_ips', title: 'addresses', isNumber: true },
                {
                  name: 'requests',
                  title: 'requests',
                  isNumber: true,
                  hasBar: true,
                  cell: ({ key_id, requests }) => (
                    <a href={eventsOf(entity, { 'only.key_id': key_id })}>{formatNumber(Number(requests))}</a>
                  ),
                },
              ]}
            />
          )}
        </Answer>
      </Panel>
    </div>
  );
}
