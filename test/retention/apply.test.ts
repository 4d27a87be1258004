import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyRetention, retentionPlan } from '../../src/retention/apply.ts';
import { statement } from '../../src/store/statements.ts';
import type { QueryOptions, Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const SYSTEM_LOG = 'redis-cloud/system-log';
const GATEWAY = 'gateway/request';
let store: Store;

beforeAll(async () => {
  ({ store } = await temporaryStore());
});

beforeEach(async () => {
  for (const table of ['audit_events', 'dead_letters', 'ledger']) await store.command(`TRUNCATE TABLE ${table}`);
});

const january = [1, 2, 3].map((id) => systemLogEntry(id, { time: '2026-01-10T00:00:00Z' }));
const february = [4, 5].map((id) => systemLogEntry(id, { time: '2026-02-10T00:00:00Z' }));
const gateway = (month: string, ...ids: number[]) =>
  ids.map((id) => JSON.stringify({ id: `g${id}`, time: `2026-${month}-20T00:00:00Z`, request: { status: 200 } }));

const systemLog = (records: readonly string[], stream = 'file:s') =>
  takeIn(store, records, { source: SYSTEM_LOG, accountId: 'A1', stream });
const requests = (records: readonly string[], stream = 'file:g') => takeIn(store, records, { source: GATEWAY, stream });

async function held(): Promise<string[]> {
  const rows = await store.rows<{ line: string }>(
    `SELECT concat(toString(toYYYYMM(event_time)), ' ', source, ' ', toString(count())) AS line
     FROM activity GROUP BY toYYYYMM(event_time), source ORDER BY line`,
  );
  return rows.map(({ line }) => line);
}

async function run(days: Record<string, number>, on: Store = store): Promise<void> {
  await applyRetention(on, await retentionPlan(store, days, NOW));
}

describe('retention', () => {
  it('drops a month whole when every source in it is past its days, and leaves the others', async () => {
    await systemLog([...january, ...february]);
    await requests(gateway('01', 1, 2));
    await run({ [SYSTEM_LOG]: 270, [GATEWAY]: 100 });
    expect(await held()).toEqual([`202602 ${SYSTEM_LOG} 2`]);
    expect(await store.rows("SELECT 1 FROM system.mutations WHERE table = 'audit_events' AND is_done = 0")).toEqual([]);
  });

  it('deletes the rows of a source from a month that holds others, in one mutation that is awaited', async () => {
    const count = async () =>
      Number((await store.rows<{ n: string }>('SELECT toString(count()) AS n FROM system.mutations'))[0]?.n);
    await systemLog(january);
    await requests(gateway('01', 1, 2));
    const before = await count();
    await run({ [SYSTEM_LOG]: 30 });
    expect(await held()).toEqual([`202601 ${GATEWAY} 2`]);
    expect(await store.rows(`SELECT 1 FROM audit_events WHERE source = '${SYSTEM_LOG}'`)).toEqual([]);
    expect((await count()) - before).toBe(1);
  });

  it('keeps a source without days for ever, and dead letters and the ledger in any case', async () => {
    await systemLog(january);
    await takeIn(store, ['no json']);
    await run({});
    await run({ [GATEWAY]: 1 });
    expect(await held()).toEqual([`202601 ${SYSTEM_LOG} 3`]);
    await run({ [SYSTEM_LOG]: 1 });
    expect(await held()).toEqual([]);
    expect(await store.rows('SELECT 1 FROM dead_letters')).toHaveLength(1);
    expect(await store.rows('SELECT 1 FROM ledger')).toHaveLength(2);
  });

  it('takes nothing by the plan alone: a dry run stores nothing and drops nothing', async () => {
    await systemLog(january);
    const plan = await retentionPlan(store, { [SYSTEM_LOG]: 1 }, NOW);
    expect(plan).toEqual([
      { month: 202601, action: 'drop', sources: [{ source: SYSTEM_LOG, rows: 3, days: 1, past: true }] },
    ]);
    expect(await held()).toEqual([`202601 ${SYSTEM_LOG} 3`]);
  });

  it('of a month that was dropped lets the same file in again', async () => {
    await systemLog(january);
    await run({ [SYSTEM_LOG]: 30 });
    await systemLog(january);
    expect(await held()).toEqual([`202601 ${SYSTEM_LOG} 3`]);
  });

  it('of rows that were deleted lets the same file in again, and knows a repeated insert as before', async () => {
    await systemLog(january);
    await requests(gateway('01', 1));
    await run({ [SYSTEM_LOG]: 30 });
    expect(await held()).toEqual([`202601 ${GATEWAY} 1`]);
    await systemLog(january);
    expect(await held()).toEqual([`202601 ${GATEWAY} 1`, `202601 ${SYSTEM_LOG} 3`]);
    const stored = () => store.rows('SELECT 1 FROM audit_events');
    const before = (await stored()).length;
    await systemLog(january);
    expect(await stored()).toHaveLength(before);
  });

  it('keeps what another source stores in a month while it is being dropped', async () => {
    await systemLog(january);
    let first = true;
    const racing = intercepted(async () => {
      if (!first) return;
      first = false;
      await requests(gateway('01', 1));
      await store.command("OPTIMIZE TABLE audit_events PARTITION ID '202601' FINAL");
    });
    await run({ [SYSTEM_LOG]: 30 }, racing);
    expect(first).toBe(false);
    expect(await held()).toEqual([`202601 ${GATEWAY} 1`]);
  });

  it('leaves the window of remembered inserts as the table was made with', async () => {
    const made = /non_replicated_deduplication_window = (\d+)/;
    const [table] = await store.rows<{ engine_full: string }>(
      "SELECT engine_full FROM system.tables WHERE name = 'audit_events' AND database = currentDatabase()",
    );
    await systemLog(january);
    await requests(gateway('01', 1));
    await run({ [SYSTEM_LOG]: 30 });
    const [after] = await store.rows<{ engine_full: string }>(
      "SELECT engine_full FROM system.tables WHERE name = 'audit_events' AND database = currentDatabase()",
    );
    expect(made.exec(after?.engine_full ?? '')?.[1]).toBe(made.exec(table?.engine_full ?? '')?.[1]);
    expect(made.exec(statement('retention-remember-tokens'))?.[1]).toBe(made.exec(after?.engine_full ?? '')?.[1]);
  });
});

/** The store, with something that happens before the first part is dropped. */
function intercepted(before: () => Promise<void>): Store {
  return {
    rows: (sql, options) => store.rows(sql, options),
    stream: (sql, format, options) => store.stream(sql, format, options),
    insert: (insert) => store.insert(insert),
    close: () => store.close(),
    command: async (sql: string, options?: QueryOptions) => {
      if (sql.includes('DROP PART')) await before();
      await store.command(sql, options);
    },
  };
}
