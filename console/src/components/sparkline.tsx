/** A course in the size of a word. */
import { formatNumber } from '../state/number.ts';

export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const greatest = Math.max(1, ...values);
  const width = 96 / Math.max(1, values.length);
  return (
    <svg class="sparkline" viewBox="0 0 96 18" role="img" aria-label={`${label}: at most ${formatNumber(greatest)}`}>
      {values.map((value, at) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / greatest) * 18);
        return <rect key={at} x={at * width} y={18 - height} width={Math.max(1, width - 1)} height={height} />;
      })}
    </svg>
  );
}
