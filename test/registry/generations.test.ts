/** A question sees all of a change of the registry or none of it, whenever it is asked. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { PausePoint } from '../../src/pipeline/pause-points.ts';
import { importRegistry } from '../../src/registry/import.ts';
import { registryState } from '../../src/registry/record.ts';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents } from '../ask/fixture.ts';
import { temporaryStore } from '../support/store.ts';
import { importText } from './import-text.ts';

const EVENTS = 300;
const AT = Date.UTC(2026, 10, 1);

let store: Store;

/** Owner, the owner's name and the app's rule of the one key, as often as they are seen together. */
const seen = (more = ''): Promise<{ owner: string; owner_name: string; app: string; network: string }[]> =>
  store.rows(`SELECT DISTINCT owner, owner_name, app, network FROM activity ${more}`);

const file = (owner: string) => ({
  users: [{ account_id: '1', email: `${owner}@x`, name: owner, role: 'owner', valid_from: 0 }],
  keys: [{ account_id: '1', key_id: 'k', owner: `${owner}@x`, valid_from: 0 }],
  app_rules: [{ name: `rule of ${owner}`, app: `app of ${owner}`, key: 'k' }],
});

function change(owner: string, checkpoint: (point: PausePoint) => Promise<void> | void = () => undefined) {
  const options = { store, now: () => AT, dryRun: false, checkpoint };
  return importRegistry(file(owner), () => 'test', options);
}

const whole = (owner: string) => ({
  owner: `${owner}@x`,
  owner_name: owner,
  app: `app of ${owner}`,
  network: 'private',
});

beforeAll(async () => {
  store = (await temporaryStore()).store;
  const events = Array.from({ length: EVENTS }, (_, index) =>
    eventRow({
      ...{ account_id: '1', key_id: 'k', source_ip: '::ffff:10.0.0.1', event_id: `e${index}` },
      content_hash: index.toString(16).padStart(32, '0'),
    }),
  );
  await insertEvents(store, events);
  await change('ada');
});

describe('a question', () => {
  it('sees the old state until the very row that makes the new one current', async () => {
    const states: [PausePoint, unknown][] = [];
    await change('ben', async (point) => {
      states.push([point, await seen()]);
    });
    expect(states).toEqual([
      ['registry:staged', [whole('ada')]],
      ['registry:stored', [whole('ada')]],
      ['registry:loaded', [whole('ada')]],
      ['registry:committed', [whole('ben')]],
    ]);
  });

  it('that began before a change is answered from the state that it began with', async () => {
    const text: Buffer[] = [];
    // Thirty million bytes, more than waits on the way: the answer stands still while nobody reads on, and the change
    // happens in the middle of it.
    const long = "SELECT owner, app, repeat('x', 100000) AS filling FROM activity SETTINGS max_block_size = 10";
    const answer = store.stream(long, 'JSONEachRow')[Symbol.asyncIterator]();
    const first = await answer.next();
    if (first.done !== true) text.push(Buffer.from(first.value));
    await change('chen');
    const readBefore = text.length;
    expect(await seen()).toEqual([whole('chen')]);
    for (let next = await answer.next(); next.done !== true; next = await answer.next()) {
      text.push(Buffer.from(next.value));
    }
    const owners = Buffer.concat(text)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { owner: string; app: string });
    expect(owners).toHaveLength(EVENTS);
    expect([...new Set(owners.map(({ owner, app }) => `${owner} ${app}`))]).toEqual(['ben@x app of ben']);
    expect(text.length, 'the answer went on behind the change').toBeGreaterThan(readBefore);
  });

  it('sees nothing of a change that ended before it was committed, and all of the same change made again', async () => {
    for (const point of ['registry:staged', 'registry:stored', 'registry:loaded'] as const) {
      const failing = change('dana', (reached) => {
        if (reached === point) throw new Error('killed here');
      });
      await expect(failing).rejects.toThrow('killed here');
      expect(await seen()).toEqual([whole('chen')]);
      await importText(store, 'r.yaml', `keys: [{account_id: 2, key_id: other-${point.slice(9)}}]`);
      expect(await seen()).toEqual([whole('chen')]);
    }
    await change('dana');
    expect(await seen()).toEqual([whole('dana')]);
  });

  it('finds the current state after the dictionaries were dropped from memory', async () => {
    for (const name of ['registry_key_at', 'registry_user_at', 'registry_key_home']) {
      await store
        .command(`SYSTEM UNLOAD DICTIONARY ${name}`)
        .catch(() => store.command(`SYSTEM RELOAD DICTIONARY ${name}`));
    }
    expect(await seen()).toEqual([whole('dana')]);
  });
});

describe('the registry', () => {
  it('never gives two changes one instant, also when the clock stands still or goes back', async () => {
    const before = await registryState(store);
    await change('eve');
    await change('finn');
    const after = await registryState(store);
    expect(after.committedAt).toBeGreaterThan(before.committedAt + 1);
  });

  it('forgets a generation two minutes after the next one took its place, and not before', async () => {
    const { recordedAt } = await registryState(store);
    const committed = (number: number, secondsAgo: number) =>
      store.command(
        `INSERT INTO registry_imports (recorded_at, state, at)
         SELECT fromUnixTimestamp64Milli({recordedAt:Int64}, 'UTC'), 'committed', now64(3) - toIntervalSecond({secondsAgo:UInt32})`,
        { parameters: { recordedAt: recordedAt + number, secondsAgo } },
      );
    await committed(1, 600);
    await committed(2, 130);
    await committed(3, 60);
    await committed(4, 30);
    const held = await store.rows<{ generation: string }>(
      'SELECT generation FROM registry_generations WHERE generation > {recordedAt:Int64} ORDER BY generation',
      { parameters: { recordedAt } },
    );
    // The first was superseded by the second 130 seconds ago; the fourth by nobody.
    expect(held.map(({ generation }) => Number(generation) - recordedAt)).toEqual([2, 3, 4]);
  });
});
