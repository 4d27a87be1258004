/**
 * A list of any length: only the rows that can be seen are drawn. The keyboard moves a selection, and the list follows.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Steps } from './use-steps.ts';

export interface VirtualListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly rowHeight: number;
  /** Row that is selected; -1 for none. */
  readonly selected: number;
  readonly onSelect: (at: number) => void;
  /** Where keys lead. */
  readonly steps: Steps;
  readonly onOpen?: (at: number) => void;
  readonly keyOf: (item: Item) => string;
  readonly row: (item: Item, at: number) => ComponentChildren;
  /** Called when the end comes near. */
  readonly onEnd?: () => void;
  /** How many there are in all, where more can be had; -1 when nobody knows. */
  readonly total?: number;
}

/** Rows that are drawn beyond what is seen, so that scrolling shows no gap. */
const BEYOND_ROWS = 12;
const NEAR_END_ROWS = 60;
/** Whoever scrolls goes on, and a held key is fast: half a thousand rows a second. */
const SCROLLED_NEAR_END_ROWS = 800;

export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { items, rowHeight, selected, label, keyOf, row, onEnd, onSelect, onOpen, steps } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => setHeight(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  // A line above the selected one and below it stay in sight, so that it is seen where the selection goes.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || selected < 0) return;
    const at = selected * rowHeight;
    if (at - rowHeight < element.scrollTop) element.scrollTop = Math.max(0, at - rowHeight);
    else if (at + 2 * rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = at + 2 * rowHeight - element.clientHeight;
    } else return;
    // The rows there are drawn in the same frame, and not after the one in which the list tells that it was scrolled.
    setTop(element.scrollTop);
  }, [selected, rowHeight]);
  const first = Math.max(0, Math.floor(top / rowHeight) - BEYOND_ROWS);
  const last = Math.min(items.length, Math.ceil((top + height) / rowHeight) + BEYOND_ROWS);
  useEffect(() => {
    if (items.length - last < (first > 0 ? SCROLLED_NEAR_END_ROWS : NEAR_END_ROWS)) onEnd?.();
  }, [last, items.length]);
  const idOf = (at: number): string => `row-${at}`;
  return (
    <div
      class="list"
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={props.total ?? items.length}
      tabIndex={0}
      aria-activedescendant={selected >= first && selected < last ? idOf(selected) : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={(event) => {
        if ((event.target as Element).closest('a, button') !== null) return;
        const page = Math.max(1, Math.floor(height / rowHeight) - 1);
        const to = movedTo(event.key, steps.at(), items.length, page);
        if (to !== undefined) steps.to(to);
        else if (event.key === 'Enter' && steps.at() >= 0) onOpen?.(steps.at());
        else return;
        event.preventDefault();
      }}
    >
      <div class="list-whole" style={{ height: `${items.length * rowHeight}px` }}>
        {items.slice(first, last).map((item, offset) => {
          const at = first + offset;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list around it.
            <div
              key={keyOf(item)}
              id={idOf(at)}
              class="list-row"
              role="row"
              tabIndex={-1}
              aria-selected={at === selected}
              aria-rowindex={at + 1}
              style={{ top: `${at * rowHeight}px`, height: `${rowHeight}px` }}
              onClick={(event) => {
                if (event.defaultPrevented || (event.target as Element).closest('a, button') !== null) return;
                onSelect(at);
                onOpen?.(at);
              }}
            >
              <div role="gridcell" tabIndex={-1} class="list-cell">
                {row(item, at)}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function movedTo(key: string, from: number, count: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  if (count === 0) return undefined;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, from + step));
}
