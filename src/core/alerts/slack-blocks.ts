/** A message as blocks of Slack, within Slack's own limits. Pure. */
import {
  SLACK_FIELD_CHARS_MAX,
  SLACK_FIELD_ENTRIES_MAX,
  SLACK_HEADER_CHARS_MAX,
  SLACK_TEXT_CHARS_MAX,
} from '../limits.ts';
import { cut, type Message } from './message.ts';

type Json = Readonly<Record<string, unknown>>;

/** Slack reads mentions, links and channels between these; as entities they are text. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cut before it is escaped and again after it: no entity may be cut in half. */
function fitting(text: string, charsMax: number): string {
  let kept = cut(text, charsMax);
  while (escaped(kept).length > charsMax)
    kept = cut(kept, kept.length - Math.ceil((escaped(kept).length - charsMax) / 5));
  return escaped(kept);
}

/** `verbatim`: Slack itself makes no links and mentions of what looks like one. */
const marked = (text: string): Json => ({ type: 'mrkdwn', text, verbatim: true });

export function slackPayload(message: Message): Json {
  const { title, text, facts, sections, severity, link } = message;
  const blocks: Json[] = [
    { type: 'header', text: { type: 'plain_text', text: fitting(title, SLACK_HEADER_CHARS_MAX), emoji: false } },
    { type: 'section', text: marked(fitting(text, SLACK_TEXT_CHARS_MAX)) },
  ];
  // A link that is written as one is one, also where Slack makes none by itself.
  if (link !== undefined) blocks.push({ type: 'section', text: marked(`<${link.url}|${escaped(link.title)}>`) });
  const fields = facts.map(({ name, value }) => marked(fitting(`${name}: ${value}`, SLACK_FIELD_CHARS_MAX)));
  for (let from = 0; from < fields.length; from += SLACK_FIELD_ENTRIES_MAX) {
    blocks.push({ type: 'section', fields: fields.slice(from, from + SLACK_FIELD_ENTRIES_MAX) });
  }
  for (const section of sections) {
    const lines = [section.title, ...section.lines.map((line) => `• ${line}`)].join('\n');
    blocks.push({ type: 'section', text: marked(fitting(lines, SLACK_TEXT_CHARS_MAX)) });
  }
  const context = `keytrail · ${severity} · ${message.id}`;
  blocks.push({ type: 'context', elements: [marked(context)] });
  return { text: fitting(title, SLACK_TEXT_CHARS_MAX), unfurl_links: false, unfurl_media: false, blocks };
}
