import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { afterAll, expect, test } from 'vitest';
import { type Codec, createCodecs, registerCodecs, UnreadableBatch } from '../../../src/intake/kafka/codecs.ts';
import { lz4ExpandedBytesMax, zstdExpandedBytesMax } from '../../../src/intake/kafka/expanded-size.ts';
import { KafkaForTests } from '../../support/kafka/client.ts';
import { describeWithKafka } from '../../support/kafka/shared.ts';
import { start } from './support.ts';

const { CompressionTypes } = kafkajs;
const KINDS = ['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const;
const LIMIT_BYTES = 1_000_000;

function codecOf(codecs: Readonly<Record<number, Codec>>, kind: (typeof KINDS)[number]): Codec {
  const codec = codecs[CompressionTypes[kind]];
  if (codec === undefined) throw new Error(`no codec for ${kind}`);
  return codec;
}

for (const kind of KINDS) {
  const codec = codecOf(createCodecs(LIMIT_BYTES), kind);

  test(`${codec.name}: what was packed comes back byte for byte`, () => {
    const plain = fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5_000 }))
        .map(([bytes, times]) =>
          Uint8Array.from({ length: bytes.length * times }, (_, at) => bytes[at % bytes.length] ?? 0),
        ),
    );
    fc.assert(
      fc.property(plain, (bytes) => {
        expect(codec.decompress(codec.compress(Buffer.from(bytes))).equals(bytes)).toBe(true);
      }),
    );
  });

  test(`${codec.name}: a batch at the limit is read, and one past it is refused`, () => {
    expect(codec.decompress(codec.compress(randomBytes(LIMIT_BYTES - 200_000))).length).toBe(LIMIT_BYTES - 200_000);
    const bomb = codec.compress(Buffer.alloc(LIMIT_BYTES * 40));
    expect(bomb.length).toBeLessThan(LIMIT_BYTES * 2);
    const refused = () => codec.decompress(bomb);
    expect(refused).toThrow(UnreadableBatch);
    expect(refused).toThrow(/more than 1000000 bytes/);
  });

  test(`${codec.name}: a cut or changed batch is unreadable or wrong, never anything worse`, () => {
    const packed = codec.compress(Buffer.from('abcdefgh'.repeat(500) + randomBytes(500).toString('hex')));
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
        const damaged = Buffer.from(cut ? packed.subarray(0, at) : packed);
        if (!cut) damaged[at] = (damaged[at] ?? 0) ^ change;
        try {
          codec.decompress(damaged);
        } catch (cause) {
          expect(cause).toBeInstanceOf(UnreadableBatch);
        }
      }),
      { numRuns: 300 },
    );
  });
}

test('gzip at its limit to the byte', () => {
  const codec = codecOf(createCodecs(LIMIT_BYTES), 'GZIP');
  expect(codec.decompress(gzipSync(Buffer.alloc(LIMIT_BYTES))).length).toBe(LIMIT_BYTES);
  expect(() => codec.decompress(gzipSync(Buffer.alloc(LIMIT_BYTES + 1)))).toThrow(UnreadableBatch);
});

test('the bound that is read from block headers is never below what comes out', () => {
  const codecs = createCodecs();
  const pieces = fc.array(fc.tuple(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 20_000 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      const plain = Buffer.concat(parts.map(([bytes, times]) => Buffer.alloc(bytes.length * times, bytes)));
      const lz4 = codecOf(codecs, 'LZ4').compress(plain);
      expect(lz4ExpandedBytesMax(lz4, 0)).toBe(plain.length);
      expect(lz4ExpandedBytesMax(lz4, 1_000)).toBeGreaterThanOrEqual(plain.length);
      expect(zstdExpandedBytesMax(codecOf(codecs, 'ZSTD').compress(plain))).toBeGreaterThanOrEqual(plain.length);
    }),
    { numRuns: 50 },
  );
});

await describeWithKafka('record batches', (brokers) => {
  const kafka = new KafkaForTests(brokers);
  afterAll(() => kafka.close());
  const values = Array.from({ length: 500 }, (_, index) => `${index} ${'compressible '.repeat(20)}`);

  for (const [name, kind] of [
    ['gzip', 'GZIP'],
    ['snappy', 'Snappy'],
    ['lz4', 'LZ4'],
    ['zstd', 'ZSTD'],
  ] as const) {
    test(`${name} as the broker packs it, and as this client does`, async () => {
      registerCodecs();
      // The broker packs again what comes in another kind: that is Java's framing.
      const topic = await kafka.topic(name, { config: { 'compression.type': name } });
      const own = await kafka.topic(name);
      await kafka.send(topic, values);
      const producer = await kafka.producer();
      const messages = values.map((value) => ({ value, partition: 0 }));
      await producer.send({ topic: own, messages, compression: CompressionTypes[kind] });
      const run = start({
        ...{ brokers, groupId: kafka.name('group'), untilEnd: true },
        topics: [{ topic }, { topic: own }],
      });
      await run.done;
      for (const chain of run.receiver.chains) expect(chain.values).toEqual(values);
    });
  }

  test('a decompression bomb stops the consumer with a clear error, before it expands', async () => {
    const topic = await kafka.topic('bomb');
    const producer = await kafka.producer();
    registerCodecs();
    const messages = Array.from({ length: 100 }, () => ({ value: Buffer.alloc(1_000_000), partition: 0 }));
    await producer.send({ topic, messages, compression: CompressionTypes.ZSTD });
    const run = start({ brokers, groupId: kafka.name('group'), topic, untilEnd: true });
    await expect(run.done).rejects.toMatchObject({ name: 'UserError', code: 'KAFKA_BATCH_TOO_LARGE' });
    expect(run.receiver.values).toEqual([]);
  });
});
