/** Rows of an answer, whatever its columns are; of many rows some at first. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatNumber } from '../state/number.ts';
import { Button } from './button.tsx';
import { Cell, type CellColumn, isNumberType } from './cell.tsx';
import { fieldName } from './entities.ts';
import { type Column, Table } from './table.tsx';

export type AnswerRow = Readonly<Record<string, unknown>>;

const FIRST_ROWS = 200;
const MORE_ROWS = 1_000;
/** Units without which a number says nothing; of others the column's name says enough. */
const MEASURES = /^(?:second|minute|hour|day|byte|km|kilomet)/;
/** Columns of sentences and lists take several lines. */
const WRAPPED = /description|summary|detail|reason|question|note|entity|text|got|Array|proposal|user_agent|path/i;

export function AnswerTable(props: {
  readonly label: string;
  readonly columns: readonly (CellColumn & { readonly description?: string | null })[];
  readonly rows: readonly AnswerRow[];
  readonly empty?: ComponentChildren;
}) {
  const { label, columns, rows, empty } = props;
  const [count, setCount] = useState(FIRST_ROWS);
  const numbered = rows.map((row, at) => ({ ...row, ' at': String(at) }));
  return (
    <>
      <Table<AnswerRow>
        label={label}
        rows={numbered}
        rowsMax={count}
        keyOf={(row) => String(row[' at'])}
        empty={empty}
        columns={columns.map((column) => columnOf(column))}
      />
      {rows.length > count && (
        <div class="row" style={{ padding: '8px 12px' }}>
          <span class="muted small">
            {formatNumber(count)} of {formatNumber(rows.length)} rows are shown
          </span>
          <Button onClick={() => setCount(count + MORE_ROWS)}>More</Button>
        </div>
      )}
    </>
  );
}

function columnOf(column: CellColumn & { readonly description?: string | null }): Column<AnswerRow> {
  const { name, type, unit, description } = column;
  const isNumber = isNumberType(type);
  const title = fieldName(name);
  const hint = [unit ?? '', description ?? ''].filter((text) => text !== '').join(': ');
  return {
    name,
    title: (
      <span title={hint}>
        {title}
        {MEASURES.test(unit ?? '') && !title.includes(unit ?? '') && <span class="small"> ({unit})</span>}
      </span>
    ),
    isNumber,
    hasBar: isNumber && unit !== null && unit !== undefined && /request|event|letter|record|failure/.test(unit),
    isWrapped: WRAPPED.test(name) || WRAPPED.test(type),
    cell: (row) => (
      <Cell
        column={column}
        value={row[name]}
        account={row.account_id === undefined ? undefined : String(row.account_id)}
      />
    ),
  };
}
