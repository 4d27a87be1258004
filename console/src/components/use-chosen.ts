/** Rows that somebody chose to do something with. What is chosen stays so while other rows are looked at. */
import { useState } from 'preact/hooks';

export interface Chosen<Row> {
  readonly rows: readonly Row[];
  readonly has: (row: Row) => boolean;
  /** Chooses a row, or leaves it out again. */
  readonly turn: (row: Row | undefined) => void;
  readonly clear: () => void;
}

export function useChosen<Row>(nameOf: (row: Row) => string): Chosen<Row> {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  return {
    rows: [...chosen.values()],
    has: (row) => chosen.has(nameOf(row)),
    turn: (row) => {
      if (row === undefined) return;
      const next = new Map(chosen);
      if (!next.delete(nameOf(row))) next.set(nameOf(row), row);
      setChosen(next);
    },
    clear: () => setChosen(new Map()),
  };
}
