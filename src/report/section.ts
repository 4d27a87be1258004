/** One section of a document: its answer, what changed in it, and the sentence that tells it. */
import type { Question } from '../../schemas/questions.ts';
import type { ReportChanges, ReportColumn, ReportSection, ReportSectionKind } from '../../schemas/reports.ts';
import type { AnswerColumn } from '../ask/answer.ts';
import { type GivenParameters, parametersOf } from '../ask/runner.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { REPORT_GONE_ROWS_MAX, REPORT_SECTION_ROWS_MAX } from '../core/limits.ts';
import { changesOf, type Row } from '../core/reports/changes.ts';
import { labelOf } from '../core/reports/labels.ts';
import type { Period } from '../core/reports/period.ts';
import { sentenceFrom } from '../core/reports/sentences.ts';
import { grouped } from '../core/words.ts';
import type { Answered } from './asking.ts';
import { commandOf, ofPeriod, type PlannedSection, readableParameters } from './request.ts';

/** Answers a question for the scope of the document. */
export type Ask = (question: Question, given: GivenParameters, asOf: Date) => Promise<Answered>;

export interface SectionWork {
  readonly ask: Ask;
  readonly previous: Period;
  readonly now: Date;
  readonly period: Period;
  readonly isProvisional: boolean;
  /** The document is of one owner: a column that says so on each row says nothing. */
  readonly forOwner: boolean;
  /** Of one account alone. */
  readonly account?: string | undefined;
}

/** When a period is asked about: at its end, so that a report that is made late says what one in time would have. */
export const momentOf = ({ toMs }: Period, now: Date): Date => new Date(Math.min(toMs, now.getTime()));

/** What fails is told in the section, and the others are told all the same. A store that is away is no such failure. */
export async function composeSection(planned: PlannedSection, work: SectionWork): Promise<ReportSection> {
  const { section, question, given } = planned;
  const asOf = momentOf(work.period, work.now);
  const head = headOf(planned, asOf, work.account);
  try {
    const answered = await work.ask(question, given, asOf);
    const changes = await comparedWith(planned, answered, work);
    return { ...head, ...bodyOf(section, answered, changes, work), error: null };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return { ...head, ...failed(cause) };
  }
}

type Head = Pick<ReportSection, 'id' | 'title' | 'shown_as' | 'question' | 'parameters' | 'command' | 'chart'>;

function headOf({ section, question, given }: PlannedSection, asOf: Date, account: string | undefined): Head {
  const { id, title, show, chart } = section;
  return {
    ...{ id, title, shown_as: show, question: question.id },
    parameters: readableParameters(question, parametersOf(question, given, asOf.getTime())) as Head['parameters'],
    command: commandOf(question, given, asOf, account),
    chart: chart === undefined ? null : { x: chart.x, y: chart.y ?? null, by: chart.by ?? null },
  };
}

type Body = Omit<ReportSection, keyof Head | 'error'>;

function bodyOf(
  section: ReportSectionKind,
  answered: Answered,
  changes: ReportChanges | null,
  work: SectionWork,
): Body {
  const columns = answered.columns.map(columnOf);
  const rows = rowsOf(answered);
  const names = columns.map(({ name }) => name);
  const shown = shownNames(section, names, rows, work.forOwner);
  return {
    sentence: told(section, answered, rows, changes),
    columns,
    shown,
    rows,
    rows_total: answered.total,
    rows_note: rows.length === answered.total ? null : cutNote(answered.total),
    changes,
  };
}

const OWNERS = new Set(['owner', 'owner_name']);

/** With the account where the rows are of several: the name of a key says nothing about it. */
function shownNames(
  section: ReportSectionKind,
  names: readonly string[],
  rows: readonly Row[],
  forOwner: boolean,
): string[] {
  const shown = (section.columns ?? names).filter((name) => names.includes(name) && !(forOwner && OWNERS.has(name)));
  const [first] = rows;
  const isOfSeveral = shown.includes('key_id') && rows.some((row) => row.account_id !== first?.account_id);
  return isOfSeveral && !shown.includes('account_id') ? shown.toSpliced(1, 0, 'account_id') : shown;
}

const cutNote = (total: number): string =>
  `Only the first ${grouped(REPORT_SECTION_ROWS_MAX)} of ${grouped(total)} rows are in this document.`;

function told(
  section: ReportSectionKind,
  { columns, total }: Answered,
  rows: readonly Row[],
  changes: ReportChanges | null,
): string {
  if (rows.length === 0) return section.empty ?? 'There is nothing to tell: the answer has no rows.';
  const namesOf = (kind: AnswerColumn['kind']) => columns.filter((one) => one.kind === kind).map(({ name }) => name);
  const [numbers, texts] = [namesOf('number'), namesOf('text')];
  return sentenceFrom(section.sentence, { rows, rowsTotal: total, numbers, texts, changes });
}

function failed(cause: UserError): Body & Pick<ReportSection, 'error'> {
  const { got, expected } = cause.explanation;
  const detail = [got === undefined ? '' : `got ${got}`, expected === undefined ? '' : `expected ${expected}`];
  const message = [messageOf(cause), ...detail].filter((text) => text !== '').join('; ');
  return {
    sentence: `This section has no answer: ${messageOf(cause)}.`,
    ...{ columns: [], shown: [], rows: [], rows_total: 0, rows_note: null, changes: null },
    error: { code: cause.code, message },
  };
}

/** @returns null where nothing is compared, or the rows of one of both periods are not all there */
async function comparedWith(
  { section, question, given }: PlannedSection,
  answered: Answered,
  { ask, previous, now, isProvisional }: SectionWork,
): Promise<ReportChanges | null> {
  if (section.compare === undefined) return null;
  const earlier = await ask(question, ofPeriod(given, previous), momentOf(previous, now));
  if (earlier.total > earlier.rows.length || answered.total > answered.rows.length) return null;
  const units = new Map(answered.columns.map(({ name, unit }) => [name, unit ?? null]));
  return changesOf(rowsOf(answered), rowsOf(earlier), {
    by: section.compare.by,
    of: section.compare.of.map((name) => ({ name, unit: units.get(name) ?? null })),
    noun: section.compare.noun ?? 'row',
    before: previous.name,
    isProvisional,
    goneRowsMax: REPORT_GONE_ROWS_MAX,
  });
}

const rowsOf = ({ columns, rows }: Answered): Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])) as Row);

const columnOf = ({ name, kind, unit, description }: AnswerColumn): ReportColumn => ({
  ...{ name, label: labelOf(name), kind, unit: unit ?? null, description: description ?? null },
});
