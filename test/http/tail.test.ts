import { beforeAll, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { takeIn } from '../support/take-in.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, request } from './world.ts';

let store: Store;
let served: Served;
let viewer: string;

beforeAll(async () => {
  store = (await temporaryStore()).store;
  served = await serveForTest(store);
  viewer = await served.token('viewer');
});

/** The methods of a store, to put one of them in the place of another. */
function boundTo(of: Store): Store {
  return {
    rows: (sql, options) => of.rows(sql, options),
    stream: (sql, format, options) => of.stream(sql, format, options),
    command: (sql, options) => of.command(sql, options),
    insert: (insert) => of.insert(insert),
    close: () => of.close(),
  };
}

let made = 0;
/** New events, whose times are older each time: a tail follows arrival and not time. */
async function arrive(count: number, account = ACCOUNT_A): Promise<string[]> {
  const records = Array.from({ length: count }, () =>
    request(account, new Date(1_780_000_000_000 - made++ * 60_000).toISOString()),
  );
  await takeIn(store, records, { stream: `file:tail-${made}`, source: 'gateway/request' });
  return records.map((record) => (JSON.parse(record) as { id: string }).id);
}

class Tail {
  readonly ids: string[] = [];
  place = '';
  readonly #gone = new AbortController();

  constructor(query: string, token: string, place = '') {
    void this.#read(query, token, place);
  }

  async #read(query: string, token: string, place: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, ...(place === '' ? {} : { 'last-event-id': place }) };
    try {
      const response = await fetch(`${served.url}/api/v1/events/tail?${query}`, { headers, signal: this.#gone.signal });
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString('utf8');
        const pieces = text.split('\n\n');
        text = pieces.pop() ?? '';
        for (const piece of pieces) this.#take(piece);
      }
    } catch {
      // The test has left.
    }
  }

  #take(piece: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(piece)?.[1] ?? '';
    if (field('event') === 'event') this.ids.push((JSON.parse(field('data')) as { event_id: string }).event_id);
    if (field('event') === 'place') this.place = field('id');
  }

  leave(): void {
    this.#gone.abort();
  }
}

test('a tail tells what arrives, goes on where another one ended, and tells nothing twice', async () => {
  await arrive(3);
  const first = new Tail('', viewer);
  await expect.poll(() => first.place).not.toBe('');
  const before = first.place;
  const seen = await arrive(2);
  await expect.poll(() => [...first.ids].sort()).toEqual([...seen].sort());
  // The place behind events is told after them: who leaves before he has it is told them again.
  await expect.poll(() => first.place).not.toBe(before);
  first.leave();
  const missed = await arrive(40);
  const second = new Tail('', viewer, first.place);
  await expect.poll(() => second.ids.length).toBe(40);
  const more = await arrive(1);
  await expect.poll(() => [...second.ids].sort()).toEqual([...missed, ...more].sort());
  second.leave();
});

test('events whose block died before its row of the ledger are told when they are brought again', async () => {
  const stream = 'file:dead-block';
  const records = [1, 2, 3].map((at) => request(ACCOUNT_A, new Date(1_700_000_000_000 + at).toISOString()));
  const dying: Store = {
    ...boundTo(store),
    insert: (insert) => (insert.table === 'ledger' ? new Promise(() => undefined) : store.insert(insert)),
  };
  void takeIn(dying, records.slice(0, 2), { stream, source: 'gateway/request' });
  await expect.poll(() => store.rows(`SELECT event_id FROM audit_events WHERE stream = '${stream}'`)).toHaveLength(2);
  const tail = new Tail('', viewer);
  await expect.poll(() => tail.place).not.toBe('');
  await takeIn(store, records, { stream, source: 'gateway/request' });
  const ids = records.map((record) => (JSON.parse(record) as { id: string }).id);
  await expect.poll(() => [...tail.ids].sort()).toEqual(ids.sort());
  tail.leave();
});

test('a tail keeps and leaves out as a search does, and holds to the accounts of its token', async () => {
  const limited = await served.token('viewer', { accounts: [ACCOUNT_A] });
  const [all, own, none] = [
    new Tail('', viewer),
    new Tail('', limited),
    new Tail(`only.account_id=${ACCOUNT_B}`, limited),
  ];
  await expect.poll(() => [all.place, own.place, none.place].includes('')).toBe(false);
  const a = await arrive(1, ACCOUNT_A);
  const b = await arrive(1, ACCOUNT_B);
  await expect.poll(() => all.ids).toEqual([...a, ...b]);
  await expect.poll(() => own.ids).toEqual(a);
  expect(none.ids).toEqual([]);
  for (const tail of [all, own, none]) tail.leave();
});

test('a place that is too old, or none that was given out, is refused', async () => {
  const old = Buffer.from(JSON.stringify({ since: 1, chains: {} })).toString('base64url');
  expect(await served.get(`/api/v1/events/tail?place=${old}`, viewer)).toMatchObject({
    status: 410,
    body: { code: 'PLACE_TOO_OLD' },
  });
  expect((await served.get('/api/v1/events/tail?place=nowhere', viewer)).status).toBe(400);
});
