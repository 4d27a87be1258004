import { describe, expect, it } from 'vitest';
import { createFingerprinter, FINGERPRINT_PATTERN } from '../../src/core/fingerprint.ts';

const STORE_KEY = Buffer.alloc(32, 7);
const { fingerprint } = createFingerprinter(STORE_KEY, 'k1');

describe('a fingerprint', () => {
  it('is the same for the same secret, whether given as text or as bytes, and tells its key', () => {
    expect(fingerprint('sécret')).toBe(fingerprint(Buffer.from('sécret')));
    expect(fingerprint('secret')).toMatch(new RegExp(`^${FINGERPRINT_PATTERN}$`));
    expect(fingerprint('secret')).toMatch(/^\[secret:k1:[0-9a-f]{32}\]$/);
  });

  it('never changes between versions of the program: stored ones must be found again', () => {
    expect(fingerprint('secret')).toBe('[secret:k1:4252976bcfe85deb226274e71c46ea6c]');
  });

  it('differs for another secret, another key id and another store', () => {
    const all = [
      fingerprint('secret'),
      fingerprint('secreT'),
      createFingerprinter(STORE_KEY, 'k2').fingerprint('secret').replace('k2', 'k1'),
      createFingerprinter(Buffer.alloc(32, 8), 'k1').fingerprint('secret'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is refused a key id that would not stand in text as it is', () => {
    for (const id of ['', 'a b', 'a"', 'a]', 'x'.repeat(65)]) {
      expect(() => createFingerprinter(STORE_KEY, id)).toThrow('broken promise');
    }
  });
});
