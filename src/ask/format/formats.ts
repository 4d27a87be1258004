/** The formats of answers, and what each is given to write with. */
import type { Answer } from '../answer.ts';

export const ANSWER_FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

export interface FormatOptions {
  /** Emphasis and colours with terminal codes; only for a terminal. */
  readonly color?: boolean;
  /** Columns of the terminal; without it a table is as wide as its cells. */
  readonly width?: number;
  /** Times in the machine's zone instead of UTC. */
  readonly local?: boolean;
}

/** The text of an answer, in pieces that end with a line. */
export type FormatAnswer = (answer: Answer, options: FormatOptions) => AsyncIterable<string>;
