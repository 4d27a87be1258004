/**
 * How long small inserts take, one behind the other, while nothing else is asked of the engine and while a question of
 * ten seconds runs. The question reads every row's raw text, as often as it takes to be that long.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENT_COLUMNS } from '../../src/core/event-row.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { migrate } from '../../src/store/migrations.ts';

const QUESTION_MS = 10_000;
const [dataDir = '', blocks = '', smallBlocks = ''] = process.argv.slice(2);
const { store, close } = await openEmbedded({ dataDir, mode: 'child' });
await migrate(store);
for (const name of await readdir(blocks)) await insert(blocks, name);
const names = (await readdir(smallBlocks)).sort();
const [few, more] = [await ask(2), await ask(10)];
const rounds = Math.ceil((QUESTION_MS / Math.max(1, more - few)) * 8 * 1.1);

const idle: number[] = [];
const idleUntil = performance.now() + QUESTION_MS;
while (performance.now() < idleUntil) await insertNext(idle);

const busy: number[] = [];
let answered = false;
const question = ask(rounds).finally(() => {
  answered = true;
});
while (!answered) await insertNext(busy);
const questionMs = await question;
await close();
process.stdout.write(`${JSON.stringify({ questionMs, idle, busy })}\n`);

async function ask(times: number): Promise<number> {
  const startedAt = performance.now();
  const sql = 'SELECT max(cityHash64(raw, number)) FROM audit_events CROSS JOIN numbers({times:UInt64}) AS again';
  await store.rows(sql, { parameters: { times } });
  return performance.now() - startedAt;
}

async function insertNext(taken: number[]): Promise<void> {
  const name = names.shift();
  if (name === undefined) throw new Error('not enough blocks were prepared');
  taken.push(await insert(smallBlocks, name));
}

async function insert(folder: string, name: string): Promise<number> {
  const [, rows = '0', token = ''] = name.split('-');
  const body = [await readFile(join(folder, name))];
  const startedAt = performance.now();
  await store.insert({ table: 'audit_events', columns: EVENT_COLUMNS, body, rows: Number(rows), token });
  return performance.now() - startedAt;
}
