/** The keys of what is sent of a report: they follow from what it is and who gets it, today and after a crash. Pure. */
import { messageId } from '../alerts/message.ts';

/**
 * The id of a document: one for a report and those who get it. Two schedules that say the same in other words make one
 * document.
 *
 * @param report id of the report
 * @param channels names of channels
 * @param recipients mailboxes in place of those that e-mail channels name; `undefined`: theirs
 */
export function documentId(
  report: string,
  channels: readonly string[],
  recipients: readonly string[] | undefined,
): string {
  return messageId('report', report, sorted(channels), recipients === undefined ? '' : sorted(recipients));
}

export interface PlannedMessage {
  /** By which a receiver knows a second copy. */
  readonly message: string;
  readonly channel: string;
}

export function plannedMessages(document: string, channels: readonly string[]): PlannedMessage[] {
  return sorted(channels).map((channel) => ({ message: messageId('report-to', document, channel), channel }));
}

/** The id of a document that somebody asked for: another one each time, because it tells what is known by then. */
export function askedDocumentId(report: string, chance: string): string {
  return messageId('report-asked', report, chance);
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
