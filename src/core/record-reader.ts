/**
 * One record: bytes in, an event's fields or a dead letter out. A pure function of the bytes and of what is configured,
 * so that it can move to a worker thread.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { EventFields } from '../../schemas/audit-event.ts';
import type { RejectionReason } from '../../schemas/rejection.ts';
import { recogniseSource } from '../../schemas/sources/index.ts';
import type { NormaliseContext, Source } from '../../schemas/sources/source.ts';
import { type DeadLetter, NO_DIGEST, sha256 } from './dead-letter-row.ts';
import { contentHash, contentHashOfBytes, hexOfHash } from './identity.ts';
import { compactJson, parseRecord } from './json-text.ts';
import { DEAD_LETTER_HEAD_BYTES, GOT_CHARS_MAX } from './limits.ts';
import type { Scrubber } from './scrub.ts';

export interface ReaderOptions {
  readonly storeKeyHex: string;
  readonly scrubber: Scrubber;
  readonly isTrustedProxy: (ip: string) => boolean;
  readonly recordBytesMax: number;
  /** The one account that records of this origin may be of; absent: any. */
  readonly onlyAccount?: string;
}

export type ReadRecord =
  | {
      readonly kind: 'event';
      readonly source: Source;
      readonly fields: EventFields;
      readonly accountId: string;
      readonly eventId: string;
      readonly contentHash: string;
      readonly raw: string;
      /** The bytes of `raw`, where they are the very ones that were received; they may not outlive the call. */
      readonly bytes?: Uint8Array | undefined;
      readonly ascii: boolean;
    }
  | { readonly kind: 'letter'; readonly letter: DeadLetter };

/** What a replay carries on: an identity is computed once, on receipt, and never again from scrubbed text. */
export interface CarriedIdentity {
  readonly contentHash: string;
}

/**
 * @param value the record's bytes as received
 * @param source the named source; `undefined`: recognised from the record
 * @param accountId the account that the origin names, `''` for none
 */
export function readRecord(
  value: Buffer,
  source: Source | undefined,
  accountId: string,
  options: ReaderOptions,
  carried?: CarriedIdentity,
): ReadRecord {
  if (value.length > options.recordBytesMax) return tooLarge(value, source, accountId, options);
  const ascii = isAscii(value);
  if (!ascii && !isUtf8(value)) return notUtf8(value, source, accountId, options, carried);
  const received = ascii ? value.toString('latin1') : value.toString('utf8');
  const parsed = parseRecord(received);
  const compact = parsed.ok ? compactJson(received) : received.trim();
  const identity = carried?.contentHash ?? contentHashOf(options.storeKeyHex, compact, received, value);
  const scrubbed = options.scrubber.scrub(compact, parsed.ok);
  const refuse = (reason: RejectionReason, path: string, got: string, known = source): ReadRecord => ({
    kind: 'letter',
    letter: {
      contentHash: identity,
      reason,
      source: known?.name ?? '',
      accountId,
      path,
      got: shorten(got),
      text: Buffer.from(scrubbed.text),
      textBytes: value.length,
      textDigest: NO_DIGEST,
      replayable: true,
    },
  });
  // An offending value of text that does not parse may be the middle of a secret: only its place is told.
  if (!parsed.ok) return refuse(parsed.reason, parsed.path, scrubbed.secrets > 0 ? '' : parsed.got);

  let record = parsed.value;
  if (scrubbed.secrets > 0) {
    const again = parseRecord(scrubbed.text);
    if (!again.ok) return refuse(again.reason, again.path, '');
    record = again.value;
  }
  const found = source ?? recogniseSource(record);
  if (!found) return refuse('unrecognised-source', '', Object.keys(record).join(', '));
  const context: NormaliseContext = { accountId, isTrustedProxy: options.isTrustedProxy };
  const normalised = found.normalise(record, context);
  if (normalised.kind === 'rejected') return refuse(normalised.reason, normalised.path, normalised.got, found);
  const { fields } = normalised;
  const { onlyAccount } = options;
  if (onlyAccount !== undefined && fields.accountId !== '' && fields.accountId !== onlyAccount) {
    return refuse('account-not-allowed', '', fields.accountId, found);
  }
  return {
    kind: 'event',
    source: found,
    fields,
    accountId: fields.accountId === '' ? accountId : fields.accountId,
    eventId: fields.eventId === '' ? hexOfHash(identity) : fields.eventId,
    contentHash: identity,
    raw: scrubbed.text,
    bytes: scrubbed.text === received ? value : undefined,
    // A JSON escape can stand for any character, and so can an account that an option named.
    ascii: ascii && !received.includes('\\u') && isAsciiName(accountId),
  };
}

