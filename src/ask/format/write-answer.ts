/** Writes an answer to a stream, no faster than the stream takes it. */
import type { Writable } from 'node:stream';
import type { QuestionChart } from '../../../schemas/questions.ts';
import type { Answer, Cell } from '../answer.ts';
import { formatChart } from './chart.ts';
import { formatCsv } from './csv.ts';
import { type EnvelopeHead, formatEnvelope } from './envelope.ts';
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
 * @param out is not ended
 * @returns false when the reader went away before it had taken all (`| head`), which is no error
 */
export function writeAnswer(
  answer: Answer,
  format: AnswerFormat,
  out: Writable,
  options: FormatOptions = {},
): Promise<boolean> {
  return writePieces(FORMATS[format](inZone(answer, options), options), out);
}

/** The answer with what stands around it, as one JSON object. @returns as `writeAnswer` */
export function writeEnvelope(
  answer: Answer,
  head: EnvelopeHead,
  out: Writable,
  options: FormatOptions = {},
): Promise<boolean> {
  return writePieces(formatEnvelope(inZone(answer, options), head), out);
}

/** The answer as the chart that its question names. @returns as `writeAnswer` */
export function writeChart(
  answer: Answer,
  chart: QuestionChart,
  out: Writable,
  options: FormatOptions = {},
): Promise<boolean> {
  return writePieces(formatChart(answer, chart, options), out);
}

/** Text in pieces. Every fault of the stream but a reader that goes away rejects. @returns as `writeAnswer` */
export async function writePieces(pieces: AsyncIterable<string> | Iterable<string>, out: Writable): Promise<boolean> {
  // A stream tells its fault to the write, and then once more as an event that ends the process if nobody listens.
  const heard = () => undefined;
  out.on('error', heard);
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < WRITE_CHARS) continue;
    if (!(await write(out, text))) return false;
    text = '';
  }
  if (text !== '' && !(await write(out, text))) return false;
  out.off('error', heard);
  return true;
}

function inZone(answer: Answer, options: FormatOptions): Answer {
  return options.local === true ? { ...answer, rows: inLocalTime(answer) } : answer;
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
