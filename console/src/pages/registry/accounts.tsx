/** Accounts and their users, as they are known to be now. */
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { change, changed } from '../../state/location.ts';
import { formatTime, msOf } from '../../state/time.ts';

interface KnownAccount {
  readonly account_id: string;
  readonly name: string;
  readonly account_key: string;
  readonly api_enabled_since: string | null;
  readonly valid_from: string;
  readonly origin: string;
  readonly active_keys: number;
}

interface KnownUser {
  readonly account_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly active: boolean | null;
  readonly mfa: boolean | null;
  readonly valid_from: string;
  readonly active_keys: number;
}

const day = (time: string): string => formatTime(msOf(time), 'day');

export function Accounts() {
  const answer = useQuery<Rows<KnownAccount>>(PATHS.accounts);
  const rows = answer.data?.rows ?? [];
  const selected = useRowKeys(rows.length, {
    group: 'Registry',
    open: (at) => change({ open: rows[at] === undefined ? undefined : `account:${rows[at].account_id}` }),
  });
  return (
    <Panel title="Accounts" more={<span class="muted">as they are known to be now</span>} isFlush>
      <Answer of={answer} skeleton={<Skeleton lines={4} height={20} />}>
        {() => (
          <Table<KnownAccount>
            label="Accounts"
            rows={rows}
            selected={selected}
            keyOf={({ account_id: account }) => account}
            empty={<Empty title="No account is registered: a file of keys, or a collector, names them" />}
            columns={[
              {
                name: 'account_id',
                title: 'account',
                cell: ({ account_id: account }) => <Handle field="account_id" value={account} />,
              },
              { name: 'name', title: 'name', cell: ({ name }) => <bdi>{name || '–'}</bdi> },
              {
                name: 'account_key',
                title: 'account key',
                cell: ({ account_key: state }) => (
                  <span
                    class="state-word"
                    data-state={state === 'valid' ? 'good' : state === 'invalid' ? 'bad' : 'waiting'}
                  >
                    {state}
                  </span>
                ),
              },
              {
                name: 'api_enabled_since',
                title: 'API enabled since',
                cell: ({ api_enabled_since: time }) => (time === null ? 'not known' : day(time)),
              },
              { name: 'active_keys', title: 'active keys', isNumber: true, hasBar: true },
              { name: 'valid_from', title: 'so since', cell: ({ valid_from: time }) => day(time) },
              {
                name: 'history',
                title: <span class="unseen">history</span>,
                sortBy: false,
                cell: ({ account_id: account }) => <a href={changed({ open: `account:${account}` })}>History</a>,
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

export function Users() {
  const answer = useQuery<Rows<KnownUser>>(PATHS.users);
  const rows = answer.data?.rows ?? [];
  const selected = useRowKeys(rows.length, {
    group: 'Registry',
    open: (at) => change({ open: rows[at] === undefined ? undefined : `user:${rows[at].email}` }),
  });
  return (
    <Panel title="Users" more={<span class="muted">only an owner may have keys</span>} isFlush>
      <Answer of={answer} skeleton={<Skeleton lines={8} height={20} />}>
        {() => (
          <Table<KnownUser>
            label="Users"
            rows={rows}
            selected={selected}
            keyOf={({ account_id: account, email }) => `${account} ${email}`}
            empty={<Empty title="No user is registered: a file of users, or a collector, names them" />}
            columns={[
              { name: 'email', title: 'user', cell: ({ email }) => <Handle field="owner" value={email} /> },
              { name: 'name', title: 'name', cell: ({ name }) => <bdi>{name || '–'}</bdi> },
              {
                name: 'account_id',
                title: 'account',
                cell: ({ account_id: account }) => <Handle field="account_id" value={account} />,
              },
              { name: 'role', title: 'role', cell: ({ role }) => role || 'not known' },
              {
                name: 'active',
                title: 'may act',
                cell: ({ active, active_keys: keys }) =>
                  active === null ? (
                    'not known'
                  ) : active ? (
                    'yes'
                  ) : (
                    <span class={keys > 0 ? 'is-bad' : undefined}>no{keys > 0 && ', and has active keys'}</span>
                  ),
              },
              {
                name: 'mfa',
                title: 'second factor',
                cell: ({ mfa }) => (mfa === null ? 'not known' : mfa ? 'yes' : 'no'),
              },
              { name: 'active_keys', title: 'active keys', isNumber: true, hasBar: true },
              { name: 'valid_from', title: 'so since', cell: ({ valid_from: time }) => day(time) },
              {
                name: 'history',
                title: <span class="unseen">history</span>,
                sortBy: false,
                cell: ({ email }) => <a href={changed({ open: `user:${email}` })}>History</a>,
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
