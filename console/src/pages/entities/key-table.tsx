/** Some keys, with what the registry says of each and how they were used. */
import type { ComponentChildren } from 'preact';
import type { KeyUsageDocument } from '../../../../schemas/api/entities.ts';
import { ROWS_FIRST } from '../../components/first-of.ts';
import { Handle } from '../../components/handle.tsx';
import { Table } from '../../components/table.tsx';
import { searchFor } from '../../state/filters.ts';
import { formatNumber } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { AllowListWord, KeyState, WrongMark, wrongOf } from './key-words.tsx';

export function KeyTable({
  rows,
  empty,
}: {
  readonly rows: KeyUsageDocument['rows'];
  readonly empty: ComponentChildren;
}) {
  return (
    <Table
      label="Keys"
      rows={rows}
      keyOf={({ account_id, key_id }) => `${account_id} ${key_id}`}
      empty={empty}
      rowsFirst={ROWS_FIRST}
      isWanted={(row) => wrongOf(row) !== undefined}
      columns={[
        {
          name: 'key_id',
          title: 'key',
          cell: (row) => (
            <>
              <WrongMark of={row} /> <Handle field="key_id" value={row.key_id} account={row.account_id} />
            </>
          ),
        },
        {
          name: 'account_id',
          title: 'account',
          cell: ({ account_id }) => <Handle field="account_id" value={account_id} />,
        },
        {
          name: 'app',
          title: 'app',
          cell: ({ app }) => <Handle field="app" value={app} known="resolved" because="registry" />,
        },
        { name: 'state', title: 'state', cell: ({ state }) => <KeyState of={state} /> },
        { name: 'allow_list_state', title: 'allow list', cell: (row) => <AllowListWord of={row} /> },
        { name: 'source_ips', title: 'addresses', isNumber: true },
        {
          name: 'last_seen',
          title: 'last used',
          cell: ({ last_seen }) =>
            last_seen === null ? <span class="muted">not in this time</span> : formatTime(msOf(last_seen), 'minute'),
        },
        {
          name: 'events',
          title: 'requests',
          isNumber: true,
          hasBar: true,
          cell: ({ key_id, events }) => <a href={searchFor('key_id', key_id)}>{formatNumber(events)}</a>,
        },
      ]}
    />
  );
}
