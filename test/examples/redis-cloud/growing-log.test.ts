import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GrowingLog, type Part } from '../../../examples/redis-cloud/growing-log.ts';

interface Row {
  readonly place: number;
  readonly name: string;
  readonly time: number;
  readonly visibleFrom: number;
}

const EVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Runs and single rows as they are added, in any order among each other. */
const additions = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('run' as const),
      gap: fc.nat(3),
      count: fc.integer({ min: 1, max: 6 }),
      visibleFrom: fc.nat(3),
      time: fc.nat(20),
      seconds: fc.nat(3),
    }),
    fc.record({
      kind: fc.constant('single' as const),
      // Halves lie between the rows of a run.
      place: fc.nat(60).map((halves) => halves / 2),
      visibleFrom: fc.nat(3),
      time: fc.nat(30),
    }),
  ),
  { maxLength: 12 },
);
type Additions = typeof additions extends fc.Arbitrary<infer T> ? T : never;

/** The log, and all its rows in a plain list: newest first, of one place the last one first, before a run's own. */
function build(given: Additions): { log: GrowingLog<Row>; rows: Row[] } {
  const log = new GrowingLog<Row>(({ place }) => place);
  const fromRuns: Row[] = [];
  const singles: Row[] = [];
  let next = 0;
  given.forEach((one, number) => {
    if (one.kind === 'single') {
      const row = { place: one.place, name: `single ${number}`, time: one.time, visibleFrom: one.visibleFrom };
      log.addSingle({ ...row, row });
      singles.unshift(row);
      return;
    }
    const { gap, count, visibleFrom, time, seconds } = one;
    const first = next + gap;
    const timeAt = (index: number) => time + index * seconds;
    const rowAt = (index: number) => ({
      ...{ place: first + index, name: `run ${number}`, time: timeAt(index), visibleFrom },
    });
    log.addRun({ first, count, visibleFrom, rowAt, timeAt });
    fromRuns.push(...Array.from({ length: count }, (_, index) => rowAt(index)));
    next = first + count;
  });
  return { log, rows: [...singles, ...fromRuns].sort((one, other) => other.place - one.place) };
}

const parts: fc.Arbitrary<Part<Row>> = fc.record({
  offset: fc.nat(30),
  limit: fc.integer({ min: 1, max: 20 }),
  from: fc.oneof(fc.constant(EVER.from), fc.nat(30)),
  to: fc.oneof(fc.constant(EVER.to), fc.nat(30)),
});

describe('a growing log', () => {
  test('serves the same rows as a plain list would, whatever grew, whichever part is asked for', () => {
    fc.assert(
      fc.property(additions, parts, fc.nat(3), fc.boolean(), (given, part, now, isOddOnly) => {
        const { log, rows } = build(given);
        const accepts = (row: Row) => !isOddOnly || row.time % 2 === 1;
        const expected = rows
          .filter((row) => row.visibleFrom <= now && row.time >= part.from && row.time <= part.to && accepts(row))
          .slice(part.offset, part.offset + part.limit);
        expect(log.page({ ...part, ...(isOddOnly && { accepts }) }, now)).toEqual(expected);
      }),
      { numRuns: 3_000 },
    );
  });

  test('gives every row that is visible once, however often it was added', () => {
    fc.assert(
      fc.property(additions, fc.nat(3), fc.infiniteStream(fc.boolean()), (given, now, isAgain) => {
        const { log, rows } = build(given);
        for (const row of rows) if (isAgain.next().value) log.addSingle({ ...row, row });
        const visible = rows.filter(({ visibleFrom }) => visibleFrom <= now);
        const names = (some: Iterable<Row>) => [...some].map(({ name, place }) => `${name} ${place}`).sort();
        expect(names(log.everyRow(now))).toEqual(names(visible));
      }),
      { numRuns: 1_000 },
    );
  });

  test('makes only the rows that a page shows', () => {
    let made = 0;
    const log = new GrowingLog<number>((row) => row);
    const rowAt = (index: number) => {
      made += 1;
      return index;
    };
    const count = 1_000_000;
    log.addRun({ first: 0, count, visibleFrom: 0, rowAt, timeAt: (index) => index });
    expect(log.page({ offset: 900_000, limit: 3, from: 0, to: 950_000 }, 0)).toEqual([50_000, 49_999, 49_998]);
    expect(made).toBe(3);
  });

  test('takes no run that begins before the last one ends', () => {
    const log = new GrowingLog<number>((row) => row);
    const run = { count: 2, visibleFrom: 0, rowAt: (index: number) => index, timeAt: (index: number) => index };
    log.addRun({ ...run, first: 0 });
    expect(() => log.addRun({ ...run, first: 1 })).toThrow('broken promise');
  });
});
