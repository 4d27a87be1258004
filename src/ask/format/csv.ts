import type { Answer, AnswerColumn, Cell } from '../answer.ts';
import { cellText } from './text.ts';

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * RFC 4180, with lines that end in CRLF. Audit records hold text that strangers chose (a user agent, a path), and CSV
 * is what people open in a spreadsheet: text that would be run there as a formula gets an apostrophe in front. The
 * other formats change nothing.
 */
export async function* formatCsv(answer: Answer): AsyncIterable<string> {
  yield `${answer.columns.map((column) => quoted(column.name)).join(',')}\r\n`;
  for await (const row of answer.rows) {
    yield `${answer.columns.map((column, index) => field(column, row[index] ?? null)).join(',')}\r\n`;
  }
}

function field(column: AnswerColumn, cell: Cell): string {
  const text = cellText(cell);
  const harmless = column.kind === 'number' || column.kind === 'time' || !FORMULA.test(text);
  return quoted(harmless ? text : `'${text}`);
}

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
