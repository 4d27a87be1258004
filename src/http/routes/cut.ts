/** Texts of events may be as long as a record: a list of many needs no more of each than can be seen. */
import { z } from 'zod';
import type { Cell } from '../../ask/answer.ts';

export const CHARS_FIELD = z.coerce
  .number<string>()
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ description: 'Longer texts are cut to so many characters, and end with an ellipsis.' })
  .optional();

type Row = Readonly<Record<string, Cell>>;

/** @param chars `undefined`: nothing is cut */
export function cutTo(chars: number | undefined): (row: Row) => Record<string, Cell> {
  if (chars === undefined) return (row) => row;
  return (row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => {
        const isLong = typeof cell === 'string' && cell.length > chars;
        // Never between the two halves of one character.
        return [name, isLong ? `${cell.slice(0, chars).replace(/[\uD800-\uDBFF]$/, '')}…` : cell];
      }),
    );
}
