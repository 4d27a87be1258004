/**
 * Asks questions of a large store, as `keytrail query` does, and tells how long each answer took without the opening.
 */
import { loadQuestions } from '../../src/ask/loader.ts';
import { runQuestion } from '../../src/ask/runner.ts';
import { builtInQuestions } from '../../src/cli/query.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import type { Asked, AskTimes } from '../measures/questions.ts';

const TIMES = 5;
const [dataDir = '', asked = '[]'] = process.argv.slice(2);
const questions = await loadQuestions([builtInQuestions()]);
const { store, close } = await openEmbedded({ dataDir, mode: 'in-process' });
const times: Record<string, AskTimes> = {};
for (const one of JSON.parse(asked) as readonly Asked[]) times[one.name] = await timesOf(one);
await close();
process.stdout.write(`${JSON.stringify(times)}\n`);

async function timesOf(one: Asked): Promise<AskTimes> {
  const ms: number[] = [];
  let rows = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now();
    rows = 'sql' in one ? (await store.rows(one.sql)).length : await rowsOf(one.question, one.given);
    ms.push(performance.now() - startedAt);
  }
  return { ms, rows };
}

async function rowsOf(id: string, given: Readonly<Record<string, string>>): Promise<number> {
  const question = questions.find((candidate) => candidate.id === id);
  if (question === undefined) throw new Error(`there is no question ${id}`);
  const answer = await runQuestion(store, question, given, { now: new Date() });
  let rows = 0;
  for await (const _ of answer.rows) rows += 1;
  return rows;
}
