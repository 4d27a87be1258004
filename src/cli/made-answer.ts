/** Answers that a command makes itself, in the shape of those that the store gives: so they come in every format. */
import type { Answer, AnswerColumn, Cell } from '../ask/answer.ts';

/** Column names with the kind of their cells, in order. */
export type MadeColumns = Readonly<Record<string, AnswerColumn['kind']>>;

export function madeAnswer(columns: MadeColumns, rows: readonly (readonly Cell[])[]): Answer {
  return {
    columns: Object.entries(columns).map(([name, kind]) => ({ name, type: TYPES[kind], kind })),
    rows: eachOf(rows),
  };
}

const TYPES: Readonly<Record<AnswerColumn['kind'], string>> = {
  text: 'String',
  number: 'UInt64',
  time: "DateTime64(3, 'UTC')",
  other: 'JSON',
};

async function* eachOf(rows: readonly (readonly Cell[])[]): AsyncIterable<readonly Cell[]> {
  yield* rows;
}
