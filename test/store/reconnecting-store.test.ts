import { expect, test } from 'vitest';
import { ReconnectingStore } from '../../src/store/embedded/reconnecting-store.ts';
import type { Store } from '../../src/store/store.ts';

const cut = (code = 'ECONNRESET') => Object.assign(new Error(`read ${code}`), { code });

/** A store whose server goes away as often as is said, and the elections that were held about it. */
function leaving(times: number, code?: string): { store: Store; elections: () => number } {
  let left = times;
  let elections = 0;
  const call = async () => {
    if (left-- > 0) throw cut(code);
  };
  const inner: Store = {
    rows: async () => {
      await call();
      return [];
    },
    stream: async function* () {
      await call();
      yield Buffer.from('whole');
    },
    command: call,
    insert: call,
    close: async () => undefined,
  };
  const elect = async () => void elections++;
  return { store: new ReconnectingStore(inner, elect, async () => undefined), elections: () => elections };
}

test('a question is asked again, also when the one who answered the election goes away as well', async () => {
  for (const times of [0, 1, 2]) {
    const { store, elections } = leaving(times);
    expect(await store.rows('SELECT 1')).toEqual([]);
    expect(elections()).toBe(times);
    const streaming = leaving(times).store;
    for await (const chunk of streaming.stream('SELECT 1', 'TSV')) expect(String(chunk)).toBe('whole');
  }
});

test('a question that ends every server is told of the end, and not asked for ever', async () => {
  const { store, elections } = leaving(Number.POSITIVE_INFINITY);
  await expect(store.rows('SELECT 1')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(elections()).toBe(2);
});

test('a change that may have happened is not made again; one that was never sent is', async () => {
  await expect(leaving(1).store.command('DROP TABLE x')).rejects.toMatchObject({ kind: 'retriable' });
  await leaving(1, 'ECONNREFUSED').store.command('DROP TABLE x');
});
