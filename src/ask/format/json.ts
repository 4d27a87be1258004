import type { Answer, Cell } from '../answer.ts';
import { visibleJson } from './text.ts';

function rowObject(answer: Answer, row: readonly Cell[]): string {
  const entries = answer.columns.map((column, index) => [column.name, row[index] ?? null] as const);
  return visibleJson(JSON.stringify(Object.fromEntries(entries)));
}

/** One object a line. */
export async function* formatNdjson(answer: Answer): AsyncIterable<string> {
  for await (const row of answer.rows) yield `${rowObject(answer, row)}\n`;
}

/** One array of row objects; an answer without rows is `[]`. */
export async function* formatJson(answer: Answer): AsyncIterable<string> {
  let open = '[';
  for await (const row of answer.rows) {
    yield `${open}\n  ${rowObject(answer, row)}`;
    open = ',';
  }
  yield open === '[' ? '[]\n' : '\n]\n';
}
