/** A list of events with the keys that move in it: j, k, o, x. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type EventRow, idOf } from '../api/event.ts';
import { useSteps } from '../components/use-steps.ts';
import { focusedValue } from '../components/value-menu.tsx';
import { VirtualList } from '../components/virtual-list.tsx';
import { addFilter } from '../state/filters.ts';
import { useKeys } from '../state/keyboard.ts';
import { density } from '../state/preferences.ts';
import { EventLine } from './event-line.tsx';
import { ExcludeDialog } from './exclude-dialog.tsx';

export interface EventListProps {
  readonly label: string;
  readonly events: readonly EventRow[];
  readonly hasDay: boolean;
  readonly selected: number;
  readonly onSelect: (at: number) => void;
  readonly onOpen: (event: EventRow) => void;
  readonly onEnd?: () => void;
  readonly total?: number;
}

const NARROW_PX = 720;

export function EventList(props: EventListProps) {
  const { events, selected, onSelect, onOpen } = props;
  const box = useRef<HTMLDivElement>(null);
  const [isNarrow, setNarrow] = useState(false);
  const [excluding, setExcluding] = useState<EventRow | undefined>(undefined);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => setNarrow(element.clientWidth < NARROW_PX));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const steps = useSteps(selected, onSelect);
  const step = (by: number): void => steps.to(Math.max(0, Math.min(events.length - 1, steps.at() + by)));
  const open = (at: number): void => {
    const event = events[at];
    if (event !== undefined) onOpen(event);
  };
  const exclude = (): void => {
    const held = focusedValue();
    if (held !== undefined) addFilter('exclude', held.field, held.value);
    else if (events[steps.at()] !== undefined) setExcluding(events[steps.at()]);
  };
  const group = 'List of events';
  useKeys([
    { keys: 'j', does: 'next event', group, run: () => step(1) },
    { keys: 'k', does: 'event before', group, run: () => step(-1) },
    { keys: 'o', does: 'open it', group, run: () => open(Math.max(0, steps.at())) },
    { keys: 'x', does: 'leave out a value of it', group, run: exclude },
  ]);
  const rowHeight = (isNarrow ? 24 : 0) + (density.value === 'dense' ? 22 : 28);
  return (
    <div class="event-list" ref={box} data-is-narrow={isNarrow}>
      <VirtualList
        label={props.label}
        items={events}
        rowHeight={rowHeight}
        selected={selected}
        onSelect={onSelect}
        steps={steps}
        onOpen={open}
        keyOf={idOf}
        row={(event) => <EventLine of={event} hasDay={props.hasDay} isNarrow={isNarrow} />}
        {...(props.onEnd === undefined ? {} : { onEnd: props.onEnd })}
        {...(props.total === undefined ? {} : { total: props.total })}
      />
      {excluding !== undefined && <ExcludeDialog of={excluding} onClose={() => setExcluding(undefined)} />}
    </div>
  );
}
