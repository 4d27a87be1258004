/** A message as the parts of a mail: subject, text and HTML, in which nothing of a log is markup. Pure. */
import { MAIL_SUBJECT_CHARS_MAX } from '../limits.ts';
import { clean, type Message } from './message.ts';

export interface MailParts {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');

export function mailParts(message: Message): MailParts {
  const { title, text, severity, facts, sections } = message;
  return {
    subject: clean(`[keytrail] ${severity}: ${title}`, MAIL_SUBJECT_CHARS_MAX),
    text: [
      title,
      text,
      facts.map(({ name, value }) => `${name}: ${value}`).join('\n'),
      ...sections.map((section) => [section.title, ...section.lines.map((line) => `- ${line}`)].join('\n')),
    ].join('\n\n'),
    html: message.html ?? htmlOf(message),
  };
}

function htmlOf({ title, text, facts, sections }: Message): string {
  const rows = facts.map(
    ({ name, value }) => `<tr><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
  );
  const parts = sections.map(
    (section) =>
      `<h3>${escaped(section.title)}</h3><ul>${section.lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`,
  );
  return [
    '<!doctype html><html><body>',
    `<h2>${escaped(title)}</h2><p>${escaped(text)}</p>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    ...[...parts, '</body></html>'],
  ].join('\n');
}
