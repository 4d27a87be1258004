import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIVITIES,
  AUTH_REASONS,
  AUTH_RESULTS,
  EVENT_TIME_MS_MAX,
  EVENT_TIME_MS_MIN,
  type EventFields,
  OUTCOMES,
  PRINCIPAL_KINDS,
} from '../../../schemas/audit-event.ts';
import { canonicalAddress } from '../../../schemas/fields/address.ts';
import { recogniseSource } from '../../../schemas/sources/index.ts';
import { apiActivity } from '../../../schemas/sources/ocsf/api-activity.ts';
import { apiActivityClassSchema } from '../../../schemas/sources/ocsf/class-6003.ts';
import { type OcsfEvent, toOcsf } from '../../../schemas/sources/ocsf/write.ts';
import type { JsonObject } from '../../../schemas/sources/source.ts';

const anyText = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'System',
    'unknown',
    'Ada Byron',
    'ada@example.com',
    '203.0.113.7',
    '2001:db8::1',
    '1.2.3.4, 5.6.7.8',
  ),
);
const anyIp = fc.oneof(fc.constant(''), fc.ipV4(), fc.ipV6()).map(canonicalAddress);
const anyEvent: fc.Arbitrary<OcsfEvent> = fc.record({
  source: fc.constantFrom('gateway/request', 'redis-cloud/system-log', 'aws/cloudtrail', 'other/log'),
  accountId: anyText,
  eventId: anyText.filter((text) => text !== ''),
  eventTime: fc.integer({ min: EVENT_TIME_MS_MIN, max: EVENT_TIME_MS_MAX }),
  keyId: anyText,
  principalKind: fc.constantFrom(...PRINCIPAL_KINDS),
  principalName: anyText,
  principalEmail: fc.oneof(anyText, fc.emailAddress()),
  action: anyText,
  activity: fc.constantFrom(...ACTIVITIES),
  resourceType: anyText,
  resourceId: anyText,
  resourceName: anyText,
  description: anyText,
  requestId: anyText,
  sourceIp: anyIp,
  sourceHost: anyText,
  httpMethod: fc.oneof(anyText, fc.constantFrom('GET', 'DELETE', 'BREW')),
  urlPath: anyText,
  statusCode: fc.integer({ min: 0, max: 65_535 }),
  userAgent: anyText,
  authResult: fc.constantFrom(...AUTH_RESULTS),
  authReason: fc.constantFrom(...AUTH_REASONS),
  outcome: fc.constantFrom(...OUTCOMES),
  errorCode: anyText,
  asn: fc.nat({ max: 400_000 }),
  asName: anyText,
  country: fc.constantFrom('', 'DE', 'US'),
  city: anyText,
});

function readBack(event: OcsfEvent): EventFields {
  const record = JSON.parse(JSON.stringify(toOcsf(event))) as JsonObject;
  const normalised = apiActivity.normalise(record, { accountId: '', isTrustedProxy: () => true });
  if (normalised.kind !== 'event') throw new Error(normalised.reason);
  return normalised.fields;
}

describe('an exported event', () => {
  it('reads back with every field as it was', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { source, asn, asName, country, city, ...fields } = event;
        expect(readBack(event)).toEqual(fields);
      }),
      { numRuns: 3_000 },
    );
  });

  it('holds what class 6003 demands, and is recognised as nothing else', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const record = JSON.parse(JSON.stringify(toOcsf(event))) as JsonObject;
        expect(apiActivityClassSchema.safeParse(record).error?.issues).toBeUndefined();
        expect(recogniseSource(record)).toBe(apiActivity);
        expect(record).toMatchObject({ unmapped: { keytrail: { source: event.source } } });
      }),
      { numRuns: 2_000 },
    );
  });
});

const ordinary: OcsfEvent = {
  source: 'gateway/request',
  accountId: '1001',
  eventId: '01KAH3W5Q8R7T6Y5V4Z3N2P1MA',
  eventTime: 1_763_626_500_123,
  keyId: 'terraform-prod',
  principalKind: 'api-key',
  principalName: 'Ada Byron',
  principalEmail: 'ada@example.com',
  action: 'DELETE /v1/subscriptions/{id}',
  activity: 'delete',
  resourceType: 'Subscription',
  resourceId: '1206',
  resourceName: 'orders',
  description: 'Subscription deleted',
  requestId: '7f6c2d0e',
  sourceIp: '203.0.113.7',
  sourceHost: '',
  httpMethod: 'DELETE',
  urlPath: '/v1/subscriptions/1206',
  statusCode: 202,
  userAgent: 'curl/8.5.0',
  authResult: 'success',
  authReason: '',
  outcome: 'success',
  errorCode: '',
};

describe('an ordinary event', () => {
  it('stands in the homes of the class, and beside them only what the class has no home for', () => {
    expect(toOcsf({ ...ordinary, asn: 64_500, asName: 'Example Net', country: 'DE' })).toMatchObject({
      class_uid: 6003,
      category_uid: 6,
      activity_id: 4,
      type_uid: 600_304,
      time: 1_763_626_500_123,
      actor: {
        user: { name: 'Ada Byron', email_addr: 'ada@example.com', credential_uid: 'terraform-prod', type_id: 1 },
      },
      api: { operation: 'DELETE /v1/subscriptions/{id}', request: { uid: '7f6c2d0e' } },
      src_endpoint: {
        ip: '203.0.113.7',
        autonomous_system: { number: 64_500, name: 'Example Net' },
        location: { country: 'DE' },
      },
      http_request: { http_method: 'DELETE', url: { path: '/v1/subscriptions/1206' }, user_agent: 'curl/8.5.0' },
      http_response: { code: 202 },
      resources: [{ uid: '1206', name: 'orders', type: 'Subscription' }],
      cloud: { provider: 'Redis Cloud', account: { uid: '1001' } },
    });
    expect(toOcsf(ordinary).unmapped).toEqual({ keytrail: { source: 'gateway/request', auth_result: 'success' } });
  });

  it('without network says nothing of one', () => {
    expect(toOcsf(ordinary).src_endpoint).toEqual({ ip: '203.0.113.7' });
  });
});

describe('what a stranger writes under unmapped.keytrail', () => {
  it('is passed over where it is no value of the field', () => {
    const record = {
      ...toOcsf(ordinary),
      unmapped: { keytrail: { source_ip: 'x', status_code: -1, action: 7, outcome: 'ok' } },
    };
    const normalised = apiActivity.normalise(record, { accountId: '', isTrustedProxy: () => false });
    expect(normalised).toMatchObject({
      fields: { sourceIp: '203.0.113.7', statusCode: 202, action: ordinary.action, outcome: 'success' },
    });
  });
});
