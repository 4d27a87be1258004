/** The text of a token: shown once, when it is made. `kt_<id>_<secret>`, so that a scanner finds one that leaked. */
import { createHash, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const TOKEN = /^kt_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export interface MadeToken {
  readonly id: string;
  readonly text: string;
  /** SHA-256 of the text, 64 hex digits: all that is kept. */
  readonly digest: string;
}

export function makeToken(randomBytes: (bytes: number) => Buffer): MadeToken {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `kt_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, text, digest: digestOf(text) };
}

/** The id in a text that looks like a token. */
export function tokenIdOf(text: string): string | undefined {
  return TOKEN.exec(text)?.[1];
}

export function isToken(text: string, digest: string): boolean {
  const [given, known] = [Buffer.from(digestOf(text)), Buffer.from(digest)];
  return given.length === known.length && timingSafeEqual(given, known);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
