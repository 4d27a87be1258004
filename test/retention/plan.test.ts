import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPast, planRetention } from '../../src/retention/plan.ts';

const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(text);

describe('a month', () => {
  it('is past its days when even its last instant is, and not an instant before', () => {
    const end = at('2026-02-01T00:00:00Z');
    expect(isPast(202601, 30, end + 30 * DAY_MS)).toBe(true);
    expect(isPast(202601, 30, end + 30 * DAY_MS - 1)).toBe(false);
    expect(isPast(202512, 1, at('2026-01-02T00:00:00Z'))).toBe(true);
  });

  it('of a source without days is never past', () => {
    expect(isPast(197001, undefined, at('2299-01-01T00:00:00Z'))).toBe(false);
  });

  it('is dropped when every source in it is past, and only then', () => {
    const stored = [
      { month: 202601, source: 'a', rows: 1 },
      { month: 202601, source: 'b', rows: 2 },
      { month: 202602, source: 'a', rows: 3 },
      { month: 202602, source: 'kept', rows: 4 },
      { month: 202612, source: 'a', rows: 5 },
    ];
    const plan = planRetention(stored, { a: 30, b: 60 }, at('2026-05-01T00:00:00Z'));
    expect(plan.map(({ month, action }) => [month, action])).toEqual([
      [202601, 'drop'],
      [202602, 'delete'],
      [202612, 'keep'],
    ]);
    expect(plan[1]?.sources).toEqual([
      { source: 'a', rows: 3, days: 30, past: true },
      { source: 'kept', rows: 4, days: undefined, past: false },
    ]);
  });

  it('is never dropped while an event in it could be younger than its days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 1, max: 4_000 }),
        fc.integer({ min: 0, max: 20_000 * DAY_MS }),
        (eventDay, days, now) => {
          const event = new Date(eventDay * DAY_MS);
          const month = event.getUTCFullYear() * 100 + event.getUTCMonth() + 1;
          if (isPast(month, days, now)) expect(now - event.getTime()).toBeGreaterThan(days * DAY_MS);
        },
      ),
    );
  });

  it('of a source with the name of a property of every object is kept', () => {
    const plan = planRetention([{ month: 197001, source: 'constructor', rows: 1 }], {}, at('2026-01-01T00:00:00Z'));
    expect(plan[0]?.action).toBe('keep');
  });
});
