/** Looks for a secret that somebody found, by its fingerprints: the secret itself is never written anywhere. */
import { createFingerprinter } from '../core/fingerprint.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

/**
 * The fingerprints of a secret under every fingerprint key that anything in the store was marked with, and under the
 * one that is in force now.
 *
 * @param storeKey 32 bytes
 */
export async function fingerprintsOf(
  store: Store,
  storeKey: Uint8Array,
  currentKeyId: string,
  secret: string,
): Promise<string[]> {
  const rows = await store.rows<{ id: string }>(statement('fingerprint-keys'));
  const ids = new Set([currentKeyId, ...rows.map(({ id }) => id)]);
  return [...ids].map((id) => createFingerprinter(storeKey, id).fingerprint(secret));
}
