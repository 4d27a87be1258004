/** Answers as documents: whole, and therefore no longer than a page may be. */
import type { RowsDocument } from '../../../schemas/api/questions.ts';
import type { Answer, Cell } from '../../ask/answer.ts';
import { readAnswer } from '../../ask/read-answer.ts';
import { API_ANSWER_ROWS_MAX } from '../../core/limits.ts';
import { statement } from '../../store/statements.ts';
import type { Parameters, Store } from '../../store/store.ts';
import { Problem } from '../problem.ts';

/** @throws Problem ANSWER_TOO_LONG */
export async function rowObjects(answer: Answer): Promise<Record<string, Cell>[]> {
  const rows: Record<string, Cell>[] = [];
  for await (const row of answer.rows) {
    if (rows.length === API_ANSWER_ROWS_MAX) {
      throw new Problem(422, 'ANSWER_TOO_LONG', 'the answer is too long for one document', {
        expected: `at most ${API_ANSWER_ROWS_MAX} rows`,
        next: 'ask about a shorter time, or export it',
      });
    }
    rows.push(Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at] ?? null])));
  }
  return rows;
}

/** @param name a file of schemas/clickhouse/statements */
export async function statementRows(
  store: Store,
  name: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<RowsDocument> {
  const answer = await readAnswer(store, statement(name), parameters, { signal });
  const columns = answer.columns.map(({ name: column, type }) => ({ name: column, type }));
  return { columns, rows: await rowObjects(answer) };
}
