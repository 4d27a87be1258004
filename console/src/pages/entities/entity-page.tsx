/**
 * The page of one entity, whatever its kind: the answer first, then when, from where, what it did, what was found of
 * it, and what it goes with. What only one kind has is handed in.
 */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AddressesDocument, ProfileDocument, ReachDocument } from '../../../../schemas/api/entities.ts';
import type { NewcomersDocument } from '../../../../schemas/api/overview.ts';
import { PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Later } from '../../components/later.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { go } from '../../state/location.ts';
import { linkTo, rangeParams } from '../../state/range.ts';
import { Activity } from './activity.tsx';
import { type Entity, eventsOf, firstEventOf } from './entity.ts';
import { FindingsOf } from './findings-of.tsx';
import { Places } from './places.tsx';
import { Reach } from './reach.tsx';
import { NotInThisTime } from './unknown.tsx';
import { COMPANIONS, DEEDS, ValuePanel } from './value-panel.tsx';

export interface Told {
  readonly profile: ProfileDocument;
  readonly newcomers: NewcomersDocument | undefined;
}

export interface EntityPageProps {
  readonly entity: Entity;
  /** What the page begins with; all else is asked behind it. */
  readonly profile: Query<ProfileDocument>;
  /** The answer in words, where it was seen in the range. */
  readonly sentence: (told: Told) => ComponentChildren;
  /** Stands where nothing was seen of it in the range: what is known of it all the same. */
  readonly isKnown?: boolean | 'asked';
  readonly note?: ComponentChildren;
  /** Before the places, and behind them. */
  readonly first?: ComponentChildren;
  readonly more?: ComponentChildren;
  /** Where they are asked for already. */
  readonly addresses?: Query<AddressesDocument>;
  readonly hasPlaces?: boolean;
}

export function EntityPage(props: EntityPageProps) {
  const { entity, profile, sentence, first, more, note, isKnown = false, hasPlaces = true } = props;
  const { kind, value, only } = entity;
  const params = { ...rangeParams(), ...only };
  const isSeen = (profile.data?.events ?? 0) > 0;
  const [isAsked, setAsked] = useState(false);
  // The store finds keys and addresses at once; of others it would have to read everything.
  const hasReach = isAsked || kind.isIndexed || (profile.data !== undefined && !isSeen);
  const reach = useQuery<ReachDocument>(hasReach ? PATHS.reach : undefined, only, { after: profile });
  const newcomers = useQuery<NewcomersDocument>(PATHS.newcomers, params, { after: profile });
  const ownPath = hasPlaces && props.addresses === undefined ? PATHS.addresses : undefined;
  const own = useQuery<AddressesDocument>(ownPath, params, { after: profile });
  const isThere = isSeen || isKnown === true || reach.data?.first_seen != null;
  useKeys([
    { keys: 's', does: `requests of this ${kind.noun}`, group: 'This page', run: () => go(eventsOf(entity)) },
    {
      ...{ keys: 'b', does: 'the first of its requests in this time', group: 'This page' },
      run: () => {
        const first = profile.data?.first_seen;
        if (first != null) go(firstEventOf(entity, first));
      },
    },
    { keys: 'c', does: 'copy its name', group: 'This page', run: () => void copy(value, kind.noun) },
  ]);
  return (
    <div class="page entity">
      <header class="entity-head">
        <a class="small muted" href={linkTo(kind.path)}>
          {kind.noun}
        </a>
        <h1>
          <bdi class="entity-name">{value}</bdi>
        </h1>
        <span class="row entity-tools">
          <a class="button" href={eventsOf(entity)} title="Its requests in the search (s)">
            Requests
          </a>
          <Button title="Copy its name (c)" onClick={() => void copy(value, kind.noun)}>
            Copy
          </Button>
        </span>
      </header>
      {note}
      <Answer of={profile} skeleton={<Skeleton lines={2} height={22} />}>
        {(data) =>
          data.events > 0 ? (
            sentence({ profile: data, newcomers: newcomers.data })
          ) : (
            <NotInThisTime entity={entity} reach={reach} isKnown={isKnown} />
          )
        }
      </Answer>
      <Reach reach={reach} profile={profile.data} entity={entity} onAsk={hasReach ? undefined : () => setAsked(true)} />
      {isSeen && <Activity entity={entity} profile={profile.data} />}
      <Later>
        {isThere && first}
        {isSeen && hasPlaces && <Places entity={entity} of={props.addresses ?? own} newcomers={newcomers.data} />}
        {isThere && <FindingsOf entity={entity} facets={profile.data?.facets} />}
        {isThere && more}
        {isSeen && (
          <div class="entity-grid">
            <ValuePanel
              title="What was done"
              fields={DEEDS}
              empty="No operation was recorded"
              entity={entity}
              of={profile}
            />
            <ValuePanel
              title="What it goes with"
              fields={COMPANIONS}
              empty="Nothing else is named in its requests"
              entity={entity}
              of={profile}
            />
          </div>
        )}
      </Later>
    </div>
  );
}
