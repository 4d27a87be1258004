/** A table of things that fit a page: sorted by a click, with bars in the cells of numbers that are to be compared. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatNumber } from '../state/number.ts';
import { Button } from './button.tsx';
import { firstOf } from './first-of.ts';

export interface Column<Row> {
  readonly name: string;
  readonly title: ComponentChildren;
  readonly isNumber?: boolean;
  /** Drawn behind the number, as a share of the greatest of the column. */
  readonly hasBar?: boolean;
  /** Long text that may take several lines. */
  readonly isWrapped?: boolean;
  /** What it is sorted by; absent: by its value under `name`. `false`: it cannot be sorted. */
  readonly sortBy?: ((row: Row) => string | number) | false;
  /** Absent: the value under `name`. */
  readonly cell?: (row: Row) => ComponentChildren;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Stands where there are no rows. */
  readonly empty?: ComponentChildren;
  readonly selected?: number;
  /** Of more rows the first are shown, in the order that they are sorted by. */
  readonly rowsMax?: number;
  /** So many are drawn first, and the others once somebody asks for them. */
  readonly rowsFirst?: number;
  /** Rows that are drawn in any case. */
  readonly isWanted?: (row: Row) => boolean;
}

interface Sorting {
  readonly name: string;
  readonly isDown: boolean;
}

export function Table<Row extends object>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, empty, selected, rowsMax } = props;
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined);
  const [isWhole, setWhole] = useState(false);
  const sorted = sortedBy(rows, columns, sorting).slice(0, rowsMax);
  const drawn = isWhole ? sorted : firstOf(sorted, props.rowsFirst, props.isWanted);
  const greatest = new Map(
    columns
      .filter(({ hasBar }) => hasBar)
      .map(({ name }) => [name, Math.max(1, ...rows.map((row) => number(row, name)))]),
  );
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  const sort = ({ name, isNumber = false }: Column<Row>): void =>
    setSorting(sorting?.name === name ? { name, isDown: !sorting.isDown } : { name, isDown: isNumber });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well.
    <div class="table-wrap" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                class={column.isNumber ? 'number' : undefined}
                aria-sort={sorting?.name === column.name ? (sorting.isDown ? 'descending' : 'ascending') : undefined}
              >
                {column.sortBy === false ? (
                  column.title
                ) : (
                  <button type="button" onClick={() => sort(column)}>
                    {column.title}
                    {sorting?.name === column.name && <span aria-hidden="true"> {sorting.isDown ? '↓' : '↑'}</span>}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn.map((row, at) => (
            <tr key={keyOf(row)} aria-selected={selected === at || undefined}>
              {columns.map((column) => (
                <td key={column.name} class={column.isNumber ? 'number' : column.isWrapped ? 'wrap' : undefined}>
                  <Cell row={row} column={column} greatest={greatest.get(column.name)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {drawn.length < sorted.length && (
        <p class="table-more">
          <Button onClick={() => setWhole(true)}>Show all {formatNumber(sorted.length)}</Button>
        </p>
      )}
    </div>
  );
}

function Cell<Row extends object>(props: { row: Row; column: Column<Row>; greatest: number | undefined }) {
  const { row, column, greatest } = props;
  const raw = (row as Record<string, unknown>)[column.name];
  const shown = column.cell?.(row) ?? (typeof raw === 'number' ? formatNumber(raw) : String(raw ?? ''));
  if (greatest === undefined) return <>{shown}</>;
  return (
    <span class="cell-bar">
      <i style={{ width: `${(number(row, column.name) / greatest) * 100}%` }} />
      <b>{shown}</b>
    </span>
  );
}

function number(row: object, name: string): number {
  const value = Number((row as Record<string, unknown>)[name]);
  return Number.isFinite(value) ? value : 0;
}

function sortedBy<Row extends object>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  const column = columns.find(({ name }) => name === sorting?.name);
  if (sorting === undefined || column === undefined) return rows;
  const { sortBy } = column;
  const keyOf = (row: Row): string | number => {
    if (typeof sortBy === 'function') return sortBy(row);
    const value = (row as Record<string, unknown>)[sorting.name];
    return typeof value === 'number' ? value : String(value ?? '');
  };
  const sign = sorting.isDown ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
  });
}
