/** A report as a workbook: one sheet of what it is, and one for each table. */
import type { SheetData } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import type { ReportDocument } from '../../../schemas/reports.ts';
import type { AnswerColumn, Cell } from '../../ask/answer.ts';
import { readableText } from '../../ask/readable.ts';
import { SHEET_CELL_CHARS_MAX, SHEET_NAME_CHARS_MAX } from '../../core/limits.ts';
import { aboutRows, tableOf } from './csv.ts';
import { plainText } from './readable.ts';

const HEAD = { fontWeight: 'bold', backgroundColor: '#eef1f5' } as const;

export async function workbookOf(document: ReportDocument): Promise<Buffer> {
  const about = aboutRows(document).map((row) => row.map((value) => textCell(value)));
  const sheets = [
    { data: about, sheet: 'About', columns: [{ width: 18 }, { width: 110 }] },
    ...document.sections
      .filter(({ columns }) => columns.length > 0)
      .map((section) => {
        const [columns, rows] = tableOf(section);
        return {
          data: [
            columns.map(headCell),
            ...rows.map((row) => columns.map((column, at) => cellOf(row[at] ?? null, column))),
          ],
          sheet: sheetName(section.title, section.id, document),
          columns: columns.map(({ kind }) => ({ width: kind === 'number' ? 14 : 24 })),
          stickyRowsCount: 1,
        };
      }),
  ];
  return writeXlsxFile(sheets.map((sheet) => ({ ...sheet, data: sheet.data as SheetData }))).toBuffer();
}

/** Titles may be longer than a spreadsheet's limit, or the same twice. */
function sheetName(title: string, id: string, { sections }: ReportDocument): string {
  const short = (text: string): string => text.replace(/[[\]:*?/\\']/g, ' ').slice(0, SHEET_NAME_CHARS_MAX);
  const isTaken = title === 'About' || sections.filter((other) => short(other.title) === short(title)).length > 1;
  return short(isTaken ? id : title);
}

const headCell = ({ name }: AnswerColumn) => ({ value: name, type: String, ...HEAD });

/**
 * Text is always of the type text, never a formula, whatever it begins with. What people would save as CSV from here
 * would be run elsewhere: so it has the apostrophe of our own CSV as well.
 */
function textCell(cell: Cell) {
  const text = plainText(readableText(cell)).slice(0, SHEET_CELL_CHARS_MAX);
  return text === '' ? null : { value: /^[=+\-@\t\r]/.test(text) ? `'${text}` : text, type: String };
}

function cellOf(cell: Cell, { kind }: AnswerColumn) {
  if (cell === null) return null;
  if (kind === 'number' && typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'boolean') return { value: cell, type: Boolean };
  if (kind === 'time' && typeof cell === 'string')
    return { value: new Date(cell), type: Date, format: 'yyyy-mm-dd hh:mm:ss' };
  return textCell(cell);
}
