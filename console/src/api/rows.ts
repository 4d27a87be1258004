/** Rows of a statement of the program: their shape is the statement's, and told where they are asked for. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
}
