/** From when until when something was seen, as a bar in the whole range; for cells of tables. */
import { formatTime } from '../state/time.ts';

export interface StripProps {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export function Strip({ firstMs, lastMs, fromMs, toMs }: StripProps) {
  const share = (ms: number): number => Math.max(0, Math.min(1, (ms - fromMs) / Math.max(1, toMs - fromMs))) * 100;
  const left = share(firstMs);
  const told = `${formatTime(firstMs, 'minute')} → ${formatTime(lastMs, 'minute')}`;
  return (
    <span class="strip" role="img" aria-label={told} title={told}>
      <i style={{ left: `${Math.min(left, 98)}%`, width: `${Math.max(0, share(lastMs) - left)}%` }} />
    </span>
  );
}
