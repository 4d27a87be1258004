import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { BlockBuilder } from '../../src/core/block.ts';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { RECORD_BYTES_MAX } from '../../src/core/limits.ts';
import { type ReadRecord, readRecord } from '../../src/core/record-reader.ts';
import { ChunkPool } from '../../src/core/row-buffer.ts';
import { createScrubber } from '../../src/core/scrub.ts';

const key = Buffer.alloc(32, 7);
const reader = {
  storeKeyHex: key.toString('hex'),
  scrubber: createScrubber(createFingerprinter(key, '1')),
  isTrustedProxy: () => false,
  recordBytesMax: RECORD_BYTES_MAX,
};
const stamp = {
  ...{ blockId: '0190c5a0-0000-7000-8000-000000000001', ingestedAt: 1_790_000_000_000, stream: 'test', partition: 3 },
  ...{ scrubberVersion: 1, fingerprintKeyId: '1' },
};

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom('', 'Zoë', 'a\u0000b'));
const record = fc.record({
  id: fc.string({ minLength: 1, maxLength: 20 }),
  time: fc.constant('2026-10-03T04:05:06.789Z'),
  description: text,
  headers: fc.option(fc.record({ 'x-api-key': text }), { nil: undefined }),
  request: fc.record({ sourceIp: fc.ipV4(), method: fc.constant('GET'), path: text }),
});

function blockOf(read: ReadRecord): { rows: Buffer; digest: Buffer } {
  const block = new BlockBuilder(stamp, new ChunkPool());
  block.add(read, 17, 0, 100);
  const pieces = [...block.months.values()].flatMap((rows) => rows.pieces());
  return { rows: Buffer.concat(pieces), digest: block.index.digest() };
}

test('a row and its leaf are the same, whether the bytes that were received are at hand or only their text', () => {
  const given = { received: 0, made: 0 };
  fc.assert(
    fc.property(record, fc.constantFrom(0, 1), (value, indent) => {
      const bytes = Buffer.from(JSON.stringify(value, undefined, indent));
      const read = readRecord(bytes, sourceNamed('gateway/request'), 'A-1', reader);
      if (read.kind !== 'event') throw new Error(JSON.stringify(read.letter));
      given[read.bytes === undefined ? 'made' : 'received'] += 1;
      if (read.bytes !== undefined) expect(Buffer.from(read.bytes).toString()).toBe(read.raw);
      const { bytes: _, ...textOnly } = read;
      expect(blockOf(read)).toEqual(blockOf(textOnly));
    }),
    { numRuns: 400 },
  );
  expect(Math.min(given.received, given.made)).toBeGreaterThan(10);
});
