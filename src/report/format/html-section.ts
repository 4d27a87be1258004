/** One section of a report in HTML. */
import type { ReportColumn, ReportDelta, ReportDocument, ReportSection } from '../../../schemas/reports.ts';
import { REPORT_SHOWN_ROWS_MAX } from '../../core/limits.ts';
import { shareOf } from './drawing.ts';
import { element, escapeHtml, textHtml } from './markup.ts';
import {
  cellText,
  changeText,
  goneTexts,
  hasEarlier,
  isNewRow,
  numberText,
  plainText,
  shownOf,
  timeText,
  valueIn,
} from './readable.ts';
import { cellBar, heatMap, seriesChart, stackedBars } from './svg.ts';

const GONE_SHOWN = 24;

export function sectionHtml(section: ReportSection, document: ReportDocument): string {
  const { id, title, sentence, error } = section;
  return [
    `<section id="${id}" aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title">${textHtml(title)}</h2>`,
    error === null && sentence === document.summary
      ? ''
      : error === null
        ? `<p${section.rows.length === 0 ? ' class="empty"' : ''}>${textHtml(sentence)}</p>`
        : `<p class="error" role="alert"><span class="mark bad">■ No answer.</span> ${textHtml(error.message)} <code>${escapeHtml(error.code)}</code></p>`,
    ...(section.rows.length === 0 ? [] : drawn(section, document)),
    changesHtml(section),
    howHtml(section),
    '</section>',
  ].join('\n');
}

const howHtml = ({ id, question, command }: ReportSection): string =>
  element(
    'p',
    { class: 'how', id: `${id}-how` },
    `Question <b>${escapeHtml(question)}</b>: <code>${textHtml(command)}</code>`,
  );

function drawn(section: ReportSection, document: ReportDocument): string[] {
  const { zone } = document.period;
  switch (section.shown_as) {
    case 'figures':
      return [figures(section, zone)];
    case 'series':
      return [seriesChart(section, document), behind(tableHtml(section, zone))];
    case 'heat-map':
      return [heatMap(section), behind(tableHtml(section, zone))];
    case 'bar':
      return section.chart?.by == null
        ? [tableHtml(section, zone)]
        : [stackedBars(section), stacksTable(section, document)];
    case 'table':
      return [tableHtml(section, zone)];
  }
}

/** Where another section shows the rows of the same answer, this one shows what they add up to. */
function stacksTable(section: ReportSection, { sections, period }: ReportDocument): string {
  const table = tableHtml(section, period.zone);
  const isShown = sections.some((other) => other.command === section.command && other.shown_as === 'table');
  return isShown ? behind(table) : `<div class="below">${table}</div>`;
}

const behind = (table: string): string => `<details><summary>As a table</summary>${table}</details>`;

function figures(section: ReportSection, zone: string): string {
  const [row = {}] = section.rows;
  const items = section.columns
    .filter(({ name }) => section.shown.includes(name))
    .map((column) => {
      const delta = section.changes?.deltas.find((one) => one.column === column.name);
      const text = cellText(row[column.name], column, zone) || '–';
      const small = column.kind === 'number' ? '' : ' small';
      const value = `<span class="value${small}">${textHtml(text)}</span>`;
      const title = column.description === null ? '' : ` title="${escapeHtml(column.description)}"`;
      const label = `<span class="label">${textHtml(column.label)}</span>`;
      return `<li><a href="#${section.id}-how"${title}>${label}${value}${deltaHtml(delta, section)}</a></li>`;
    });
  return `<ul class="figures">${items.join('')}</ul>`;
}

/** A sign, and a word for who does not see it: more is neither good nor bad by itself. */
function deltaHtml(delta: ReportDelta | undefined, section: ReportSection): string {
  if (delta === undefined || !hasEarlier(section)) return '';
  if (delta.direction === 'same') return '<span class="delta">= the same</span>';
  const sign = delta.direction === 'up' ? '▲' : '▼';
  const from = `from ${numberText(delta.before, delta.unit)}`;
  return `<span class="delta"><span aria-hidden="true">${sign}</span> <span class="hidden">${delta.direction} </span>${from}</span>`;
}

