/** Many findings in one message: how many of which rule, and the most severe of them. Pure. */
import type { Severity } from '../../../schemas/detections.ts';
import { SEVERITIES } from '../../../schemas/detections.ts';
import { ALERT_DIGEST_ENTRIES_MAX, ALERT_FACT_ENTRIES_MAX } from '../limits.ts';
import { clean, type Message } from './message.ts';
import { ocsfFindingOf } from './ocsf-finding.ts';

export interface DigestCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly findings: number;
}

export interface DigestTop {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly summary: string;
}

export interface Digest {
  readonly id: string;
  /** Why they come together: `backfill`, `flood`, or how often a route wants a digest. */
  readonly reason: string;
  readonly counts: readonly DigestCount[];
  readonly top: readonly DigestTop[];
  /** ms since 1970, UTC */
  readonly at: number;
}

export function digestMessage({ id, reason, counts, top, at }: Digest): Message {
  const total = counts.reduce((sum, { findings }) => sum + findings, 0);
  const severity = SEVERITIES.findLast((one) => counts.some((count) => count.severity === one)) ?? 'informational';
  const shown = top.slice(0, ALERT_DIGEST_ENTRIES_MAX).map((one) => ({ ...one, summary: clean(one.summary) }));
  const title = `${total} findings of ${counts.length} detections${REASONS[reason] ?? ''}`;
  const lines = shown.map((one) => `${one.severity} · ${one.rule} · ${one.summary} (${one.fingerprint.slice(0, 12)})`);
  return {
    ...{ id, severity, title, at },
    dedup: id,
    action: 'tell',
    text: `${title}. The most severe ones are below; keytrail findings list tells all.`,
    facts: counts
      .slice(0, ALERT_FACT_ENTRIES_MAX)
      .map(({ rule, severity: of, findings }) => ({ name: `${rule} (${of})`, value: String(findings) })),
    sections: [{ title: total > shown.length ? `${shown.length} of them` : 'All of them', lines }],
    json: ocsfFindingOf({
      ...{ id, severity, at },
      activity: 'create',
      info: { uid: id, title, types: ['digest'] },
      message: title,
      unmapped: { digest: { reason, findings: total, counts, top: shown } },
    }),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  backfill: ', in events of the past',
  flood: ', found at once',
};
