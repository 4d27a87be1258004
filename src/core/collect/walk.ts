/**
 * A walk through a log that is served newest first, by offset, and grows while it is read.
 *
 * A log of this kind has no cursor. What it promises is that rows are added and never moved against each other, so a
 * row only ever sinks to greater offsets. A walk therefore reads pages that overlap, downwards, within a range of times
 * whose end is fixed by its first page. It is proved when it came to the end of the range, when each page joined on to
 * rows that were read before it, and when it found a row of the last proved position again. Until then the position
 * stays.
 *
 * The position is the time of a row, and no clock of ours: whatever is at most `latenessMs` older than it may still
 * become visible, and is read again by the next walk.
 */
import { PAGE_OVERLAP_ROWS, WALK_ANCHOR_ROWS, WALK_TAIL_ROWS } from '../limits.ts';

/** What a walk needs to know of a row. */
export interface RowFact {
  /** Digest of its bytes: ids are reused, and rows come twice. */
  readonly hash: string;
  /** ms since 1970; undefined where the row tells no time. */
  readonly time: number | undefined;
}

/** Everything older than `time`, less the lateness, was read. */
export interface Position {
  /** ms since 1970, of the newest row that was there when the proved walk began. */
  readonly time: number;
  /** Rows of that time: a walk that comes this far must meet one of them. */
  readonly anchors: readonly string[];
}

/**
 * `forward`: what is new since the position. `again`: days that were read before, for what came later than promised.
 */
export type WalkKind = 'forward' | 'again';

export interface Walk {
  readonly kind: WalkKind;
  /** ms since 1970, whole seconds, both inclusive; null: as far as the log goes. */
  readonly from: number | null;
  readonly to: number | null;
  /** The position that the walk proves when it is done. */
  readonly candidate: Position | null;
  /**
   * What an offset counts. The documentation says items; where pages do not join on when it does, it is pages, and the
   * walk begins again.
   */
  readonly unit: 'rows' | 'pages';
  readonly pages: number;
  /** Rows from the top that were read: the next page begins a little before. */
  readonly seen: number;
  /** The last rows of the last page that joined on, oldest last. */
  readonly tail: readonly string[];
  /** Whether the last page joined on. */
  readonly joined: boolean;
  readonly met: boolean;
}

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  readonly from: number | null;
  readonly to: number | null;
}

export type WalkStep =
  | { readonly kind: 'more'; readonly walk: Walk }
  | { readonly kind: 'proved'; readonly walk: Walk }
  /** The end was reached, and no row of the position was on the way: rows are missing in the log itself. */
  | { readonly kind: 'unmet' }
  /** Offsets count neither rows nor pages. */
  | { readonly kind: 'unjoined' };

export interface WalkFacts {
  /** The position that is proved so far. */
  readonly position: Position | null;
  /** ms since 1970: rows later than this come from a clock that is wrong. */
  readonly apiNow: number;
}

const MS_PER_SECOND = 1_000;
/** Times are whole seconds: a row is up to one older than it looks, and so is the moment at which it got its time. */
const TRUNCATION_MS = 2 * MS_PER_SECOND;

export function beginWalk(kind: WalkKind, from: number | null, to: number | null = null): Walk {
  const floor = (ms: number | null) => (ms === null ? null : Math.floor(ms / MS_PER_SECOND) * MS_PER_SECOND);
  return {
    ...{ kind, from: floor(from), to: floor(to), candidate: null, unit: 'rows', pages: 0, seen: 0, tail: [] },
    ...{ joined: true, met: false },
  };
}

/** Where a walk begins that follows a position. */
export function fromOf(position: Position, latenessMs: number): number {
  return position.time - latenessMs - TRUNCATION_MS;
}

/** @param limitMax the largest page that the API gives */
export function nextPage({ pages, seen, unit, from, to }: Walk, limitMax: number): PageRequest {
  const first = { offset: 0, limit: limitMax, from, to };
  if (pages === 0) return first;
  if (unit === 'rows') return { ...first, offset: Math.max(0, seen - PAGE_OVERLAP_ROWS) };
  // Pages of one size do not overlap. The n-th page of a slightly smaller size begins just before the end of the last.
  const limit = Math.min(limitMax, Math.floor((seen - 1) / pages));
  return limit < 1 ? first : { offset: pages, limit, from, to };
}

/** @param rows of the page that `nextPage` asked for, in the order of the answer */
export function takePage(walk: Walk, asked: PageRequest, rows: readonly RowFact[], facts: WalkFacts): WalkStep {
  const isFirst = walk.pages === 0;
  const tail = new Set(walk.tail);
  const joined = isFirst || rows.some(({ hash }) => tail.has(hash));
  const anchors = new Set(facts.position?.anchors);
  const began = walk.unit === 'rows' ? asked.offset : asked.offset * asked.limit;
  const next: Walk = {
    ...walk,
    ...(isFirst && walk.kind === 'forward' ? firstPage(walk, rows, facts) : {}),
    pages: walk.pages + 1,
    seen: began + rows.length,
    tail: joined ? rows.slice(-WALK_TAIL_ROWS).map(({ hash }) => hash) : walk.tail,
    joined,
    met: walk.met || rows.some(({ hash }) => anchors.has(hash)),
  };
  if (rows.length >= asked.limit) {
    // The sizes of pages shrink as their number grows, so that there is an end to what they reach.
    const isStuck = walk.unit === 'pages' && !isFirst && next.seen <= walk.seen;
    return isStuck ? { kind: 'unjoined' } : { kind: 'more', walk: next };
  }
  if (!joined) return apart(walk);
  if (walk.kind === 'forward' && next.met) return { kind: 'proved', walk: next };
  // Without a row that must be met, a page that is not full could be all that the server likes to give at once.
  const isEnd = isFirst ? rows.length === 0 : rows.every(({ hash }) => tail.has(hash));
  if (!isEnd) return { kind: 'more', walk: next };
  return walk.kind === 'forward' && anchors.size > 0 ? { kind: 'unmet' } : { kind: 'proved', walk: next };
}

/** The position after a walk that is proved; it never goes back. */
export function provedPosition(position: Position | null, { candidate }: Walk): Position | null {
  if (candidate === null) return position;
  return position !== null && candidate.time < position.time ? position : candidate;
}

/** What is newest now is where this walk will have come to; what appears above it is left to the next. */
function firstPage({ to }: Walk, rows: readonly RowFact[], { apiNow }: WalkFacts): Pick<Walk, 'candidate' | 'to'> {
  const times = rows.flatMap(({ time }) => (time === undefined ? [] : [time]));
  if (times.length === 0) return { candidate: null, to };
  const believed = times.filter((time) => time <= apiNow);
  const time = Math.max(...believed);
  const anchors = rows.filter((row) => row.time === time).map(({ hash }) => hash);
  return {
    candidate: believed.length === 0 ? null : { time, anchors: [...new Set(anchors)].slice(0, WALK_ANCHOR_ROWS) },
    // A page full of rows of a clock that went back does not end the range before rows that are below it.
    to: Math.max(apiNow, ...times),
  };
}

/** The end, without a row of the page before: rows do not vanish, so offsets do not count what they were taken for. */
function apart(walk: Walk): WalkStep {
  if (walk.unit === 'pages') return { kind: 'unjoined' };
  const to = walk.kind === 'again' ? walk.to : null;
  return { kind: 'more', walk: { ...beginWalk(walk.kind, walk.from, to), unit: 'pages' } };
}
