/** What a search finds, page after page, as far as somebody scrolls. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EventPage } from '../../../../schemas/api/events.ts';
import { get, type Params, pathWith } from '../../api/client.ts';
import { PATHS } from '../../api/paths.ts';
import { isAbort, type Trouble, troubleFrom } from '../../api/problem.ts';

/** The first page is there at once; whoever scrolls wants many. */
const FIRST_ROWS = 200;
const MORE_ROWS = 1_000;
/** Longer texts are cut in a list: nobody sees more of them there. */
const TEXT_CHARS = 300;

export interface Found {
  readonly events: EventPage['events'];
  readonly hasMore: boolean;
  readonly trouble: Trouble | undefined;
  /** Since when the first page is waited for; 0 when it is there. */
  readonly sinceMs: number;
  readonly isCancelled: boolean;
  readonly more: () => void;
  readonly cancel: () => void;
  readonly retry: () => void;
}

interface State {
  readonly of: string;
  readonly events: EventPage['events'];
  readonly next: string | null;
  readonly trouble?: Trouble | undefined;
  readonly sinceMs: number;
  readonly isCancelled?: boolean;
}

export function useEvents(params: Params): Found {
  const of = pathWith(PATHS.events, { ...params, chars: TEXT_CHARS });
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<State>({ of: '', events: [], next: null, sinceMs: 0 });
  const asking = useRef<AbortController | undefined>(undefined);
  /** Where the latest page begins that was asked for: a list may ask for it again before it is drawn with what came. */
  const asked = useRef<string | undefined>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    asking.current = controller;
    asked.current = undefined;
    setState((last) => ({ of: last.of, events: last.events, next: null, sinceMs: Date.now() }));
    get<EventPage>(`${of}&limit=${FIRST_ROWS}`, {}, controller.signal).then(
      ({ events, next }) => setState({ of, events, next, sinceMs: 0 }),
      (error: unknown) => {
        if (!isAbort(error)) setState({ of, events: [], next: null, trouble: troubleFrom(error), sinceMs: 0 });
      },
    );
    return () => controller.abort();
  }, [of, turn]);
  const more = (): void => {
    const { next } = state;
    if (next === null || asked.current === next || state.of !== of) return;
    asked.current = next;
    get<EventPage>(`${of}&limit=${MORE_ROWS}&cursor=${next}`, {}, asking.current?.signal).then(
      (page) => {
        setState((last) =>
          last.of === of && last.next === next
            ? { ...last, events: [...last.events, ...page.events], next: page.next }
            : last,
        );
      },
      (error: unknown) => {
        if (isAbort(error)) return;
        asked.current = undefined;
        setState((last) => ({ ...last, trouble: troubleFrom(error) }));
      },
    );
  };
  return {
    events: state.events,
    hasMore: state.next !== null,
    trouble: state.trouble,
    sinceMs: state.sinceMs,
    isCancelled: state.isCancelled === true,
    more,
    cancel: () => {
      asking.current?.abort();
      setState((last) => ({ ...last, sinceMs: 0, isCancelled: true }));
    },
    retry: () => setTurn((last) => last + 1),
  };
}
