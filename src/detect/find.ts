/** One detection over one span: what it finds, entered. */
import type { GivenParameters } from '../ask/runner.ts';
import type { Finding } from '../core/findings/finding.ts';
import { type Suppression, suppressedBy } from '../core/findings/suppression.ts';
import { LIVE_AGE_HOURS_MAX } from '../core/limits.ts';
import { type Recorded, recordFindings } from '../findings/record.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';
import { type Looked, look, type Span } from './run-detection.ts';

export interface FindOptions {
  readonly store: Store;
  readonly suppressions: readonly Suppression[];
  readonly given: GivenParameters;
  /** ms since 1970, UTC */
  readonly now: number;
}

export interface FoundBy extends Recorded {
  readonly capped: boolean;
}

const LIVE_AGE_MS = LIVE_AGE_HOURS_MAX * 3_600_000;

export async function findIn(detection: Detection, span: Span, options: FindOptions): Promise<FoundBy> {
  const { store, given, now } = options;
  const { found, capped } = await look(store, { detection, span, given, now });
  const findings = found.map((one) => findingOf(detection, one, options));
  return { ...(await recordFindings(store, findings)), capped };
}

/** What a row becomes: the rule's own words, unless the events are old or it is known and suppressed. */
export function findingOf(
  { id, detection }: Detection,
  found: Looked['found'][number],
  { suppressions, given, now }: Omit<FindOptions, 'store'>,
): Finding {
  const backfill = found.lastSeen < found.storedUntil - LIVE_AGE_MS;
  const suppression = suppressedBy(suppressions, id, found, now)?.id ?? '';
  return {
    ...found,
    rule: id,
    ruleVersion: detection.version,
    severity: detection.severity,
    raises: backfill || suppression !== '' ? 'signal' : detection.raises,
    backfill,
    parameters: JSON.stringify(given),
    suppression,
    foundAt: now,
  };
}
