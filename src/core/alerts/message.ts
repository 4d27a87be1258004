/**
 * What is sent, whatever it tells of and wherever it goes: an alert, a digest, a report. Channels give it their form.
 * All texts in it are plain and clean; escaping for a form is the channel's.
 */
import { createHash } from 'node:crypto';
import type { Severity } from '../../../schemas/detections.ts';
import { ALERT_FACT_CHARS_MAX } from '../limits.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface Link {
  /** Of whoever wrote the configuration: it is not made of what a log holds. */
  readonly url: string;
  readonly title: string;
}

export interface Message {
  /** The key by which a receiver knows a second copy; 32 hex digits. */
  readonly id: string;
  /** What messages about one and the same thing share. */
  readonly dedup: string;
  /** `resolve`: what was told of under this `dedup` is over. */
  readonly action: 'tell' | 'resolve';
  readonly severity: Severity;
  /** One line. */
  readonly title: string;
  readonly text: string;
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
  /** What it tells of, as a machine reads it. */
  readonly json: Readonly<Record<string, unknown>>;
  /** ms since 1970, UTC */
  readonly at: number;
  /** A document of its own in place of the one that is made of the texts above. */
  readonly html?: string;
  readonly attachments?: readonly Attachment[];
  readonly link?: Link;
  /** Who gets it in place of those that an e-mail channel names; nobody where it is empty. Mailboxes. */
  readonly to?: readonly string[];
  /** What people call the folder of it, where it is kept as one. Default: the id. */
  readonly folder?: string;
  /** The subject of a mail where it shall not begin with the severity. */
  readonly subject?: string;
}

/** @param parts what a message is, so that making it again gives the same id */
export function messageId(...parts: readonly (string | number | readonly string[])[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/**
 * Control characters (terminal escapes, CR and LF), and what turns the direction of text or cannot be seen: a value
 * from a log must neither move what stands beside it nor look like something else.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]+/gu;

/** A value of unknown origin as one line of text that can be shown anywhere. */
export function clean(text: string, charsMax = ALERT_FACT_CHARS_MAX): string {
  return cut(text.replace(UNSEEN, ' ').trim(), charsMax);
}

/** At most so many UTF-16 units, and no half of a character. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const end = charsMax - 1;
  const isHalf = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, isHalf ? end - 1 : end)}…`;
}
