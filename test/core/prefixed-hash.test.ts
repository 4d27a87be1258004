import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PrefixedHash } from '../../src/core/prefixed-hash.ts';

test('it is SHA-256 over prefix and bytes, of any length and in any order of lengths', () => {
  const length = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 4_000, max: 4_200 }), fc.constant(100_000));
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 70 }),
      fc.array(length, { minLength: 1, maxLength: 8 }),
      (prefix, lengths) => {
        const hash = new PrefixedHash(prefix);
        for (const [at, bytes] of lengths.entries()) {
          const value = Buffer.alloc(bytes, at + 1);
          const expected = createHash('sha256').update(prefix).update(value).digest('binary');
          expect(hash.of(value)).toBe(expected);
        }
      },
    ),
  );
});
