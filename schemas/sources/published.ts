/** The JSON Schemas that are published in docs/schemas, made from the zod schemas and never by hand. */
import { z } from 'zod';
import { answerEnvelopeSchema } from '../answer-envelope.ts';
import { auditEventSchema } from '../audit-event.ts';
import { networksFileSchema } from '../networks.ts';
import { registryFileSchema } from '../registry.ts';
import { reportDocumentSchema, reportKindSchema } from '../reports.ts';
import { cloudtrailRecordSchema } from './aws/cloudtrail.ts';
import { requestEventSchema } from './gateway/request.ts';
import { accessLogEntrySchema } from './keytrail/access-log.ts';
import { apiActivitySchema } from './ocsf/api-activity.ts';
import { apiActivityClassSchema } from './ocsf/class-6003.ts';
import { sessionLogEntrySchema } from './redis-cloud/session-log.ts';
import { systemLogEntrySchema } from './redis-cloud/system-log.ts';

const PUBLISHED: Readonly<Record<string, z.ZodType>> = {
  'audit-event': auditEventSchema.meta({
    title: 'Audit event',
    description: 'What every record becomes, whatever its source: the one noun of keytrail.',
  }),
  'redis-cloud-system-log': systemLogEntrySchema,
  'redis-cloud-session-log': sessionLogEntrySchema,
  'gateway-request': requestEventSchema,
  'aws-cloudtrail': cloudtrailRecordSchema,
  'ocsf-api-activity': apiActivitySchema,
  'ocsf-api-activity-written': apiActivityClassSchema,
  'keytrail-access-log': accessLogEntrySchema,
  registry: registryFileSchema,
  networks: networksFileSchema,
  'answer-envelope': answerEnvelopeSchema,
  'report-kind': reportKindSchema,
  report: reportDocumentSchema,
};

/** @returns file name in docs/schemas → its text */
export function publishedSchemas(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(PUBLISHED)) {
    const json = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
    files.set(`${name}.schema.json`, `${print(json, '', 0)}\n`);
  }
  return files;
}

const LINE_CHARS_MAX = 120;

/** JSON as the formatter of this repository wants it: a list of plain values stands on one line where it fits. */
function print(value: unknown, indent: string, taken: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    // The comma behind it counts as well.
    const isPlain = value.every((item) => typeof item !== 'object');
    if (isPlain && indent.length + taken + line.length < LINE_CHARS_MAX) return line;
    return `[\n${value.map((item) => inner + print(item, inner, 0)).join(',\n')}\n${indent}]`;
  }
  const properties = Object.entries(value).map(([name, item]) => {
    const label = `${JSON.stringify(name)}: `;
    return inner + label + print(item, inner, label.length);
  });
  return properties.length === 0 ? '{}' : `{\n${properties.join(',\n')}\n${indent}}`;
}
