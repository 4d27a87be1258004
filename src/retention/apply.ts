/** Drops and deletes what a plan says. A run that is ended in the middle leaves the rest for the next one. */
import { z } from 'zod';
import { RETENTION_ROUNDS_MAX } from '../core/limits.ts';
import { storeErrorOf } from '../store/errors.ts';
import { REWRITE_LOCK, withStoreLock } from '../store/lock.ts';
import { statement } from '../store/statements.ts';
import { type Store, StoreError } from '../store/store.ts';
import { type MonthPlan, planRetention, type StoredRows } from './plan.ts';

const NO_SUCH_DATA_PART = 232;
/** The statement comes back when every replica has rewritten its parts. */
const AWAITED = { mutations_sync: 2 };

const monthRow = z.object({ month: z.number(), source: z.string(), rows: z.number() });
const partRow = z.object({ part: z.string(), sources: z.array(z.string()) });

export async function storedMonths(store: Store): Promise<StoredRows[]> {
  return z.array(monthRow).parse(await store.rows(statement('retention-months')));
}

export async function retentionPlan(
  store: Store,
  daysBySource: Readonly<Record<string, number>>,
  nowMs: number,
): Promise<MonthPlan[]> {
  return planRetention(await storedMonths(store), daysBySource, nowMs);
}

/** @param onMonth told when a month is done */
export async function applyRetention(
  store: Store,
  plan: readonly MonthPlan[],
  onMonth: (month: MonthPlan) => void = () => {},
): Promise<void> {
  // A month that is rewritten meanwhile would bring back what is deleted here.
  await withStoreLock(store, REWRITE_LOCK, () => applyPlan(store, plan, onMonth));
}

async function applyPlan(store: Store, plan: readonly MonthPlan[], onMonth: (month: MonthPlan) => void): Promise<void> {
  for (const month of plan) {
    const past = month.sources.filter((one) => one.past).map((one) => one.source);
    if (month.action === 'drop') await dropMonth(store, month.month, past);
    if (month.action === 'delete') await deleteRows(store, month.month, past);
    if (month.action !== 'keep') onMonth(month);
  }
}

/**
 * Drops a month part by part, for what is in each part. To drop it by its name would also drop what another source has
 * put into it since the plan was made.
 */
async function dropMonth(store: Store, month: number, past: readonly string[]): Promise<void> {
  const parameters = { month: String(month) };
  for (let round = 0; round < RETENTION_ROUNDS_MAX; round++) {
    const parts = z.array(partRow).parse(await store.rows(statement('retention-parts'), { parameters }));
    const whole = parts.filter(({ sources }) => sources.every((source) => past.includes(source)));
    for (const { part } of whole) await dropPart(store, part);
    if (whole.length > 0) continue;
    // A part that holds something to keep came into being meanwhile.
    if (parts.some(({ sources }) => sources.some((source) => past.includes(source)))) break;
    return;
  }
  await deleteRows(store, month, past);
}

/** A part that is gone was merged into another one, which the next round finds. */
async function dropPart(store: Store, part: string): Promise<void> {
  try {
    await store.command(statement('drop-part'), { parameters: { part } });
  } catch (cause) {
    if (storeErrorOf(cause).code !== NO_SUCH_DATA_PART) throw cause;
  }
}

async function deleteRows(store: Store, month: number, past: readonly string[]): Promise<void> {
  const parameters = { month: String(month), sources: past };
  await store.command(statement('retention-delete'), { parameters, settings: AWAITED });
  await store.command(statement('retention-forget-tokens'));
  await remember(store);
}

/** Between the two statements the table remembers no tokens; that must not last. */
async function remember(store: Store): Promise<void> {
  try {
    await store.command(statement('retention-remember-tokens'));
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.kind !== 'retriable') throw cause;
    await store.command(statement('retention-remember-tokens'));
  }
}
