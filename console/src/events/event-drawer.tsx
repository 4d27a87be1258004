/** One event whole: who it was, from where, whether it should have been let in, and the record that says so. */
import { useState } from 'preact/hooks';
import type { EventDocument } from '../../../schemas/api/events.ts';
import { type EventRow, field } from '../api/event.ts';
import { PATHS } from '../api/paths.ts';
import { useQuery } from '../api/use-query.ts';
import { Button, Choices } from '../components/button.tsx';
import { copy } from '../components/copy.ts';
import { Drawer } from '../components/drawer.tsx';
import { eventHref, eventOfKey } from '../components/entities.ts';
import { Answer, Empty, Skeleton } from '../components/states.tsx';
import { formatTime, msOf, zoneName } from '../state/time.ts';
import { Chain } from './chain.tsx';
import { Fields } from './fields.tsx';
import { RawRecord } from './raw-record.tsx';
import { Rules } from './rules.tsx';
import { useKeyVersion } from './use-key-version.ts';

export function EventDrawer({ of, onClose }: { readonly of: string; readonly onClose: () => void }) {
  const { event_id, source, account_id } = eventOfKey(of);
  const answer = useQuery<EventDocument>(PATHS.event, { event_id, source, account: account_id }, { isFresh: true });
  const [at, setAt] = useState(0);
  const statements = answer.data?.statements ?? [];
  const event = statements[Math.min(at, statements.length - 1)];
  return (
    <Drawer
      title={event === undefined ? 'Event' : `${formatTime(msOf(field(event, 'event_time')), 'ms')} ${zoneName.value}`}
      tools={event === undefined ? undefined : <CopyTools of={event} />}
      onClose={onClose}
    >
      <Answer
        of={answer}
        skeleton={
          <div class="panel-body">
            <Skeleton lines={14} height={20} />
          </div>
        }
      >
        {() =>
          event === undefined ? (
            <Empty title="There is no such event" />
          ) : (
            <div class="event">
              {statements.length > 1 && (
                <div class="note">
                  <p>
                    <b>This id came with {statements.length} contents.</b> Each is kept; the first arrival is first.
                  </p>
                  <Choices
                    label="Which content"
                    chosen={String(Math.min(at, statements.length - 1))}
                    choices={statements.map((_, place) => ({ word: String(place), shown: String(place + 1) }))}
                    onChoose={(word) => setAt(Number(word))}
                  />
                </div>
              )}
              <Whole of={event} />
            </div>
          )
        }
      </Answer>
    </Drawer>
  );
}

function Whole({ of }: { readonly of: EventRow }) {
  const version = useKeyVersion(of);
  return (
    <>
      <Chain of={of} version={version} />
      <Rules of={of} version={version} />
      <Fields of={of} />
      <RawRecord of={of} />
    </>
  );
}

function CopyTools({ of }: { readonly of: EventRow }) {
  const [isOpen, setOpen] = useState(false);
  const take = (text: string, what: string): void => {
    setOpen(false);
    void copy(text, what);
  };
  const { event_id, source, account_id } = of as { event_id: string; source: string; account_id: string };
  const link = new URL(eventHref({ event_id, source, account_id }), window.location.href).href;
  const quoted = `'${event_id.replace(/'/g, `'\\''`)}'`;
  return (
    <span class="menu-place">
      <Button kind="plain" isExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Copy ▾
      </Button>
      {isOpen && (
        <span class="menu menu-below">
          <Button kind="plain" onClick={() => take(JSON.stringify(of, null, 2), 'JSON')}>
            as JSON
          </Button>
          <Button kind="plain" onClick={() => take(link, 'Link')}>
            a link to it
          </Button>
          <Button
            kind="plain"
            onClick={() => take(`keytrail query request-lookup --param event_id=${quoted} --format json`, 'Command')}
          >
            the command that shows it
          </Button>
        </span>
      )}
    </span>
  );
}
