/**
 * A lock that holds between processes and machines, made of what every ClickHouse has: a table can be created once, and
 * renamed to a name only while that name is free.
 *
 * The holder's id is the table's comment, so it is there at the instant at which the lock is. The holder adds rows
 * while it works; a lock whose rows have not changed for a while, by the clock of the one who waits, is a dead one. It
 * is put aside under a name made of the dead holder's id, which can succeed once only: of two that wait, the second
 * finds the name taken and cannot put aside the lock of the first.
 */
import { randomUUID } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import { LEASE_POLL_MS, LOCK_BEAT_MS, LOCK_STALE_MS, LOCK_WAIT_MS_MAX } from '../core/limits.ts';
import { storeErrorOf } from './errors.ts';
import { pause } from './retry.ts';
import type { Store } from './store.ts';

const TABLE_ALREADY_EXISTS = 57;
/** Unknown, or dropped between being found and being read. */
const GONE: ReadonlySet<number> = new Set([60, 218]);

/** The lock of whoever rewrites or drops what is stored: two at once would bring back what the other one took. */
export const REWRITE_LOCK = 'rewrite';

/** The lease: who holds it is the one process that runs detections and rollups of a store, and sends what they find. */
export const LEASE = 'lease';

/**
 * The same of reports. It is one of its own: a process that does nothing but look must not keep those that a cron job
 * wants to make from being made.
 */
export const REPORT_LEASE = 'lease_reports';

interface LockState {
  readonly holder: string;
  readonly beats: string;
}

export interface LockTimes {
  readonly beatMs: number;
  readonly staleMs: number;
  readonly waitMsMax: number;
}

const TIMES: LockTimes = { beatMs: LOCK_BEAT_MS, staleMs: LOCK_STALE_MS, waitMsMax: LOCK_WAIT_MS_MAX };

/**
 * Runs `work` while no other process holds the lock of this name.
 *
 * @param name a word; the table is `keytrail_lock_<name>`
 * @throws UserError STORE_LOCKED when another holder lives on
 */
export async function withStoreLock<T>(store: Store, name: string, work: () => Promise<T>, times = TIMES): Promise<T> {
  const table = `keytrail_lock_${name}`;
  const holder = randomUUID().replaceAll('-', '');
  await acquire(store, table, holder, times);
  await beat(store, table);
  const beating = setInterval(() => void beat(store, table), times.beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beating);
    await release(store, table, holder);
  }
}

export type LockLife = { readonly life: 'free' } | { readonly life: 'living' | 'dead'; readonly holder: string };

/**
 * Whether somebody holds the lock, as far as its signs of life tell by the store's clock. A holder that has given none
 * yet counts as living.
 */
export async function lockLife(store: Store, name: string, staleMs = TIMES.staleMs): Promise<LockLife> {
  const table = `keytrail_lock_${name}`;
  const state = await stateOf(store, table);
  if (state === undefined) return { life: 'free' };
  try {
    const [row] = await store.rows<{ beats: number; silent_ms: number }>(
      `SELECT toFloat64(count()) AS beats, toFloat64(dateDiff('millisecond', max(beat), now64(3))) AS silent_ms FROM ${table}`,
    );
    const dead = row !== undefined && row.beats > 0 && row.silent_ms > staleMs;
    return { life: dead ? 'dead' : 'living', holder: state.holder };
  } catch (cause) {
    if (GONE.has(storeErrorOf(cause).code)) return { life: 'free' };
    throw cause;
  }
}

/**
 * Runs `work` if the lock is free, or held by one that is dead; nobody is waited for.
 *
 * @returns whether it ran
 */
export async function ifUnlocked(store: Store, name: string, work: () => Promise<void>): Promise<boolean> {
  const state = await lockLife(store, name);
  if (state.life === 'living') return false;
  // Under the name of the dead one: who comes second finds it taken, and puts nobody else's lock aside.
  if (state.life === 'dead') await putAside(store, `keytrail_lock_${name}`, state.holder);
  try {
    await withStoreLock(store, name, work, { ...TIMES, waitMsMax: 0 });
    return true;
  } catch (cause) {
    if (cause instanceof UserError && cause.code === 'STORE_LOCKED') return false;
    throw cause;
  }
}

/**
 * Does `work` whenever this process is the one that holds a lease, until the signal comes; it stands by otherwise.
 *
 * @param work resolves when the signal comes
 * @param onLease told when the lease is held, and when it is not any more
 */
export async function whileLeading(
  store: Store,
  lease: string,
  { signal, onLease }: { readonly signal: AbortSignal; readonly onLease: (isHeld: boolean) => void },
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await ifUnlocked(store, lease, async () => {
      onLease(true);
      try {
        await work();
      } finally {
        onLease(false);
      }
    });
    await pause(LEASE_POLL_MS, signal);
  }
}

async function acquire(store: Store, table: string, holder: string, times: LockTimes): Promise<void> {
  const deadline = performance.now() + times.waitMsMax;
  let seen: LockState | undefined;
  let unchangedSince = performance.now();
  while (!(await create(store, table, holder))) {
    const state = await stateOf(store, table);
    if (state?.holder !== seen?.holder || state?.beats !== seen?.beats) {
      seen = state;
      unchangedSince = performance.now();
    }
    if (state !== undefined && performance.now() - unchangedSince > times.staleMs)
      await putAside(store, table, state.holder);
    if (performance.now() > deadline) throw lockedError(table, state);
    await pause(50 + Math.random() * 100);
  }
}

async function create(store: Store, table: string, holder: string): Promise<boolean> {
  try {
    await store.command(
      `CREATE TABLE ${table} (beat DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY beat COMMENT '${holder}'`,
    );
    return true;
  } catch (cause) {
    if (storeErrorOf(cause).code === TABLE_ALREADY_EXISTS) return (await stateOf(store, table))?.holder === holder;
    throw cause;
  }
}

async function stateOf(store: Store, table: string): Promise<LockState | undefined> {
  const [found] = await store.rows<{ holder: string }>(
    'SELECT comment AS holder FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
    { parameters: { table } },
  );
  if (found === undefined) return undefined;
  try {
    const [row] = await store.rows<{ beats: string }>(`SELECT toString(count()) AS beats FROM ${table}`);
    return { holder: found.holder, beats: row?.beats ?? '' };
  } catch (cause) {
    if (GONE.has(storeErrorOf(cause).code)) return undefined;
    throw cause;
  }
}

async function putAside(store: Store, table: string, holder: string): Promise<void> {
  try {
    await store.command(`RENAME TABLE ${table} TO ${table}_${holder}`);
  } catch (cause) {
    const { code } = storeErrorOf(cause);
    if (code !== TABLE_ALREADY_EXISTS && !GONE.has(code)) throw cause;
  }
}

/** A beat that fails is no harm: the lock goes stale only after several. */
async function beat(store: Store, table: string): Promise<void> {
  await store.command(`INSERT INTO ${table} SELECT now64(3)`).catch(() => {
    // The next one tells the same.
  });
}

async function release(store: Store, table: string, holder: string): Promise<void> {
  const state = await stateOf(store, table);
  // A holder that was taken for dead must not take the lock of its successor with it.
  if (state?.holder === holder) await store.command(`DROP TABLE IF EXISTS ${table}`);
}

function lockedError(table: string, state: LockState | undefined): UserError {
  return new UserError('STORE_LOCKED', 'another process changes the store at this moment, and has not finished', {
    got: `table ${table}${state === undefined ? '' : `, holder ${state.holder}`}`,
    next: 'wait until it has finished, then try again',
  });
}
