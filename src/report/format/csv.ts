/** The tables of a report as CSV, one file each, in one ZIP. */
import { strToU8, zipSync } from 'fflate';
import type { ReportDocument, ReportSection } from '../../../schemas/reports.ts';
import type { AnswerColumn, Cell } from '../../ask/answer.ts';
import { formatCsv } from '../../ask/readable.ts';

/** With a mark at the beginning, so that spreadsheets read it as UTF-8. */
const MARK = '\ufeff';

export async function zippedCsv(document: ReportDocument): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = { '00-about.csv': await csvOf(ABOUT_COLUMNS, aboutRows(document)) };
  for (const [at, section] of document.sections.entries()) {
    if (section.columns.length === 0) continue;
    const name = `${String(at + 1).padStart(2, '0')}-${section.id}`;
    files[`${name}.csv`] = await csvOf(...tableOf(section));
    if (section.changes === null || section.changes.gone.length === 0) continue;
    const columns = section.columns.map(answerColumn);
    const gone = section.changes.gone.map((row) => columns.map((column) => (row[column.name] ?? null) as Cell));
    files[`${name}-gone.csv`] = await csvOf(columns, gone);
  }
  // The same document gives the same bytes: a file of 1980 has no time.
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
}

type Table = readonly [columns: readonly AnswerColumn[], rows: readonly (readonly Cell[])[]];

/** All columns, and beside them what the compared ones were in the period before. */
export function tableOf({ columns, rows, changes }: ReportSection): Table {
  const compared = changes !== null && changes.by.length > 0 ? changes.deltas.map(({ column }) => column) : [];
  const before = compared.map((name) => text(`${name}_before`, 'number'));
  const table = rows.map((row, at) => [
    ...columns.map(({ name }) => (row[name] ?? null) as Cell),
    ...compared.map((name) => changes?.before[at]?.[name] ?? null),
  ]);
  return [[...columns.map(answerColumn), ...before], table];
}

const answerColumn = ({ name, kind }: ReportSection['columns'][number]): AnswerColumn => text(name, kind);
const text = (name: string, kind: AnswerColumn['kind']): AnswerColumn => ({ name, kind, type: 'String' });

const ABOUT_COLUMNS = ['field', 'value'].map((name) => text(name, 'text'));

/** What the head of the other formats says, and for each table the command that asks for it. */
export function aboutRows(document: ReportDocument): (readonly Cell[])[] {
  const { period, coverage, scope } = document;
  return [
    ['report', document.title],
    ['id', document.id],
    ['summary', document.summary],
    ['period', period.name],
    ['from', period.from],
    ['to', period.to],
    ['zone', period.zone],
    ['provisional', period.is_provisional ? 'yes' : 'no'],
    ['account', scope.account ?? ''],
    ['owner', scope.owner ?? ''],
    ['made', document.generated_at],
    ['coverage', coverage.sentence],
    ...document.sections.flatMap(({ id, command, error, rows_note: note }) => [
      [id, error === null ? command : `${error.code}: ${error.message}`],
      ...(note === null ? [] : [[`${id} rows`, note]]),
    ]),
  ];
}

async function csvOf(...[columns, rows]: Table): Promise<Uint8Array> {
  let csv = MARK;
  for await (const line of formatCsv({ columns, rows: inOrder(rows) })) csv += line;
  return strToU8(csv);
}

async function* inOrder<T>(rows: readonly T[]): AsyncIterable<T> {
  yield* rows;
}
