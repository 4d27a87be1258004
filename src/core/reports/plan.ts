/** What a document is about and who gets it, and the keys that follow from that: the same today and after a crash. Pure. */
import { messageId } from '../alerts/message.ts';
import type { Period } from './period.ts';

export type ParameterValue = string | number | boolean | readonly (string | number)[];

export interface DocumentPlan {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly period: Period;
  /** `''`: all accounts. */
  readonly account: string;
  /** `''`: all owners. */
  readonly owner: string;
  /** Names of channels. */
  readonly channels: readonly string[];
  /** Mailboxes in place of those that e-mail channels name; `undefined`: theirs. */
  readonly recipients: readonly string[] | undefined;
}

export interface PlannedMessage {
  /** By which a receiver knows a second copy. */
  readonly message: string;
  readonly channel: string;
}

/**
 * The id of a document: one for a report and those who get it. Two schedules that say the same in other words make one
 * document.
 */
export function documentId({ kind, parameters, period, account, owner, channels, recipients }: DocumentPlan): string {
  const given = Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));
  const readers = recipients === undefined ? '' : sorted(recipients);
  return messageId(
    ...['report', kind, JSON.stringify(given), period.name, period.zone, account, owner],
    ...[sorted(channels), readers],
  );
}

export function plannedMessages(document: string, channels: readonly string[]): PlannedMessage[] {
  return sorted(channels).map((channel) => ({ message: messageId('report-to', document, channel), channel }));
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
