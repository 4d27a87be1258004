/** Findings that one detection has of one thing, told once: the gravest first. */
import { type Finding, severityRank } from '../findings/finding.ts';

export interface Alike {
  /** The gravest of them, and the latest of those. */
  readonly first: Finding;
  readonly count: number;
}

export function alike(findings: readonly Finding[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const finding of findings) {
    const name = JSON.stringify([
      finding.rule,
      finding.account_id,
      finding.key_id,
      Object.entries(finding.entity).sort(),
    ]);
    const known = groups.get(name);
    const isBefore = known === undefined || byRank(finding, known.first) < 0;
    groups.set(name, { first: isBefore ? finding : known.first, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()].toSorted((one, other) => byRank(one.first, other.first));
}

function byRank(one: Finding, other: Finding): number {
  return severityRank(other.severity) - severityRank(one.severity) || other.last_seen.localeCompare(one.last_seen);
}
