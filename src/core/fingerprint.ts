/**
 * Keyed fingerprints: what stands where a secret stood.
 *
 * The same secret gives the same fingerprint under the same key, so that a leaked key can be looked for without being
 * kept; without the key, a fingerprint neither tells its secret nor lets anyone test a guess.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { invariant } from './errors.ts';

const KEY_BYTES = 32;
const FINGERPRINT_HEX_CHARS = 32;

export interface Fingerprinter {
  /** Names the fingerprint key; a rotated key has another id. */
  readonly keyId: string;
  /** @returns `[secret:<key id>:<32 hex digits>]`; text is taken as UTF-8 */
  fingerprint(secret: Uint8Array | string): string;
}

/** A fingerprint as it stands in text. Key ids are made of characters that no text form has to escape. */
export const FINGERPRINT_PATTERN = '\\[secret:[A-Za-z0-9_-]{1,64}:[0-9a-f]{32}\\]';
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** @param storeKey the key that all writers of a store share; the fingerprint key is derived from it and its own id */
export function createFingerprinter(storeKey: Uint8Array, keyId: string): Fingerprinter {
  invariant(KEY_ID.test(keyId), 'a fingerprint key id is 1 to 64 letters, digits, _ or -');
  const key = Buffer.from(hkdfSync('sha256', storeKey, '', `keytrail fingerprint key ${keyId}`, KEY_BYTES));
  return {
    keyId,
    fingerprint: (secret) => {
      const digest = createHmac('sha256', key).update(secret).digest('hex');
      return `[secret:${keyId}:${digest.slice(0, FINGERPRINT_HEX_CHARS)}]`;
    },
  };
}
