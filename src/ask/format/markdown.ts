import type { Answer, AnswerColumn, Cell } from '../answer.ts';
import { humanCell } from './human.ts';
import { cellText, visible } from './text.ts';

/** What Markdown or the HTML inside it would take for more than text. */
const SPECIAL = /[\\`*_{}[\]<>|#~&]/g;

const plain = (text: string): string => visible(text).replace(SPECIAL, '\\$&');

/** A table of GitHub's Markdown. Cells come from records, and must stay text wherever the page is shown. */
export async function* formatMarkdown(answer: Answer): AsyncIterable<string> {
  const { columns } = answer;
  yield `| ${columns.map((column) => plain(column.name)).join(' | ')} |\n`;
  yield `| ${columns.map((column) => (column.kind === 'number' ? '---:' : '---')).join(' | ')} |\n`;
  for await (const row of answer.rows) {
    yield `| ${columns.map((column, index) => plain(textOf(row[index] ?? null, column))).join(' | ')} |\n`;
  }
}

const textOf = (cell: Cell, column: AnswerColumn): string => humanCell(cell, column) ?? cellText(cell);
