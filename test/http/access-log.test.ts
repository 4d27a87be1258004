import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Caller } from '../../src/access/token-book.ts';
import { AccessLog } from '../../src/http/access-log.ts';
import type { Deed } from '../../src/http/context.ts';
import type { PushIntake } from '../../src/intake/push.ts';
import { temporaryStore } from '../support/store.ts';
import { serveForTest } from './support.ts';
import { ACCOUNT_A, fillWorld } from './world.ts';

const caller: Caller = { tokenId: 't', name: 'ada', role: 'analyst', accounts: [], source: '' };
const deed = (target: string): Deed => {
  return { action: 'read', target, caller, requestId: target, address: '127.0.0.1', status: 200, detail: '' };
};
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('what was asked is kept as events that no other question sees', async () => {
  const { store } = await temporaryStore();
  await fillWorld(store);
  const served = await serveForTest(store);
  const analyst = await served.token('analyst');
  const limited = await served.token('analyst', { accounts: [ACCOUNT_A] });
  const before = await store.rows('SELECT count() AS n FROM activity');
  await served.get('/api/v1/events?only.key_id=plain-key', analyst);
  await served.get('/api/v1/questions/key-usage/export?format=csv', analyst);
  await served.get('/api/v1/questions/no-such/answer', analyst);
  await served.get('/api/v1/me', analyst);
  await fetch(`${served.url}/sql`, {
    method: 'POST',
    body: 'SELECT 1',
    headers: { authorization: `Bearer ${analyst}` },
  });
  const log = new AccessLog({ push: () => served.push, now: Date.now, uuid: randomUUID, log: LOG });
  for (const one of served.deeds) log.note(one);
  await log.stop();
  expect(
    await store.rows('SELECT target, action, status_code, token FROM access_log ORDER BY target, status_code'),
  ).toEqual([
    { target: '/sql', action: 'sql', status_code: 200, token: 'analyst of a test' },
    { target: 'askQuestion', action: 'read', status_code: 404, token: 'analyst of a test' },
    { target: 'exportQuestion', action: 'export', status_code: 200, token: 'analyst of a test' },
    { target: 'searchEvents', action: 'read', status_code: 200, token: 'analyst of a test' },
  ]);
  expect(await store.rows('SELECT count() AS n FROM activity')).toEqual(before);
  expect(
    await store.rows("SELECT count() AS n FROM audit_events WHERE account_id = 'keytrail' AND key_id != ''"),
  ).toEqual([{ n: '0' }]);
  const asked = async (token: string) =>
    (await served.get('/api/v1/questions/access-log/answer', token)).body as { rows: unknown[] };
  expect((await asked(analyst)).rows).toHaveLength(4);
  expect((await asked(limited)).rows).toEqual([]);
});

test('entries wait while the intake is away, in their order, and are stored once it is back', async () => {
  const taken: string[] = [];
  let intake: PushIntake | undefined;
  let fails = 1;
  const stub = {
    take: async (_: unknown, body: Buffer) => {
      if (fails-- > 0) throw new Error('away');
      taken.push(
        ...body
          .toString()
          .split('\n')
          .map((line) => (JSON.parse(line) as { target: string }).target),
      );
    },
  } as unknown as PushIntake;
  const log = new AccessLog({ push: () => intake, now: Date.now, uuid: randomUUID, log: LOG });
  log.note(deed('first'));
  await log.stop();
  intake = stub;
  await log.stop();
  log.note(deed('second'));
  await log.stop();
  expect(taken).toEqual(['first', 'second']);
});

test('nobody but the daemon writes it', async () => {
  const { store } = await temporaryStore('child');
  const served = await serveForTest(store);
  const admin = await served.token('admin');
  const forged = await fetch(`${served.url}/v1/events?source=keytrail/access-log`, {
    method: 'POST',
    body: '{}',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
  });
  expect(forged.status).toBe(400);
});
