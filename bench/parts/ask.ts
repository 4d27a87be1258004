/**
 * Asks `key-usage` of a large store, as `keytrail query` does, and tells how long each answer took without the opening.
 */

import { loadQuestions } from '../../src/ask/loader.ts';
import { runQuestion } from '../../src/ask/runner.ts';
import { builtInQuestions } from '../../src/cli/query.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';

const TIMES = 5;
const [dataDir = '', from = '', to = ''] = process.argv.slice(2);
const questions = await loadQuestions([builtInQuestions()]);
const question = questions.find(({ id }) => id === 'key-usage');
if (question === undefined) throw new Error('there is no question key-usage');
const { store, close } = await openEmbedded({ dataDir, mode: 'in-process' });
const lastDays = await times({ from, to });
const allTime = await times({});
await close();
process.stdout.write(`${JSON.stringify({ lastDays, allTime })}\n`);

async function times(given: Readonly<Record<string, string>>): Promise<{ ms: number[]; rows: number }> {
  const ms: number[] = [];
  let rows = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now();
    const answer = await runQuestion(store, question as NonNullable<typeof question>, given, { now: new Date() });
    rows = 0;
    for await (const _ of answer.rows) rows += 1;
    ms.push(performance.now() - startedAt);
  }
  return { ms, rows };
}
