/** Draws an answer in a terminal: bars for names, columns over time for times. */
import type { QuestionChart } from '../../../schemas/questions.ts';
import { UserError } from '../../core/errors.ts';
import { CHART_COLUMNS_DEFAULT, CHART_COLUMNS_MIN } from '../../core/limits.ts';
import type { Answer, AnswerColumn } from '../answer.ts';
import { barLines } from './chart-bars.ts';
import type { Drawing } from './chart-drawing.ts';
import { timeLines } from './chart-time.ts';
import type { FormatOptions } from './formats.ts';
import { scaleOf } from './human.ts';

/**
 * @param answer its times in UTC: they are places on an axis before they are texts
 * @throws UserError CHART_IMPOSSIBLE when the answer has not the columns that the chart names; CHART_TOO_LARGE
 */
export async function* formatChart(
  answer: Answer,
  chart: QuestionChart,
  options: FormatOptions,
): AsyncIterable<string> {
  const drawing = drawingOf(answer.columns, chart, options);
  const overTime = answer.columns[drawing.x]?.kind === 'time' && chart.kind !== 'bar';
  const lines = overTime
    ? await timeLines(answer.rows, drawing, chart.kind === 'scatter')
    : await barLines(answer.rows, drawing);
  if (lines.length === 0) yield 'no rows\n';
  for (const line of lines) yield `${line.trimEnd()}\n`;
}

function drawingOf(columns: readonly AnswerColumn[], chart: QuestionChart, options: FormatOptions): Drawing {
  const place = (name: string): number => {
    const found = columns.findIndex((column) => column.name === name);
    if (found < 0) throw impossible(name, columns.map((column) => column.name).join(', '));
    return found;
  };
  const y = place(chart.y);
  if (columns[y]?.kind !== 'number') throw impossible(`${chart.y} of type ${columns[y]?.type}`, 'a column of numbers');
  const { x, by } = chart;
  return {
    columns,
    x: place(x),
    y,
    by: by === undefined ? undefined : place(by),
    scale: scaleOf(columns[y].unit),
    width: Math.max(CHART_COLUMNS_MIN, options.width ?? CHART_COLUMNS_DEFAULT),
    color: options.color === true,
    local: options.local === true,
    title: `${chart.y} by ${x}${by === undefined ? '' : ` and ${by}`}`,
  };
}

function impossible(got: string, expected: string): UserError {
  return new UserError('CHART_IMPOSSIBLE', 'the answer cannot be drawn as its question says', {
    got,
    expected,
    next: 'correct the chart in the front matter of the question, or ask without --chart',
  });
}
