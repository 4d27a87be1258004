/** How far the record can be relied on, in a sentence. Pure. */
import type { ReportDocument } from '../../../schemas/reports.ts';
import { grouped, plural } from '../words.ts';

type Coverage = ReportDocument['coverage'];

export function coverageSentence(found: Omit<Coverage, 'sentence'>, toMs: number): string {
  const doubts = [
    doubt(found.gaps, 'gap', 'in the streams that were read'),
    doubt(found.dead_letters, 'record', 'that could not become events'),
    doubt(found.conflicts, 'event id', 'with several contents'),
    doubt(found.late_events, 'event', 'stored more than a day late'),
  ].filter((text) => text !== '');
  const uncounted = [
    found.gaps === null ? 'gaps' : '',
    found.dead_letters === null ? 'dead letters' : '',
    found.conflicts === null ? 'conflicts' : '',
    found.late_events === null ? 'late events' : '',
  ].filter((text) => text !== '');
  return [reachText(found, toMs), doubtText(doubts, uncounted), uncountedText(uncounted)].filter(Boolean).join(' ');
}

function reachText({ data_until: until }: Pick<Coverage, 'data_until'>, toMs: number): string {
  if (until === null) return 'No event is stored.';
  const shown = minute(until);
  return Date.parse(until) >= toMs
    ? 'Events are stored beyond the end of the period.'
    : `The latest event is of ${shown} UTC, before the end of the period.`;
}

function doubtText(doubts: readonly string[], uncounted: readonly string[]): string {
  if (doubts.length > 0) return `In the period there ${listed(doubts)}.`;
  return uncounted.length > 0 ? '' : 'No gap, no dead letter, no conflict and no late event is known.';
}

const uncountedText = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Not counted: ${names.join(', ')}.`;

function doubt(count: number | null, noun: string, what: string): string {
  if (count === null || count === 0) return '';
  return `${count === 1 ? 'is' : 'are'} ${grouped(count)} ${count === 1 ? noun : plural(noun)} ${what}`;
}

/** Only the first part keeps its verb. */
function listed(parts: readonly string[]): string {
  const rest = parts.slice(1).map((part) => part.replace(/^(?:is|are) /, ''));
  const all = [parts[0] ?? '', ...rest];
  return all.length === 1 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