function tableHtml(section: ReportSection, zone: string): string {
  const { columns, rows, note } = shownOf(section, REPORT_SHOWN_ROWS_MAX);
  const bar = section.shown_as === 'bar' && section.chart?.by === null ? (section.chart.y ?? undefined) : undefined;
  const heads = columns.map((column) => {
    const title = column.description === null ? '' : ` title="${escapeHtml(column.description)}"`;
    const beside = column.name === bar ? '<th class="bar" aria-hidden="true"></th>' : '';
    return `<th scope="col" class="${kindOf(column)}"${title}>${textHtml(column.label)}</th>${beside}`;
  });
  const lines = rows.map((row, at) => {
    const cells = columns.map((column, place) => {
      const own = cellHtml(section, at, column, zone);
      const text = place === 0 ? (own === '' ? NONE : own) + (isNewRow(section, at) ? NEW : '') : own;
      const tag = place === 0 ? `th scope="row"` : 'td';
      const beside = column.name === bar ? `<td class="bar">${cellBar(shareOf(section, bar, row))}</td>` : '';
      const end = place === 0 ? 'th' : 'td';
      return `<${tag} class="${kindOf(column)}${widthOf(row[column.name])}">${text}</${end}>${beside}`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const name = escapeHtml(section.title);
  return [
    `<div class="${classesOf(rows.length, columns.length)}" tabindex="0" role="region" aria-label="${name}, as a table">`,
    '<table>',
    `<caption class="hidden">${name}: ${textHtml(section.sentence)}</caption>`,
    `<thead><tr>${heads.join('')}</tr></thead>`,
    `<tbody>\n${lines.join('\n')}\n</tbody></table></div>`,
    note === undefined ? '' : `<p class="note">${escapeHtml(note)}</p>`,
  ].join('\n');
}

function classesOf(rows: number, columns: number): string {
  return ['scroll', rows <= FEW_ROWS ? 'few' : '', columns > MANY_COLUMNS ? 'many' : ''].filter(Boolean).join(' ');
}

/** A short text stays on its line; a word that is wider than a column should be may be broken anywhere. */
function widthOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (/\S{37,}/.test(value)) return ' token';
  return value.length <= SHORT_CHARS ? ' short' : '';
}
const SHORT_CHARS = 26;
const FEW_ROWS = 14;
const MANY_COLUMNS = 9;

const NONE = '<span class="none">(none)</span>';
const NEW = '<span class="tag new">new</span>';
const MONO = new Set([
  'source_ip',
  'used_source_ips',
  'last_source_ip',
  'entry',
  'tightest',
  'allow_list',
  'event_id',
  'id',
  'key_id',
]);
const LONG = new Set(['summary', 'allow_list', 'used_source_ips', 'note', 'user_agent', 'action']);

function kindOf({ name, kind }: ReportColumn): string {
  if (kind === 'number' || kind === 'time') return kind;
  return ['text', MONO.has(name) ? 'mono' : '', LONG.has(name) ? 'long' : ''].filter(Boolean).join(' ');
}

/** Words that a reader looks for, with a sign each, so that they are told apart without colour. */
const TAGS: Readonly<Record<string, readonly [kind: string, sign: string]>> = {
  delete: ['bad', '■'],
  restrict: ['warn', '▲'],
  keep: ['good', '●'],
  critical: ['bad', '■'],
  high: ['bad', '▲'],
  medium: ['warn', '▲'],
  'allowed-but-should-be-denied': ['bad', '▲'],
  'denied-but-should-be-allowed': ['warn', '▽'],
  failure: ['warn', '■'],
};
const TAGGED = new Set(['proposal', 'severity', 'verdict', 'outcome']);

function cellHtml(section: ReportSection, at: number, column: ReportColumn, zone: string): string {
  const value = valueIn(section.rows[at] ?? {}, column);
  const tag = TAGGED.has(column.name) ? TAGS[String(value)] : undefined;
  const text = cellText(value, column, zone);
  if (tag !== undefined) return `<span class="tag ${tag[0]}">${tag[1]} ${textHtml(text)}</span>`;
  if (column.kind === 'time' && typeof value === 'string' && value !== '') {
    return `<time datetime="${escapeHtml(value)}">${escapeHtml(timeText(value, zone))}</time>`;
  }
  const change = changeText(section, at, column);
  const said = change === '' ? '' : ` <span class="delta">${escapeHtml(change)}</span>`;
  return Array.isArray(value)
    ? value.map((one) => textHtml(plainText(String(one)))).join(', ') + said
    : textHtml(text) + said;
}

function changesHtml(section: ReportSection): string {
  const { changes } = section;
  if (changes === null) return '';
  const gone = hasEarlier(section) ? goneTexts(section, GONE_SHOWN) : [];
  const left = changes.gone_total - gone.length;
  const more = left > 0 && gone.length > 0 ? ` and ${numberText(left, null)} more` : '';
  const list = gone.length === 0 ? '' : ` <b>Gone:</b> ${gone.map((text) => textHtml(text)).join(', ')}${more}.`;
  return `<p class="changed">${textHtml(changes.sentence)}${list}</p>`;
}
