/** Findings and their evidence as rows of their tables. */
import { SEVERITIES } from '../../../schemas/detections.ts';
import { parseCidr } from '../../../schemas/fields/cidr.ts';
import type { TableRows } from '../registry/rows.ts';
import { RowWriter } from '../row-writer.ts';
import type { Finding, Found } from './finding.ts';

const FINDING_COLUMNS = [
  ...['fingerprint', 'rule', 'rule_version', 'severity', 'raises', 'backfill', 'entity'],
  ...['account_id', 'key_id', 'source_ip', 'anchor_at', 'first_seen', 'last_seen', 'stored_until', 'events'],
  ...['event_ids', 'summary', 'facts', 'parameters', 'suppression', 'found_at'],
];
const RAISES_CODE = { signal: 1, alert: 2 } as const;

export function findingRows(findings: readonly Finding[]): TableRows {
  const writer = new RowWriter();
  for (const finding of findings) writeFinding(writer, finding);
  return { table: 'findings', columns: FINDING_COLUMNS, bytes: writer.bytes, rows: findings.length };
}

function writeFinding(writer: RowWriter, finding: Finding): void {
  const entityValue = (column: string) => finding.entity.find(([name]) => name === column)?.[1] ?? '';
  writer.text(finding.fingerprint);
  writer.text(finding.rule);
  writer.uint16(finding.ruleVersion);
  writer.uint8(SEVERITIES.indexOf(finding.severity) + 1);
  writer.uint8(RAISES_CODE[finding.raises]);
  writer.bool(finding.backfill);
  writer.array(finding.entity, ([column, value]) => {
    writer.text(column);
    writer.text(value);
  });
  writer.text(entityValue('account_id'));
  writer.text(entityValue('key_id'));
  writer.address(addressOf(entityValue('source_ip')));
  writer.time(finding.anchorAt);
  writeSeen(writer, finding);
  writer.text(finding.summary);
  writer.text(finding.facts);
  writer.text(finding.parameters);
  writer.text(finding.suppression);
  writer.time(finding.foundAt);
}

function writeSeen(writer: RowWriter, { firstSeen, lastSeen, storedUntil, events, eventIds }: Found): void {
  writer.time(firstSeen);
  writer.time(lastSeen);
  writer.time(storedUntil);
  // `UInt64` and `DateTime64` are eight bytes alike.
  writer.time(events);
  writer.array(eventIds, (id) => writer.text(id));
}

function addressOf(text: string): bigint {
  const parsed = text === '' ? undefined : parseCidr(text);
  return parsed?.kind === 'cidr' ? parsed.first : 0n;
}

const EVIDENCE_COLUMNS = [
  ...['fingerprint', 'day', 'first_seen', 'last_seen', 'stored_until', 'events', 'event_ids', 'facts', 'found_at'],
] as const;
const DAY_MS = 86_400_000;

/** The day of its events that a row of evidence stands for, as a number of days since 1970. */
export const evidenceDay = ({ firstSeen }: Pick<Found, 'firstSeen'>): number => Math.floor(firstSeen / DAY_MS);

export function evidenceRows(findings: readonly Finding[]): TableRows {
  const writer = new RowWriter();
  for (const finding of findings) {
    writer.text(finding.fingerprint);
    writer.uint16(evidenceDay(finding));
    writeSeen(writer, finding);
    writer.text(finding.facts);
    writer.time(finding.foundAt);
  }
  return { table: 'finding_evidence', columns: EVIDENCE_COLUMNS, bytes: writer.bytes, rows: findings.length };
}
