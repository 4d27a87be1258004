/**
 * Two accounts side by side; everything of the second one holds a word by which it is recognised wherever it turns up.
 */

import { parsePeriod } from '../../src/core/reports/period.ts';
import { plannedMessages } from '../../src/core/reports/plan.ts';
import { loadDetections } from '../../src/detect/detections.ts';
import { DetectionEngine } from '../../src/detect/engine.ts';
import { act } from '../../src/findings/actions.ts';
import { suppress } from '../../src/findings/suppressions.ts';
import { keepDocument } from '../../src/report/archive.ts';
import { appendDeliveries } from '../../src/report/outbox.ts';
import type { Store } from '../../src/store/store.ts';
import { QUERIES } from '../ask/fixture.ts';
import { KIND, testPress } from '../report/schedule-support.ts';
import { sayToRegistry } from '../support/registry.ts';
import { takeIn } from '../support/take-in.ts';

/** In every text of account B, and in nothing of account A. */
export const MARK = 'zebra';
export const ACCOUNT_A = 'alpha';
export const ACCOUNT_B = `${MARK}-account`;
/** An address that only B was ever used from. */
export const ADDRESS_B = '198.51.100.77';
export const SHARED_ADDRESS = '203.0.113.7';

export function request(account: string, at: string, more: Record<string, unknown> = {}, ip = SHARED_ADDRESS): string {
  const word = account === ACCOUNT_B ? MARK : 'plain';
  const id = `${word}-${at}-${JSON.stringify(more).length}`;
  return JSON.stringify({
    id,
    time: at,
    originator: `${word} person (${word}@example.com)`,
    apiKeyName: `${word}-key`,
    resource: `${word}-resource`,
    type: 'Database',
    description: `${word} did something`,
    request: {
      sourceIp: ip,
      method: 'GET',
      path: `/v1/${word}/thing`,
      status: 200,
      userAgent: `${word}-client/1`,
      requestId: `${id}-request`,
    },
    authentication: { keyName: `${word}-key`, result: 'success', reason: '', accountId: account },
    ...more,
  });
}

export async function fillWorld(store: Store): Promise<void> {
  const source = 'gateway/request';
  const times = ['2026-03-05T10:00:00.000Z', '2026-03-05T11:00:00.000Z', '2026-04-01T00:00:00.000Z'];
  await takeIn(
    store,
    times.map((at) => request(ACCOUNT_A, at)),
    { stream: 'file:a', source },
  );
  await takeIn(
    store,
    [...times.map((at) => request(ACCOUNT_B, at)), request(ACCOUNT_B, '2026-03-06T00:00:00.000Z', {}, ADDRESS_B)],
    { stream: `file:${MARK}`, source },
  );
  // Account A with a key that only B ever had: what the registry knows of it is B's.
  await takeIn(store, [request(ACCOUNT_A, '2026-03-07T00:00:00.000Z', { apiKeyName: 'borrowed' })], {
    stream: 'file:a2',
    source,
  });
  // The same id twice with other bytes, and letters, in both.
  for (const account of [ACCOUNT_A, ACCOUNT_B]) {
    const twice = ['one', 'two'].map((description) =>
      request(account, '2026-03-08T00:00:00.000Z', {
        id: `${account}-twice`,
        description: account === ACCOUNT_B ? MARK + description : description,
      }),
    );
    await takeIn(store, twice, { stream: `file:${account}-twice`, source });
    await takeIn(store, [`{"id": "${account}", "time":`], {
      stream: `file:${account}-bad`,
      source,
      accountId: account,
    });
  }
  const key = (account: string, id: string, word: string) => ({
    kind: 'key' as const,
    id: [account, id],
    validFrom: 0,
    says: { state: 'active', owner: `${word}-owner@example.com`, app: `${word}-app` } as const,
  });
  await sayToRegistry(store, [
    key(ACCOUNT_A, 'plain-key', 'plain'),
    key(ACCOUNT_B, `${MARK}-key`, MARK),
    key(ACCOUNT_B, 'borrowed', MARK),
    {
      kind: 'user',
      id: [ACCOUNT_B, `${MARK}-owner@example.com`],
      validFrom: 0,
      says: { name: `${MARK} Owner`, state: 'active' },
    },
    { kind: 'account', id: [ACCOUNT_B], validFrom: 0, says: { name: `${MARK} Account` } },
  ]);
}

/** What detections find in it, with a judgement and a suppression about B; A's key of B is among it. */
export async function findSomething(store: Store): Promise<void> {
  const detections = await loadDetections([`${QUERIES}/detections`]);
  await new DetectionEngine({ store, detections, now: Date.now }).cycle();
  const rows = await store.rows<{ id: string }>(
    `SELECT fingerprint AS id FROM findings WHERE account_id = '${ACCOUNT_B}'`,
  );
  const ids = rows.map(({ id }) => id);
  await act(store, ids, { action: 'acknowledge', author: `${MARK} analyst`, note: `${MARK} note`, at: Date.now() });
  const what = { id: 'of-b', rule: '', entity: { account_id: ACCOUNT_B }, cidr: '', until: Date.now() + 3_600_000 };
  await suppress(store, { ...what, author: `${MARK} analyst`, reason: `${MARK} reason` }, Date.now());
  const all = { ...what, id: 'of-all', entity: { key_id: `${MARK}*` } };
  await suppress(store, { ...all, author: `${MARK} analyst`, reason: `${MARK} reason` }, Date.now());
}

/** Reports of A, of B and of both, each with what became of sending it. @returns ids of the documents */
export async function fileReports(store: Store): Promise<Record<'a' | 'b' | 'all', string>> {
  const press = testPress();
  const ids = { a: 'a'.repeat(32), b: 'b'.repeat(32), all: 'c'.repeat(32) };
  for (const [of, documentId] of Object.entries(ids)) {
    const account = { a: ACCOUNT_A, b: ACCOUNT_B, all: undefined }[of];
    const word = of === 'a' ? 'plain' : MARK;
    const document = await press.compose({
      ...{ kind: KIND, parameters: {}, period: parsePeriod('2026-03', 'UTC') },
      scope: { ...(account === undefined ? {} : { account }), owner: `${word}-owner@example.com` },
    });
    const messages = plannedMessages(documentId, ['mail', 'archive']);
    await keepDocument(
      store,
      { ...document, summary: `${word} in short`, title: `${word} report` },
      {
        ...{ documentId, schedule: `${word}-schedule`, author: '', formats: ['html'], messages },
        ...{ recipients: [`${word}@example.com`], storedAt: Date.now() },
      },
    );
    const [first] = messages;
    const row = { message: first?.message ?? '', documentId, channel: first?.channel ?? '', at: Date.now() };
    await appendDeliveries(store, [{ ...row, result: 'given-up', attempt: 1, detail: `no such ${word}@example.com` }]);
  }
  return ids;
}

/** A schedule of A, of B and of both. */
export const SCHEDULES = [
  [ACCOUNT_A, 'plain-schedule'],
  [ACCOUNT_B, `${MARK}-schedule`],
  [undefined, `${MARK}-of-all`],
].map(([account, name = '']) => ({
  ...{ name, kind: 'key-usage', at: 'monday 07:00', channels: [`${name}-channel`], place: 'a test' },
  ...(account === undefined ? {} : { account }),
}));
