/** Charts of a report as SVG inside the page: no script, a name for those who do not see them, a table behind each. */
import type { ReportDocument, ReportSection } from '../../../schemas/reports.ts';
import { grouped } from '../../core/words.ts';
import { type Heat, heatOf, type Stack, seriesNames, seriesTotals, valuesOf, withEveryDay } from './drawing.ts';
import { element, escapeHtml, textHtml } from './markup.ts';
import { plainText } from './readable.ts';

const WIDTH = 1072;
const LEFT = 64;
const RIGHT = 8;
const SERIES_MAX = 6;
const BARS_MAX = 12;
const DAY = /^\d{4}-\d\d-\d\d$/;

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/** On a narrow screen a drawing is moved sideways, with the keyboard as well. */
const figure = (content: string): string => element('figure', { tabindex: 0 }, content);

const swatch = (colour = 0): string => element('rect', { class: `s${colour}`, width: 10, height: 10, rx: 2 });

function part(colour = 0, x = 0, y = 0, width = 0, height = 0): string {
  const place = { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
  return element('rect', { class: `s${colour}`, ...place });
}

function svg(name: string, height: number, body: string): string {
  return element('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': name }, body);
}

/** Words whose colour says the same everywhere; whatever else there is takes those that are left, in order. */
const FIXED: Readonly<Record<string, number>> = {
  ...{ done: 0, failed: 1, refused: 4, unknown: 5, delete: 4, restrict: 1, keep: 2 },
};

/** @returns for each series the number of its colour */
function coloursOf(names: readonly string[], rest: number): number[] {
  if (names.length > 0 && names.every((name) => name in FIXED)) return names.map((name) => FIXED[name] ?? 0);
  return [...names.keys(), ...(rest === 0 ? [] : [SERIES_MAX - 1])];
}

const nameOf = (series: string): string => (series === '' ? '(none)' : plainText(series));

