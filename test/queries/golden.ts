/**
 * Golden answers: what a question says of the world, beside the parameters that it was asked with. A case is a file
 * `test/golden/questions/<id>/<case>.json`. `UPDATE_GOLDEN=1 npx vitest run test/queries` writes the rows anew; a new
 * case begins as `{ "params": {} }`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadQuestions } from '../../src/ask/loader.ts';
import type { GivenParameters } from '../../src/ask/runner.ts';
import type { Store } from '../../src/store/store.ts';
import { type AnswerRow, ask, QUERIES } from '../ask/fixture.ts';
import { WORLD_NOW } from './world.ts';

const GOLDEN = join(import.meta.dirname, '../golden/questions');
const updating = process.env.UPDATE_GOLDEN === '1';
const questions = await loadQuestions([QUERIES]);

interface GoldenCase {
  readonly params: GivenParameters;
  readonly rows?: readonly AnswerRow[];
}

/**
 * Runs every case of a folder's questions against the world.
 *
 * @param store the world's store, once it is open
 * @param ids only these questions; absent: all of the folder, each of which must have a case
 */
export function goldenCases(store: () => Store, folder: string, ids?: readonly string[]): void {
  const asked = questions.filter(({ id, folder: its }) => its === folder && (ids === undefined || ids.includes(id)));

  it('golden files are never written where nobody looks at them', () => {
    expect(updating && process.env.CI !== undefined).toBe(false);
  });

  describe.each(asked.map(({ id }) => id))('%s, asked of the world,', (id) => {
    const cases = casesOf(id);
    it('has an answer that was agreed on', () => expect(cases).not.toEqual([]));

    it.each(cases)('answers %s as agreed', async (name) => {
      const file = join(GOLDEN, id, `${name}.json`);
      const { params, rows } = JSON.parse(readFileSync(file, 'utf8')) as GoldenCase;
      const answered = await ask(store(), id, params, WORLD_NOW);
      if (!updating) return expect(answered).toEqual(rows);
      if (process.env.CI === undefined) writeFileSync(file, written({ params, rows: answered }));
    });
  });
}

function casesOf(id: string): string[] {
  const folder = join(GOLDEN, id);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** One row a line: a difference shows as the rows that differ. */
function written({ params, rows = [] }: GoldenCase): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const list = rows.length === 0 ? '[]' : `[\n${lines}\n  ]`;
  return `{\n  "params": ${JSON.stringify(params)},\n  "rows": ${list}\n}\n`;
}
