/** A message as the parts of a mail: subject, text and HTML, in which nothing of a log is markup. Pure. */
import { MAIL_ATTACHED_BYTES_MAX, MAIL_SUBJECT_CHARS_MAX } from '../limits.ts';
import { type Attachment, clean, type Message } from './message.ts';

export interface MailParts {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly Attachment[];
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
  const { title, text, severity, facts, sections, link } = message;
  const { kept, left } = fitting(message.attachments ?? []);
  return {
    subject: clean(message.subject ?? `[keytrail] ${severity}: ${title}`, MAIL_SUBJECT_CHARS_MAX),
    text: [
      title,
      text,
      ...(link === undefined ? [] : [`${link.title}: ${link.url}`]),
      facts.map(({ name, value }) => `${name}: ${value}`).join('\n'),
      ...sections.map((section) => [section.title, ...section.lines.map((line) => `- ${line}`)].join('\n')),
      ...left.map(
        ({ name, content }) => `Not attached: ${clean(name)}, ${mebibytes(content.length)} MiB are too much.`,
      ),
    ].join('\n\n'),
    html: message.html ?? htmlOf(message),
    attachments: kept,
  };
}

/** What no mail server takes is left out, the largest first. */
function fitting(files: readonly Attachment[]): { kept: readonly Attachment[]; left: readonly Attachment[] } {
  const left: Attachment[] = [];
  let bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  for (const file of [...files].sort((one, other) => other.content.length - one.content.length)) {
    if (bytes <= MAIL_ATTACHED_BYTES_MAX) break;
    left.push(file);
    bytes -= file.content.length;
  }
  return { kept: files.filter((file) => !left.includes(file)), left };
}

const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

function htmlOf({ title, text, facts, sections, link }: Message): string {
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
    ...(link === undefined ? [] : [`<p><a href="${escaped(link.url)}">${escaped(link.title)}</a></p>`]),
    `<table cellpadding="4">${rows.join('')}</table>`,
    ...[...parts, '</body></html>'],
  ].join('\n');
}
