/** `keytrail sql`: one guarded SELECT. */
import type { Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { guardSelect } from './guard.ts';
import { readAnswer } from './read-answer.ts';

/** @throws UserError when the statement is not allowed or the store refuses it */
export async function runSql(store: Store, sql: string, signal?: AbortSignal): Promise<Answer> {
  return readAnswer(store, await guardSelect(store, sql), {}, signal);
}
