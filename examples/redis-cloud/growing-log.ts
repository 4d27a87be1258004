/**
 * A log that grows, newest first, read by offset and limit: as the API serves it, where a new row shifts every offset.
 *
 * Each row has a place. A row's place is its id, unless a test wants rows out of order. Long stretches are runs: their
 * rows are made when they are read, so that a million rows of history take no memory. Single rows lie between them.
 */

/** Rows at consecutive places. */
export interface Run<Row> {
  /** Place of the oldest row. */
  readonly first: number;
  readonly count: number;
  /** Ms since 1970: before it, nobody sees these rows. */
  readonly visibleFrom: number;
  readonly rowAt: (index: number) => Row;
  /** Ms since 1970; never goes back within a run, so that a range of times is a range of rows. */
  readonly timeAt: (index: number) => number;
}

export interface Single<Row> {
  readonly place: number;
  readonly time: number;
  readonly visibleFrom: number;
  readonly row: Row;
}

export interface Part<Row> {
  readonly offset: number;
  readonly limit: number;
  /** Ms since 1970, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly accepts?: (row: Row) => boolean;
}

/** Neighbouring rows, newest first. */
interface Piece<Row> {
  readonly length: number;
  readonly at: (index: number) => Row;
  readonly isSingle: boolean;
}

const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

export class GrowingLog<Row> {
  /** Both in the order of their places, and runs do not overlap. */
  readonly #runs: Run<Row>[] = [];
  readonly #singles: Single<Row>[] = [];
  readonly #placeOf: (row: Row) => number | undefined;

  /** @param placeOf the place that a row has by its content: there a run may hold the same row */
  constructor(placeOf: (row: Row) => number | undefined) {
    this.#placeOf = placeOf;
  }

  addRun(run: Run<Row>): void {
    const last = this.#runs.at(-1);
    if (last !== undefined && run.first < last.first + last.count) {
      throw new Error('broken promise: runs are added in order, and do not overlap');
    }
    this.#runs.push(run);
  }

  /** Of rows at one place the last that was added is the newest. */
  addSingle(single: Single<Row>): void {
    this.#singles.splice(
      firstIndex(this.#singles.length, (at) => placeAt(this.#singles, at) > single.place),
      0,
      single,
    );
  }

  /** @returns rows that are visible at `now`, newest first */
  page({ offset, limit, accepts, ...times }: Part<Row>, now: number): Row[] {
    const page: Row[] = [];
    let skip = offset;
    for (const piece of this.#pieces(times, now)) {
      // Rows that are skipped are made only where somebody has to look at them.
      const start = accepts === undefined ? Math.min(skip, piece.length) : 0;
      skip -= start;
      for (let index = start; index < piece.length; index += 1) {
        const row = piece.at(index);
        if (accepts?.(row) === false) continue;
        if (skip > 0) skip -= 1;
        else if (page.push(row) >= limit) return page;
      }
    }
    return page;
  }

  /** Every row that is visible at `now`, newest first; the same row, byte for byte, only once. */
  *everyRow(now: number): Generator<Row> {
    const seen = new Set<string>();
    for (const piece of this.#pieces(ALWAYS, now)) {
      for (let index = 0; index < piece.length; index += 1) {
        const row = piece.at(index);
        if (piece.isSingle) {
          const text = JSON.stringify(row);
          if (seen.has(text) || this.#isInRun(row, text, now)) continue;
          seen.add(text);
        }
        yield row;
      }
    }
  }

  #isInRun(row: Row, text: string, now: number): boolean {
    const place = this.#placeOf(row);
    if (place === undefined) return false;
    const run = this.#runs.find(({ first, count }) => place >= first && place < first + count);
    return run !== undefined && run.visibleFrom <= now && JSON.stringify(run.rowAt(place - run.first)) === text;
  }

  /** What is visible at `now` and within the times, newest first: runs are parted where single rows lie in them. */
  *#pieces({ from, to }: Pick<Part<Row>, 'from' | 'to'>, now: number): Generator<Piece<Row>> {
    const singles = this.#singles.filter(({ visibleFrom, time }) => visibleFrom <= now && time >= from && time <= to);
    let left = singles.length;
    const newestPlace = () => (left > 0 ? placeAt(singles, left - 1) : Number.NEGATIVE_INFINITY);
    function* singlesFrom(place: number): Generator<Piece<Row>> {
      while (left > 0 && newestPlace() >= place) yield pieceOf(singles[--left]);
    }
    for (const run of this.#runs.filter(({ visibleFrom }) => visibleFrom <= now).reverse()) {
      const begin = firstIndex(run.count, (index) => run.timeAt(index) >= from);
      let end = firstIndex(run.count, (index) => run.timeAt(index) > to);
      yield* singlesFrom(run.first + run.count - 1);
      while (newestPlace() >= run.first) {
        // Rows above the single one come first. One at the place of a row of the run was added after it, and is newer.
        const above = Math.max(begin, Math.floor(newestPlace()) - run.first + 1);
        if (above < end) yield pieceOfRun(run, above, end);
        end = Math.min(end, above);
        yield pieceOf(singles[--left]);
      }
      if (begin < end) yield pieceOfRun(run, begin, end);
    }
    yield* singlesFrom(Number.NEGATIVE_INFINITY);
  }
}

function pieceOf<Row>(single: Single<Row> | undefined): Piece<Row> {
  if (single === undefined) throw new Error('broken promise: there is a row at each index');
  return { length: 1, at: () => single.row, isSingle: true };
}

function pieceOfRun<Row>(run: Run<Row>, begin: number, end: number): Piece<Row> {
  return { length: end - begin, at: (index) => run.rowAt(end - 1 - index), isSingle: false };
}

function placeAt<Row>(singles: readonly Single<Row>[], index: number): number {
  return singles[index]?.place ?? Number.NEGATIVE_INFINITY;
}

/** The first index at which `holds` is true, which then stays true; `count` where there is none. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
