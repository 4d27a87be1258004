/** Findings as the pages speak of them. */
import type { FindingDocument, FindingPage } from '../../../../schemas/api/findings.ts';

export type Finding = FindingPage['findings'][number];
export type { FindingDocument };

/** Least first. */
export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;

export function severityRank(severity: string): number {
  return (SEVERITIES as readonly string[]).indexOf(severity);
}

export const STATE_WORDS: Readonly<Record<string, string>> = {
  open: 'open',
  acknowledged: 'being looked at',
  'true-positive': 'was what it looked like',
  'false-positive': 'was right',
  withdrawn: 'withdrawn by keytrail',
};

/** Detections tell of IPv6 by the first address of its /64, and of networks by their range. */
export function isOneAddress(text: string): boolean {
  return text !== '' && !text.includes('/') && !text.endsWith('::');
}

/** Open before the others, then the gravest, then the latest. */
export function byGravity<Row extends Readonly<Record<'state' | 'severity' | 'last_seen', string>>>(
  findings: readonly Row[],
): readonly Row[] {
  const isOpen = ({ state }: Row): number => (state === 'open' ? 1 : 0);
  return findings.toSorted(
    (one, other) =>
      isOpen(other) - isOpen(one) ||
      severityRank(other.severity) - severityRank(one.severity) ||
      other.last_seen.localeCompare(one.last_seen),
  );
}

/** Open ones that one detection found of the same key, or of the same entity where there is no key. */
export function isLike(one: Finding, other: Finding): boolean {
  if (one.rule !== other.rule || one.account_id !== other.account_id || one.key_id !== other.key_id) return false;
  return one.key_id !== '' || JSON.stringify(one.entity) === JSON.stringify(other.entity);
}

export const JUDGEMENT_ACTIONS = [
  {
    ...{ action: 'acknowledge', key: 'a', name: 'Acknowledge', title: 'Somebody looks at it' },
    told: 'It stays in the queue of whoever looks, and is open no longer.',
  },
  {
    ...{
      action: 'close-true-positive',
      key: 't',
      name: 'Was what it looked like',
      title: 'Close it as a true positive',
    },
    told: 'What it shows never becomes usual.',
  },
  {
    ...{ action: 'close-false-positive', key: 'f', name: 'Was right', title: 'Close it as a false positive' },
    told: 'What it shows becomes usual, and is not found again.',
  },
] as const;
export type JudgementAction = (typeof JUDGEMENT_ACTIONS)[number]['action'];
