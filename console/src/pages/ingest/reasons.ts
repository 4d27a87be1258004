/** Why a record is no event, in words, and what makes one of it after all. */
import { REJECTION_REASONS, type RejectionReason } from '../../../../schemas/rejection.ts';

interface Words {
  readonly why: string;
  readonly next: string;
}

const AGAIN = 'Correct it where it was written, and send it again; this letter then stays as what came first.';
const NEWER = 'A newer version of keytrail may read it: replay it after an update.';

const WORDS: Readonly<Record<RejectionReason, Words>> = {
  'invalid-utf8': { why: 'The text is not UTF-8.', next: AGAIN },
  'invalid-json': { why: 'The text is not JSON.', next: AGAIN },
  'not-an-object': { why: 'It is JSON, and no object.', next: AGAIN },
  'too-deep': { why: 'Its objects are nested too deeply.', next: AGAIN },
  'record-too-large': {
    why: 'It is longer than a record may be; only its beginning is kept.',
    next: 'Raise record_bytes_max, and read it from its origin again.',
  },
  'unrecognised-source': {
    why: 'No source was named for it, and none recognises it.',
    next: 'Replay it, and name the source whose record it is.',
  },
  'account-missing': {
    why: 'Records of this source do not name their account, and nothing else did.',
    next: 'Replay it, and name the account that it belongs to.',
  },
  'account-not-allowed': {
    why: 'It names another account than its sender may bring records of.',
    next: 'Look who sent it; a token for that account may send it again.',
  },
  'invalid-record': { why: 'A field that an event needs is missing, or of another type.', next: NEWER },
  'time-invalid': { why: 'Its time cannot be read.', next: NEWER },
  'time-without-zone': { why: 'Its time has no zone, and could be any of 26 hours.', next: AGAIN },
  'time-out-of-range': { why: 'Its time is before 1970 or after 2299.', next: AGAIN },
  'container-truncated': { why: 'The file or message that it came in ends too early.', next: 'Send the whole again.' },
  'container-damaged': { why: 'The compression of what it came in is damaged.', next: 'Send the whole again.' },
  'container-too-large': { why: 'What it came in expands beyond its bound.', next: 'Send it in smaller pieces.' },
  'store-refused': { why: 'The store refused this very row for its data.', next: NEWER },
};

export function wordsOf(reason: string): Words {
  return (REJECTION_REASONS as readonly string[]).includes(reason)
    ? WORDS[reason as RejectionReason]
    : { why: 'The reason is of another version of keytrail.', next: NEWER };
}
