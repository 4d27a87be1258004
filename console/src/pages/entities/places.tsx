/**
 * From where: each address on a strip from first to last seen, under the provider and country that it belongs to; what
 * is new, and what its key's allow list did not hold, is said.
 */
import { useState } from 'preact/hooks';
import type { AddressesDocument } from '../../../../schemas/api/entities.ts';
import type { NewcomersDocument } from '../../../../schemas/api/overview.ts';
import type { Query } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { firstOf, ROWS_FIRST } from '../../components/first-of.ts';
import { Handle } from '../../components/handle.tsx';
import { JudgementMark } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Strip } from '../../components/strip.tsx';
import { formatNumber, plural } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { type Entity, eventsOf, firstEventOf } from './entity.ts';
import { groupedPlaces, type Place, type PlaceGroup } from './place-groups.ts';

interface PlacesProps {
  readonly entity: Entity;
  readonly of: Query<AddressesDocument>;
  readonly newcomers: NewcomersDocument | undefined;
}

export function Places({ entity, of: answer, newcomers }: PlacesProps) {
  const [isWhole, setWhole] = useState(false);
  const isNew = (address: string): boolean =>
    newcomers?.rows.some(({ kind, value }) => kind === 'source_ip' && value === address) ?? false;
  const isWanted = (place: Place): boolean => isNew(place.source_ip) || place.outside_list > 0 || isWrong(place);
  return (
    <Panel
      title="Where it was used from"
      more={
        answer.data !== undefined && (
          <span class="muted">{plural(answer.data.rows.length, 'address', 'addresses')}</span>
        )
      }
      isFlush
    >
      <Answer
        of={answer}
        skeleton={
          <div class="panel-body">
            <Skeleton lines={6} height={20} />
          </div>
        }
      >
        {({ rows, from, to }) => {
          if (rows.length === 0) return <Empty title="No address was recorded" />;
          const drawn = isWhole ? rows : firstOf(rows, ROWS_FIRST, isWanted);
          return (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well.
            <div class="table-wrap places" tabIndex={0} role="group" aria-label="Where it was used from">
              <table>
                <thead>
                  <tr>
                    <th scope="col">address</th>
                    <th scope="col" class="places-strip">
                      first to last seen
                    </th>
                    <th scope="col">first seen</th>
                    <th scope="col">last seen</th>
                    <th scope="col" class="number">
                      requests
                    </th>
                    <th scope="col">not as it should be</th>
                  </tr>
                </thead>
                {groupedPlaces(drawn).map((group) => (
                  <Group
                    key={group.name}
                    of={group}
                    entity={entity}
                    isNew={isNew}
                    range={{ fromMs: msOf(from), toMs: msOf(to) }}
                  />
                ))}
              </table>
              {drawn.length < rows.length && (
                <p class="table-more">
                  <Button onClick={() => setWhole(true)}>Show all {formatNumber(rows.length)}</Button>{' '}
                  <span class="muted">none of the others is doubtful</span>
                </p>
              )}
            </div>
          );
        }}
      </Answer>
    </Panel>
  );
}

interface GroupProps {
  readonly of: PlaceGroup;
  readonly entity: Entity;
  readonly isNew: (address: string) => boolean;
  readonly range: { readonly fromMs: number; readonly toMs: number };
}

function Group({ of, entity, isNew, range }: GroupProps) {
  return (
    <tbody>
      <tr class="places-group">
        <th scope="rowgroup" colSpan={4}>
          <Where of={of} />
        </th>
        <td class="number muted">{formatNumber(of.events)}</td>
        <td />
      </tr>
      {of.places.map((place) => (
        <tr key={place.source_ip}>
          <td>
            <Handle field="source_ip" value={place.source_ip} />{' '}
            {isNew(place.source_ip) && <span class="tag">new</span>}
          </td>
          <td class="places-strip">
            <Strip firstMs={msOf(place.first_seen)} lastMs={msOf(place.last_seen)} {...range} />
          </td>
          <td>
            <a
              href={firstEventOf(entity, place.first_seen, { 'only.source_ip': place.source_ip })}
              title="Its first request"
            >
              {formatTime(msOf(place.first_seen), 'minute')}
            </a>
          </td>
          <td>{formatTime(msOf(place.last_seen), 'minute')}</td>
          <td class="number">
            <a href={eventsOf(entity, { 'only.source_ip': place.source_ip })}>{formatNumber(place.events)}</a>
          </td>
          <td>
            <Wrong of={place} entity={entity} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function Where({ of }: { readonly of: PlaceGroup }) {
  const { network, asn, as_name, country } = of;
  if (network === '' && asn === 0 && country === '') return <span class="muted">network not known</span>;
  return (
    <>
      {network !== '' && (
        <Handle field="network" value={network} known="resolved" because="a network of the registry" />
      )}
      {network !== '' && asn !== 0 && ' · '}
      {asn !== 0 && (
        <Handle field="asn" value={asn} known="resolved" because="network data, by address">
          AS{asn} {as_name}
        </Handle>
      )}
      {country !== '' && (
        <>
          {' · '}
          <Handle field="country" value={country} known="resolved" because="network data, by address" />
        </>
      )}
    </>
  );
}

const WRONG = ['should-be-denied', 'should-be-allowed', 'denied'] as const;
const isWrong = (place: Place): boolean => WRONG.some((word) => place[word] > 0);

function Wrong({ of, entity }: { readonly of: Place; readonly entity: Entity }) {
  const { source_ip } = of;
  const parts = WRONG.filter((word) => of[word] > 0);
  if (parts.length === 0 && of.outside_list === 0) return null;
  return (
    <span class="row wrong-parts">
      {parts.map((word) => (
        <a
          key={word}
          class="handle"
          href={eventsOf(entity, { 'only.source_ip': source_ip, 'only.judgement': word })}
          data-field="judgement"
          data-value={word}
        >
          <JudgementMark of={word} /> {formatNumber(of[word])}
        </a>
      ))}
      {of.outside_list > 0 && <span class="tag tag-bad">outside its list</span>}
    </span>
  );
}
