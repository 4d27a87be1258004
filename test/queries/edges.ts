/**
 * Small stories about one edge each, told side by side in one store: each has an account of its own, so that a question
 * that is asked of that account hears nothing of the others.
 */
import { beforeAll } from 'vitest';
import type { GivenParameters } from '../../src/ask/runner.ts';
import type { Store } from '../../src/store/store.ts';
import { type AnswerRow, ask, type EventRow, eventRow, insertEvents, NOW } from '../ask/fixture.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const DAY_MS = 86_400_000;

/** @param days before the moment of asking, which is `NOW`; negative: after it */
export const ago = (days: number, ms = 0): string => new Date(NOW.getTime() - days * DAY_MS + ms).toISOString();

export interface Story {
  readonly account: string;
  readonly said?: readonly Said[];
  readonly events?: readonly Partial<EventRow>[];
}

export const key = (account: string, name: string, at: string, says: Said['says']): Said => ({
  kind: 'key',
  id: [account, name],
  validFrom: Date.parse(at),
  says,
});

export const user = (account: string, email: string, at: string, says: Said['says']): Said => ({
  kind: 'user',
  id: [account, email],
  validFrom: Date.parse(at),
  says,
});

/** @param ip as people write it */
export const use = (key_id: string, event_time: string, ip: string, more: Partial<EventRow> = {}) => ({
  ...{ key_id, event_time, source_ip: ip.includes('.') ? `::ffff:${ip}` : ip },
  ...{ outcome: 'success', auth_result: 'success', ...more },
});

/** Opens a store that holds all of the stories. */
export function tellStories(stories: readonly Story[]) {
  let store: Store | undefined;
  beforeAll(async () => {
    store = (await temporaryStore()).store;
    await sayToRegistry(
      store,
      stories.flatMap(({ said = [] }) => said),
    );
    const told = stories.flatMap(({ account, events = [] }) =>
      events.map((event, index) => ({ account_id: account, event_id: `${account}-${index}`, ...event })),
    );
    await insertEvents(
      store,
      told.map((event, index) => eventRow({ content_hash: index.toString(16).padStart(32, '0'), ...event })),
    );
  });
  const opened = (): Store => {
    if (store === undefined) throw new Error('the store opens before the first test');
    return store;
  };
  return {
    store: opened,
    asked: (id: string, given: GivenParameters = {}): Promise<AnswerRow[]> => ask(opened(), id, given, NOW),
  };
}
