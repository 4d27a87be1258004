/** A report as Markdown that is also read as it is, in a terminal: short, and with columns under each other. */
import type { ReportDelta, ReportDocument, ReportSection } from '../../../schemas/reports.ts';
import { cutTo, pad, strong, textWidth, wrapped } from '../../ask/readable.ts';
import { REPORT_MARKDOWN_ROWS_MAX } from '../../core/limits.ts';
import { heatOf, seriesTotals, shareOf } from './drawing.ts';
import {
  cellText,
  changeText,
  goneTexts,
  hasEarlier,
  isNewRow,
  isRightToLeft,
  numberText,
  periodText,
  plainText,
  scopeText,
  shownOf,
  timeText,
  titleOf,
  valueIn,
} from './readable.ts';

export interface MarkdownOptions {
  readonly color?: boolean | undefined;
  /** Columns of the terminal. */
  readonly width?: number | undefined;
}

const LINE_COLUMNS = 100;
const BAR_CELLS = 20;
const GONE_SHOWN = 8;
/** Texts are cut to this: the other formats hold them whole. */
const CELL_COLUMNS = 60;

export function markdownOf(document: ReportDocument, options: MarkdownOptions = {}): string {
  const width = Math.min(options.width ?? LINE_COLUMNS, LINE_COLUMNS);
  const prose = (text: string): string => wrapped(escaped(text).split(' '), ' ', width).join('\n');
  const { period, generated_at: made } = document;
  const facts = [
    periodText(document) + (period.is_provisional ? ' (still running: provisional)' : ''),
    scopeText(document),
    `made ${timeText(made, period.zone)}`,
  ].filter((fact) => fact !== '');
  const head = [
    strong(`# ${escaped(titleOf(document))}`, options.color),
    prose(document.summary),
    prose(facts.join(' · ')),
    prose(document.coverage.sentence),
  ];
  const sections = document.is_empty
    ? []
    : document.sections.map((section) => sectionText(section, document, prose, options));
  return `${[...head, ...sections].join('\n\n')}\n`;
}

