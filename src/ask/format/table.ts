import { TABLE_MEASURED_ROWS_MAX } from '../../core/limits.ts';
import type { Answer, AnswerColumn, Cell } from '../answer.ts';
import type { FormatOptions } from './formats.ts';
import { humanCell } from './human.ts';
import { cutTo, pad, readableText, strong, textWidth, visible } from './text.ts';

const GAP = '  ';
/** A column is not cut below this. */
const COLUMN_WIDTH_MIN = 12;
/** So few rows become blocks of lines when their columns do not fit; in more of them nobody would find a column. */
const BLOCK_ROWS_MAX = 3;

/**
 * Aligned columns, numbers to the right. Widths come from the first rows, so that an answer of any length can be shown
 * while it arrives. Text that does not fit the terminal is cut; where that is not enough, a few rows are shown one
 * field a line, and more rows as lines that are too long.
 */
export async function* formatTable(answer: Answer, options: FormatOptions): AsyncIterable<string> {
  const rows = answer.rows[Symbol.asyncIterator]();
  const texts = (row: readonly Cell[]): string[] => row.map((cell, index) => shown(cell, answer.columns[index]));
  const measured: string[][] = [];
  while (measured.length < TABLE_MEASURED_ROWS_MAX) {
    const next = await rows.next();
    if (next.done === true) break;
    measured.push(texts(next.value));
  }
  if (measured.length === 0) {
    yield 'no rows\n';
    return;
  }
  const widths = widthsFor(answer.columns, measured, options.width);
  const show = widths === undefined ? fieldsOf(answer.columns, options) : lineOf(answer.columns, widths);
  if (widths !== undefined) yield `${strong(headerOf(answer.columns, widths), options.color)}\n`;
  for (const row of measured) yield show(row);
  for (let next = await rows.next(); next.done !== true; next = await rows.next()) yield show(texts(next.value));
}

function shown(cell: Cell, column: AnswerColumn | undefined): string {
  return (column && humanCell(cell, column)) ?? visible(readableText(cell));
}

/** @returns a width for each column, `undefined` where a few rows do not fit side by side */
function widthsFor(columns: readonly AnswerColumn[], rows: string[][], width?: number): number[] | undefined {
  const widths = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? '')), textWidth(column.name)),
  );
  if (width === undefined) return widths;
  const room = width - GAP.length * (columns.length - 1);
  const fitted = widths.map((needed, index) =>
    cuttable(columns[index]) ? Math.min(needed, Math.max(room, 1)) : needed,
  );
  for (let over = sum(fitted) - room; over > 0; over--) {
    const widest = widestCuttable(columns, fitted);
    if (widest === undefined) return rows.length > BLOCK_ROWS_MAX ? fitted : undefined;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

/** A number or a time with its end cut off is another number or time. */
const cuttable = (column: AnswerColumn | undefined): boolean => column?.kind === 'text' || column?.kind === 'other';

function widestCuttable(columns: readonly AnswerColumn[], widths: readonly number[]): number | undefined {
  let widest: number | undefined;
  let most = COLUMN_WIDTH_MIN;
  for (const [index, width] of widths.entries()) {
    if (width <= most || !cuttable(columns[index])) continue;
    widest = index;
    most = width;
  }
  return widest;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);

function headerOf(columns: readonly AnswerColumn[], widths: readonly number[]): string {
  return columns
    .map((column, index) => aligned(column, cutTo(column.name, widths[index] ?? 0), widths[index] ?? 0))
    .join(GAP)
    .trimEnd();
}

function lineOf(columns: readonly AnswerColumn[], widths: readonly number[]): (row: string[]) => string {
  return (row) => {
    const cells = columns.map((column, index) => {
      const width = widths[index] ?? 0;
      return aligned(column, cuttable(column) ? cutTo(row[index] ?? '', width) : (row[index] ?? ''), width);
    });
    return `${cells.join(GAP).trimEnd()}\n`;
  };
}

function aligned(column: AnswerColumn, text: string, width: number): string {
  return pad(text, width, column.kind === 'number' ? 'left' : 'right');
}

function fieldsOf(columns: readonly AnswerColumn[], options: FormatOptions): (row: string[]) => string {
  const width = Math.max(...columns.map((column) => textWidth(column.name)));
  let separator = '';
  return (row) => {
    const lines = columns.map((column, index) =>
      `${strong(pad(column.name, width, 'right'), options.color)}${GAP}${row[index] ?? ''}`.trimEnd(),
    );
    const block = `${separator}${lines.join('\n')}\n`;
    separator = '\n';
    return block;
  };
}
