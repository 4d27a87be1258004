/** Events as they become durable, from the moment somebody looks; a tail that was cut goes on where it ended. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { open, type Params, pathWith } from '../../api/client.ts';
import type { EventRow } from '../../api/event.ts';
import { PATHS } from '../../api/paths.ts';
import { ApiError, isAbort, type Trouble, troubleFrom } from '../../api/problem.ts';
import { serverEvents } from './server-events.ts';

/** What is kept of what went by: the latest. */
const KEPT_EVENTS_MAX = 5_000;
/** How often what came meanwhile is drawn: a flood is no reason to draw more often than one can see. */
const DRAW_MS = 200;
const AGAIN_MS = 1_000;
const TEXT_CHARS = 300;

export interface Tail {
  /** The latest first. */
  readonly events: readonly EventRow[];
  readonly isOpen: boolean;
  readonly trouble: Trouble | undefined;
  readonly sinceMs: number;
  /** How many came since it began. */
  readonly count: number;
}

export function useTail(params: Params): Tail {
  const of = pathWith(PATHS.tail, { ...params, chars: TEXT_CHARS });
  const [state, setState] = useState<Tail>({
    events: [],
    isOpen: false,
    trouble: undefined,
    sinceMs: Date.now(),
    count: 0,
  });
  const waiting = useRef<EventRow[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    waiting.current = [];
    setState({ events: [], isOpen: false, trouble: undefined, sinceMs: Date.now(), count: 0 });
    const draw = setInterval(() => {
      const come = waiting.current;
      if (come.length === 0) return;
      waiting.current = [];
      setState((last) => ({
        ...last,
        events: [...come.reverse(), ...last.events].slice(0, KEPT_EVENTS_MAX),
        count: last.count + come.length,
      }));
    }, DRAW_MS);
    const take = (event: EventRow): void => {
      waiting.current.push(event);
      if (waiting.current.length > KEPT_EVENTS_MAX) waiting.current.shift();
    };
    const isOpen = (now: boolean): void => setState((last) => (last.isOpen === now ? last : { ...last, isOpen: now }));
    follow(of, take, isOpen, controller.signal).catch((error: unknown) => {
      if (!isAbort(error)) setState((last) => ({ ...last, isOpen: false, trouble: troubleFrom(error) }));
    });
    return () => {
      clearInterval(draw);
      controller.abort();
    };
  }, [of]);
  return state;
}

/** Ends only by its signal, or when it is refused. */
async function follow(
  of: string,
  take: (event: EventRow) => void,
  isOpen: (now: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let place: string | undefined;
  for (;;) {
    try {
      const response = await open(place === undefined ? of : `${of}&place=${place}`, signal);
      let come: EventRow[] = [];
      if (response.body !== null) {
        for await (const { id, event, data } of serverEvents(response.body)) {
          if (event === 'event') come.push(JSON.parse(data) as EventRow);
          if (come.length > KEPT_EVENTS_MAX) come.shift();
          if (id === undefined) continue;
          // Before the first place nothing is followed yet; and events that were shown without the place behind them
          // would be shown again where the tail is cut between the two.
          place = id;
          isOpen(true);
          for (const one of come) take(one);
          come = [];
        }
      }
    } catch (error) {
      if (isAbort(error) || signal.aborted) throw new DOMException('not looked at any more', 'AbortError');
      // From so far back it cannot go on: it begins again now.
      if (error instanceof ApiError && error.trouble.code === 'PLACE_TOO_OLD') place = undefined;
      else if (error instanceof ApiError && error.trouble.status !== 429) throw error;
    }
    isOpen(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
