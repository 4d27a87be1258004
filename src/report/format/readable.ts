/** What cells of a document say to a person: times in its zone, numbers with their scale, text that cannot mislead. */
import type { ReportColumn, ReportDocument, ReportSection } from '../../../schemas/reports.ts';
import { humanNumber, readableText, scaleOf, visible } from '../../ask/readable.ts';
import { grouped } from '../../core/words.ts';

type Value = ReportSection['rows'][number][string];

/** Pictographs that are joined to one: what joins them is invisible elsewhere, and here part of a picture. */
const PICTURES =
  /\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*(?:\u200D\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*)+/gu;

/** The text with whatever moves, turns or hides text made visible, and emoji as they are. */
export function plainText(text: string): string {
  let out = '';
  let at = 0;
  for (const match of text.matchAll(PICTURES)) {
    out += visible(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return out + visible(text.slice(at));
}

/** Letters that are written from right to left, and so may turn what stands beside them. */
export const isRightToLeft = (text: string): boolean =>
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text);

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param iso UTC; @returns `2026-10-19 13:05` in a zone */
export function timeText(iso: string, zone: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    formats.set(zone, format);
  }
  return format.format(date);
}

/** What stood in the place of an address, where it was none, is told in its place. */
export function valueIn(row: ReportSection['rows'][number], { name }: ReportColumn): Value | undefined {
  const value = row[name];
  return name === 'source_ip' && value === '' ? row.source_host : value;
}

export function cellText(value: Value | undefined, column: ReportColumn, zone: string): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (column.kind === 'time' && typeof value === 'string') return timeText(value, zone);
  if (column.kind === 'number' && column.name !== 'asn') return numberText(Number(value), column.unit);
  if (column.name === 'asn' && Number(value) === 0) return '';
  return plainText(readableText(value as string));
}

export function numberText(value: number, unit: string | null): string {
  const scale = unit === 'days' ? undefined : scaleOf(unit ?? undefined);
  return scale === undefined ? grouped(value) : humanNumber(value, scale);
}

export interface Shown {
  readonly columns: readonly ReportColumn[];
  readonly rows: ReportSection['rows'];
  /** Says that there are more rows than these. */
  readonly note: string | undefined;
}

const isNothing = (value: Value | undefined, { name }: ReportColumn): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (name === 'asn' && value === 0) ||
  (Array.isArray(value) && value.length === 0);

/** The first rows, and the columns that say something in one of them. */
export function shownOf(section: ReportSection, rowsMax: number): Shown {
  const rows = section.rows.slice(0, rowsMax);
  const columns = section.shown
    .flatMap((name) => section.columns.filter((column) => column.name === name))
    .filter((column, at) => at === 0 || rows.some((row) => !isNothing(valueIn(row, column), column)));
  const held = section.rows_note === null ? 'all of them' : grouped(section.rows.length);
  const isCut = section.rows_total > rows.length;
  const note = isCut
    ? `The first ${grouped(rows.length)} of ${grouped(section.rows_total)} rows; CSV, XLSX and JSON hold ${held}.`
    : undefined;
  return { columns, rows, note };
}

/** How a number of a row changed: `+12`, `-3`, `new`; nothing where it did not, or is not compared. */
export function changeText(section: ReportSection, at: number, column: ReportColumn): string {
  const before = section.changes?.before[at];
  if (before === undefined) return '';
  if (before === null) return '';
  const was = before[column.name];
  const now = Number(section.rows[at]?.[column.name] ?? 0);
  if (was === undefined || was === null || was === now) return '';
  return now > was ? `+${numberText(now - was, column.unit)}` : `−${numberText(was - now, column.unit)}`;
}

export const isNewRow = (section: ReportSection, at: number): boolean =>
  section.changes !== null &&
  section.changes.by.length > 0 &&
  section.changes.before[at] === null &&
  hasEarlier(section);

/** Against nothing, everything would be new. */
export function hasEarlier({ changes }: ReportSection): boolean {
  if (changes === null) return false;
  return (
    changes.gone_total > 0 ||
    changes.before.some((one) => one !== null) ||
    changes.deltas.some(({ before }) => before > 0)
  );
}

/** What is gone, as texts of the columns that say what a row is of. */
export function goneTexts(section: ReportSection, most: number): string[] {
  const { changes } = section;
  if (changes === null) return [];
  return changes.gone.slice(0, most).map((row) =>
    changes.by
      .filter((name) => name !== 'account_id' || changes.by.length === 1)
      .map((name) => plainText(readableText((row[name] ?? null) as string)))
      .filter((text) => text !== '' && text !== '0')
      .join(' · '),
  );
}

export function periodText({ period }: ReportDocument): string {
  return `${timeText(period.from, period.zone)} → ${timeText(period.to, period.zone)} ${period.zone}`;
}

export function scopeText({ scope }: ReportDocument): string {
  const parts = [
    scope.account === null ? '' : `account ${plainText(scope.account)}`,
    scope.owner === null ? '' : `keys of ${plainText(scope.owner)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export const titleOf = (document: ReportDocument): string => `${document.title} · ${document.period.name}`;

/** Of the files of a report, without an ending. */
export function fileName({ kind, period, scope }: ReportDocument): string {
  const parts = [kind, period.name, scope.account ?? '', scope.owner ?? ''].filter((part) => part !== '');
  return parts.map((part) => part.replace(/[^A-Za-z0-9.@-]+/g, '_').slice(0, 80)).join('-');
}
