import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatewayRequest, isPlainRequestEvent, requestEventSchema } from '../../../schemas/sources/gateway/request.ts';
import type { JsonObject } from '../../../schemas/sources/source.ts';

/** Anything that JSON can hold, in the places that the schema looks at and beside them. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', 'a', 0, 7, -1, 1.5, 2 ** 53, null, true, {}, []),
);
const request = fc.oneof(
  anything,
  fc.record({ sourceIp: anything, method: anything, path: anything, more: anything }, { requiredKeys: [] }),
);
const id = fc.oneof(anything, fc.string());
const time = fc.oneof(anything, fc.constantFrom('2026-10-03T04:05:06Z', '2026-10-03', 'noon'));
const record = fc.record(
  { id, time, request, authentication: anything, originator: anything, unknown: anything },
  { requiredKeys: [] },
);

const read = (value: JsonObject) => gatewayRequest.normalise(value, { accountId: '', isTrustedProxy: () => false });

test('what is taken without asking the schema is what the schema takes, and reads the same', () => {
  const seen = { plain: 0, asked: 0 };
  fc.assert(
    fc.property(record, (each) => {
      const value = JSON.parse(JSON.stringify(each));
      const plain = isPlainRequestEvent(value);
      seen[plain ? 'plain' : 'asked'] += 1;
      if (plain) expect(read(value)).toEqual(read(requestEventSchema.parse(value)));
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.plain, seen.asked)).toBeGreaterThan(20);
});
