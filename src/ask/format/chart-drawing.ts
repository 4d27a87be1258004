import type { AnswerColumn } from '../answer.ts';
import type { Scale } from './human.ts';

/** Where the three columns of a chart stand in a row, and how it is drawn. */
export interface Drawing {
  readonly columns: readonly AnswerColumn[];
  readonly x: number;
  readonly y: number;
  readonly by: number | undefined;
  readonly scale: Scale | undefined;
  readonly width: number;
  readonly color: boolean;
  readonly local: boolean;
  readonly title: string;
}
