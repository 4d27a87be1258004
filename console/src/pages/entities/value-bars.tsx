/** Values with their counts as bars; each value leads to its page, each count to the requests behind it. */
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { hrefOf } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { formatNumber } from '../../state/number.ts';

interface Value {
  readonly value: string;
  readonly events: number;
}

export interface ValueBarsProps {
  readonly title: string;
  readonly field: string;
  readonly values: readonly Value[];
  readonly account?: string | undefined;
  readonly countHref: (value: string) => string;
}

const FEW_ROWS = 6;

export function ValueBars({ title, field, values, account, countHref }: ValueBarsProps) {
  const [isWhole, setWhole] = useState(false);
  const greatest = Math.max(1, ...values.map(({ events }) => events));
  const rows = isWhole ? values : values.slice(0, FEW_ROWS);
  return (
    <div class="value-bars">
      <h3>{title}</h3>
      <ul>
        {rows.map(({ value, events }) => (
          <li key={value} class="facet-row">
            <i style={{ width: `${(events / greatest) * 100}%` }} />
            <span class="value-name">
              {hrefOf(field, value) === undefined ? (
                <bdi>{value.slice(0, 300)}</bdi>
              ) : (
                <Handle field={field} value={value} account={account} />
              )}
            </span>
            <a class="number small" href={countHref(value)} title="These requests">
              {formatNumber(events)}
            </a>
          </li>
        ))}
      </ul>
      {values.length > FEW_ROWS && (
        <Button kind="plain" isExpanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Fewer' : `${values.length - FEW_ROWS} more`}
        </Button>
      )}
    </div>
  );
}
