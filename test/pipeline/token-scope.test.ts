import { expect, it } from 'vitest';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';

it('a file that is read again under another account is no repeat of the first reading', async () => {
  const { store } = await temporaryStore();
  const records = [systemLogEntry(1), systemLogEntry(2)];
  for (const accountId of ['MISTAKEN', 'RIGHT']) {
    await takeIn(store, records, { source: 'redis-cloud/system-log', accountId, stream: 'file:one' });
  }
  const counts =
    'SELECT account_id, toFloat64(count()) AS events FROM activity GROUP BY account_id ORDER BY account_id';
  expect(await store.rows(counts)).toEqual([
    { account_id: 'MISTAKEN', events: 2 },
    { account_id: 'RIGHT', events: 2 },
  ]);
});
