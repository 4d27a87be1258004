/** The keys as they are known to be now; those that are chosen can be assigned to an app. */
import type { FoundKeys, KnownKey } from '../../../../schemas/api/registry.ts';
import type { Query } from '../../api/use-query.ts';
import { Button, Choices } from '../../components/button.tsx';
import { CheckField } from '../../components/check-field.tsx';
import { TextField } from '../../components/fields.tsx';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { useChosen } from '../../components/use-chosen.ts';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { useKeys } from '../../state/keyboard.ts';
import { change, changed, value } from '../../state/location.ts';
import { formatNumber } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { SetAppDialog } from './set-app-dialog.tsx';

const STATES = [
  { word: 'all', shown: 'All' },
  { word: 'active', shown: 'Active' },
  { word: 'ended', shown: 'Ended' },
] as const;
/** Words that ask for what is not known; the others are looked for in the names. */
const LACKS: Readonly<Record<string, string>> = { 'owner:none': 'owner', 'app:none': 'app', 'list:none': 'list' };
/** Beyond these a word finds what a long table would hide. */
const SHOWN_MAX = 300;
const RANGES_SHOWN = 3;

/** They give way to what was opened. */
const REST: readonly Column<KnownKey>[] = [
  {
    name: 'created_at',
    title: 'made',
    cell: ({ created_at: time }) => (time === null ? '–' : formatTime(msOf(time), 'day')),
  },
  {
    name: 'history',
    title: <span class="unseen">history</span>,
    sortBy: false,
    cell: (key) => <a href={changed({ open: `key:${nameOf(key)}` })}>History</a>,
  },
];

function nameOf({ account_id: account, key_id: key }: KnownKey): string {
  return `${account}/${key}`;
}

/** What the address asks for, as parameters of the API. */
export function keyParams() {
  const words = value('find').toLowerCase().split(/\s+/);
  const state = value('state');
  return {
    find: words.filter((word) => !(word in LACKS)).join(' '),
    lacks: words.flatMap((word) => LACKS[word] ?? []),
    ...(state === 'active' || state === 'ended' ? { state } : {}),
    limit: SHOWN_MAX,
  };
}

export function Keys({ of }: { readonly of: Query<FoundKeys> }) {
  const chosen = useChosen(nameOf);
  const state = STATES.find(({ word }) => word === value('state'))?.word ?? 'all';
  const find = value('find');
  const shown = of.data?.keys ?? [];
  const found = of.data?.found ?? 0;
  const selected = useRowKeys(shown.length, {
    group: 'Registry',
    open: (at) => change({ open: shown[at] === undefined ? undefined : `key:${nameOf(shown[at])}` }),
  });
  const begin = (): void => {
    if (chosen.rows.length > 0) change({ do: 'set-app' });
  };
  useKeys([
    { keys: 's', does: 'choose, or leave out', group: 'Registry', run: () => chosen.turn(shown[selected]) },
    { keys: 'p', does: 'assign what is chosen to an app', group: 'Registry', run: begin },
  ]);
  return (
    <Panel
      title="Keys"
      more={
        <>
          <span class="muted">as they are known to be now</span>
          <span class="push">
            <Button title="Assign what is chosen to an app (p)" isDisabled={chosen.rows.length === 0} onClick={begin}>
              Set app of {chosen.rows.length === 0 ? 'chosen keys' : formatNumber(chosen.rows.length)} …
            </Button>
          </span>
        </>
      }
      isFlush
    >
      <div class="filters">
        <Choices
          label="State of the keys"
          chosen={state}
          choices={STATES}
          onChoose={(word) => change({ state: word === 'all' ? undefined : word })}
        />
        <TextField
          label="Find"
          value={find}
          placeholder="key, owner, app, account, owner:none …"
          onInput={(text) => change({ find: text }, { isReplacing: true })}
        />
      </div>
      <Answer of={of} skeleton={<Skeleton lines={12} height={20} />}>
        {() => (
          <Table<KnownKey>
            label="Keys"
            rows={shown}
            selected={selected}
            keyOf={nameOf}
            empty={<NoKeys isFiltered={(of.data?.figures.keys ?? 0) > 0} />}
            columns={[
              {
                name: 'chosen',
                title: <span class="unseen">chosen</span>,
                sortBy: false,
                cell: (key) => (
                  <CheckField
                    label=""
                    name={`Choose ${nameOf(key)}`}
                    isOn={chosen.has(key)}
                    onChange={() => chosen.turn(key)}
                  />
                ),
              },
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
                name: 'state',
                title: 'state',
                cell: ({ state: word }) => (
                  <span class="state-word" data-state={word === 'active' ? 'good' : 'waiting'}>
                    {word}
                  </span>
                ),
              },
              {
                name: 'owner',
                title: 'owner',
                cell: ({ owner }) => <Handle field="owner" value={owner} empty="not known" />,
              },
              { name: 'app', title: 'app', cell: ({ app }) => <Handle field="app" value={app} empty="none" /> },
              {
                name: 'allow_list',
                title: 'may be used from',
                isWrapped: true,
                sortBy: false,
                cell: (key) => <AllowList of={key} />,
              },
              ...(value('open') === '' ? REST : []),
            ]}
          />
        )}
      </Answer>
      {found > shown.length && (
        <p class="muted small panel-body">
          {formatNumber(SHOWN_MAX)} of {formatNumber(found)} are shown; a word finds the others.
        </p>
      )}
      {value('do') === 'set-app' && (
        <SetAppDialog
          of={chosen.rows}
          apps={[...new Set(shown.map(({ app }) => app).filter((app) => app !== ''))].toSorted()}
          onClose={(isDone) => {
            change({ do: undefined });
            if (!isDone) return;
            chosen.clear();
            of.retry();
          }}
        />
      )}
    </Panel>
  );
}

export function AllowList({ of }: { readonly of: Pick<KnownKey, 'allow_list' | 'allow_list_state'> }) {
  if (of.allow_list_state === 'unknown') return <span class="muted">not known</span>;
  if (of.allow_list_state === 'none') return <>anywhere</>;
  const shown = of.allow_list.slice(0, RANGES_SHOWN);
  return (
    <span class="mono" title={of.allow_list.slice(0, 200).join('\n')}>
      {shown.map((range, at) => (
        <span key={range}>
          <span class="whole">{range}</span>
          {at < shown.length - 1 && ', '}
        </span>
      ))}
      {of.allow_list.length > shown.length && (
        <span class="muted"> and {of.allow_list.length - shown.length} more</span>
      )}
    </span>
  );
}

function NoKeys({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="No key is like this">
        <Button onClick={() => change({ find: undefined, state: undefined })}>Show all keys</Button>
      </Empty>
    );
  }
  return (
    <Empty title="No key is registered yet">
      <p class="muted">
        Write down whose each key is, what for, and from where it may be used: in YAML, JSON or CSV. From then on every
        request is judged, also those of before.
      </p>
      <pre>keytrail keys import keys.yaml --dry-run</pre>
      <Button onClick={() => change({ do: 'import' })}>Import a file here …</Button>
    </Empty>
  );
}
