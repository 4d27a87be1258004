import { beforeAll, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { ask, insertRows } from '../ask/fixture.ts';
import { temporaryStore } from '../support/store.ts';

let store: Store;
let number = 0;
const look = (resource: string, kind: string, at: string, more: Record<string, unknown> = {}) => {
  number += 1;
  return {
    ...{ collector: 'redis-cloud', account_id: '1001', resource, number, recorded_at: `2026-11-23T${at}.000Z`, kind },
    ...{ position_time: null, requests: 1, rows_new: 0, rows_late: 0, gaps: 0, minute_requests: 4 },
    ...{ minute_requests_max: 100, failure: '', detail: '', state: '{}', ...more },
  };
};

beforeAll(async () => {
  store = (await temporaryStore()).store;
  const position_time = '2026-11-23T10:59:00.000Z';
  const twice = look('system-log', 'done', '11:00:00', {
    requests: 3,
    rows_new: 40,
    minute_requests: 9,
    position_time,
  });
  await insertRows(store, 'collector_log', [
    look('', 'begun', '10:59:00'),
    look('system-log', 'progress', '10:59:30', { requests: 20, rows_new: 20_000, minute_requests: 25 }),
    twice,
    // A repeat of an insert whose answer was lost.
    twice,
    look('session-log', 'done', '11:00:01'),
    look('system-log', 'done', '11:01:00', { rows_late: 2, rows_new: 2, gaps: 1, position_time }),
    look('system-log', 'failed', '11:02:00', { failure: 'KEYS_REFUSED', detail: 'status 401', position_time }),
    look('session-log', 'failed', '11:02:00', { failure: 'API_FAILED', detail: 'status 500' }),
    look('session-log', 'done', '11:59:30'),
  ]);
});

test('collector-status counts each look once, and tells the last success, the position and why the last look failed', async () => {
  expect(await ask(store, 'collector-status')).toEqual([
    {
      ...{ collector: 'redis-cloud', account_id: '1001', resource: 'session-log', position: null, lag_seconds: 30 },
      ...{ last_success: '2026-11-23T11:59:30.000Z', rows_new: 0, rows_late: 0, gaps: 0, requests: 3 },
      ...{ minute_requests_max: 4, budget: 100, failures: 1, failure: '', detail: '' },
    },
    {
      ...{ collector: 'redis-cloud', account_id: '1001', resource: 'system-log', lag_seconds: 3_540 },
      ...{ last_success: '2026-11-23T11:01:00.000Z', position: '2026-11-23T10:59:00.000Z' },
      ...{ rows_new: 20_042, rows_late: 2, gaps: 1, requests: 25, minute_requests_max: 25, budget: 100 },
      ...{ failures: 1, failure: 'KEYS_REFUSED', detail: 'status 401' },
    },
  ]);
});

test('collector-status counts what was done in a range, and stands at its end', async () => {
  const range = { from: '2026-11-23T11:00:30Z', to: '2026-11-23T11:01:30Z' };
  expect(await ask(store, 'collector-status', range)).toMatchObject([
    { resource: 'session-log', requests: 0, failure: '' },
    { resource: 'system-log', requests: 1, rows_late: 2, failures: 0, failure: '' },
  ]);
});
