/** Letters as people name them: the beginning of a content hash, or a hash and a reason. */
import { z } from 'zod';
import { UsageError, UserError } from '../core/errors.ts';
import { HASH_PREFIX_DIGITS_MIN, LETTERS_NAMED_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

/** A letter that a person named, found. */
export interface NamedLetter {
  /** 32 hex digits. */
  readonly contentHash: string;
  /** Absent: all letters of this content, whatever their reason. */
  readonly reason?: string;
}

const SELECTOR = /^([0-9a-f]+)(?::([a-z0-9-]+))?$/;
const HASH_DIGITS = 32;
const matchingRow = z.object({ content_hash: z.string(), reasons: z.array(z.string()) });

/** @throws UsageError LETTER_NAME_INVALID, before a store is asked */
export function checkSelectors(names: readonly string[]): void {
  for (const name of names) parse(name);
}

/**
 * @param names `<hash or its beginning>`, `<hash or its beginning>:<reason>`
 * @throws UserError LETTER_UNKNOWN, LETTER_AMBIGUOUS; UsageError LETTER_NAME_INVALID
 */
export async function findLetters(store: Store, names: readonly string[]): Promise<NamedLetter[]> {
  const found: NamedLetter[] = [];
  for (const name of names) found.push(await findLetter(store, name));
  return found;
}

async function findLetter(store: Store, name: string): Promise<NamedLetter> {
  const { prefix, reason } = parse(name);
  const parameters = { prefix, limit: LETTERS_NAMED_MAX };
  const rows = z.array(matchingRow).parse(await store.rows(statement('dead-letters-matching'), { parameters }));
  const fitting = reason === undefined ? rows : rows.filter((row) => row.reasons.includes(reason));
  const [first, second] = fitting;
  if (first === undefined) throw unknownError(name, rows);
  if (second !== undefined) throw ambiguousError(name, fitting);
  return { contentHash: first.content_hash, ...(reason === undefined ? {} : { reason }) };
}

function parse(name: string): { prefix: string; reason: string | undefined } {
  const match = SELECTOR.exec(name.trim().toLowerCase());
  const prefix = match?.[1] ?? '';
  if (prefix.length >= HASH_PREFIX_DIGITS_MIN && prefix.length <= HASH_DIGITS) return { prefix, reason: match?.[2] };
  throw new UsageError('LETTER_NAME_INVALID', `${name} names no dead letter`, {
    got: name,
    expected: `a content hash, at least its first ${HASH_PREFIX_DIGITS_MIN} hex digits, with or without :reason`,
    next: 'keytrail dead-letters list',
  });
}

function unknownError(name: string, rows: readonly z.infer<typeof matchingRow>[]): UserError {
  const others = rows.flatMap((row) => row.reasons.map((reason) => `${row.content_hash}:${reason}`));
  return new UserError('LETTER_UNKNOWN', `there is no dead letter ${name}`, {
    got: name,
    ...(others.length === 0 ? {} : { expected: others.join(', ') }),
    next: 'keytrail dead-letters list shows those that there are',
  });
}

function ambiguousError(name: string, rows: readonly z.infer<typeof matchingRow>[]): UserError {
  return new UserError('LETTER_AMBIGUOUS', `${name} is the beginning of more than one content hash`, {
    got: name,
    expected: rows.map((row) => row.content_hash).join(', '),
    next: 'add more digits',
  });
}
