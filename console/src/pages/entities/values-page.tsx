/** All apps, addresses, owners, networks or user agents of a time. */
import type { ComponentChildren } from 'preact';
import type { ValuesDocument } from '../../../../schemas/api/entities.ts';
import { PATHS } from '../../api/paths.ts';
import { hrefOf } from '../../components/entities.ts';
import { Sentence } from '../../components/sentence.tsx';
import { Empty } from '../../components/states.tsx';
import { Strip } from '../../components/strip.tsx';
import { value } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo, PRESETS, range, rangeParams, setPreset } from '../../state/range.ts';
import { formatSpan, formatTime, msOf } from '../../state/time.ts';
import { WrongMark } from './key-words.tsx';
import { KINDS, type Kind, type KindName } from './kinds.ts';
import { chosenOf, ParamChoice, WordsField } from './list-tools.tsx';
import { LongList, type ValueView } from './long-list.tsx';
import { usePages } from './use-pages.ts';

type Row = ValuesDocument['rows'][number];

const SORTS = [
  { word: 'events', shown: 'Requests' },
  { word: 'last', shown: 'Last seen' },
  { word: 'first', shown: 'First seen' },
  { word: 'value', shown: 'Name' },
] as const;

function ValuesPage({ kind }: { readonly kind: Kind }) {
  const sort = chosenOf(
    'sort',
    SORTS.map(({ word }) => word),
  );
  const words = value('words');
  const pages = usePages<Row>(PATHS.values, { ...rangeParams(), field: kind.field, sort, words });
  const span = formatSpan(range.value.toMs - range.value.fromMs);
  const isAddress = kind.name === 'address';
  const other = kind.name === 'app' ? 'owners' : 'apps';
  const head = ['', kind.noun, isAddress ? 'network' : 'addresses', 'keys', other, 'requests'];
  return (
    <div class="page entity-list">
      <h1 class="unseen">{kind.many}</h1>
      <Sentence>
        {pages.total < 0 ? (
          `Counting ${kind.many} …`
        ) : (
          <>
            <a href={linkTo(kind.path)}>{plural(pages.total, kind.noun, kind.many)}</a>{' '}
            {pages.total === 1 ? 'was' : 'were'} seen in {span}
            {words !== '' && (
              <>
                {' '}
                with <bdi>{words}</bdi> in {pages.total === 1 ? 'its name' : 'their names'}
              </>
            )}
            .
          </>
        )}
      </Sentence>
      <div class="row list-tools">
        <WordsField label={`Part of the name`} />
        <span class="row push">
          <span class="small muted">sorted by</span>
          <ParamChoice name="sort" label="Sorted by" choices={SORTS} />
        </span>
      </div>
      <LongList
        label={kind.many}
        pages={pages}
        layout="values"
        head={[...head, 'first to last seen', 'first seen', 'last seen']}
        keyOf={({ value: name }) => name}
        hrefOf={({ value: name }) => hrefOf(kind.field, name) ?? linkTo(kind.path)}
        cells={(row, view) => cellsOf(row, kind, view)}
        empty={<NoValues kind={kind} isNarrowed={words !== ''} />}
      />
    </div>
  );
}

function cellsOf(row: Row, kind: Kind, Value: ValueView): readonly ComponentChildren[] {
  const { first_seen, last_seen } = row;
  const { fromMs, toMs } = range.value;
  return [
    <WrongMark of={row} />,
    <Value
      field={kind.field}
      value={row.value}
      {...(kind.name === 'app' || kind.name === 'owner' || kind.name === 'network'
        ? { known: 'resolved' as const, because: 'registry, at the time of the requests' }
        : {})}
    />,
    kind.name === 'address' ? <Where of={row} as={Value} /> : formatNumber(row.source_ips),
    formatNumber(row.keys),
    formatNumber(kind.name === 'app' ? row.owners : row.apps),
    formatNumber(row.events),
    <Strip firstMs={msOf(first_seen)} lastMs={msOf(last_seen)} fromMs={fromMs} toMs={toMs} />,
    formatTime(msOf(first_seen), 'minute'),
    formatTime(msOf(last_seen), 'minute'),
  ];
}

function Where({ of: { network, asn, as_name, country }, as: Value }: { readonly of: Row; readonly as: ValueView }) {
  if (network !== '') return <Value field="network" value={network} known="resolved" because="registry" />;
  if (asn !== 0) {
    return (
      <Value field="asn" value={asn} known="resolved" because="network data">
        {as_name || `AS${asn}`} {country}
      </Value>
    );
  }
  return <span class="muted">{country || 'not known'}</span>;
}

function NoValues({ kind, isNarrowed }: { readonly kind: Kind; readonly isNarrowed: boolean }) {
  const wider = PRESETS.find(({ ms }) => ms > range.value.toMs - range.value.fromMs);
  return (
    <Empty title={isNarrowed ? `No ${kind.noun} has this in its name` : `No ${kind.noun} was seen in this time`}>
      <p class="muted">
        {kind.name === 'network' || kind.name === 'app' || kind.name === 'owner'
          ? `Which ${kind.noun} a request belongs to says the registry: keytrail keys import brings one.`
          : `They come with events; keytrail ingest, a push or a topic brings some.`}
      </p>
      <div class="row">
        {isNarrowed && (
          <a class="button" href={linkTo(kind.path)}>
            All {kind.many}
          </a>
        )}
        {wider !== undefined && (
          <button type="button" class="button" onClick={() => setPreset(wider)}>
            Look at {wider.title}
          </button>
        )}
      </div>
    </Empty>
  );
}

const listOf = (name: KindName) =>
  function List() {
    return <ValuesPage kind={KINDS[name]} />;
  };

export const AppsPage = listOf('app');
export const AddressesPage = listOf('address');
export const OwnersPage = listOf('owner');
export const NetworksPage = listOf('network');
export const UserAgentsPage = listOf('user-agent');
