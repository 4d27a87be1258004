/** Charts of answers that are written out, as their lines. */
import type { QuestionChart } from '../../schemas/questions.ts';
import type { Answer, AnswerColumn, Cell } from '../../src/ask/answer.ts';
import { cellKind } from '../../src/ask/cells.ts';
import { formatChart } from '../../src/ask/format/chart.ts';
import type { FormatOptions } from '../../src/ask/format/formats.ts';

export const TIME = "DateTime64(3, 'UTC')";

export type Rows = readonly (readonly Cell[])[];

/** @param types of the columns, by name; `UInt64 in bytes` has a unit */
export function answerOf(types: Readonly<Record<string, string>>, rows: Rows): Answer {
  const columns = Object.entries(types).map(([name, text]): AnswerColumn => {
    const [type = '', unit] = text.split(' in ');
    return { name, type, kind: cellKind(type), ...(unit === undefined ? {} : { unit }) };
  });
  return {
    columns,
    rows: (async function* () {
      yield* rows;
    })(),
  };
}

export async function drawn(
  types: Readonly<Record<string, string>>,
  rows: Rows,
  chart: QuestionChart,
  options: FormatOptions = {},
): Promise<string[]> {
  let text = '';
  for await (const piece of formatChart(answerOf(types, rows), chart, options)) text += piece;
  return text.split('\n').slice(0, -1);
}

const CODES = /\u001b\[\d+m/g;

export const withoutColor = (line: string): string => line.replace(CODES, '');
