import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseSource } from '../../../schemas/sources/index.ts';
import type { JsonObject } from '../../../schemas/sources/source.ts';

const SAMPLE = join(import.meta.dirname, '../../../examples/data/cloudtrail/stratus-detonation-logs.ndjson');
interface Raw extends JsonObject {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventName: string;
  readonly recipientAccountId: string;
  readonly sourceIPAddress: string;
  readonly errorCode?: string;
  readonly userIdentity: { readonly accessKeyId?: string };
}
const records = readFileSync(SAMPLE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Raw);

const events = records.map((record) => {
  const source = recogniseSource(record);
  const normalised = source?.normalise(record, { accountId: '', isTrustedProxy: () => false });
  if (normalised?.kind !== 'event') throw new Error(`${record.eventID}: ${JSON.stringify(normalised)}`);
  return { source, record, fields: normalised.fields };
});

describe('the 310 real CloudTrail records', () => {
  it('are all recognised and all become events of their own', () => {
    expect(events).toHaveLength(310);
    expect(new Set(events.map(({ source }) => source?.name))).toEqual(new Set(['aws/cloudtrail']));
    expect(new Set(events.map(({ fields }) => fields.eventId)).size).toBe(310);
  });

  it('keep an address exactly where the platform knows one, and what stood there otherwise', () => {
    for (const { record, fields } of events) {
      const valid = isIP(record.sourceIPAddress) !== 0;
      expect(fields.sourceIp).toBe(valid ? record.sourceIPAddress : '');
      expect(fields.sourceHost).toBe(valid ? '' : record.sourceIPAddress);
    }
    expect(events.filter(({ fields }) => fields.sourceIp === '')).toHaveLength(107);
  });

  it('say who, what, when and with what result as the raw records do', () => {
    for (const { record, fields } of events) {
      expect(fields).toMatchObject({
        accountId: record.recipientAccountId,
        eventTime: Date.parse(record.eventTime),
        keyId: record.userIdentity.accessKeyId ?? '',
        action: record.eventName,
        errorCode: record.errorCode ?? '',
        outcome: record.errorCode === undefined ? 'success' : 'failure',
      });
    }
    expect(events.filter(({ fields }) => fields.outcome === 'failure')).toHaveLength(52);
  });

  it('count no denied operation as a failed authentication', () => {
    expect(new Set(events.map(({ fields }) => fields.authResult))).toEqual(new Set(['success']));
  });
});
