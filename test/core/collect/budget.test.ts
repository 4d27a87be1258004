import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrived,
  heard,
  hold,
  newBudget,
  spend,
  spentBudget,
  used,
  waitFor,
} from '../../../src/core/collect/budget.ts';
import { API_WINDOW_MS } from '../../../src/core/limits.ts';

/** The API's own; the window of the budget is a little longer. */
const MINUTE_MS = 60_000;

describe('a budget', () => {
  test('is never exceeded in any minute of the API, wherever between sending and answer a request arrives', () => {
    const request = fc.record({
      idleMs: fc.integer({ min: 0, max: 9_000 }),
      underWayMs: fc.integer({ min: 0, max: 70_000 }),
      arrivesAt: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(request, { minLength: 10, maxLength: 40 }),
        (share, requests) => {
          let budget = newBudget(share);
          let now = 1_000_000;
          const arrivals: number[] = [];
          for (const { idleMs, underWayMs, arrivesAt } of requests) {
            now += idleMs;
            now += waitFor(budget, now);
            budget = spend(budget, now);
            arrivals.push(now + Math.floor(underWayMs * arrivesAt));
            now += underWayMs;
            budget = arrived(budget, now);
          }
          for (const at of arrivals) {
            const inMinute = arrivals.filter((other) => other > at - MINUTE_MS && other <= at);
            expect(inMinute.length).toBeLessThanOrEqual(budget.requestsMax);
          }
        },
      ),
    );
  });

  test('is the share of the limit, and at least one request', () => {
    expect([newBudget(25), newBudget(100), newBudget(0.1)].map(({ requestsMax }) => requestsMax)).toEqual([
      100, 400, 1,
    ]);
  });

  test('lets a request go at the very end of the window, and not a millisecond before', () => {
    const spent = spentBudget(25, 0);
    expect([waitFor(spent, 0), waitFor(spent, API_WINDOW_MS - 1), waitFor(spent, API_WINDOW_MS)]).toEqual([
      API_WINDOW_MS,
      1,
      0,
    ]);
    expect([used(spent, API_WINDOW_MS - 1), used(spent, API_WINDOW_MS)]).toEqual([100, 0]);
  });

  test('rests for a minute when others have used up the limit, and as long as the API asks', () => {
    expect(waitFor(heard(newBudget(25), 0, 500), 500)).toBe(API_WINDOW_MS);
    expect(waitFor(heard(newBudget(25), undefined, 500), 500)).toBe(0);
    expect(waitFor(hold(hold(newBudget(25), 9_000), 4_000), 1_000)).toBe(8_000);
  });
});
