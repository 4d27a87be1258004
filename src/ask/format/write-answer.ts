/** Writes an answer to a stream, no faster than the stream takes it. */
import type { Writable } from 'node:stream';
import type { Answer, Cell } from '../answer.ts';
import { formatCsv } from './csv.ts';
import type { AnswerFormat, FormatAnswer, FormatOptions } from './formats.ts';
import { formatJson, formatNdjson } from './json.ts';
import { formatMarkdown } from './markdown.ts';
import { formatTable } from './table.ts';
import { localTimes } from './text.ts';

const FORMATS: Readonly<Record<AnswerFormat, FormatAnswer>> = {
  table: formatTable,
  json: formatJson,
  ndjson: formatNdjson,
  csv: formatCsv,
  markdown: formatMarkdown,
};

/** Characters gathered before they are handed to the stream: one write a row would cost more than the row. */
const WRITE_CHARS = 65_536;

/**
 * A reader that goes away (`| head`) ends the writing without an error; every other fault of the stream rejects.
 *
 * @param out is not ended
 */
export async function writeAnswer(
  answer: Answer,
  format: AnswerFormat,
  out: Writable,
  options: FormatOptions = {},
): Promise<void> {
  const shown = options.local === true ? { ...answer, rows: inLocalTime(answer) } : answer;
  // A stream tells its fault to the write, and then once more as an event that ends the process if nobody listens.
  const heard = () => undefined;
  out.on('error', heard);
  let text = '';
  for await (const piece of FORMATS[format](shown, options)) {
    text += piece;
    if (text.length < WRITE_CHARS) continue;
    if (!(await write(out, text))) return;
    text = '';
  }
  if (text !== '' && !(await write(out, text))) return;
  out.off('error', heard);
}

async function* inLocalTime(answer: Answer): AsyncIterable<readonly Cell[]> {
  for await (const row of answer.rows) yield localTimes(row, answer.columns);
}

/** Resolves when the stream has passed the text on: nothing piles up. @returns false when nobody reads any more */
async function write(out: Writable, text: string): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      out.write(text, (error) => (error ? reject(error) : resolve()));
    });
    return true;
  } catch (cause) {
    if (isGone(cause)) return false;
    throw cause;
  }
}

function isGone(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ERR_STREAM_WRITE_AFTER_END';
}
