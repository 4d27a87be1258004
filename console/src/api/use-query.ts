/** What a page asks for, as state: the answer, the trouble, or how long it has been waited for. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Params, pathWith } from './client.ts';
import { isAbort, type Trouble, troubleFrom } from './problem.ts';

export interface Query<Answer> {
  /** The last answer; while another is asked for it stays, and `isLoading` says so. */
  readonly data: Answer | undefined;
  readonly trouble: Trouble | undefined;
  readonly isLoading: boolean;
  /** Since when the answer is waited for, ms since 1970; 0 when it is not. */
  readonly sinceMs: number;
  readonly isCancelled: boolean;
  readonly cancel: () => void;
  readonly retry: () => void;
}

/** Answers that were had a moment ago: going back shows them at once. */
const KEPT_ENTRIES_MAX = 60;
const KEPT_MS_MAX = 30_000;
const kept = new Map<string, { readonly answer: unknown; readonly atMs: number }>();

/** Something was changed: what was answered before may be wrong now. */
export function forgetAnswers(): void {
  kept.clear();
}

interface Options {
  /** Another path is another thing: the last answer is not shown meanwhile. */
  readonly isFresh?: boolean;
  /** What the page begins with: this is asked behind it, because both would wait for the same processors. */
  readonly after?: Pick<Query<unknown>, 'isLoading'>;
}

type State<Answer> = Omit<Query<Answer>, 'cancel' | 'retry'> & { readonly path: string };

const EMPTY = { data: undefined, trouble: undefined, isLoading: true, isCancelled: false } as const;

/**
 * @param path `undefined`: nothing is asked
 * @returns `data` of the last path stays while the next one is asked, unless `isFresh`
 */
export function useQuery<Answer>(
  path: string | undefined,
  params: Params = {},
  { isFresh = false, after }: Options = {},
): Query<Answer> {
  const whole = path === undefined ? '' : pathWith(path, params);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<State<Answer>>({ ...EMPTY, sinceMs: 0, path: '' });
  const asking = useRef<AbortController | undefined>(undefined);
  const isHeld = after?.isLoading === true;
  useEffect(() => {
    if (whole === '' || isHeld) return;
    const known = kept.get(whole);
    if (known !== undefined && Date.now() - known.atMs < KEPT_MS_MAX) {
      setState({ ...EMPTY, data: known.answer as Answer, isLoading: false, sinceMs: 0, path: whole });
      return;
    }
    const controller = new AbortController();
    asking.current = controller;
    setState((last) => ({
      ...EMPTY,
      data: isFresh && last.path !== whole ? undefined : last.data,
      sinceMs: Date.now(),
      path: whole,
    }));
    get<Answer>(whole, {}, controller.signal).then(
      (answer) => {
        keep(whole, answer);
        if (controller.signal.aborted) return;
        setState({ ...EMPTY, data: answer, isLoading: false, sinceMs: 0, path: whole });
      },
      (error: unknown) => {
        if (controller.signal.aborted || isAbort(error)) return;
        const trouble = troubleFrom(error);
        setState((last) => ({ ...last, data: undefined, trouble, isLoading: false, sinceMs: 0 }));
      },
    );
    return () => controller.abort();
  }, [whole, turn, isHeld]);
  const cancel = (): void => {
    asking.current?.abort();
    setState((last) => ({ ...last, isLoading: false, sinceMs: 0, isCancelled: true }));
  };
  const retry = (): void => {
    kept.delete(whole);
    setTurn((last) => last + 1);
  };
  const isStale = whole !== '' && state.path !== whole;
  const shown = isStale ? { ...EMPTY, data: isFresh ? undefined : state.data, sinceMs: 0 } : state;
  return { ...shown, cancel, retry };
}

function keep(path: string, answer: unknown): void {
  kept.delete(path);
  kept.set(path, { answer, atMs: Date.now() });
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_ENTRIES_MAX) break;
    kept.delete(oldest);
  }
}
