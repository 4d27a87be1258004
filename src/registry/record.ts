/**
 * Records a change of the registry: all of it or nothing.
 *
 * Stage, store the statements, load the dictionaries with them, and then commit with one row. A question that begins
 * before that row reads the generation before, one that begins after it reads the new one, and both are in the
 * dictionaries. What a process that is killed leaves behind was never committed, and counts for nothing.
 */

import { z } from 'zod';
import type { AppRule } from '../../schemas/registry.ts';
import { sha256 } from '../core/dead-letter-row.ts';
import { UserError } from '../core/errors.ts';
import { REGISTRY_HELD_ROWS_MAX, REGISTRY_HELD_WAIT_MS_MAX } from '../core/limits.ts';
import type { NewStatement } from '../core/registry/plan.ts';
import { appRuleRows, statementRows, type TableRows } from '../core/registry/rows.ts';
import type { Checkpoint } from '../pipeline/pause-points.ts';
import { reloadRegistry } from '../store/dictionaries.ts';
import { pause, withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

export interface RegistryChange {
  /** ms since 1970, UTC: later than that of every change before; see `nextInstant`. */
  readonly recordedAt: number;
  /** From what it was learned. */
  readonly origin: string;
  readonly statements: readonly NewStatement[];
  /** All rules that are to be in force; `undefined` leaves them as they are. */
  readonly appRules: readonly AppRule[] | undefined;
}

export interface RegistryState {
  /** ms since 1970, UTC: the last change that counts; 0 when there is none. */
  readonly committedAt: number;
  /** The last one that was begun. */
  readonly recordedAt: number;
  readonly generations: number;
  readonly statements: number;
}

const stateRow = z.object({
  committed_at_ms: z.coerce.number(),
  recorded_at_ms: z.coerce.number(),
  generations: z.number(),
  statements: z.number(),
});

const ATTEMPTS_MAX = 5;
const WAIT_MS = 1_000;

export async function registryState(store: Store): Promise<RegistryState> {
  const [row] = z.array(stateRow).parse(await store.rows(statement('registry-state')));
  return {
    committedAt: row?.committed_at_ms ?? 0,
    recordedAt: row?.recorded_at_ms ?? 0,
    generations: row?.generations ?? 0,
    statements: row?.statements ?? 0,
  };
}

/** The instant of the next change: now, or just after the last change where a clock went back. */
export function nextInstant(state: RegistryState, nowMs: number): number {
  return Math.max(nowMs, state.recordedAt + 1);
}

/**
 * The caller holds the registry's lock, and planned the change against what it read under it.
 *
 * @throws UserError REGISTRY_BUSY when older generations are held for too long, REGISTRY_CHANGED when the lock was lost
 */
export async function recordChange(store: Store, change: RegistryChange, checkpoint: Checkpoint): Promise<void> {
  const tables = [...statementRows(change.statements)];
  if (change.appRules !== undefined && change.appRules.length > 0)
    tables.push(appRuleRows(change.appRules, change.recordedAt));
  const before = await whenRoom(store, change.statements.length);
  const parameters = {
    recorded_at: new Date(change.recordedAt).toISOString().replace('T', ' ').replace('Z', ''),
    origin: change.origin,
    statements: change.statements.length,
    states_app_rules: change.appRules !== undefined,
  };
  await patiently(() => store.command(statement('registry-stage'), { parameters }));
  await checkpoint('registry:staged');
  for (const rows of tables) await patiently(() => insert(store, rows));
  await checkpoint('registry:stored');
  await patiently(() => reloadRegistry(store));
  await checkpoint('registry:loaded');
  // Who was stopped for so long that another took the lock has planned against a registry that is no more.
  if ((await registryState(store)).committedAt !== before.committedAt) throw changedMeanwhile();
  await patiently(() => store.command(statement('registry-commit'), { parameters }));
  await checkpoint('registry:committed');
}

function insert(store: Store, { table, columns, bytes, rows }: TableRows): Promise<void> {
  return store.insert({ table, columns, body: [bytes], rows, token: sha256(bytes).toString('hex') });
}

function patiently<T>(call: () => Promise<T>): Promise<T> {
  return withRetry(call, { attemptsMaxFor: () => ATTEMPTS_MAX });
}

/** Generations that questions may still keep to are held whole; many changes in a row must not hold all memory. */
async function whenRoom(store: Store, added: number): Promise<RegistryState> {
  for (let waited = 0; ; waited += WAIT_MS) {
    const state = await registryState(store);
    const held = (state.generations + 1) * (state.statements + added);
    if (held <= REGISTRY_HELD_ROWS_MAX || state.generations <= 1) return state;
    if (waited >= REGISTRY_HELD_WAIT_MS_MAX) throw busy(held);
    await pause(WAIT_MS);
  }
}

function busy(held: number): UserError {
  return new UserError('REGISTRY_BUSY', 'the registry has changed too often in the last minutes', {
    got: `${held} rows of generations that questions may still be reading`,
    expected: `at most ${REGISTRY_HELD_ROWS_MAX}`,
    next: 'wait two minutes and try again; put several changes into one import',
  });
}

function changedMeanwhile(): UserError {
  return new UserError('REGISTRY_CHANGED', 'another process changed the registry meanwhile', {
    got: 'a change that was recorded after this one had been planned',
    expected: 'nobody else who changes the registry at the same time',
    next: 'run the same command again; nothing was recorded',
  });
}
