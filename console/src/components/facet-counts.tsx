/** Values of what is listed, with their counts; a click keeps only one of them. */
import { cut } from '../state/cut.ts';
import { changed } from '../state/location.ts';
import { formatNumber } from '../state/number.ts';

const SHOWN_MAX = 8;

/** @param name the parameter of the address that keeps one value */
export function FacetCounts({ name, values }: { readonly name: string; readonly values: readonly string[] }) {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ranked = [...counts].toSorted(([, one], [, other]) => other - one);
  return (
    <div class="row small" style={{ gap: '4px 12px' }}>
      <span class="muted">{name}</span>
      {ranked.slice(0, SHOWN_MAX).map(([value, count]) => (
        <a key={value} class="handle" href={changed({ [name]: value })}>
          <bdi>{cut(value, 200) || 'none'}</bdi> <span class="muted">{formatNumber(count)}</span>
        </a>
      ))}
      {ranked.length > SHOWN_MAX && <span class="muted">and {formatNumber(ranked.length - SHOWN_MAX)} more</span>}
    </div>
  );
}
