/** An answer on its way from the store to a person: its columns, and its rows as they arrive. */

/** What a cell holds once it is ready for a reader; nested where the column is an array, a map or a tuple. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [name: string]: Cell };

/** `time`: ISO 8601 UTC text; `number` is still text where it is not below 2^53. */
export type CellKind = 'text' | 'number' | 'time' | 'other';

export interface AnswerColumn {
  readonly name: string;
  /** ClickHouse's name of the type. */
  readonly type: string;
  readonly kind: CellKind;
  readonly unit?: string;
  readonly description?: string;
}

export interface Answer {
  readonly columns: readonly AnswerColumn[];
  /** Can be read once; rejects when the store fails after the first rows. */
  readonly rows: AsyncIterable<readonly Cell[]>;
}
