/**
 * ocsf/api-activity: class 6003 of the Open Cybersecurity Schema Framework, read and (`write.ts`) written.
 *
 * What keytrail itself wrote carries under `unmapped.keytrail` whatever the class has no exact home for; these
 * values win over the homes, so that an export reads back as it was.
 */
import { z } from 'zod';
import { type EventFields, eventFieldsSchema } from '../../audit-event.ts';
import { canonicalAddress } from '../../fields/address.ts';
import { firstText, optionalObject } from '../../fields/text.ts';
import { parseEpochMs, parseInstant, type TimeRejection } from '../../fields/time.ts';
import { rejectedByShape, rejectedTime } from '../rejected.ts';
import { integer, object, text } from '../shape.ts';
import type { JsonObject, NormaliseContext, Normalised, Source } from '../source.ts';
import { API_ACTIVITY_CLASS } from './class-6003.ts';
import { columnName, readHomes } from './homes.ts';

export const apiActivitySchema = z
  .object({
    class_uid: z.literal(API_ACTIVITY_CLASS).meta({ description: 'API Activity.' }),
    time: z.union([z.number(), z.string().min(1)]).meta({ description: 'When it happened: ms since 1970 UTC.' }),
    activity_id: integer('1 Create, 2 Read, 3 Update, 4 Delete, 99 Other, 0 Unknown.'),
    metadata: object('About the record.', { uid: text('Id of the event; without one its content identifies it.') }),
    api: object('The call.', { operation: text('The operation.') }),
    actor: object('Who called.', {}),
    src_endpoint: object('Where the call came from.', { ip: text('Address of the caller.') }),
    http_request: object('The request.', {}),
    http_response: object('The answer.', { code: integer('HTTP status code.') }),
    cloud: object('Where it happened.', {}),
    status_id: integer('1 Success, 2 Failure, 0 Unknown.'),
    message: text('What happened, in words.'),
    unmapped: object('What the class has no field for.', {
      keytrail: object('What keytrail wrote, by the names of its columns.', {}),
    }),
  })
  .meta({ title: 'OCSF API Activity', description: 'Class 6003 of OCSF 1.x, as keytrail reads it.' });

const FIELD_SCHEMAS = Object.entries(eventFieldsSchema.shape)
  .filter(([field]) => field !== 'eventTime')
  .map(([field, schema]) => ({ field, column: columnName(field), schema }));

/** What `unmapped.keytrail` says of the fields; what is no value of a field is passed over. */
function ownFields(record: JsonObject): Partial<EventFields> {
  const own = optionalObject(optionalObject(record.unmapped).keytrail);
  const fields: Record<string, unknown> = {};
  for (const { field, column, schema } of FIELD_SCHEMAS) {
    const value = own[column];
    if (value === undefined || !schema.safeParse(value).success) continue;
    // An event holds addresses in their printed form only; anyone can write anything here.
    if (field === 'sourceIp' && value !== '' && canonicalAddress(String(value)) !== value) continue;
    fields[field] = value;
  }
  return fields;
}

function timeOf(time: number | string): number | TimeRejection {
  if (typeof time === 'number' || /^-?[0-9]+$/.test(time)) return parseEpochMs(time);
  return parseInstant(time);
}

function normalise(record: JsonObject, context: NormaliseContext): Normalised {
  const parsed = apiActivitySchema.safeParse(record);
  if (!parsed.success) return rejectedByShape(record, parsed.error);
  const entry = parsed.data;
  const eventTime = timeOf(entry.time);
  if (typeof eventTime === 'string') return rejectedTime(eventTime, 'time', String(entry.time));
  const fields = { ...readHomes(record, context.isTrustedProxy), ...ownFields(record), eventTime };
  return { kind: 'event', fields: { ...fields, accountId: firstText(fields.accountId, context.accountId) } };
}

export const apiActivity: Source = {
  name: 'ocsf/api-activity',
  title: 'OCSF API Activity (class 6003)',
  version: 1,
  timePrecisionMs: 1,
  accountFrom: 'record',
  recognises: (record) => record.class_uid === API_ACTIVITY_CLASS,
  normalise,
};
