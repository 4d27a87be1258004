/** A dead letter read again by the program as it is now: events, or why it stays a letter. Pure. */
import type { RejectionReason } from '../../schemas/rejection.ts';
import { sourceNamed } from '../../schemas/sources/index.ts';
import type { Source } from '../../schemas/sources/source.ts';
import { FINGERPRINT_PATTERN } from '../core/fingerprint.ts';
import { frameMessage, looksLikeContainer } from '../core/framing.ts';
import { hashOfHex } from '../core/identity.ts';
import { type CarriedIdentity, type ReaderOptions, type ReadRecord, readRecord } from '../core/record-reader.ts';
import type { OpenLetter } from './letters.ts';

export type ReadEvent = ReadRecord & { readonly kind: 'event' };

export type ReadAgain =
  /** At least one event; `refused` when a part of the letter is none. */
  | { readonly kind: 'events'; readonly events: readonly ReadEvent[]; readonly refused?: RejectionReason }
  | { readonly kind: 'refused'; readonly reason: RejectionReason }
  /** What is stored is not enough to try: the record is read again from its origin. */
  | { readonly kind: 'not-replayable' };

export interface Given {
  /** For letters that nobody recognises. */
  readonly source?: Source | undefined;
  /** For letters whose account is missing; `''` when none is given. */
  readonly accountId: string;
}

const CUT_SECRET = new RegExp(FINGERPRINT_PATTERN);
const NEWLINE = 10;

export function readAgain(letter: OpenLetter, given: Given, options: ReaderOptions): ReadAgain {
  if (!letter.replayable) return { kind: 'not-replayable' };
  const { text } = letter;
  const carried = { contentHash: hashOfHex(letter.contentHash) };
  if (looksLikeContainer(text)) return readContainer(letter, given, options, carried);
  const read = readOne(text, letter, given, options, carried);
  // As for a message: what does not parse may be several lines, each a record of its own.
  if (read.kind === 'letter' && read.letter.reason === 'invalid-json' && text.includes(NEWLINE)) {
    return readContainer(letter, given, options, carried);
  }
  return outcomeOf([read]);
}

/**
 * The identity of a record inside a container is over the record's own text. That text can be had only where nothing
 * was cut from it: an identity is never made from scrubbed text.
 */
function readContainer(letter: OpenLetter, given: Given, options: ReaderOptions, carried: CarriedIdentity): ReadAgain {
  const parts = frameMessage(letter.text, { recordBytesMax: options.recordBytesMax });
  const scrubbed = CUT_SECRET.test(letter.text.toString('latin1'));
  if (scrubbed && parts.length > 1) return { kind: 'not-replayable' };
  return outcomeOf(
    parts.map((part) =>
      part.kind === 'record'
        ? readOne(part.bytes, letter, given, options, scrubbed ? carried : undefined)
        : { kind: 'unframed', reason: part.reason },
    ),
  );
}

/** First with what the letter itself says; what was given fills in only what turns out to be missing. */
function readOne(
  text: Buffer,
  letter: OpenLetter,
  given: Given,
  options: ReaderOptions,
  carried: CarriedIdentity | undefined,
): ReadRecord {
  const read = (source: Source | undefined, accountId: string) => readRecord(text, source, accountId, options, carried);
  let source = letter.source === '' ? undefined : sourceNamed(letter.source);
  let result = read(source, letter.accountId);
  if (given.source && result.kind === 'letter' && result.letter.reason === 'unrecognised-source') {
    source = given.source;
    result = read(source, letter.accountId);
  }
  if (given.accountId !== '' && result.kind === 'letter' && result.letter.reason === 'account-missing') {
    result = read(source, given.accountId);
  }
  return result;
}

type Part = ReadRecord | { readonly kind: 'unframed'; readonly reason: RejectionReason };

function outcomeOf(parts: readonly Part[]): ReadAgain {
  const events = parts.filter((part) => part.kind === 'event');
  const refused = parts.flatMap((part) => reasonOf(part) ?? [])[0];
  if (events.length === 0) return { kind: 'refused', reason: refused ?? 'not-an-object' };
  return { kind: 'events', events, ...(refused === undefined ? {} : { refused }) };
}

function reasonOf(part: Part): RejectionReason | undefined {
  if (part.kind === 'event') return undefined;
  return part.kind === 'letter' ? part.letter.reason : part.reason;
}
