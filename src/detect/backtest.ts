/** What detections would have found on each day of a range, without entering any of it. */
import type { GivenParameters } from '../ask/runner.ts';
import { LIVE_AGE_HOURS_MAX } from '../core/limits.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';
import { look } from './run-detection.ts';

export interface BacktestDay {
  readonly rule: string;
  /** Beginning of the day, ms since 1970 UTC. */
  readonly day: number;
  readonly findings: number;
  /** Those that would have been sent. */
  readonly alerts: number;
  /** There were more than one look may find. */
  readonly capped: boolean;
}

export interface BacktestOptions {
  readonly store: Store;
  readonly detections: readonly Detection[];
  /** Half-open, ms since 1970 UTC. */
  readonly from: number;
  readonly to: number;
  readonly given?: Readonly<Record<string, GivenParameters>>;
  readonly liveAgeHoursMax?: number | undefined;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Days of a rule in which nothing was found are told as well: a rule that is quiet is worth knowing. */
export async function* backtest({
  store,
  detections,
  from,
  to,
  given = {},
  liveAgeHoursMax = LIVE_AGE_HOURS_MAX,
}: BacktestOptions): AsyncIterable<BacktestDay> {
  for (const detection of detections) {
    const told = new Set<string>();
    for (let day = from - (from % DAY_MS); day < to; day += DAY_MS) {
      const span = { from: Math.max(from, day), to: Math.min(to, day + DAY_MS), blocks: [] };
      const { found, capped } = await look(store, { detection, span, given: given[detection.id] ?? {}, now: span.to });
      const fresh = found.filter(({ fingerprint }) => !told.has(fingerprint));
      for (const { fingerprint } of fresh) told.add(fingerprint);
      const isSent = detection.detection.raises === 'alert';
      const alerts = isSent
        ? fresh.filter(({ lastSeen, storedUntil }) => storedUntil - lastSeen <= liveAgeHoursMax * HOUR_MS)
        : [];
      yield { rule: detection.id, day, findings: fresh.length, alerts: alerts.length, capped };
    }
  }
}
