/** What charts are drawn with: block characters, and colours where the terminal takes them. */
import { faint, strong } from './text.ts';

/** A part of a line of cells, from the zero line outwards: the series that has most of it, and how much is covered. */
export interface Filled {
  readonly series: number;
  /** 1 to 8. */
  readonly eighths: number;
}

export type Direction = 'up' | 'down' | 'right' | 'left';

export interface Ink {
  /** The eighths that can be told apart: each one, or whole cells only. */
  readonly step: 1 | 8;
  cell(filled: Filled, direction: Direction): string;
  dot(series: number): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** One character for each count of eighths. Down and left, blocks know only halves and a hairline. */
const BLOCKS: Readonly<Record<Direction, string>> = {
  up: ' ▁▂▃▄▅▆▇█',
  right: ' ▏▎▍▌▋▊▉█',
  down: ' ▔▔▀▀▀███',
  left: ' ▕▕▐▐▐███',
};
/** Series without colours are told apart by their shade, in whole cells. */
const SHADES = '█▓▒░▚';
const DOTS = '•+×o*';
const COLORS = [36, 33, 35, 32, 34] as const;

/** @param seriesCount one series needs no shades */
export function inkFor(color: boolean, seriesCount: number): Ink {
  const paint = (text: string, code: number) => (color && text !== ' ' ? `\u001b[${code}m${text}\u001b[39m` : text);
  const colorOf = (series: number) => COLORS[series % COLORS.length] ?? COLORS[0];
  const shaded = !color && seriesCount > 1;
  return {
    step: shaded ? 8 : 1,
    cell: ({ series, eighths }, direction) =>
      shaded ? glyph(SHADES, series) : paint(BLOCKS[direction][eighths] ?? ' ', colorOf(series)),
    dot: (series) => paint(glyph(DOTS, series), colorOf(series)),
    strong: (text) => strong(text, color),
    faint: (text) => faint(text, color),
  };
}

const glyph = (glyphs: string, series: number): string => glyphs[series % glyphs.length] ?? '█';

/**
 * @param values what each series adds, none below zero, in the order in which they are stacked
 * @param perCell what one cell stands for, above zero
 * @param cells how many there are
 * @param step eighths to which the ends are rounded
 * @returns the cells that are covered, and nothing for those beyond; whatever is above zero covers something
 */
export function fill(values: readonly number[], perCell: number, cells: number, step: 1 | 8): Filled[] {
  const ends: number[] = [];
  let total = 0;
  for (const value of values) {
    total += value;
    ends.push(Math.round((Math.min(total / perCell, cells) * 8) / step) * step);
  }
  const covered = ends.at(-1) ?? 0;
  if (covered === 0) {
    return total > 0 && cells > 0 ? [{ series: values.indexOf(Math.max(...values)), eighths: step }] : [];
  }
  return Array.from({ length: Math.ceil(covered / 8) }, (_, cell) => ({
    series: mostOf(ends, cell * 8),
    eighths: Math.min(8, covered - cell * 8),
  }));
}

/** The series that has most of a cell; of several the first. */
function mostOf(ends: readonly number[], start: number): number {
  let most = 0;
  let found = 0;
  for (const [series, end] of ends.entries()) {
    const part = Math.min(start + 8, end) - Math.max(start, ends[series - 1] ?? 0);
    if (part <= most) continue;
    most = part;
    found = series;
  }
  return found;
}
