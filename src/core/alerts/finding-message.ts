/** A finding as a message: what it says in words, its facts, what to do, and how to see it for oneself. Pure. */
import { ALERT_FACT_ENTRIES_MAX, ALERT_TITLE_CHARS_MAX } from '../limits.ts';
import { clean, type Fact, type Message } from './message.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import type { Occasion, Telling, ToldFinding } from './telling.ts';

export function findingMessage(telling: Telling): Message {
  const { id, occasion, finding, words } = telling;
  const { fingerprint, severity, foundAt } = finding;
  const summary = clean(finding.summary, ALERT_TITLE_CHARS_MAX);
  return {
    ...{ id, severity },
    dedup: fingerprint,
    action: occasion === 'resolved' ? 'resolve' : 'tell',
    title: clean(`${PREFIXES[occasion]}${summary}`, ALERT_TITLE_CHARS_MAX),
    text: textOf(telling),
    facts: factsOf(finding),
    sections: [
      ...(words === undefined ? [] : [{ title: 'What to do', lines: words.runbook.map((step) => clean(step)) }]),
      { title: 'Evidence', lines: [evidenceCommand(finding), `keytrail findings show ${fingerprint.slice(0, 12)}`] },
    ],
    json: ocsfFinding(telling),
    at: foundAt,
  };
}

const PREFIXES: Readonly<Record<Occasion, string>> = { opened: '', reopened: 'Again: ', resolved: 'Resolved: ' };

function textOf({ occasion, finding, words }: Telling): string {
  const asks = words === undefined ? finding.rule : `${clean(words.title)} (${finding.rule})`;
  if (occasion !== 'resolved') return `${asks}, severity ${finding.severity}.`;
  const who = finding.author === '' ? '' : ` by ${clean(finding.author)}`;
  const why = finding.note === '' ? '' : `: ${clean(finding.note)}`;
  return `${asks} is ${finding.state}${who}${why}`;
}

/** Columns that are told in other words. */
const TOLD = new Set(['first_seen', 'last_seen', 'stored_until', 'anchor_at', 'events', 'event_ids']);

function factsOf({ entity, facts, events, eventIds, firstSeen, lastSeen }: ToldFinding): Fact[] {
  const others = Object.entries(facts).filter(([name]) => !TOLD.has(name) && !Object.hasOwn(entity, name));
  const all: Fact[] = [
    ...Object.entries(entity).map(([name, value]) => ({ name, value: clean(value) })),
    { name: 'seen', value: `${new Date(firstSeen).toISOString()} to ${new Date(lastSeen).toISOString()}` },
    { name: 'events', value: String(events) },
    ...(eventIds.length === 0 ? [] : [{ name: 'event_ids', value: clean(eventIds.join(', ')) }]),
    ...others.map(([name, value]) => ({ name: clean(name), value: clean(factText(value)) })),
  ];
  return all.filter(({ value }) => value !== '').slice(0, ALERT_FACT_ENTRIES_MAX);
}

const factText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : Array.isArray(value)
      ? value.map(factText).join(', ')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

/** The question with fixed times: it answers the same tomorrow. */
export function evidenceCommand({ rule, firstSeen, lastSeen, parameters }: ToldFinding): string {
  const given = Object.entries(parameters).map(([name, value]) => ` --param ${name}=${factText(value)}`);
  const times = `--from ${new Date(firstSeen).toISOString()} --to ${new Date(lastSeen + 1).toISOString()}`;
  return clean(`keytrail query ${rule} ${times}${given.join('')}`);
}