function legend(names: readonly string[], rest: number): string {
  const all = [...names.map(nameOf), ...(rest === 0 ? [] : [`${rest} others`])];
  if (all.length < 2) return '';
  const colours = coloursOf(names, rest);
  const items = all.map(
    (name, at) => `<li><svg viewBox="0 0 10 10" aria-hidden="true">${swatch(colours[at])}</svg>${textHtml(name)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

/** A number that is round, and not below the greatest one. */
function niceTop(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 2, 2.5, 5, 10].map((step) => step * unit).find((top) => top >= most) ?? most;
}

/** Days as columns, stacked; a day without a request has its place. */
export function seriesChart(section: ReportSection, { period }: ReportDocument): string {
  const told = seriesTotals(section);
  const isDays = told.every(({ x }) => DAY.test(x));
  const stacks = isDays ? withEveryDay(told, firstDay(period), lastDay(period)) : told;
  const { names, rest } = seriesNames(stacks, SERIES_MAX);
  const [height, top, bottom] = [240, 12, 206];
  const most = niceTop(Math.max(1, ...stacks.map(({ sum }) => sum)));
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, stacks.length);
  const yOf = (value: number): number => bottom - (value / most) * (bottom - top);
  const grid = [0, 0.25, 0.5, 0.75, 1]
    .filter((part) => most >= 4 || part === 0 || part === 1)
    .map((part) => {
      const y = rounded(yOf(part * most));
      const kind = part === 0 ? 'axis' : 'grid';
      const line = element('line', { class: kind, x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y });
      return line + element('text', { x: LEFT - 8, y, dy: 4, 'text-anchor': 'end' }, grouped(part * most));
    });
  const width = Math.max(1, Math.min(step * 0.72, 72));
  const columns = stacks.map((stack, at) =>
    column(stack, names, rest, LEFT + step * at + (step - width) / 2, width, yOf),
  );
  const every = Math.ceil(stacks.length / Math.floor((WIDTH - LEFT) / (isDays ? 92 : 120)));
  const labels = stacks.flatMap(({ x }, at) =>
    at % every === 0
      ? [
          element(
            'text',
            { x: rounded(LEFT + step * (at + 0.5)), y: bottom + 20, 'text-anchor': 'middle' },
            escapeHtml(isDays ? dayLabel(x) : plainText(x)),
          ),
        ]
      : [],
  );
  const name = `${section.title}: ${section.sentence}`;
  return figure(legend(names, rest) + svg(name, height, [...grid, ...columns, ...labels].join('')));
}

const dayLabel = (day: string): string =>
  new Date(`${day}T00:00Z`).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });

function localDay(iso: string, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(iso));
}
const firstDay = ({ from, zone }: ReportDocument['period']): string => localDay(from, zone);
const lastDay = ({ to, zone }: ReportDocument['period']): string =>
  localDay(new Date(Date.parse(to) - 1).toISOString(), zone);

function column(
  stack: Stack,
  names: readonly string[],
  rest: number,
  x: number,
  width: number,
  yOf: (value: number) => number,
): string {
  let below = 0;
  const colours = coloursOf(names, rest);
  const parts = valuesOf(stack, names, rest).map((value, at) => {
    if (value === 0) return '';
    const [from, to] = [yOf(below), yOf(below + value)];
    below += value;
    return part(colours[at], x, to, width, Math.max(0.8, from - to));
  });
  return `<g><title>${escapeHtml(`${plainText(stack.x)}: ${grouped(stack.sum)}`)}</title>${parts.join('')}</g>`;
}

/** Names with a bar each, parted by series; the greatest first. */
export function stackedBars(section: ReportSection): string {
  const stacks = seriesTotals(section).sort((one, other) => other.sum - one.sum);
  const shown = stacks.slice(0, BARS_MAX);
  const { names, rest } = seriesNames(shown, SERIES_MAX);
  const most = Math.max(1, ...shown.map(({ sum }) => sum));
  const colours = coloursOf(names, rest);
  const [line, label, beside] = [26, 250, 90];
  const rows = shown.map((stack, at) => {
    const y = at * line;
    let x = label;
    const scale = (WIDTH - label - beside) / most;
    const parts = valuesOf(stack, names, rest).map((value, series) => {
      if (value === 0) return '';
      const width = Math.max(1, value * scale);
      const rect = part(colours[series], x, y + 6, width, 14);
      x += width;
      return rect;
    });
    const name = nameOf(stack.x);
    const short = name.length > 34 ? `${[...name].slice(0, 33).join('')}…` : name;
    const title = element('title', {}, escapeHtml(`${name}: ${grouped(stack.sum)}`));
    const place = { class: 'strong', x: label - 10, y: y + 17, 'text-anchor': 'end' };
    const sum = element('text', { x: rounded(x + 8), y: y + 17 }, grouped(stack.sum));
    return element('g', {}, title + element('text', place, escapeHtml(short)) + parts.join('') + sum);
  });
  const left = stacks.length - shown.length;
  const note = left > 0 ? `<p class="note">The ${BARS_MAX} greatest of ${grouped(stacks.length)} are drawn.</p>` : '';
  const height = shown.length * line + 4;
  return figure(legend(names, rest) + svg(`${section.title}: ${section.sentence}`, height, rows.join(''))) + note;
}

/** Weekdays by hours; the more, the stronger. */
export function heatMap(section: ReportSection): string {
  const heat = heatOf(section);
  const [left, top, cell, gap] = [44, 20, 42.6, 2];
  const hours = Array.from({ length: 24 }, (_, hour) =>
    hour % 3 === 0 ? `<text x="${rounded(left + hour * cell)}" y="13">${String(hour).padStart(2, '0')}</text>` : '',
  );
  const rows = heat.rows.map(({ label, cells }, day) => {
    const y = top + day * 26;
    const boxes = cells.map((count, hour) => box(heat, count, label, hour, left + hour * cell, y, cell - gap));
    return `<text class="strong" x="0" y="${y + 16}">${label}</text>${boxes.join('')}`;
  });
  return figure(svg(`${section.title}: ${section.sentence}`, top + 7 * 26 + 2, [...hours, ...rows].join('')));
}

function box({ most }: Heat, count: number, label: string, hour: number, x: number, y: number, width: number): string {
  const place = `x="${rounded(x)}" y="${y}" width="${rounded(width)}" height="24" rx="3"`;
  if (count === 0) return `<rect class="zero" ${place}/>`;
  const strength = 0.14 + 0.86 * Math.sqrt(count / most);
  const title = `${label} ${String(hour).padStart(2, '0')}: ${grouped(count)}`;
  return `<rect ${place} style="fill:rgb(var(--heat) / ${strength.toFixed(2)})"><title>${title}</title></rect>`;
}

/** A bar inside a cell of a table. */
export function cellBar(share: number): string {
  const width = Math.max(share > 0 ? 0.6 : 0, share * 100);
  const bar = element('rect', { class: 's0', width: rounded(width), height: 12, rx: 1 });
  return element('svg', { viewBox: '0 0 100 12', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, bar);
}
