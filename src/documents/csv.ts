/** CSV as spreadsheets write it: a header, then rows; each row with the line on which it begins. */
import { CsvError, parse } from 'csv-parse/sync';

export type CsvDocument =
  | { readonly kind: 'document'; readonly header: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'broken'; readonly line: number | undefined; readonly got: string; readonly expected: string };

export interface CsvRow {
  readonly line: number;
  /** By column; a cell without text is left out. */
  readonly cells: Readonly<Record<string, string>>;
}

interface Parsed {
  readonly record: readonly string[];
  /** `lines`: the line on which the record ends; `bytes`: where. */
  readonly info: { readonly lines: number };
}

export function parseCsv(text: string): CsvDocument {
  const [delimiter] = [';', '\t'].filter((mark) => firstLine(text).includes(mark));
  let parsed: readonly Parsed[];
  try {
    parsed = parse(text, { info: true, skip_empty_lines: true, trim: true, delimiter: delimiter ?? ',' }) as never;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause.lines === 'number' ? cause.lines : undefined;
    return {
      kind: 'broken',
      line,
      got: wordsOf(cause.code),
      expected: 'as many cells as the header has columns, and closed quotes',
    };
  }
  const [head, ...rest] = parsed;
  const header = (head?.record ?? []).map((name) => name.toLowerCase());
  const rows = rest.map(({ record, info }) => ({
    line: lineOfRecord(record, info.lines),
    cells: cellsOf(header, record),
  }));
  return { kind: 'document', header, rows };
}

/**
 * A semicolon or a tab in the header is what separates, where a spreadsheet's language takes the comma for decimals.
 */
function firstLine(text: string): string {
  const end = text.search(/[\r\n]/);
  const line = end < 0 ? text : text.slice(0, end);
  return line.includes(',') ? '' : line;
}

/** `CSV_RECORD_INCONSISTENT_FIELDS_LENGTH` → `record inconsistent fields length` */
const wordsOf = (code: string): string => code.replace(/^CSV_/, '').toLowerCase().replaceAll('_', ' ');

/** The parser tells where a record ends; its own line breaks stand between there and where it begins. */
function lineOfRecord(record: readonly string[], endsAt: number): number {
  return endsAt - record.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
}

/** What our own CSV puts before text that a spreadsheet would run as a formula. */
const GUARD = /^'(?=[=+\-@\t\r])/;

function cellsOf(header: readonly string[], record: readonly string[]): Readonly<Record<string, string>> {
  const cells: Record<string, string> = {};
  header.forEach((name, index) => {
    const cell = (record[index] ?? '').replace(GUARD, '');
    if (cell !== '') cells[name] = cell;
  });
  return cells;
}
