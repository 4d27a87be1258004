/** What stands around an answer: the range asked, how far the data reach, and what may be missing or doubtful in it. */
import type { Question } from '../../schemas/questions.ts';
import { FOOTER_COUNT_SECONDS_MAX, READER_MEMORY_BYTES_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import { type Parameters, type ParameterValue, type Settings, type Store, StoreError } from '../store/store.ts';
import { humanNumber } from './format/human.ts';
import { ANSWER_SETTINGS } from './read-answer.ts';
import { boundOf } from './runner.ts';
import { explainStoreError } from './store-errors.ts';
import { ALL_TIME, timeParameter } from './time-range.ts';

/** Half-open, ms since 1970 UTC; a bound that was not given is absent. */
export interface AskedRange {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** ms since 1970 UTC; absent while nothing is stored. */
export interface Freshness {
  /** Time of the latest event up to the moment of asking. */
  readonly dataUntilMs?: number;
  /** When the last block was stored. */
  readonly storedUntilMs?: number;
}

/** A number, or the limit within which it was not found: a wrong one is never told. */
export type Counted = number | { readonly notWithin: string };

export interface Doubts {
  /** Open letters that first arrived in the range. */
  readonly deadLetters: Counted;
  /** Event ids with several contents and a statement in the range. */
  readonly conflicts: Counted;
}

export interface Footer extends Freshness, Doubts {
  readonly range: AskedRange;
}

/** @param parameters those that the question is asked with; one that has no `from` or `to` covers all time */
export function askedRange(question: Question, parameters: Readonly<Record<string, ParameterValue>>): AskedRange {
  const fromMs = boundOf(question, 'from', parameters) ?? ALL_TIME.fromMs;
  const toMs = boundOf(question, 'to', parameters) ?? ALL_TIME.toMs;
  return { ...(fromMs === ALL_TIME.fromMs ? {} : { fromMs }), ...(toMs === ALL_TIME.toMs ? {} : { toMs }) };
}

/** Asked before the question, so that it never claims an event that the answer did not see. */
export async function askFreshness(store: Store, nowMs: number): Promise<Freshness> {
  const [row] = await ask<{ data_until_ms: string; stored_until_ms: string }>(store, 'answer-footer-freshness', {
    now: timeParameter(nowMs),
  }).catch((cause: unknown) => {
    throw explainStoreError(cause);
  });
  const [dataUntilMs, storedUntilMs] = [Number(row?.data_until_ms ?? 0), Number(row?.stored_until_ms ?? 0)];
  return { ...(dataUntilMs > 0 ? { dataUntilMs } : {}), ...(storedUntilMs > 0 ? { storedUntilMs } : {}) };
}

/** @param secondsMax what counting either of them may take */
export async function askDoubts(
  store: Store,
  { fromMs = ALL_TIME.fromMs, toMs = ALL_TIME.toMs }: AskedRange,
  secondsMax: number = FOOTER_COUNT_SECONDS_MAX,
): Promise<Doubts> {
  const range = { fromMs, toMs };
  const [deadLetters, conflicts] = await Promise.all([
    countWithin(store, 'answer-footer-dead-letters', range, secondsMax),
    countWithin(store, 'answer-footer-conflicts', range, secondsMax),
  ]);
  return { deadLetters: deadLetters ?? 0, conflicts: conflicts ?? 0 };
}

/**
 * @param name a statement that finds one number in a range
 * @returns undefined where it is not for this reader to know
 */
export async function countWithin(
  store: Store,
  name: string,
  { fromMs, toMs }: Required<AskedRange>,
  secondsMax: number,
): Promise<Counted | undefined> {
  const parameters = { from: timeParameter(fromMs), to: timeParameter(toMs) };
  try {
    const [row] = await ask<{ found: string | null }>(store, name, parameters, { max_execution_time: secondsMax });
    return row?.found == null ? undefined : Number(row.found);
  } catch (cause) {
    const code = cause instanceof StoreError ? cause.code : 0;
    if (TIMEOUTS.includes(code)) return { notWithin: `${secondsMax} s` };
    if (code === MEMORY_LIMIT) return { notWithin: humanNumber(READER_MEMORY_BYTES_MAX, { kind: 'bytes' }) };
    throw explainStoreError(cause);
  }
}

/** What the store says when a statement takes longer, would take longer, or needs more memory than it may. */
const TIMEOUTS = [159, 160];
const MEMORY_LIMIT = 241;

function ask<Row>(store: Store, name: string, parameters: Parameters, settings: Settings = {}): Promise<Row[]> {
  const options = { role: 'reader', parameters, settings: { ...ANSWER_SETTINGS, ...settings } } as const;
  return store.rows<Row>(statement(name), options);
}
