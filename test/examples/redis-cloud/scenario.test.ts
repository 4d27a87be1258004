import { describe, expect, test } from 'vitest';
import { scenario } from '../../../examples/redis-cloud/scenario.ts';
import { PRODUCTION, STAGING, START, started } from './support.ts';

const LATENESS_MS_MAX = 600_000;
const LOOK_MS = 30_000;
const options = (seed: number) => ({
  seed,
  start: START,
  latenessMsMax: LATENESS_MS_MAX,
  requests: 30,
  burstRowsMax: 40,
});

/** Lets a day pass, without faults, and tells when each row was first seen, in ms. */
async function dayOf(seed: number): Promise<ReadonlyMap<string, number>> {
  const { accounts, changes } = scenario(options(seed));
  const { get, standIn, clock } = await started({ seed, accounts, changes, requestsPerMinute: 10_000 });
  const seen = new Map<string, number>();
  const look = () => {
    for (const id of [PRODUCTION, STAGING]) {
      const account = standIn.account(id);
      for (const row of [...account.everyRow(), ...account.everySession()]) {
        const text = `${id} ${JSON.stringify(row)}`;
        if (!seen.has(text)) seen.set(text, clock.now());
      }
    }
  };
  for (let count = 0; count < 30; count += 1) {
    await get('/v1/users');
    look();
    clock.advance(1_000);
  }
  // Whatever is late is late by now.
  for (let count = 0; count < LATENESS_MS_MAX / LOOK_MS; count += 1) {
    clock.advance(LOOK_MS);
    look();
  }
  return seen;
}

describe('a scenario', () => {
  test('is the same day for the same seed, and another one for another', async () => {
    expect([...(await dayOf(11))]).toEqual([...(await dayOf(11))]);
    expect([...(await dayOf(12)).keys()]).not.toEqual([...(await dayOf(11)).keys()]);
  });

  test('shows no row later after its time than it may, and some late', async () => {
    let late = 0;
    for (let seed = 1; seed <= 3; seed += 1) {
      for (const [text, at] of await dayOf(seed)) {
        const time = Date.parse(/"time":"([^"]+)"/.exec(text)?.[1] ?? '');
        // The history is seen at first sight, and this looks only every half minute.
        if (at === START) continue;
        expect(at - time).toBeLessThan(LATENESS_MS_MAX + LOOK_MS);
        if (at - time > 2 * LOOK_MS) late += 1;
      }
    }
    expect(late).toBeGreaterThan(0);
  });

  test('has faults of many kinds, of which each passes by itself', () => {
    const days = Array.from({ length: 50 }, (_, seed) => scenario(options(seed)));
    for (const { faults } of days) {
      const share = faults.reduce((sum, { chance = 1 }) => sum + chance, 0);
      expect(share).toBeLessThanOrEqual(0.3 + Number.EPSILON);
      expect(faults.every(({ fault }) => fault.kind !== 'silence' && fault.kind !== 'redirect')).toBe(true);
    }
    expect(days.some(({ accounts }) => accounts.every(({ history }) => history === undefined))).toBe(true);
    expect(days.some(({ accounts }) => accounts.some(({ history }) => (history?.rows ?? 0) > 1_000))).toBe(true);
  });
});
