import type { AnswerEnvelope } from '../../../schemas/answer-envelope.ts';
import type { Answer } from '../answer.ts';
import { formatJson } from './json.ts';
import { visibleJson } from './text.ts';

/** What is known before the first row. */
export type EnvelopeHead = Omit<AnswerEnvelope, 'columns' | 'rows'>;

/** One object; its rows are written as they arrive, each on a line. */
export async function* formatEnvelope(answer: Answer, head: EnvelopeHead): AsyncIterable<string> {
  const columns = answer.columns.map(({ name, type, unit = null, description = null }) => {
    return { name, type, unit, description };
  });
  yield '{';
  for (const [name, value] of Object.entries({ ...head, columns })) yield `\n${field(name)}${jsonOf(value)},`;
  yield `\n${field('rows')}`;
  for await (const piece of formatJson(answer)) yield piece;
  yield '}\n';
}

const field = (name: string): string => `${JSON.stringify(name)}: `;
const jsonOf = (value: unknown): string => visibleJson(JSON.stringify(value));
