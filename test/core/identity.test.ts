import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentHash, contentHashOfBytes, hashOfHex, hexOfHash } from '../../src/core/identity.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
/** Text as it comes out of valid UTF-8: half a surrogate pair cannot. */
const text = fc.string({ unit: 'binary', maxLength: 200 });

describe('the identity of a record', () => {
  test('is half of SHA-256 over the key in hex and the text', () => {
    const expected = createHash('sha256')
      .update(`${'ab'.repeat(32)}{"name":"Zoë"}`)
      .digest('hex')
      .slice(0, 32);
    expect(hexOfHash(contentHash('ab'.repeat(32), '{"name":"Zoë"}'))).toBe(expected);
  });

  test('is the same of a text and of its bytes, whichever key was used before', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), text, (keys, one) => {
        for (const each of keys) expect(contentHashOfBytes(each, Buffer.from(one))).toBe(contentHash(each, one));
      }),
    );
  });

  test('reads back from its hex digits', () => {
    fc.assert(
      fc.property(key, text, (each, one) => {
        const hash = contentHash(each, one);
        expect(hashOfHex(hexOfHash(hash))).toBe(hash);
      }),
    );
  });
});
