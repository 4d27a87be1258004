/** All keys: those that the registry knows, and those that were used without it. */
import type { KeyUsageDocument } from '../../../../schemas/api/entities.ts';
import { PATHS } from '../../api/paths.ts';
import { Button } from '../../components/button.tsx';
import { hrefOf } from '../../components/entities.ts';
import { Sentence } from '../../components/sentence.tsx';
import { Empty } from '../../components/states.tsx';
import { change, value } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo, range, rangeParams } from '../../state/range.ts';
import { formatSpan, formatTime, msOf } from '../../state/time.ts';
import { AllowListWord, KeyState, WrongMark } from './key-words.tsx';
import { chosenOf, ParamChoice, WordsField } from './list-tools.tsx';
import { LongList, type ValueView } from './long-list.tsx';
import { usePages } from './use-pages.ts';

type Row = KeyUsageDocument['rows'][number];

const USES = [
  { word: 'any', shown: 'All' },
  { word: 'used', shown: 'Used' },
  { word: 'unused', shown: 'Not used' },
  { word: 'unregistered', shown: 'Not registered' },
] as const;
const SORTS = [
  { word: 'events', shown: 'Requests' },
  { word: 'last', shown: 'Last used' },
  { word: 'addresses', shown: 'Addresses' },
  { word: 'name', shown: 'Name' },
] as const;

export function KeysPage() {
  const use = chosenOf(
    'use',
    USES.map(({ word }) => word),
  );
  const sort = chosenOf(
    'sort',
    SORTS.map(({ word }) => word),
  );
  const narrowed = { words: value('words'), owner: value('owner'), app: value('app') };
  const pages = usePages<Row>(PATHS.key_usage, { ...rangeParams(), use, sort, ...narrowed });
  const isNarrowed = use !== 'any' || Object.values(narrowed).some((one) => one !== '');
  return (
    <div class="page entity-list">
      <h1 class="unseen">Keys</h1>
      <Sentence>
        <KeysInWords of={pages.first as KeyUsageDocument | undefined} isNarrowed={isNarrowed} />
      </Sentence>
      <div class="row list-tools">
        <WordsField label="Key, owner, app or account" />
        <ParamChoice name="use" label="Which" choices={USES} />
        <span class="row push">
          <span class="small muted">sorted by</span>
          <ParamChoice name="sort" label="Sorted by" choices={SORTS} />
        </span>
        {(narrowed.owner !== '' || narrowed.app !== '') && (
          <Button onClick={() => change({ owner: undefined, app: undefined })}>
            Only {narrowed.owner || narrowed.app} ✕
          </Button>
        )}
      </div>
      <LongList
        label="Keys"
        pages={pages}
        layout="keys"
        head={['', 'key', 'owner', 'app', 'requests', 'addresses', 'last used', 'allow list', 'state', 'account']}
        keyOf={({ account_id, key_id }) => `${account_id} ${key_id}`}
        hrefOf={({ account_id, key_id }) => hrefOf('key_id', key_id, { account: account_id }) ?? linkTo('/keys')}
        cells={cellsOf}
        empty={<NoKeys isNarrowed={isNarrowed} />}
      />
    </div>
  );
}

function cellsOf(row: Row, Value: ValueView) {
  const { account_id, key_id, owner, app, events, source_ips, last_seen, state } = row;
  return [
    <WrongMark of={row} />,
    <Value field="key_id" value={key_id} account={account_id} />,
    <Value field="owner" value={owner} known="resolved" because="registry, as it is now" />,
    <Value field="app" value={app} known="resolved" because="registry, as it is now" />,
    formatNumber(events),
    formatNumber(source_ips),
    last_seen === null ? <span class="muted">not in this time</span> : formatTime(msOf(last_seen), 'minute'),
    <AllowListWord of={row} />,
    <KeyState of={state} />,
    <Value field="account_id" value={account_id} />,
  ];
}

interface WordsProps {
  readonly of: KeyUsageDocument | undefined;
  readonly isNarrowed: boolean;
}

function KeysInWords({ of, isNarrowed }: WordsProps) {
  if (of === undefined) return <>Counting keys …</>;
  const { total, used, unregistered, unrestricted } = of;
  const span = formatSpan(range.value.toMs - range.value.fromMs);
  const were = (count: number): string => (count === 1 ? 'was' : 'were');
  return (
    <>
      <a href={linkTo('/keys')}>{plural(total, 'key')}</a>
      {isNarrowed && (total === 1 ? ' fits' : ' fit')}
      {total > 0 && (
        <>
          : <a href={linkTo('/keys', { use: 'used' })}>{formatNumber(used)}</a> {were(used)} used in {span},{' '}
          <a href={linkTo('/keys', { use: 'unused' })}>{formatNumber(total - used)}</a> {were(total - used)} not
        </>
      )}
      {unregistered > 0 && (
        <>
          ;{' '}
          <strong class="wrong">
            <a href={linkTo('/keys', { use: 'unregistered' })}>{formatNumber(unregistered)}</a>{' '}
            {unregistered === 1 ? 'is' : 'are'} not registered
          </strong>
        </>
      )}
      {unrestricted > 0 && (
        <>
          ; <a href={linkTo('/questions/keys-without-allow-list')}>{formatNumber(unrestricted)}</a> can be used from
          anywhere
        </>
      )}
      .
    </>
  );
}

function NoKeys({ isNarrowed }: { readonly isNarrowed: boolean }) {
  if (isNarrowed) {
    return (
      <Empty title="No key fits">
        <p class="muted">Drop what narrows the list, or look at a longer time.</p>
        <a class="button" href={linkTo('/keys')}>
          All keys
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="No key is known yet">
      <p>Keys come with events that name them, and from the registry:</p>
      <pre>{`keytrail ingest your-audit-log.ndjson
keytrail keys import keys.yaml
keytrail demo`}</pre>
      <p class="muted">The last of them makes a store of examples in a folder of its own.</p>
    </Empty>
  );
}
