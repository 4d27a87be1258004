import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFieldsSchema } from '../../../schemas/audit-event.ts';
import { recogniseSource, SOURCES, sourceNamed } from '../../../schemas/sources/index.ts';
import type { JsonObject, NormaliseContext } from '../../../schemas/sources/source.ts';

const NAMES = [
  ...['id', 'time', 'originator', 'apiKeyName', 'resource', 'resourceId', 'type', 'description', 'request'],
  ...['authentication', 'user', 'userAgent', 'ipAddress', 'userRole', 'action', 'class_uid', 'category_uid'],
  ...['eventTime', 'eventName', 'eventSource', 'eventID', 'eventType', 'userIdentity', 'sourceIPAddress', 'errorCode'],
  ...['recipientAccountId', 'readOnly', 'resources', 'responseElements', 'metadata', 'cloud', 'actor', 'api'],
  ...['src_endpoint', 'http_request', 'http_response', 'activity_id', 'status_id', 'message', 'unmapped', '__proto__'],
  ...['sourceIp', 'method', 'path', 'status', 'requestId', 'accountId', 'keyName', 'result', 'reason', 'accessKeyId'],
  ...['arn', 'sessionContext', 'keytrail', 'uid', 'ip', 'url', 'source_ip', 'status_code', 'auth_reason'],
] as const;
const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(
    null,
    6003,
    '',
    '203.0.113.7',
    '010.1.2.3',
    '2026-11-22T10:00:00Z',
    'Failure',
    'ConsoleLogin',
    'AWSService',
  ),
  fc.constantFrom('Ada (ada@example.com)', 'System', '1.2.3.4, 10.0.0.1', 'GET', '/v1/subscriptions/1', 'success', 401),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 8 }),
  ),
}));
const anyRecord = fc.dictionary(fc.constantFrom(...NAMES), anyValue, { maxKeys: 20 }) as fc.Arbitrary<JsonObject>;
const nobody: NormaliseContext = { accountId: '1001', isTrustedProxy: () => false };

/** A record of each source with nothing in it but what recognition and shape need. */
const SMALLEST: readonly (readonly [string, JsonObject])[] = [
  ['redis-cloud/system-log', { id: 1, time: '2026-11-22T10:00:00Z', type: 'Account', description: 'MFA enforced' }],
  ['redis-cloud/session-log', { id: 'a', time: '2026-11-22T10:00:00Z', user: 'ada', action: 'Successful login' }],
  ['gateway/request', { id: 'a', time: '2026-11-22T10:00:00Z', request: { sourceIp: '203.0.113.7' } }],
  ['aws/cloudtrail', { eventTime: '2026-11-22T10:00:00Z', eventName: 'GetObject', eventSource: 's3.amazonaws.com' }],
  ['ocsf/api-activity', { class_uid: 6003, time: 1_763_626_500_123 }],
];

describe('at most one source says that a record is its own', () => {
  it('whatever the record holds', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(SOURCES.filter((source) => source.recognises(record)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(SMALLEST)('%s, with any fields of other sources beside its own', (_, smallest) => {
    fc.assert(
      fc.property(anyRecord, (others) => {
        const record = { ...others, ...smallest };
        expect(SOURCES.filter((source) => source.recognises(record)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('any two of their smallest records put together, the shared fields from either', () => {
    const all = [...SMALLEST.map(([, record]) => record), { class_uid: 6003, time: '2026-11-22T10:00:00Z' }];
    for (const one of all) {
      for (const other of all) {
        const both = { ...one, ...other };
        expect([both, SOURCES.filter((source) => source.recognises(both)).length > 1]).toEqual([both, false]);
      }
    }
  });

  it.each(SMALLEST)('%s is recognised by its smallest record, under its name', (name, record) => {
    expect(recogniseSource(record)?.name).toBe(name);
    expect(sourceNamed(name)?.recognises(record)).toBe(true);
  });

  it.each([
    [{}],
    [{ id: 1, time: 'x' }],
    [{ a: 1 }],
    [{ class_uid: 6001, time: 1 }],
    [{ message: 'a line', level: 30 }],
  ])('a record of none is nobody’s: %j', (record) => {
    expect(recogniseSource(record)).toBeUndefined();
  });
});

describe('a normaliser', () => {
  it.each(SOURCES.map((source) => [source.name, source] as const))(
    '%s never throws, and gives fields that an event can have, or a reason',
    (_, source) => {
      const smallest = SMALLEST.find(([name]) => name === source.name)?.[1] ?? {};
      fc.assert(
        fc.property(anyRecord, fc.boolean(), (others, complete) => {
          const normalised = source.normalise(complete ? { ...others, ...smallest } : others, nobody);
          if (normalised.kind === 'event') expect(eventFieldsSchema.safeParse(normalised.fields).success).toBe(true);
          else expect(normalised.reason).toMatch(/^(invalid-record|account-missing|time-)/);
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it.each(SMALLEST)('%s is never rejected for an optional field', (name, smallest) => {
    fc.assert(
      fc.property(anyRecord, (others) => {
        expect(sourceNamed(name)?.normalise({ ...others, ...smallest }, nobody).kind).toBe('event');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(SMALLEST)('%s gives ASCII fields of an ASCII record: rows are encoded on that promise', (name, smallest) => {
    fc.assert(
      fc.property(anyRecord, (others) => {
        const record = { ...others, ...smallest };
        fc.pre(!/[^\0-\x7f]/.test(JSON.stringify(record)));
        const normalised = sourceNamed(name)?.normalise(record, nobody);
        expect(JSON.stringify(normalised)).not.toMatch(/[^\0-\x7f]/);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(SMALLEST)('%s gives the same fields again for the same record', (name, smallest) => {
    fc.assert(
      fc.property(anyRecord, (others) => {
        const text = JSON.stringify({ ...others, ...smallest });
        const again = () => sourceNamed(name)?.normalise(JSON.parse(text) as JsonObject, nobody);
        expect(again()).toEqual(again());
      }),
      { numRuns: 500 },
    );
  });
});

describe('accounts', () => {
  it.each(SOURCES.filter((source) => source.accountFrom === 'origin').map((source) => [source.name, source] as const))(
    '%s takes its account from the origin and nowhere else, and refuses a record without one',
    (name, source) => {
      const smallest = SMALLEST.find(([known]) => known === name)?.[1] ?? {};
      expect(source.normalise(smallest, nobody)).toMatchObject({ kind: 'event', fields: { accountId: '1001' } });
      const named = { ...smallest, accountId: '7', account: '7' };
      expect(source.normalise(named, { ...nobody, accountId: '' })).toEqual({
        kind: 'rejected',
        reason: 'account-missing',
        path: 'account',
        got: '',
      });
    },
  );
});
