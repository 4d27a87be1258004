/** What a store holds of the logs that were collected into it: all of it at once, because it is looked at often. */
import { z } from 'zod';
import type { Store } from '../../src/store/store.ts';

export interface Stored {
  /** The very rows, each as often as it is counted, in order. */
  rowsOf(accountId: number, log: string): string[];
  /** Time of the position that is proved, ms since 1970. */
  positionOf(accountId: number, log: string): number | undefined;
  /** Everything else that collectors wrote down. */
  readonly texts: string;
}

const rows = z.array(z.object({ account_id: z.string(), source: z.string(), raw: z.string() }));
const positions = z.array(z.object({ account_id: z.string(), resource: z.string(), ms: z.coerce.number() }));

export async function storedIn(store: Store): Promise<Stored> {
  // A row that cannot become an event is kept as a dead letter.
  const events = rows.parse(
    await store.rows(
      `SELECT account_id, source, raw FROM audit_events FINAL
       UNION ALL SELECT account_id, source, text AS raw FROM dead_letters FINAL`,
    ),
  );
  const proved = positions.parse(
    await store.rows(
      `SELECT account_id, resource, toUnixTimestamp64Milli(ifNull(argMax(tuple(position_time), number).1, toDateTime64(0, 3))) AS ms
       FROM collector_log GROUP BY account_id, resource`,
    ),
  );
  const texts = JSON.stringify(await store.rows('SELECT detail, state, account_id FROM collector_log'));
  return {
    rowsOf: (accountId, log) =>
      events
        .filter(({ account_id, source }) => account_id === String(accountId) && source === `redis-cloud/${log}`)
        .map(({ raw }) => raw)
        .sort(),
    positionOf: (accountId, log) =>
      proved.find(({ account_id, resource }) => account_id === String(accountId) && resource === log)?.ms || undefined,
    texts,
  };
}