/** The identity that `readRecord` will give to a record that can be parsed, as 32 hex digits. */
export function identityOfRecord(value: Buffer, storeKeyHex: string): string {
  const received = value.toString('utf8');
  return hexOfHash(contentHashOf(storeKeyHex, compactJson(received), received, value));
}

/** Text from which nothing was taken is its bytes, and they are cheaper to hash. */
function contentHashOf(storeKeyHex: string, compact: string, received: string, value: Buffer): string {
  return compact === received ? contentHashOfBytes(storeKeyHex, value) : contentHash(storeKeyHex, compact);
}

let lastName = '';
/** Accounts come from options and headers, nearly always the same one as for the record before. */
function isAsciiName(name: string): boolean {
  if (name === lastName) return true;
  if (/[^\0-\x7f]/.test(name)) return false;
  lastName = name;
  return true;
}

function shorten(text: string): string {
  return text.length > GOT_CHARS_MAX ? `${text.slice(0, GOT_CHARS_MAX)}…` : text;
}

function notUtf8(
  value: Buffer,
  source: Source | undefined,
  accountId: string,
  options: ReaderOptions,
  carried?: CarriedIdentity,
): ReadRecord {
  // Read byte by byte as latin1, so that the text that is stored holds the very bytes, less its secrets.
  const scrubbed = options.scrubber.scrub(value.toString('latin1'), false, 'latin1');
  return {
    kind: 'letter',
    letter: {
      contentHash: carried?.contentHash ?? contentHashOfBytes(options.storeKeyHex, value),
      reason: 'invalid-utf8',
      source: source?.name ?? '',
      accountId,
      path: '',
      got: '',
      text: Buffer.from(scrubbed.text, 'latin1'),
      textBytes: value.length,
      textDigest: NO_DIGEST,
      replayable: true,
    },
  };
}

function tooLarge(value: Buffer, source: Source | undefined, accountId: string, options: ReaderOptions): ReadRecord {
  const head = value.subarray(0, DEAD_LETTER_HEAD_BYTES);
  return {
    kind: 'letter',
    letter: unframedLetter(
      { reason: 'record-too-large', head, bytes: value.length, digest: sha256(value).toString('hex') },
      source?.name ?? '',
      accountId,
      options,
    ),
  };
}

/** A dead letter for what could not even be cut into a record. Its identity is its digest: the text itself is gone. */
export function unframedLetter(
  text: { reason: RejectionReason; head: Uint8Array; bytes: number; digest: string },
  source: string,
  accountId: string,
  options: ReaderOptions,
): DeadLetter {
  const head = Buffer.from(text.head);
  return {
    contentHash: contentHash(options.storeKeyHex, `unframed ${text.digest}`),
    reason: text.reason,
    source,
    accountId,
    path: '',
    got: `${text.bytes} bytes`,
    text: Buffer.from(options.scrubber.scrub(head.toString('latin1'), false, 'latin1').text, 'latin1'),
    textBytes: text.bytes,
    textDigest: Buffer.from(text.digest, 'hex'),
    replayable: false,
  };
}
