/** `keytrail sql`: one guarded SELECT. */
import type { Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { guardSelect } from './guard.ts';
import { readAnswer } from './read-answer.ts';

/**
 * @throws UsageError when the statement is not allowed or cannot be run
 * @throws UserError when its answer is too big or too slow, or the store fails
 */
export async function runSql(store: Store, sql: string, signal?: AbortSignal): Promise<Answer> {
  return readAnswer(store, await guardSelect(store, sql), {}, { signal, origin: 'typed' });
}
