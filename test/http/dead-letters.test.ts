import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReplaySummaryDocument } from '../../schemas/api/dead-letters.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';
import { type Served, serveForTest } from './support.ts';

let store: Store;
let served: Served;
let analyst: string;

beforeAll(async () => {
  ({ store } = await temporaryStore());
  served = await serveForTest(store);
  analyst = await served.token('analyst');
});

beforeEach(async () => {
  for (const table of ['audit_events', 'dead_letters', 'dead_letter_log', 'ledger']) {
    await store.command(`TRUNCATE TABLE ${table}`);
  }
  await takeIn(
    store,
    [0, 1, 2].map((id) => systemLogEntry(id)),
  );
  await takeIn(store, ['{"no": "source"}'], { stream: 'file:other' });
});

type Letter = { content_hash: string; reason: string; state: string };
const letters = async (query = '') =>
  ((await served.get(`/api/v1/dead-letters?${query}`, analyst)).body as { rows: Letter[] }).rows;
const replay = async (body: unknown, token = analyst) => {
  const { status, body: answer } = await served.post('/api/v1/dead-letters/replay', token, body);
  return { status, answer: answer as ReplaySummaryDocument & { code?: string } };
};
const events = async () => Number((await store.rows<{ n: string }>('SELECT count() AS n FROM activity'))[0]?.n);

describe('letters are replayed', () => {
  test('by their reason, each to one event, however often it is asked', async () => {
    const wish = { reasons: ['account-missing'], account: 'A1' };
    expect((await replay({ ...wish, dry_run: true })).answer).toMatchObject({ dry_run: true, letters: 3, replayed: 3 });
    expect(await events()).toBe(0);
    const both = await Promise.all([replay(wish), replay(wish)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await events()).toBe(3);
    expect((await replay(wish)).answer).toMatchObject({ letters: 0, replayed: 0, events: 0 });
    expect(await letters('state=open')).toMatchObject([{ reason: 'unrecognised-source' }]);
    expect(served.deeds.at(-2)).toMatchObject({ action: 'replay', target: 'replayDeadLetters' });
  });

  test('one by one, and the others are left alone', async () => {
    const [first] = await letters('state=open&reason=account-missing');
    const { answer } = await replay({ letters: [`${first?.content_hash}:account-missing`], account: 'A1' });
    expect(answer).toMatchObject({ letters: 1, replayed: 1, refused: {} });
    expect(await letters('state=open')).toHaveLength(3);
  });

  test('and those that are still none say why', async () => {
    expect((await replay({ all: true })).answer).toMatchObject({
      letters: 4,
      replayed: 0,
      refused: { 'account-missing': 3, 'unrecognised-source': 1 },
    });
    expect(await events()).toBe(0);
  });
});

test('who may only read may not, nor who is limited to accounts', async () => {
  const limited = await served.token('admin', { accounts: ['A1'] });
  for (const token of [await served.token('viewer'), limited]) {
    expect((await replay({ all: true, account: 'A1' }, token)).status).toBe(403);
  }
  expect(await events()).toBe(0);
});

test('a replay that says of no letters which, or names a source that is none, is refused', async () => {
  for (const body of [{}, { account: 'A1' }, { letters: ['abc'] }, { reasons: ['bad luck'] }, { source: 'a/b' }]) {
    expect((await replay(body)).status, JSON.stringify(body)).toBe(400);
  }
});

test('the ledger is told, the latest block first, to who is limited to no account', async () => {
  type Block = { stream: string; received: number; dead_letters: number };
  const { rows } = (await served.get('/api/v1/ledger', analyst)).body as { rows: Block[] };
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ kind: 'block', stream: 'file:other', received: 1, dead_letters: 1 });
  const one = (await served.get('/api/v1/ledger?stream=file%3Atest', analyst)).body as { rows: Block[] };
  expect(one.rows).toMatchObject([{ received: 3 }]);
  const limited = await served.token('viewer', { accounts: ['A1'] });
  expect((await served.get('/api/v1/ledger', limited)).status).toBe(403);
});
