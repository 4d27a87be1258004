/** Keys that were used and that nobody wrote down, with a guess at whose they are. */
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { rangeParams } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';

interface UnregisteredKey {
  readonly account_id: string;
  readonly key_id: string;
  readonly requests: number;
  readonly authenticated: number;
  readonly first_used: string | null;
  readonly last_used: string | null;
  readonly source_ips: number;
  readonly some_source_ips: readonly string[];
  readonly guessed_owner: string;
}

const time = (text: string | null): string => (text === null ? '–' : formatTime(msOf(text), 'minute'));

export function Unregistered() {
  const answer = useQuery<Rows<UnregisteredKey>>(PATHS.unregistered_keys, rangeParams());
  return (
    <Panel
      title="Keys that are not registered"
      more={<span class="muted">and were used in the time in the head</span>}
      isFlush
    >
      <Answer of={answer} skeleton={<Skeleton lines={4} height={20} />}>
        {({ rows }) => (
          <Table<UnregisteredKey>
            label="Keys that are not registered"
            rows={rows}
            keyOf={({ account_id: account, key_id: key }) => `${account} ${key}`}
            empty={
              <Empty title="Every key that was used in this time is registered">
                <p class="muted">A longer time, in the head, may hold others.</p>
              </Empty>
            }
            columns={[
              {
                name: 'key_id',
                title: 'key',
                cell: ({ key_id: key, account_id: account }) => <Handle field="key_id" value={key} account={account} />,
              },
              {
                name: 'account_id',
                title: 'account',
                cell: ({ account_id: account }) => <Handle field="account_id" value={account} />,
              },
              {
                name: 'guessed_owner',
                title: 'whose it may be',
                cell: ({ guessed_owner: owner }) => (
                  <Handle
                    field="owner"
                    value={owner}
                    known="inferred"
                    because="a guess: the records name this person beside the key most often"
                    empty="no guess"
                  />
                ),
              },
              { name: 'requests', title: 'requests', isNumber: true, hasBar: true },
              { name: 'authenticated', title: 'let in', isNumber: true },
              {
                name: 'some_source_ips',
                title: 'from',
                isWrapped: true,
                sortBy: false,
                cell: ({ some_source_ips: some, source_ips: count }) => (
                  <>
                    {some.slice(0, 3).map((address, at) => (
                      <span key={address}>
                        {at > 0 && ', '}
                        <Handle field="source_ip" value={address} />
                      </span>
                    ))}
                    {count > 3 && <span class="muted"> and {count - 3} more</span>}
                  </>
                ),
              },
              { name: 'first_used', title: 'first used', cell: ({ first_used: text }) => time(text) },
              { name: 'last_used', title: 'last used', cell: ({ last_used: text }) => time(text) },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
