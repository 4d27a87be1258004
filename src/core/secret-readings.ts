/**
 * What a pasted text may be read as, when somebody has found a secret: people paste the line that it stands in, with
 * the name of a header before it and quotes around it.
 */
import { SECRET_READINGS_ENTRIES_MAX } from './limits.ts';

/** Shorter pieces are words and no secrets. */
const PIECE_CHARS_MIN = 8;

/** @returns the text itself first, then without what stands around it, then its pieces; each once */
export function readingsOf(pasted: string): string[] {
  const text = pasted.trim();
  const unquoted = text.replace(/^(["'`])(.*)\1[,;]?$/s, '$2');
  const pieces = text.split(/[\s"'`,;<>()[\]{}]+/).flatMap((piece) => [piece, ...piece.split(/[:=]/)]);
  const long = pieces.filter((piece) => piece.length >= PIECE_CHARS_MIN);
  const readings = new Set([pasted.replace(/\r?\n$/, ''), text, unquoted, ...long].filter((one) => one !== ''));
  return [...readings].slice(0, SECRET_READINGS_ENTRIES_MAX);
}
