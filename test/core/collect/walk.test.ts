import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginWalk,
  fromOf,
  nextPage,
  type PageRequest,
  type Position,
  provedPosition,
  type RowFact,
  takePage,
  type Walk,
} from '../../../src/core/collect/walk.ts';

const LATENESS_MS = 600_000;
const SECOND = 1_000;

/** A log in memory, newest first, which grows while it is read. */
class Log {
  rows: RowFact[] = [];
  #number = 0;

  add(count: number, time: number, place = 0): void {
    const rows = Array.from({ length: count }, (_, index) => ({ hash: `h${this.#number + index}`, time }));
    this.#number += count;
    this.rows.splice(place, 0, ...rows.reverse());
  }

  /** @param unit what an offset counts here */
  page({ offset, limit, from, to }: PageRequest, unit: Walk['unit']): RowFact[] {
    const within = this.rows.filter(({ time = 0 }) => time >= (from ?? 0) && time <= (to ?? Infinity));
    const start = unit === 'rows' ? offset : offset * limit;
    return within.slice(start, start + limit);
  }
}

interface Walked {
  readonly read: ReadonlySet<string>;
  readonly position: Position | null;
  readonly end: 'proved' | 'unmet' | 'unjoined';
  readonly requests: number;
}

interface How {
  readonly between?: () => void;
  readonly unit?: Walk['unit'];
  /** When the walk begins, by the clock of the API. */
  readonly now?: number;
}

function walk(log: Log, position: Position | null, limit: number, { between, unit = 'rows', now = 9e12 }: How = {}) {
  const read = new Set<string>();
  let current = beginWalk('forward', position === null ? null : fromOf(position, LATENESS_MS));
  for (let requests = 1; requests < 10_000; requests += 1) {
    const asked = nextPage(current, limit);
    const rows = log.page(asked, unit);
    for (const { hash } of rows) read.add(hash);
    const step = takePage(current, asked, rows, { position, apiNow: now });
    if (step.kind === 'unmet' || step.kind === 'unjoined') return { read, position, end: step.kind, requests };
    if (step.kind === 'proved') {
      return { read, position: provedPosition(position, step.walk), end: step.kind, requests } satisfies Walked;
    }
    current = step.walk;
    between?.();
  }
  throw new Error('the walk never ends');
}

describe('a walk', () => {
  test('reads every row that was there when it began, whatever comes between its pages', () => {
    const step = fc.record({
      fresh: fc.integer({ min: 0, max: 60 }),
      late: fc.integer({ min: 0, max: 60 }),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const days = fc.array(fc.array(step, { maxLength: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 12, max: 40 }),
        fc.constantFrom<Walk['unit']>('rows', 'pages'),
        (cycles, size, unit) => {
          // The n-th page can be as small as it likes in the one reading; in the other its size bounds how far it
          // reaches.
          const limit = unit === 'rows' ? size : 10 * size;
          const log = new Log();
          let now = Date.parse('2026-11-20T08:00:00Z');
          const read = new Set<string>();
          let position: Position | null = null;
          for (const steps of cycles) {
            log.add(steps.length * 17, now);
            const began = log.rows.map(({ hash }) => hash);
            const left = [...steps];
            const walked = walk(log, position, limit, {
              ...{ unit, now },
              between: () => {
                const next = left.shift();
                if (next === undefined) return;
                now += SECOND;
                log.add(next.fresh, now);
                // Pages that shift by less than one join on in either reading of an offset.
                const late = unit === 'rows' ? next.late : 0;
                log.add(late, now - LATENESS_MS + SECOND, Math.floor(next.place * log.rows.length));
              },
            });
            expect(walked.end).toBe('proved');
            for (const hash of walked.read) read.add(hash);
            expect(began.filter((hash) => !read.has(hash))).toEqual([]);
            expect(walked.position?.time ?? 0).toBeGreaterThanOrEqual(position?.time ?? 0);
            position = walked.position;
            now += 30 * SECOND;
          }
          const last = walk(log, position, limit, { unit, now });
          for (const hash of last.read) read.add(hash);
          expect(log.rows.filter(({ hash }) => !read.has(hash))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that finds nothing new takes one request', () => {
    const log = new Log();
    log.add(5, 1_000_000);
    const { position } = walk(log, null, 100);
    expect(walk(log, position, 100)).toMatchObject({ requests: 1, end: 'proved', position });
  });

  test('whose known rows are gone is not proved', () => {
    const log = new Log();
    log.add(5, 1_000_000);
    const { position } = walk(log, null, 100);
    log.rows = [];
    log.add(5, 2_000_000);
    expect(walk(log, position, 100).end).toBe('unmet');
  });

  test('whose pages never join on moves no position', () => {
    const asked: PageRequest = { offset: 0, limit: 2, from: null, to: null };
    const rows = (...hashes: string[]) => hashes.map((hash) => ({ hash, time: 5_000 }));
    const facts = { position: null, apiNow: 9_000 };
    const first = takePage(beginWalk('forward', null), asked, rows('a', 'b'), facts);
    if (first.kind !== 'more') throw new Error('there is more');
    const again = takePage(first.walk, nextPage(first.walk, 2), rows('x'), facts);
    if (again.kind !== 'more') throw new Error('it begins again');
    expect(again.walk).toMatchObject({ unit: 'pages', pages: 0, seen: 0 });
    const other = takePage(again.walk, asked, rows('a', 'b'), facts);
    if (other.kind !== 'more') throw new Error('there is more');
    expect(takePage(other.walk, nextPage(other.walk, 2), rows(), facts).kind).toBe('unjoined');
  });

  test('takes no row of a clock that runs ahead for its position', () => {
    const facts = { position: null, apiNow: 10_000 };
    const rows = [
      { hash: 'future', time: 99_000 },
      { hash: 'now', time: 9_000 },
      { hash: 'odd', time: undefined },
    ];
    const step = takePage(beginWalk('forward', null), { offset: 0, limit: 10, from: null, to: null }, rows, facts);
    expect(step).toMatchObject({ walk: { candidate: { time: 9_000, anchors: ['now'] }, to: 99_000 } });
  });
});
