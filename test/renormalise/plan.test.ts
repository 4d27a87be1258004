import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOURCES } from '../../schemas/sources/index.ts';
import { planMonths, type StoredRows } from '../../src/renormalise/plan.ts';
import { slicesOf } from '../../src/renormalise/slices.ts';

const [first] = SOURCES;
const NEWEST = first?.version ?? 0;
const row = (more: Partial<StoredRows>): StoredRows => ({
  month: 202_601,
  source: first?.name ?? '',
  schemaVersion: NEWEST,
  networkEdition: 'E2',
  rows: 1,
  ...more,
});
const actions = (stored: readonly StoredRows[], networkOnly: boolean, edition = 'E2') =>
  planMonths(stored, { networkOnly, edition }).map(({ month, rows }) => [month, ...rows.map(({ action }) => action)]);

describe('a plan', () => {
  it('rewrites months with rows of older normalisers, and the network columns of those months', () => {
    const stored = [
      row({ month: 202_602, schemaVersion: NEWEST - 1, networkEdition: 'E1' }),
      row({ month: 202_602, networkEdition: 'E1' }),
      row({ month: 202_602 }),
      row({ month: 202_601, networkEdition: 'E1' }),
    ];
    expect(actions(stored, false)).toEqual([[202_602, 'normalise', 'network', 'copy']]);
  });

  it('with network data alone rewrites months of another edition, and no normaliser is asked', () => {
    const stored = [
      row({ schemaVersion: NEWEST - 1 }),
      row({ networkEdition: '' }),
      row({ month: 202_512, schemaVersion: 0 }),
    ];
    expect(actions(stored, true)).toEqual([[202_601, 'copy', 'network']]);
  });

  it('leaves alone what a newer program or an unknown source has written, and editions where nothing is looked up', () => {
    const stored = [row({ schemaVersion: NEWEST + 1 }), row({ source: 'some/other', schemaVersion: 0 })];
    expect(actions(stored, false)).toEqual([]);
    expect(actions([row({ networkEdition: 'E1' })], true, '')).toEqual([]);
  });
});

const HOUR_MS = 3_600_000;
const hours = fc
  .uniqueArray(fc.nat(744), { maxLength: 100 })
  .map((list) => list.sort((a, b) => a - b).map((hour) => ({ hourMs: hour * HOUR_MS, rows: 1 + ((hour * 7) % 90) })));

it('slices hold every hour once, in order, and none more rows than it may unless it is one hour', () => {
  fc.assert(
    fc.property(hours, fc.integer({ min: 1, max: 200 }), (list, rowsMax) => {
      const slices = slicesOf(list, rowsMax);
      for (const { hourMs } of list) {
        expect(slices.filter(({ fromMs, toMs }) => fromMs <= hourMs && hourMs < toMs)).toHaveLength(1);
      }
      slices.forEach(({ fromMs, toMs, rows }, at) => {
        expect(fromMs).toBeGreaterThanOrEqual(slices[at - 1]?.toMs ?? 0);
        if (rows > rowsMax) expect(toMs - fromMs).toBe(HOUR_MS);
      });
      const sum = (rows: readonly { rows: number }[]) => rows.reduce((total, one) => total + one.rows, 0);
      expect(sum(slices)).toBe(sum(list));
    }),
  );
});
