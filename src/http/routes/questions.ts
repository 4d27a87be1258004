/** Saved questions: which there are, their answers, and their answers as files. */
import { z } from 'zod';
import {
  answerSchema,
  type QuestionDocument,
  questionListSchema,
  questionWholeSchema,
} from '../../../schemas/api/questions.ts';
import { MOMENT_PARAMETER, type Question, type QuestionColumn } from '../../../schemas/questions.ts';
import { EXPORTED_FORMATS, exportedParquet, exportedText, MEDIA_TYPES } from '../../ask/exported.ts';
import { askDoubts, askedRange, askFreshness } from '../../ask/footer.ts';
import { envelopeHead } from '../../ask/footer-text.ts';
import { type GivenParameters, parametersOf, runQuestion } from '../../ask/runner.ts';
import { UserError } from '../../core/errors.ts';
import { type Asked, jsonRoute, type Route, type Services, streamRoute } from '../route.ts';
import { gathered } from '../streamed.ts';
import { rowObjects } from './rows.ts';
import { RANGE_FIELDS } from './time.ts';

const idParams = z.strictObject({ id: z.string().max(100).meta({ description: 'Id of the question.' }) });
const answerQuery = z.strictObject(RANGE_FIELDS);
const exportQuery = z.strictObject({
  ...RANGE_FIELDS,
  format: z.enum(EXPORTED_FORMATS).meta({ description: 'How the file is written.' }),
});

export const QUESTION_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/questions',
    operation: 'listQuestions',
    isUnnoted: true,
    summary: 'Every saved question, with its parameters and columns.',
    tag: 'questions',
    ability: 'read',
    answer: questionListSchema,
    handle: async ({ services }) => ({ questions: services.questions.map(documentOf) }),
  }),
  jsonRoute({
    path: '/api/v1/questions/{id}',
    operation: 'getQuestion',
    isUnnoted: true,
    summary: 'One saved question.',
    tag: 'questions',
    ability: 'read',
    params: idParams,
    answer: questionWholeSchema,
    handle: async ({ services, params }) => {
      const question = named(services, params.id);
      return { ...documentOf(question), sql: question.sql };
    },
  }),
  jsonRoute({
    path: '/api/v1/questions/{id}/answer',
    operation: 'askQuestion',
    summary: 'The answer to a saved question, with what it can be trusted for.',
    tag: 'questions',
    ability: 'read',
    params: idParams,
    query: answerQuery,
    isFree: true,
    answer: answerSchema,
    handle: async ({ services, params, query, free, store, signal }) => {
      const question = named(services, params.id);
      const given = givenOf(free, query);
      const now = new Date(services.now());
      const parameters = parametersOf(question, given, now.getTime());
      const range = askedRange(question, parameters);
      const fresh = await askFreshness(store, now.getTime());
      const answer = await runQuestion(store, question, given, { now, signal });
      const [rows, doubts] = await Promise.all([rowObjects(answer), askDoubts(store, range)]);
      const columns = answer.columns.map(({ name, type, unit = null, description = null }) => {
        return { name, type, unit, description };
      });
      const head = envelopeHead(question, parameters, { range, ...fresh, ...doubts });
      return { ...head, columns, rows };
    },
  }),
  streamRoute({
    path: '/api/v1/questions/{id}/export',
    operation: 'exportQuestion',
    summary: 'The answer to a saved question as a file.',
    tag: 'questions',
    ability: 'export',
    params: idParams,
    query: exportQuery,
    isFree: true,
    types: Object.values(MEDIA_TYPES),
    stream: async (asked) => {
      const { format } = asked.query;
      const bytes = format === 'parquet' ? parquetOf(asked) : gathered(exportedText(await answerOf(asked), format));
      return { type: MEDIA_TYPES[format], fileName: `${asked.params.id}.${format}`, bytes };
    },
  }),
];

type AskedExport = Asked<z.infer<typeof idParams>, z.infer<typeof exportQuery>>;

function answerOf({ services, params, query, free, store, signal }: AskedExport) {
  const now = new Date(services.now());
  return runQuestion(store, named(services, params.id), givenOf(free, query), { now, signal });
}

function parquetOf({ services, params, query, free, store, signal }: AskedExport): AsyncIterable<Uint8Array> {
  const question = named(services, params.id);
  const parameters = parametersOf(question, givenOf(free, query), services.now());
  return exportedParquet(store, question.sql, parameters, signal);
}

function givenOf(
  free: Readonly<Record<string, string | string[]>>,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): GivenParameters {
  return { ...free, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function named({ questions }: Services, id: string): Question {
  const found = questions.find((question) => question.id === id);
  if (found !== undefined) return found;
  throw new UserError('QUESTION_UNKNOWN', 'there is no question of this id', {
    got: id,
    next: '/api/v1/questions lists all of them',
  });
}

function documentOf(question: Question): QuestionDocument {
  const { id, folder, title, params, columns, one_of = [], tags, chart } = question;
  return {
    id,
    folder,
    title,
    question: question.question,
    description: question.description ?? null,
    parameters: Object.entries(params)
      .filter(([name]) => name !== MOMENT_PARAMETER)
      .map(([name, { type, default: preset, description }]) => ({
        name,
        type,
        required: preset === undefined && name !== 'from' && name !== 'to',
        ...(preset === undefined ? {} : { default: preset }),
        description: description ?? null,
      })),
    one_of: [...one_of],
    columns: Object.entries(columns).map(([name, column]: [string, QuestionColumn]) => {
      return { name, unit: column.unit ?? null, description: column.description ?? null };
    }),
    tags: [...tags],
    chart: chart === undefined ? null : { ...chart, ...(chart.by === undefined ? {} : { by: chart.by }) },
  } as QuestionDocument;
}