function sectionText(
  section: ReportSection,
  document: ReportDocument,
  prose: (text: string) => string,
  { color }: MarkdownOptions,
): string {
  const parts = [
    strong(`## ${escaped(section.title)}`, color),
    section.sentence === document.summary ? '' : prose(section.sentence),
    ...(section.error === null ? [] : [prose(`${section.error.code}: ${section.error.message}`)]),
    ...(section.rows.length === 0 ? [] : drawn(section, document.period.zone)),
    ...changesText(section, prose),
    `\`${plainText(section.command)}\``,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function drawn(section: ReportSection, zone: string): string[] {
  switch (section.shown_as) {
    case 'figures':
      return [figures(section, zone)];
    case 'series':
      return [series(section)];
    case 'heat-map':
      return [heatMap(section)];
    default:
      return table(section, zone);
  }
}

function figures(section: ReportSection, zone: string): string {
  const [row = {}] = section.rows;
  const columns = section.columns.filter(({ name }) => section.shown.includes(name));
  const lines = columns.map((column) => {
    const delta = section.changes?.deltas.find((one) => one.column === column.name);
    return [column.label, cellText(row[column.name], column, zone), delta === undefined ? '' : change(delta)];
  });
  const hasChanges = lines.some(([, , said]) => said !== '');
  const heads = ['figure', 'value', 'change'].slice(0, hasChanges ? 3 : 2);
  return aligned(
    heads,
    lines.map((line) => line.slice(0, heads.length)),
    [false, true, false],
  );
}

function change({ direction, now, before, unit }: ReportDelta): string {
  if (direction === 'same') return '';
  return `${direction === 'up' ? '▲' : '▼'} ${direction} from ${numberText(before, unit)}`.concat(
    now === 0 ? ' to none' : '',
  );
}

function table(section: ReportSection, zone: string): string[] {
  const { columns, rows, note } = shownOf(section, REPORT_MARKDOWN_ROWS_MAX);
  const bar = section.shown_as === 'bar' && section.chart?.by === null ? (section.chart.y ?? undefined) : undefined;
  const compared = section.changes?.deltas[0]?.column;
  const first = section.columns.find(({ name }) => name === compared);
  const marks = rows.map((_, at) =>
    isNewRow(section, at) ? 'new' : first === undefined ? '' : changeText(section, at, first),
  );
  const hasMarks = marks.some((mark) => mark !== '');
  const lines = rows.map((row, at) => [
    ...columns.map((column) => cutTo(cellText(valueIn(row, column), column, zone), CELL_COLUMNS)),
    ...(hasMarks ? [marks[at] ?? ''] : []),
    ...(bar === undefined ? [] : ['█'.repeat(Math.round(shareOf(section, bar, row) * BAR_CELLS))]),
  ]);
  const heads = [
    ...columns.map(({ label }) => label),
    ...(hasMarks ? ['+/−'] : []),
    ...(bar === undefined ? [] : ['']),
  ];
  const toRight = [...columns.map(({ kind }) => kind === 'number'), ...(hasMarks ? [true] : [])];
  return [aligned(heads, lines, toRight), note ?? ''];
}

const SPARKS = '▁▂▃▄▅▆▇█';

function series(section: ReportSection): string {
  const totals = seriesTotals(section);
  const most = Math.max(1, ...totals.map(({ sum }) => sum));
  const sparks = totals.map(({ sum }) => SPARKS[Math.min(7, Math.floor((sum / most) * 7.999))] ?? '').join('');
  const [first, last] = [totals[0]?.x ?? '', totals.at(-1)?.x ?? ''];
  const peak = totals.find(({ sum }) => sum === most);
  const top = `most: ${numberText(most, null)} on ${plainText(peak?.x ?? '')}`;
  return `    ${plainText(first)} ${sparks} ${plainText(last)}\n    ${top}`;
}

const SHADES = ' ░▒▓█';

function heatMap(section: ReportSection): string {
  const { rows, most } = heatOf(section);
  const lines = rows.map(({ label, cells }) => {
    const shades = cells.map((count) => SHADES[count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * 4))] ?? ' ');
    return `    ${pad(label, 3, 'right')} ${shades.map((shade) => shade.repeat(2)).join('')}`;
  });
  return [...lines, `        ${'0'.padEnd(12)}${'6'.padEnd(12)}${'12'.padEnd(12)}18`].join('\n');
}

function changesText(section: ReportSection, prose: (text: string) => string): string[] {
  const { changes } = section;
  if (changes === null) return [];
  const gone = goneTexts(section, GONE_SHOWN);
  const left = changes.gone_total - gone.length;
  const more = left > 0 ? `, and ${numberText(left, null)} more` : '';
  const said = hasEarlier(section) && gone.length > 0 ? ` Gone: ${gone.join(', ')}${more}.` : '';
  return [prose(`${changes.sentence}${said}`)];
}

/** What Markdown, or the HTML inside it, would take for more than text; an address of a page would become a link. */
const SPECIAL = /[\\`*[\]<>|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=\/\/)/g;

function escaped(text: string): string {
  const plain = plainText(text)
    .replace(SPECIAL, '\\$&')
    .replace(/\bwww\./gi, (www) => www.replace('.', '\\.'));
  return isRightToLeft(plain) ? `\u2068${plain}\u2069` : plain;
}

/** Marks that isolate a direction take no room. */
const widthOf = (text: string): number => textWidth(text.replace(/[\u2068\u2069]/g, ''));

function aligned(heads: readonly string[], lines: readonly (readonly string[])[], toRight: readonly boolean[]): string {
  const texts = [heads, ...lines].map((line) => line.map(escaped));
  const widths = heads.map((_, at) => Math.max(3, ...texts.map((line) => widthOf(line[at] ?? ''))));
  const cell = (text: string, at: number): string => {
    const room = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text)));
    return toRight[at] === true ? room + text : text + room;
  };
  const rule = widths.map((width, at) => (toRight[at] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [first = [], ...rest] = texts.map((one) => one.map(cell));
  return [line(first), line(rule), ...rest.map(line)].join('\n');
}
