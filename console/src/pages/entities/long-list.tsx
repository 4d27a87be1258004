/** A list of any length under a head of its columns, with the keys that move in it. */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Handle, type HandleProps } from '../../components/handle.tsx';
import { Skeleton, TroubleNote, Waiting } from '../../components/states.tsx';
import { useSteps } from '../../components/use-steps.ts';
import { VirtualList } from '../../components/virtual-list.tsx';
import { cut } from '../../state/cut.ts';
import { useKeys } from '../../state/keyboard.ts';
import { go } from '../../state/location.ts';
import { density } from '../../state/preferences.ts';
import type { Pages } from './use-pages.ts';

export interface LongListProps<Row> {
  readonly label: string;
  readonly pages: Pages<Row>;
  /** Names the columns of its grid. */
  readonly layout: string;
  readonly head: readonly string[];
  readonly keyOf: (row: Row) => string;
  readonly hrefOf: (row: Row) => string;
  /** Cells; the last of them stand on a second line where there is no room. */
  readonly cells: (row: Row, value: ValueView) => readonly ComponentChildren[];
  readonly empty: ComponentChildren;
}

/** How a value of a line is drawn. */
export type ValueView = (props: HandleProps) => JSX.Element;

const NARROW_PX = 720;

/** On a small screen a line is taken hold of as a whole; its values are handles once it is open. */
function PlainValue({ value, children, empty = '–' }: HandleProps) {
  return <bdi>{children ?? (cut(String(value ?? '')) || empty)}</bdi>;
}

export function LongList<Row>(props: LongListProps<Row>) {
  const { pages, layout, head, keyOf, hrefOf, cells, label } = props;
  const { rows, total, sinceMs, trouble } = pages;
  const [selected, setSelected] = useState(-1);
  const [isNarrow, setNarrow] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const watch = new ResizeObserver(([entry]) => setNarrow((entry?.contentRect.width ?? 0) < NARROW_PX));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const steps = useSteps(selected, setSelected);
  const step = (by: number): void => steps.to(Math.max(0, Math.min(rows.length - 1, steps.at() + by)));
  const open = (at: number): void => {
    const row = rows[at];
    if (row !== undefined) go(hrefOf(row));
  };
  const group = 'This list';
  useKeys([
    { keys: 'j', does: 'next', group, run: () => step(1) },
    { keys: 'k', does: 'the one before', group, run: () => step(-1) },
    { keys: 'o', does: 'open it', group, run: () => open(Math.max(0, steps.at())) },
  ]);
  const rowHeight = (isNarrow ? 22 : 0) + (density.value === 'dense' ? 24 : 32);
  return (
    <div class="panel long-list" data-layout={layout} data-is-narrow={isNarrow} ref={box} aria-busy={sinceMs > 0}>
      <Waiting sinceMs={sinceMs} onCancel={pages.cancel} />
      {trouble !== undefined && <TroubleNote trouble={trouble} onRetry={pages.retry} />}
      {total < 0 && trouble === undefined && (
        <div class="panel-body">
          <Skeleton lines={16} height={18} />
        </div>
      )}
      {total === 0 && props.empty}
      {total > 0 && (
        <>
          <div class="long-line long-head" aria-hidden="true">
            {head.map((title, at) => (
              <span key={title} data-at={at}>
                {title}
              </span>
            ))}
          </div>
          <div class={sinceMs > 0 ? 'is-stale fills' : 'fills'}>
            <VirtualList
              label={label}
              items={rows}
              rowHeight={rowHeight}
              selected={selected}
              onSelect={setSelected}
              steps={steps}
              onOpen={open}
              keyOf={keyOf}
              onEnd={pages.more}
              total={total}
              row={(row) => (
                <div class="long-line">
                  {cells(row, isNarrow ? PlainValue : Handle).map((cell, at) => (
                    <span key={head[at]} data-at={at}>
                      {cell}
                    </span>
                  ))}
                </div>
              )}
            />
          </div>
        </>
      )}
    </div>
  );
}
