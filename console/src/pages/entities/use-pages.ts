/** A list that is longer than an answer: its pages as far as somebody scrolls, and how long it is in all. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Params, pathWith } from '../../api/client.ts';
import { isAbort, type Trouble, troubleFrom } from '../../api/problem.ts';

const FIRST_ROWS = 200;
const MORE_ROWS = 1_000;

interface PageDocument<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** The whole first answer: what it tells besides its rows. */
  readonly first: PageDocument<Row> | undefined;
  /** -1 before the first answer. */
  readonly total: number;
  readonly trouble: Trouble | undefined;
  /** Since when the first page is waited for; 0 when it is there. */
  readonly sinceMs: number;
  readonly more: () => void;
  readonly retry: () => void;
  readonly cancel: () => void;
}

interface State<Row> {
  readonly of: string;
  readonly first?: PageDocument<Row> | undefined;
  readonly rows: readonly Row[];
  readonly total: number;
  readonly sinceMs: number;
  readonly trouble?: Trouble | undefined;
}

export function usePages<Row>(path: string, params: Params): Pages<Row> {
  const of = pathWith(path, params);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<State<Row>>({ of: '', rows: [], total: -1, sinceMs: 0 });
  const asking = useRef<AbortController | undefined>(undefined);
  /** From which row on the latest page was asked for: a list may ask again before it is drawn with what came. */
  const asked = useRef(-1);
  const page = (offset: number, limit: number): Promise<PageDocument<Row>> =>
    get(path, { ...params, offset, limit }, asking.current?.signal);
  useEffect(() => {
    const controller = new AbortController();
    asking.current = controller;
    asked.current = -1;
    setState((last) => ({ ...last, sinceMs: Date.now(), trouble: undefined }));
    page(0, FIRST_ROWS).then(
      (first) => setState({ of, first, rows: first.rows, total: first.total, sinceMs: 0 }),
      (error: unknown) => {
        if (!isAbort(error)) setState({ of, rows: [], total: -1, sinceMs: 0, trouble: troubleFrom(error) });
      },
    );
    return () => controller.abort();
  }, [of, turn]);
  const more = (): void => {
    const offset = state.rows.length;
    if (state.of !== of || asked.current === offset || offset >= state.total) return;
    asked.current = offset;
    page(offset, MORE_ROWS).then(
      ({ rows, total }) =>
        setState((last) =>
          last.of === of && last.rows.length === offset ? { ...last, rows: [...last.rows, ...rows], total } : last,
        ),
      (error: unknown) => {
        asked.current = -1;
        if (!isAbort(error)) setState((last) => ({ ...last, trouble: troubleFrom(error) }));
      },
    );
  };
  const cancel = (): void => {
    asking.current?.abort();
    setState((last) => ({ ...last, sinceMs: 0 }));
  };
  return {
    ...state,
    first: state.first,
    trouble: state.trouble,
    more,
    cancel,
    retry: () => setTurn((last) => last + 1),
  };
}
