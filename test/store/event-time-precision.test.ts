import { expect, it } from 'vitest';
import { SOURCES } from '../../schemas/sources/index.ts';
import { ACCESS_LOG } from '../../schemas/sources/keytrail/access-log.ts';
import { migrate, readMigrations } from '../../src/store/migrations.ts';
import { openForTest, temporaryDirectory } from '../support/store.ts';

/** A source that is younger than the column has no rows without it. */
const OLDER = SOURCES.filter(({ name }) => name !== ACCESS_LOG);

it('rows that were stored before times had a precision get that of their source', async () => {
  const { store } = await openForTest({ dataDir: await temporaryDirectory(), mode: 'in-process' });
  const all = await readMigrations();
  await migrate(
    store,
    all.filter(({ number }) => number < 7),
  );
  for (const { name } of OLDER) {
    await store.command(
      "INSERT INTO audit_events (source, event_id, event_time) SELECT {name:String}, 'a', toDateTime64('2026-11-01', 3)",
      { parameters: { name } },
    );
  }
  await migrate(store, all);
  const found = await store.rows<{ source: string; ms: number }>(
    'SELECT source, time_precision_ms AS ms FROM audit_events ORDER BY source',
  );
  const expected = OLDER.map(({ name, timePrecisionMs }) => ({ source: name, ms: timePrecisionMs }));
  expect(found).toEqual(expected.toSorted((a, b) => (a.source < b.source ? -1 : 1)));
});
