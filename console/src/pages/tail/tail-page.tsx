/** What happens now. */
import { useState } from 'preact/hooks';
import { type EventRow, field, idOf } from '../../api/event.ts';
import { Button } from '../../components/button.tsx';
import { eventKey } from '../../components/entities.ts';
import { Empty, TroubleNote } from '../../components/states.tsx';
import { EventDrawer } from '../../events/event-drawer.tsx';
import { EventList } from '../../events/event-list.tsx';
import { filterParams } from '../../state/filters.ts';
import { useKeys } from '../../state/keyboard.ts';
import { change, value } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import { formatTime, zoneName } from '../../state/time.ts';
import { type Tail, useTail } from './use-tail.ts';

export function TailPage() {
  const tail = useTail(filterParams());
  const opened = value('event');
  const [held, setHeld] = useState<readonly EventRow[] | undefined>(undefined);
  const [selected, setSelected] = useState('');
  const hold = (): void => setHeld(held === undefined ? tail.events : undefined);
  useKeys([{ keys: ' ', does: 'hold the list, and let it go on', group: 'Live tail', run: hold }]);
  const shown = held ?? tail.events;
  const at = shown.findIndex((event) => idOf(event) === selected);
  const keyOf = (event: EventRow): string =>
    eventKey({
      event_id: field(event, 'event_id'),
      source: field(event, 'source'),
      account_id: field(event, 'account_id'),
    });
  return (
    <div class="search" data-has-drawer={opened !== ''}>
      <div class="search-found tail-found">
        <div class="row">
          <h1>Live</h1>
          <State of={tail} />
          <span class="push row">
            {held !== undefined && tail.events[0] !== held[0] && (
              <span class="small muted">{plural(newSince(tail.events, held[0]), 'newer event')} waiting</span>
            )}
            <Button isPressed={held !== undefined} title="Hold the list, and let it go on (Space)" onClick={hold}>
              {held === undefined ? 'Hold' : 'Go on'}
            </Button>
          </span>
        </div>
        {tail.trouble !== undefined && <TroubleNote trouble={tail.trouble} />}
        <div class="panel search-list">
          {shown.length === 0 ? (
            <Listening of={tail} />
          ) : (
            <div class="fills">
              <EventList
                label="Events as they are stored, the latest first"
                events={shown}
                hasDay={false}
                selected={at}
                onSelect={(place) => {
                  const event = shown[place];
                  if (event === undefined) return;
                  setSelected(idOf(event));
                  if (opened !== '') change({ event: keyOf(event) }, { isReplacing: true });
                }}
                onOpen={(event) => {
                  setSelected(idOf(event));
                  change({ event: keyOf(event) });
                }}
              />
            </div>
          )}
        </div>
      </div>
      {opened !== '' && (
        <div class="search-drawer">
          <EventDrawer of={opened} onClose={() => change({ event: undefined })} />
        </div>
      )}
    </div>
  );
}

function newSince(events: readonly EventRow[], first: EventRow | undefined): number {
  const at = first === undefined ? -1 : events.indexOf(first);
  return at < 0 ? events.length : at;
}

function State({ of: { isOpen, count, sinceMs } }: { readonly of: Tail }) {
  return (
    <span class="row small" role="status">
      <span class="live-mark" data-is-open={isOpen} aria-hidden="true" />
      {isOpen ? 'listening' : 'connecting …'} · {formatNumber(count)} since {formatTime(sinceMs)} {zoneName.value}
    </span>
  );
}

function Listening({ of }: { readonly of: Tail }) {
  return (
    <Empty title={of.isOpen ? 'Nothing has been stored since you look' : 'Connecting …'}>
      <p class="muted">
        An event appears here within two seconds of being stored, whenever it happened. The range of time in the head
        does not apply; filters do.
      </p>
      <a class="button" href={linkTo('/search', filterParams())}>
        Search what was stored before
      </a>
    </Empty>
  );
}
