import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DetectionEngine } from '../../src/detect/engine.ts';
import { type RebuiltMonth, rebuild } from '../../src/detect/rebuild.ts';
import { forget, tell } from '../../src/detect/rehearsal.ts';
import { temporaryStore } from '../support/store.ts';
import { DAY_MS, event, HOUR_MS, NOW, story } from './support.ts';

const { store } = await temporaryStore();

async function rebuilt(check = true): Promise<RebuiltMonth[]> {
  const months: RebuiltMonth[] = [];
  for await (const month of rebuild({ store, now: () => NOW, check })) months.push(month);
  return months;
}
const different = (months: readonly RebuiltMonth[]) =>
  months.filter(({ equal }) => !equal).map(({ table, month, differences }) => [table, month, differences.length]);
const cycle = () => new DetectionEngine({ store, detections: [], now: () => NOW }).cycle();

beforeEach(() => forget(store));

describe('rebuild --check', () => {
  it('finds every derived table equal, in whatever order and however often events came', async () => {
    const at = fc.integer({ min: 0, max: 40 }).map((days) => NOW - days * DAY_MS);
    const one = fc.record({
      at,
      id: fc.integer({ min: 0, max: 12 }),
      key: fc.constantFrom('orders', 'builds'),
      address: fc.constantFrom('198.51.100.20', '203.0.113.9', '2001:db8::1', '2001:db8::2'),
      result: fc.constantFrom('success' as const, 'failure' as const),
      early: fc.boolean(),
    });
    const arrivals = fc.array(fc.array(one, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(arrivals, async (blocks) => {
      await forget(store);
      for (const [index, block] of [...blocks, ...blocks.slice(0, 1)].entries()) {
        const events = block.map((of) =>
          event(`${of.id}-${of.at}-${of.key}`, of.at, {
            ...{ key_id: of.key, source_ip: of.address, auth_result: of.result, asn: of.address.length },
            // Some were stored long before the time that they tell.
            stored: of.early ? of.at - HOUR_MS : NOW + index,
          }),
        );
        await tell(store, story(events));
        if (index % 2 === 0) await cycle();
      }
      expect(different(await rebuilt())).toEqual([]);
    });
    await fc.assert(property, { numRuns: 4, seed: 7 });
  });

  it('finds a row that was falsified in each of them, and a rebuild puts it right', async () => {
    await tell(store, story([event('e1', NOW - DAY_MS), event('e2', NOW - HOUR_MS)]));
    await cycle();
    const since = "toDateTime64(0, 3, 'UTC')";
    const at = "toDateTime64('2026-11-20 10:00:00', 3, 'UTC')";
    await store.command(
      `INSERT INTO key_places SELECT 'a1', 'orders', ${since}, toIPv6('203.0.113.1'), 1, 'US', toDate(${at}), ${at}, ${at}`,
    );
    await store.command(
      `INSERT INTO key_manners SELECT 'a1', 'orders', ${since}, 'action', 'rob', toDate(${at}), ${at}, ${at}`,
    );
    await store.command(`INSERT INTO key_hours SELECT 'a1', 'orders', toDateTime(${at}), 9, 9, 0, ${at}`);
    await store.command(`INSERT INTO event_ids SELECT 1, 'gateway/request', 'a1', 2, toDate(${at})`);
    const tables = ['key_places', 'key_manners', 'event_ids', 'key_hours'];
    const found = tables.map((table) => [table, '2026-11', 1]);
    expect(different(await rebuilt())).toEqual(found);
    expect(different(await rebuilt(false))).toEqual(found);
    expect(different(await rebuilt())).toEqual([]);
  });

  it('leaves nothing behind, and leaves alone what no event tells any more', async () => {
    await tell(store, story([event('e1', NOW - 60 * DAY_MS), event('e2', NOW - HOUR_MS)]));
    await cycle();
    await store.command('ALTER TABLE audit_events DROP PARTITION 202609');
    expect(different(await rebuilt(false))).toEqual([]);
    const rows = await store.rows('SELECT toString(day) AS day FROM key_places FINAL ORDER BY day');
    expect(rows).toEqual([{ day: '2026-09-24' }, { day: '2026-11-23' }]);
    expect(await store.rows("SELECT name FROM system.tables WHERE name LIKE '%_rebuilt'")).toEqual([]);
  });
});
