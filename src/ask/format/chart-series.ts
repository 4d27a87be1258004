/** The series of a chart: the values of the column that parts it, of which only a few can be told apart. */
import { UserError } from '../../core/errors.ts';
import { CHART_POINTS_MAX, CHART_SERIES_ENTRIES_MAX } from '../../core/limits.ts';
import type { Cell } from '../answer.ts';
import type { Ink } from './chart-ink.ts';
import type { Scale } from './human.ts';
import { cutTo, readableText, shortTime, textWidth, visible } from './text.ts';

/** What stands at one place of the axis, by series. */
export type Stack = Map<string, number>;

/** For a reader: nothing is invisible, and nothing is empty. */
export function labelOf(cell: Cell): string {
  const text = visible(shortTime(readableText(cell)));
  return text === '' ? '(none)' : text;
}

/** @returns `undefined` where there is no number */
export function numberOf(cell: Cell): number | undefined {
  if (cell === null || cell === '') return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Two rows at one place and of one series: what is counted adds up; of shares and durations, which would not mean
 * anything together, the greater one stands.
 */
export function addTo(stack: Stack, series: string, value: number, scale: Scale | undefined): void {
  const before = stack.get(series);
  const adds = scale === undefined || scale.kind === 'bytes';
  stack.set(series, before === undefined ? value : adds ? before + value : Math.max(before, value));
}

/** Without the last digits, which are not those of the numbers but of their addition: three thirds are one. */
export const sumOf = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return Number.isInteger(sum) ? sum : Number(sum.toPrecision(12));
};

/** What of a stack lies above zero, or below it, as numbers that are not below zero. */
export const sideOf = (values: readonly number[], sign: 1 | -1): number[] =>
  values.map((value) => Math.max(0, value * sign));

export interface Series {
  readonly names: readonly string[];
  /** The values of a stack in the order of the names; what has no name of its own is in the last. */
  valuesOf(stack: Stack): number[];
}

/** The series with the most in all stacks; where there are too many, the smallest ones are one. */
export function seriesOf(stacks: Iterable<Stack>): Series {
  const totals = new Map<string, number>();
  for (const stack of stacks) {
    for (const [name, value] of stack) totals.set(name, (totals.get(name) ?? 0) + Math.abs(value));
  }
  const ranked = [...totals].sort(([, one], [, other]) => other - one).map(([name]) => name);
  const rest = ranked.length > CHART_SERIES_ENTRIES_MAX ? ranked.length - CHART_SERIES_ENTRIES_MAX + 1 : 0;
  const own = ranked.slice(0, ranked.length - rest);
  return {
    names: rest === 0 ? own : [...own, `${rest} others`],
    valuesOf: (stack) => {
      const values = own.map((name) => stack.get(name) ?? 0);
      if (rest === 0) return values;
      const others = [...stack].filter(([name]) => !own.includes(name)).map(([, value]) => value);
      return [...values, sumOf(others)];
    },
  };
}

/** What each glyph or colour stands for, in as many lines as it takes. */
export function legendLines(series: Series, ink: Ink, glyphs: 'dots' | 'blocks', width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const [index, name] of series.names.entries()) {
    const text = cutTo(name, width - 2);
    const needed = textWidth(text) + 2;
    if (taken > 0 && taken + 3 + needed > width) {
      lines.push(line);
      [line, taken] = ['', 0];
    }
    const sign = glyphs === 'dots' ? ink.dot(index) : ink.cell({ series: index, eighths: 8 }, 'right');
    line += `${taken > 0 ? '   ' : ''}${sign} ${text}`;
    taken += (taken > 0 ? 3 : 0) + needed;
  }
  return [...lines, line];
}

export function tooManyPoints(): UserError {
  return new UserError('CHART_TOO_LARGE', 'the answer has too much to draw', {
    expected: `at most ${CHART_POINTS_MAX} points`,
    next: 'ask about a shorter time (--from, --to), or without --chart',
  });
}
