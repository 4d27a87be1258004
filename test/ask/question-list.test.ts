import { describe, expect, it } from 'vitest';
import type { Question } from '../../schemas/questions.ts';
import { textWidth } from '../../src/ask/format/text.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { chosenQuestions, groupedQuestions, listedQuestions } from '../../src/ask/question-list.ts';
import { QUERIES } from './fixture.ts';

const question = (folder: string, id: string, more: Partial<Question> = {}): Question => ({
  ...{ id, folder, file: `/q/${folder}/${id}.sql`, sql: 'SELECT 1 AS a' },
  ...{ title: `Title of ${id}`, question: `What is ${id}?`, params: {}, columns: { a: { unit: 'keys' } }, tags: [] },
  ...more,
});

const MIXED = [
  question('zoo', 'animals'),
  question('operations', 'ingest'),
  question('attribution', 'usage', {
    params: { now: { type: 'String' }, key_id: { type: 'String' }, from: { type: 'String' } },
  }),
  question('hygiene', 'old', { tags: ['source-ip'] }),
  question('my-own', 'mine', { chart: { kind: 'bar', x: 'a', y: 'a' } }),
  question('detections', 'new'),
  question('investigation/deep', 'trace', { params: { limit: { type: 'UInt8', default: 5 } } }),
  question('attribution', 'apps'),
];
const ids = (questions: readonly Question[]): string[] => questions.map(({ id }) => id);

describe('the list of questions', () => {
  it('goes from who, over what, to the machine, and then to people’s own folders', () => {
    expect(ids(chosenQuestions(MIXED))).toEqual(['apps', 'usage', 'trace', 'old', 'new', 'ingest', 'mine', 'animals']);
  });

  it('is parted by words that begin in what a question says of itself', () => {
    expect(ids(chosenQuestions(MIXED, 'IP'))).toEqual(['old']);
    expect(ids(chosenQuestions(MIXED, 'source-ip'))).toEqual(['old']);
    expect(ids(chosenQuestions(MIXED, 'key'))).toEqual(['usage']);
    expect(ids(chosenQuestions(MIXED, 'sage'))).toEqual([]);
    expect(ids(chosenQuestions(MIXED, '.*'))).toEqual([]);
  });

  it('has a heading for each folder, and says what can be given and which have a chart', () => {
    expect([...groupedQuestions(chosenQuestions(MIXED.slice(2, 6)), {})].join('')).toBe(
      `attribution
  usage  key_id [from]
      What is usage?

hygiene
  old
      What is old?

detections
  new
      What is new?

my-own
  mine  --chart
      What is mine?
`,
    );
  });

  it('fits the terminal, and cuts nothing', async () => {
    const names = Array.from({ length: 9 }, (_, index) => [`parameter_${index}`, { type: 'String' }] as const);
    const many = question('operations', 'many-parameters', { params: Object.fromEntries(names) });
    const questions = chosenQuestions([...(await loadQuestions([QUERIES])), many]);
    for (const width of [60, 80, 140]) {
      const text = [...groupedQuestions(questions, { width })].join('');
      for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
      const words = text.split(/\s+/).join(' ');
      for (const { question: sentence } of questions) expect(words).toContain(sentence);
      expect(words).toContain(`many-parameters ${names.map(([name]) => name).join(' ')} What is`);
    }
  });

  it('says on a terminal what is a name and what can be given', () => {
    const lines = [
      ...groupedQuestions([question('hygiene', 'old', { params: { days: { type: 'UInt8' } } })], { color: true }),
    ];
    expect(lines.slice(0, 2)).toEqual(['\u001b[1mhygiene\u001b[22m\n', '  old\u001b[2m  days\u001b[22m\n']);
  });

  it('without a question says so', () => {
    expect([...groupedQuestions([], {})]).toHaveLength(1);
  });

  it('is one row a question for programs', async () => {
    const rows = [];
    for await (const row of listedQuestions(chosenQuestions(MIXED, 'usage')).rows) rows.push(row);
    expect(rows).toEqual([['usage', 'attribution', 'What is usage?', 'key_id [from]']]);
  });
});
