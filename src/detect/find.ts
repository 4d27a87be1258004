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
  /** When what it was found by was learned, ms since 1970 UTC; absent: it was known when its events were stored. */
  readonly knownSince?: number;
  /** Default: LIVE_AGE_HOURS_MAX. */
  readonly liveAgeHoursMax?: number | undefined;
}

export interface FoundBy extends Recorded {
  /** Of all that was found, also before. */
  readonly fingerprints: readonly string[];
  readonly capped: boolean;
}

const MS_PER_HOUR = 3_600_000;

export async function findIn(detection: Detection, span: Span, options: FindOptions): Promise<FoundBy> {
  const { store, given, now } = options;
  const { found, capped } = await look(store, { detection, span, given, now });
  const findings = found.filter((one) => isOf(span, one)).map((one) => findingOf(detection, one, options));
  return { ...(await recordFindings(store, findings)), fingerprints: findings.map((one) => one.fingerprint), capped };
}

/** A detection that cannot be asked of single keys tells of others as well. */
function isOf({ keys = [] }: Span, { entity }: Looked['found'][number]): boolean {
  const key = entity.find(([column]) => column === 'key_id')?.[1];
  return keys.length === 0 || key === undefined || keys.includes(key);
}

/** What a row becomes: the rule's own words, unless the events are old or it is known and suppressed. */
export function findingOf(
  { id, detection }: Detection,
  found: Looked['found'][number],
  { suppressions, given, now, knownSince, liveAgeHoursMax = LIVE_AGE_HOURS_MAX }: Omit<FindOptions, 'store'>,
): Finding {
  const knownAt = Math.max(found.storedUntil, knownSince ?? 0);
  const backfill = found.lastSeen < knownAt - liveAgeHoursMax * MS_PER_HOUR;
  const suppression = suppressedBy(suppressions, id, found, now)?.id ?? '';
  return {
    ...(knownSince === undefined ? found : knownLate(found, knownSince)),
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

/** What was learned late says so, in its facts and in its sentence. */
function knownLate(found: Looked['found'][number], knownSince: number): Looked['found'][number] {
  const since = new Date(knownSince).toISOString();
  const facts = { ...(JSON.parse(found.facts) as Readonly<Record<string, unknown>>), known_since: since };
  return { ...found, facts: JSON.stringify(facts), summary: found.summary.replace(/\.$/, ` (known since ${since}).`) };
}
