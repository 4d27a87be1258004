/** Which key a leaked value is, what it was used for lately, and where else its fingerprint stands. */
import { useState } from 'preact/hooks';
import type { LeakedSecretAnswer, TopDocument } from '../../../../schemas/api/overview.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Strip } from '../../components/strip.tsx';
import { Table } from '../../components/table.tsx';
import { searchFor } from '../../state/filters.ts';
import { formatNumber } from '../../state/number.ts';
import { instant, MS_PER_DAY } from '../../state/range.ts';
import { formatSpan, formatTime, msOf } from '../../state/time.ts';

type Found = LeakedSecretAnswer['found'][number];

/** Whoever finds a secret asks of more than the last day. */
const LOOKED_BACK_MS = 90 * MS_PER_DAY;

export function FoundSecret({ of: { found } }: { readonly of: LeakedSecretAnswer }) {
  const key = found.find(({ found_in }) => found_in === 'registered key');
  const places = found.filter(({ found_in }) => found_in !== 'registered key');
  return (
    <>
      {key === undefined ? (
        <Sentence>
          <strong class="wrong">The value stands in stored records</strong>, cut out of them before they were stored;
          but no key of the registry has its fingerprint, so whose it is, is not known.
        </Sentence>
      ) : (
        <KeyOfSecret of={key} />
      )}
      {places.length > 0 && <Places of={places} />}
    </>
  );
}

function KeyOfSecret({ of }: { readonly of: Found }) {
  // It was asked once, when the value was given: going on counting would be another question.
  const [toMs] = useState(() => Math.ceil(Date.now() / 60_000) * 60_000);
  const range = { from: instant(toMs - LOOKED_BACK_MS), to: instant(toMs) };
  const used = useQuery<TopDocument>(PATHS.top, {
    ...{ ...range, field: 'source_ip', limit: 20 },
    ...{ 'only.key_id': of.key_id, 'only.account_id': of.account_id },
  });
  const total = used.data?.rows.reduce((sum, { events }) => sum + events, 0) ?? 0;
  const href = searchFor('key_id', of.key_id, { ...range, 'only.account_id': of.account_id });
  return (
    <>
      <Sentence>
        <strong class="wrong">
          It is the key <Handle field="key_id" value={of.key_id} account={of.account_id} />
        </strong>{' '}
        of account <Handle field="account_id" value={of.account_id} />; its owner is{' '}
        <Handle field="owner" value={of.owner} known="resolved" because="registry, as it is now" empty="not known" />.{' '}
        {used.data !== undefined && (
          <>
            In the last {formatSpan(LOOKED_BACK_MS)} it made{' '}
            <a href={href}>
              {formatNumber(total)} {total === 1 ? 'request' : 'requests'}
            </a>{' '}
            from {formatNumber(used.data.rows.length)} {used.data.rows.length === 1 ? 'address' : 'addresses'}.
          </>
        )}
      </Sentence>
      <Panel
        title="Where it was used from"
        more={<span class="muted">the last {formatSpan(LOOKED_BACK_MS)}</span>}
        isFlush
      >
        <Answer of={used} skeleton={<Skeleton lines={5} />}>
          {({ rows, from, to }) => (
            <Table
              label="Addresses that used the key"
              rows={rows}
              keyOf={({ value }) => value}
              empty={<Empty title="It was not used in this time" />}
              columns={[
                { name: 'value', title: 'address', cell: ({ value }) => <Handle field="source_ip" value={value} /> },
                {
                  name: 'last_seen',
                  title: 'first to last seen',
                  cell: ({ first_seen, last_seen }) => (
                    <Strip firstMs={msOf(first_seen)} lastMs={msOf(last_seen)} fromMs={msOf(from)} toMs={msOf(to)} />
                  ),
                },
                {
                  name: 'until',
                  title: 'last seen',
                  sortBy: ({ last_seen }) => last_seen,
                  cell: ({ last_seen }) => formatTime(msOf(last_seen)),
                },
                {
                  name: 'course',
                  title: 'over time',
                  sortBy: false,
                  cell: ({ course, value }) => <Sparkline values={course} label={`Requests from ${value}`} />,
                },
                { name: 'events', title: 'requests', isNumber: true, hasBar: true },
              ]}
            />
          )}
        </Answer>
      </Panel>
      <Panel title="What to do now">
        <ol class="steps">
          <li>Revoke the key where it was made, and make a new one for its app.</li>
          <li>
            Tell its owner: <Handle field="owner" value={of.owner} empty="not known" />.
          </li>
          <li>
            Look for the first request that was not its app's: <a href={href}>its requests</a>, address by address.
          </li>
        </ol>
      </Panel>
    </>
  );
}

function Places({ of }: { readonly of: readonly Found[] }) {
  return (
    <Panel title="Where its fingerprint stands" more={<span class="muted">records that held the value</span>} isFlush>
      <Table
        label="Where its fingerprint stands"
        rows={of}
        keyOf={({ found_in, account_id, key_id, owner }) => `${found_in} ${account_id} ${key_id} ${owner}`}
        columns={[
          { name: 'found_in', title: 'in' },
          {
            name: 'account_id',
            title: 'account',
            cell: ({ account_id }) => <Handle field="account_id" value={account_id} />,
          },
          {
            name: 'key_id',
            title: 'key',
            cell: ({ key_id, account_id }) => <Handle field="key_id" value={key_id} account={account_id} />,
          },
          { name: 'occurrences', title: 'records', isNumber: true },
          { name: 'first_time', title: 'first', cell: ({ first_time }) => formatTime(msOf(first_time)) },
          { name: 'last_time', title: 'last', cell: ({ last_time }) => formatTime(msOf(last_time ?? '')) },
          {
            name: 'example_id',
            title: 'example',
            cell: ({ found_in, example_id }) =>
              found_in === 'event' ? (
                <Handle field="event_id" value={example_id} />
              ) : (
                <span class="mono">{example_id}</span>
              ),
          },
        ]}
      />
    </Panel>
  );
}
