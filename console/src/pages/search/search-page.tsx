/** How many, which, and one of them whole. */
import { useEffect, useState } from 'preact/hooks';
import type { ProfileDocument } from '../../../../schemas/api/entities.ts';
import { type EventRow, field } from '../../api/event.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { eventKey, isEventOfKey } from '../../components/entities.ts';
import { Histogram, totalOf } from '../../components/histogram.tsx';
import { Legend } from '../../components/legend.tsx';
import { Answer, Empty, Skeleton, TroubleNote, Waiting } from '../../components/states.tsx';
import { EventDrawer } from '../../events/event-drawer.tsx';
import { EventList } from '../../events/event-list.tsx';
import { dropAllFilters, filterParams, filters, text } from '../../state/filters.ts';
import { useKeys } from '../../state/keyboard.ts';
import { change, value } from '../../state/location.ts';
import { plural } from '../../state/number.ts';
import { MS_PER_DAY, PRESETS, range, rangeParams, setPreset } from '../../state/range.ts';
import { ExportDialog } from './export-dialog.tsx';
import { Facets } from './facets.tsx';
import { type Found, useEvents } from './use-events.ts';

export function SearchPage() {
  const params = { ...rangeParams(), ...filterParams() };
  const found = useEvents(params);
  const profile = useQuery<ProfileDocument>(PATHS.profile, params);
  const histogram = profile.data?.histogram;
  const total = histogram === undefined || profile.isLoading ? undefined : totalOf(histogram);
  const opened = value('event');
  const [front, setFront] = useState<'export' | undefined>(undefined);
  const [hasFacets, setFacets] = useState(window.innerWidth > 1_000);
  const [isTable, setTable] = useState(false);
  useKeys([{ keys: 'e', does: 'export what was found', group: 'Search', run: () => setFront('export') }]);
  return (
    <div class="search" data-has-facets={hasFacets} data-has-drawer={opened !== ''}>
      <h1 class="unseen">Search</h1>
      {hasFacets && (
        <nav class="search-facets" aria-label="Values of what was found">
          <Facets of={profile} />
        </nav>
      )}
      <div class="search-found">
        <div class="row">
          <Button kind="plain" isExpanded={hasFacets} onClick={() => setFacets(!hasFacets)}>
            Values
          </Button>
          <b role="status">{total === undefined ? 'Counting …' : plural(total, 'event')}</b>
          {histogram !== undefined && <Legend of={histogram} />}
          <span class="push row">
            <Button kind="plain" isPressed={isTable} onClick={() => setTable(!isTable)}>
              Table
            </Button>
            <Button title="What was found as a file (e)" onClick={() => setFront('export')}>
              Export
            </Button>
          </span>
        </div>
        <div class="panel panel-body">
          <Answer of={profile} skeleton={<Skeleton height={138} />}>
            {(data) => <Histogram of={data.histogram} isTable={isTable} />}
          </Answer>
        </div>
        <Results found={found} total={total} opened={opened} />
      </div>
      {opened !== '' && (
        <div class="search-drawer">
          <EventDrawer of={opened} onClose={() => change({ event: undefined })} />
        </div>
      )}
      {front === 'export' && <ExportDialog events={total} onClose={() => setFront(undefined)} />}
    </div>
  );
}

function Results(props: { readonly found: Found; readonly total: number | undefined; readonly opened: string }) {
  const { found, total, opened } = props;
  const [selected, setSelected] = useState(-1);
  const { events } = found;
  const isOpened = (event: EventRow | undefined): boolean =>
    event !== undefined && isEventOfKey(namesOf(event), opened);
  useEffect(() => {
    if (opened === '' || isOpened(events[selected])) return;
    setSelected(events.findIndex(isOpened));
  }, [opened, events]);
  // While one is open the list leads through them, and the back button leads out.
  const select = (at: number): void => {
    setSelected(at);
    if (opened !== '') change({ event: keyOf(events[at]) }, { isReplacing: true });
  };
  if (found.trouble !== undefined && events.length === 0) {
    return <TroubleNote trouble={found.trouble} onRetry={found.retry} />;
  }
  if (found.isCancelled) return <Button onClick={found.retry}>Ask again</Button>;
  if (events.length === 0 && found.sinceMs === 0) return <NothingFound />;
  return (
    <div class="panel search-list" aria-busy={found.sinceMs > 0}>
      <Waiting sinceMs={found.sinceMs} onCancel={found.cancel} />
      {events.length === 0 ? (
        <div class="panel-body">
          <Skeleton lines={16} height={18} />
        </div>
      ) : (
        <div class={found.sinceMs > 0 ? 'is-stale fills' : 'fills'}>
          <EventList
            label="Events that were found"
            events={events}
            hasDay={range.value.toMs - range.value.fromMs > MS_PER_DAY}
            selected={selected}
            onSelect={select}
            onOpen={(event) => change({ event: keyOf(event) })}
            onEnd={found.more}
            total={found.hasMore ? (total ?? -1) : events.length}
          />
        </div>
      )}
      {found.trouble !== undefined && <TroubleNote trouble={found.trouble} onRetry={found.more} />}
    </div>
  );
}

function namesOf(event: EventRow) {
  return {
    event_id: field(event, 'event_id'),
    source: field(event, 'source'),
    account_id: field(event, 'account_id'),
  };
}

function keyOf(event: EventRow | undefined): string {
  return event === undefined ? '' : eventKey(namesOf(event));
}

function NothingFound() {
  const hasFilters = filters.value.length > 0 || text.value !== '';
  const wider = PRESETS.find(({ ms }) => ms > range.value.toMs - range.value.fromMs);
  return (
    <div class="panel">
      <Empty title="No event of this time fits">
        <p class="muted">
          {hasFilters
            ? 'No event has all of these values; drop one of the filters, or look at a longer time.'
            : 'Nothing was recorded in this time.'}
        </p>
        <div class="row">
          {hasFilters && <Button onClick={dropAllFilters}>Drop all filters</Button>}
          {wider !== undefined && <Button onClick={() => setPreset(wider)}>Look at {wider.title}</Button>}
        </div>
      </Empty>
    </div>
  );
}
