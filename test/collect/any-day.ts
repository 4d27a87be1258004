/** One bad day after a seed, collected by processes that die, and what must hold at its every step and at its end. */
import { expect } from 'vitest';
import { seededRandom } from '../../examples/random.ts';
import type { Account } from '../../examples/redis-cloud/accounts.ts';
import { movableClock } from '../../examples/redis-cloud/clock.ts';
import { scenario } from '../../examples/redis-cloud/scenario.ts';
import { type StandIn, startStandIn } from '../../examples/redis-cloud/stand-in.ts';
import type { CollectResult } from '../../src/collect/collect.ts';
import { COLLECT_LATENESS_MS } from '../../src/core/limits.ts';
import type { Stored } from './stored.ts';
import { type CollectParts, servedRows } from './support.ts';

const START = Date.parse('2026-11-20T08:00:00Z');
/** A quarter of the API's 400. */
const BUDGET = 100;
const CHANGES = 30;
const RUNS_MAX = 60;
const LOGS = ['system-log', 'session-log'] as const;

export interface Life {
  /** Changes of the store until this process dies; the last of them may still happen. */
  left: number;
  readonly lastHappens: boolean;
}

/** Where the day is collected to. */
export interface Kept {
  collect(life: Life, parts: Omit<CollectParts, 'store'>): Promise<CollectResult>;
  stored(): Promise<Stored>;
}

/** @returns how many processes died */
export async function anyDay(kept: Kept, seed: number): Promise<number> {
  const clock = movableClock(START);
  const random = seededRandom(seed * 7_919);
  const day = scenario({ seed, start: START, latenessMsMax: COLLECT_LATENESS_MS, requests: CHANGES });
  const standIn = await startStandIn({ seed, now: clock.now, ...day });
  let deaths = 0;
  try {
    for (let run = 1, quiet = 0; quiet < 2; run += 1) {
      expect(run, `seed ${seed} comes to an end`).toBeLessThan(RUNS_MAX);
      const dies = run < 8 && random.chance(0.4);
      const life = { left: dies ? 1 + random.below(12) : Number.POSITIVE_INFINITY, lastHappens: random.chance(0.5) };
      const walkRequestsMax = 1 + random.below(6);
      const parts = { standIn, clock, state: day.accounts, walkRequestsMax, random: random.next };
      const result = await kept.collect(life, parts).catch((error: unknown) => {
        if (!dies) throw error;
        deaths += 1;
        return undefined;
      });
      expectNothingPassed(await kept.stored(), standIn, day.accounts, seed);
      // After the last change, what is late still has to show itself.
      const isOver = standIn.requests.length >= CHANGES && result?.failing.length === 0;
      quiet = isOver ? quiet + 1 : 0;
      clock.advance(quiet > 0 ? COLLECT_LATENESS_MS : random.below(300_000));
    }
    expectEverything(await kept.stored(), standIn, day.accounts, seed);
    return deaths;
  } finally {
    await standIn.close();
  }
}

/** The position never passes an unread row: all that is older, and can be seen by now, is stored. */
function expectNothingPassed(kept: Stored, standIn: StandIn, accounts: readonly Account[], seed: number) {
  for (const { id } of accounts) {
    for (const log of LOGS) {
      const position = kept.positionOf(id, log);
      if (position === undefined) continue;
      const before = new Date(position - COLLECT_LATENESS_MS).toISOString();
      const stored = new Set(kept.rowsOf(id, log));
      const passed = servedRows(standIn, id, log).filter((row) => timeOf(row) < before && !stored.has(row));
      expect(passed, `seed ${seed}, ${log} of ${id}, position ${position}`).toEqual([]);
    }
  }
}

const timeOf = (row: string): string => (JSON.parse(row) as { time: string }).time;

function expectEverything(kept: Stored, standIn: StandIn, accounts: readonly Account[], seed: number) {
  for (const { id } of accounts) {
    for (const log of LOGS) {
      const [stored, served] = [kept.rowsOf(id, log), servedRows(standIn, id, log)];
      expect(stored.length, `seed ${seed}, rows of ${log} of ${id}`).toBe(served.length);
      expect(stored, `seed ${seed}, ${log} of ${id}`).toEqual(served);
    }
    expect(standIn.busiestMinute(id), `seed ${seed}, requests of account ${id} in a minute`).toBeLessThanOrEqual(
      BUDGET,
    );
  }
  expect(standIn.requests.filter(({ isSecretElsewhere }) => isSecretElsewhere)).toEqual([]);
  const secrets = accounts.flatMap(({ accountKey, keys }) => [accountKey, ...keys.map(({ secret }) => secret)]);
  expect(secrets.filter((secret) => kept.texts.includes(secret))).toEqual([]);
}
