/** What people do about findings: appended to a log, of which the last entry tells the state. */
import { UserError } from '../core/errors.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

export const FINDING_ACTIONS = [
  ...(['acknowledge', 'close-true-positive', 'close-false-positive'] as const),
  // Only keytrail itself: what is known now says otherwise, or says it again.
  ...(['withdraw', 'reinstate'] as const),
] as const;
/** Who acts where nobody did. */
export const KEYTRAIL = 'keytrail';
export type FindingAction = (typeof FINDING_ACTIONS)[number];

export interface Act {
  readonly action: FindingAction;
  readonly author: string;
  readonly note: string;
  /** ms since 1970, UTC */
  readonly at: number;
}

export async function act(
  store: Store,
  fingerprints: readonly string[],
  { action, author, note, at }: Act,
): Promise<void> {
  const time = new Date(at).toISOString().replace('T', ' ').replace('Z', '');
  await store.command(statement('finding-act'), { parameters: { fingerprints, action, author, note, at: time } });
}

export interface ShownFinding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly rule_version: number;
  readonly severity: string;
  readonly raises: string;
  readonly backfill: boolean;
  readonly suppression: string;
  readonly state: string;
  readonly acted_at: string;
  readonly author: string;
  readonly note: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly events: string;
  readonly event_ids: readonly string[];
  readonly summary: string;
  readonly facts: string;
  readonly parameters: string;
  readonly found_at: string;
}

/**
 * @param prefix the beginning of a fingerprint, as the list of findings shows it
 * @throws UserError FINDING_UNKNOWN, FINDING_AMBIGUOUS
 */
export async function findingOf(store: Store, prefix: string): Promise<ShownFinding> {
  const [found, other] = await store.rows<ShownFinding>(statement('findings-show'), { parameters: { prefix } });
  if (found === undefined || prefix === '') {
    const expected = 'the id of a finding, or its beginning';
    throw new UserError('FINDING_UNKNOWN', 'there is no such finding', {
      ...{ got: prefix, expected },
      next: 'keytrail findings list',
    });
  }
  if (other === undefined) return found;
  throw new UserError('FINDING_AMBIGUOUS', 'several findings begin so', {
    got: `${prefix}: ${found.fingerprint}, ${other.fingerprint}`,
    expected: 'more digits',
    next: 'give more of the id',
  });
}
