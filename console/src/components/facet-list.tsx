/** Values of a field with their counts: a click keeps only one, the minus leaves it out. */
import type { ComponentChildren } from 'preact';
import { cut } from '../state/cut.ts';
import { addFilter } from '../state/filters.ts';
import { formatNumber } from '../state/number.ts';
import { fieldName, listOf } from './entities.ts';

export interface FacetValue {
  readonly value: string;
  readonly events: number;
}

export interface FacetListProps {
  readonly field: string;
  readonly values: readonly FacetValue[];
  readonly isOpen?: boolean;
  readonly shown?: (value: string) => ComponentChildren;
  readonly isShort?: boolean;
  /** There are more values than these. */
  readonly isCut?: boolean;
}

const SHORT_ROWS = 6;

export function FacetList({ field, values, isOpen = true, shown, isShort = true, isCut = false }: FacetListProps) {
  if (values.length === 0) return null;
  const greatest = Math.max(1, ...values.map(({ events }) => events));
  const rows = isShort ? values.slice(0, SHORT_ROWS) : values;
  const rest = values.slice(rows.length);
  const row = ({ value, events }: FacetValue) => (
    <li class="facet-row" key={value}>
      <i style={{ width: `${(events / greatest) * 100}%` }} />
      <button
        type="button"
        class="facet-value"
        data-field={field}
        data-value={value}
        title={`${value || 'none'}: only these`}
        onClick={() => addFilter('only', field, value)}
      >
        <bdi>{value === '' ? <span class="muted">none</span> : (shown?.(value) ?? cut(value))}</bdi>
      </button>
      <span class="number small muted">{formatNumber(events)}</span>
      <button
        type="button"
        class="facet-without"
        title={`${value || 'none'}: without these`}
        aria-label={`without ${fieldName(field)} ${value.slice(0, 100) || 'none'}`}
        onClick={() => addFilter('exclude', field, value)}
      >
        −
      </button>
    </li>
  );
  return (
    <details class="facet" open={isOpen}>
      <summary>
        {fieldName(field)}{' '}
        <span class="small">
          {values.length > 1 ? values.length : ''}
          {isCut && '+'}
        </span>
      </summary>
      <ul>{rows.map(row)}</ul>
      {rest.length > 0 && (
        <details>
          <summary class="small">{rest.length} more</summary>
          <ul>{rest.map(row)}</ul>
          {isCut && <Others field={field} />}
        </details>
      )}
    </details>
  );
}

/** The list of all of them, where the console has one; else whoever knows the value types it. */
function Others({ field }: { readonly field: string }) {
  const href = listOf(field);
  return (
    <p class="small muted">
      The most frequent.{' '}
      {href === undefined ? 'The search finds others by their text.' : <a href={href}>All of them</a>}
    </p>
  );
}
