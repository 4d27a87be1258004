/** Events as the store gives them, line by line, to OCSF objects, line by line. */
import { z } from 'zod';
import { auditEventSchema } from '../../schemas/audit-event.ts';
import { optionalObject } from '../../schemas/fields/text.ts';
import { toOcsf } from '../../schemas/sources/ocsf/write.ts';
import { linesOf } from '../store/lines.ts';

/** What OCSF says of an event; the columns are those of the statement `export-events`. */
const ocsfEventSchema = auditEventSchema.pick({
  source: true,
  accountId: true,
  eventId: true,
  eventTime: true,
  keyId: true,
  principalKind: true,
  principalName: true,
  principalEmail: true,
  action: true,
  activity: true,
  resourceType: true,
  resourceId: true,
  resourceName: true,
  description: true,
  requestId: true,
  sourceIp: true,
  sourceHost: true,
  httpMethod: true,
  urlPath: true,
  statusCode: true,
  userAgent: true,
  authResult: true,
  authReason: true,
  outcome: true,
  errorCode: true,
  asn: true,
  asName: true,
  country: true,
  city: true,
});

const COLUMNS = Object.keys(ocsfEventSchema.shape).map(
  (field) => [field, field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)] as const,
);
const rowSchema = z.record(z.string(), z.unknown());
const LINES_BYTES = 65_536;

/** @param rows JSONEachRow, in pieces of any length */
export async function* ocsfLines(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let lines = '';
  for await (const line of linesOf(rows)) {
    lines += `${JSON.stringify(ocsfOf(line))}\n`;
    if (lines.length < LINES_BYTES) continue;
    yield Buffer.from(lines);
    lines = '';
  }
  if (lines !== '') yield Buffer.from(lines);
}

function ocsfOf(line: string): Record<string, unknown> {
  const row = rowSchema.parse(JSON.parse(line));
  const event: Record<string, unknown> = {};
  for (const [field, column] of COLUMNS) event[field] = row[column];
  event.eventTime = Date.parse(String(row.event_time));
  const record = toOcsf(ocsfEventSchema.parse(event));
  const own = optionalObject(optionalObject(record.unmapped).keytrail);
  // Two statements of one event that differ only in what no column holds must not become the same line.
  return { ...record, unmapped: { keytrail: { ...own, content_hash: row.content_hash } } };
}
