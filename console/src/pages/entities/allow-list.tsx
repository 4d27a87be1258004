/** The allow list of a key beside what it was used from, and a list that would fit. */
import type { AddressesDocument } from '../../../../schemas/api/entities.ts';
import type { AnswerDocument } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo, range, rangeParams } from '../../state/range.ts';
import { formatSpan, formatTime, msOf } from '../../state/time.ts';
import { entriesOf, type ListEntry, outsideOf, tightList, usesOf } from './allow-list-use.ts';
import type { Entity } from './entity.ts';
import { type KeyVersion, versionNow } from './registry-keys.ts';

const QUESTION = 'allow-list-entries-unused';

interface AllowListProps {
  readonly entity: Entity;
  readonly versions: readonly KeyVersion[];
  readonly used: Query<AddressesDocument>;
}

export function AllowList({ entity, versions, used }: AllowListProps) {
  const version = versionNow(versions);
  if (version === undefined || version.state !== 'active') return null;
  if (version.allowListState === 'defined') return <Defined entity={entity} version={version} used={used} />;
  return <Undefined used={used} isKnown={version.allowListState === 'none'} />;
}

interface DefinedProps {
  readonly entity: Entity;
  readonly version: KeyVersion;
  readonly used: Query<AddressesDocument>;
}

function Defined({ entity, version, used }: DefinedProps) {
  const asked = { 'param.key_id': entity.value, 'param.account_id': version.account };
  const unused = useQuery<AnswerDocument>(
    at(PATHS.answer, { id: QUESTION }),
    { ...rangeParams(), ...asked },
    { after: used },
  );
  return (
    <Panel
      title="Allow list against use"
      more={
        <>
          <span class="muted">
            {plural(version.allowList.length, 'entry', 'entries')}, since {formatTime(msOf(version.validFrom), 'day')}
          </span>
          <a class="push small" href={linkTo(`/questions/${QUESTION}`, asked)}>
            The question behind it
          </a>
        </>
      }
    >
      <Answer of={unused} skeleton={<Skeleton lines={4} height={20} />}>
        {({ rows }) => (
          <div class="stack">
            <Entries of={entriesOf(version.allowList, rows)} />
            {used.data !== undefined && <Outside of={used.data} entity={entity} />}
            <Proposal now={version.allowList} next={entriesOf(version.allowList, rows).flatMap(({ next }) => next)} />
          </div>
        )}
      </Answer>
    </Panel>
  );
}

function Entries({ of }: { readonly of: readonly ListEntry[] }) {
  return (
    <ul class="list-entries">
      {of.map(({ entry, next, requests, addresses }) => (
        <li key={entry}>
          <code>{entry}</code>
          {next[0] === entry ? (
            <span class="muted">used to its edges</span>
          ) : next.length === 0 ? (
            <b>not used: could be removed</b>
          ) : (
            <span>
              <b>
                could be <code>{next.join(', ')}</code>
              </b>
              : {plural(requests, 'use')} from {plural(addresses, 'address', 'addresses')}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Outside({ of, entity }: { readonly of: AddressesDocument; readonly entity: Entity }) {
  const outside = outsideOf(of.rows);
  if (outside.length === 0) return <p class="small muted">Every request of this time came from inside the list.</p>;
  return (
    <p>
      <strong class="wrong">Outside of it:</strong>{' '}
      {outside.slice(0, 8).map(({ source_ip, outside_list, uses }, place) => (
        <>
          {place > 0 && ', '}
          <Handle field="source_ip" value={source_ip} /> ({formatNumber(outside_list)}, {uses > 0 ? 'let in' : 'denied'}
          )
        </>
      ))}
      {outside.length > 8 && <> and {outside.length - 8} more</>}
      {entity.only['only.account_id'] !== undefined && ' in this account'}. They are no reason to widen the list: ask
      the owner first.
    </p>
  );
}

interface UndefinedProps {
  readonly used: Query<AddressesDocument>;
  readonly isKnown: boolean;
}

function Undefined({ used, isKnown }: UndefinedProps) {
  return (
    <Panel title="Allow list against use">
      <div class="stack">
        <p>
          {isKnown ? (
            <strong class="wrong">The key has no allow list: it can be used from anywhere.</strong>
          ) : (
            'Whether the key has an allow list was never learned.'
          )}
        </p>
        <Answer of={used} skeleton={<Skeleton lines={2} />}>
          {({ rows }) => <Proposal now={undefined} next={tightList(usesOf(rows))} />}
        </Answer>
      </div>
    </Panel>
  );
}

interface ProposalProps {
  readonly now: readonly string[] | undefined;
  readonly next: readonly string[];
}

function Proposal({ now, next }: ProposalProps) {
  const span = formatSpan(range.value.toMs - range.value.fromMs);
  if (next.length === 0) {
    return (
      <p class="muted">
        It was not used in {span}: look at a longer time before its list is changed, or ask whether it is still needed.
      </p>
    );
  }
  if (now !== undefined && next.join() === now.join()) {
    return <p class="muted">The list fits its use of the last {span}: there is nothing to make tighter.</p>;
  }
  return (
    <div class="proposal">
      <h3>A list that fits the use of {span}</h3>
      <p class="row">
        <code class="proposal-list">{next.join(', ')}</code>
        <Button onClick={() => void copy(JSON.stringify(next), 'List')}>Copy</Button>
      </p>
      <p class="small muted">
        <span class="known-inferred">Concluded from this time alone</span>: choose a time that holds whatever runs
        rarely
        {span === '90 days' ? '.' : ', 90 days or more.'} keytrail changes no list; it is changed where the key is
        managed.
      </p>
    </div>
  );
}
