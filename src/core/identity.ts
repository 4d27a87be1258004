/**
 * Identity of a record: 128 bits of keyed SHA-256 over its text as received, without insignificant white space.
 *
 * The key stands in front of the text as 64 hex digits, which is exactly one block of SHA-256; the half of the digest
 * that is cut off keeps anyone who knows a hash from extending it to another text.
 */
import { hash } from 'node:crypto';
import { PrefixedHash } from './prefixed-hash.ts';

const HASH_CHARS = 16;

/**
 * @param storeKeyHex the store key, 64 hex digits
 * @param text the record's text before scrubbing, without insignificant white space
 * @returns 16 bytes as a latin1 string: the cheapest form to make and to write
 */
export function contentHash(storeKeyHex: string, text: string): string {
  return hash('sha256', storeKeyHex + text, 'binary').slice(0, HASH_CHARS);
}

// One process writes to one store, so the key is nearly always the one of the record before.
let lastKeyHex = '';
let keyed = new PrefixedHash(Buffer.alloc(0));

/** The same over bytes: those of UTF-8 text give the hash of the text, and other bytes have one too. */
export function contentHashOfBytes(storeKeyHex: string, bytes: Uint8Array): string {
  if (storeKeyHex !== lastKeyHex) {
    keyed = new PrefixedHash(Buffer.from(storeKeyHex, 'latin1'));
    lastKeyHex = storeKeyHex;
  }
  return keyed.of(bytes).slice(0, HASH_CHARS);
}

/** 32 hex digits, as people and answers show a content hash. */
export function hexOfHash(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('hex');
}

export function hashOfHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}
