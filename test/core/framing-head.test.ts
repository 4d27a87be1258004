import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadScan, looksLikeContainer } from '../../src/core/framing/head.ts';

const name = fc.oneof(
  fc.constantFrom('id', 'i', 'ids', 'time', 'eventTime', 'event', 'Records', 'entries', 'links', 'class_uid', 'Id'),
  fc.string({ maxLength: 4 }),
);
const rest = fc.constantFrom('":1,"entries":[{}]}', '": [{"id":1}]}', '":[]}', '"', '', ' ":1}', '\\":1}', '\n":1}');

test('a message that begins as a record is no container, just as the whole scan of its head says', () => {
  const seen = { container: 0, record: 0 };
  fc.assert(
    fc.property(fc.constantFrom('{"', '{ "', ' {"', '[{"', '{'), name, rest, (open, first, end) => {
      const bytes = Buffer.from(`${open}${first}${end}`);
      const at = open.startsWith(' ') ? 1 : 0;
      const scanned = new HeadScan().read({ bytes, at, position: at }, true).kind !== 'none';
      seen[scanned ? 'container' : 'record'] += 1;
      expect(looksLikeContainer(bytes)).toBe(scanned);
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.container, seen.record)).toBeGreaterThan(50);
});
