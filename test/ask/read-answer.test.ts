import { beforeAll, describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/ask/read-answer.ts';
import { runSql } from '../../src/ask/run-sql.ts';
import { explainStoreError, firstSentence } from '../../src/ask/store-errors.ts';
import { EXIT, UserError } from '../../src/core/errors.ts';
import { ANSWER_ROWS_MAX } from '../../src/core/limits.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

/** How many rows came, and what ended them. */
async function counted(sql: string): Promise<{ rows: number; error: unknown }> {
  let rows = 0;
  try {
    for await (const _ of (await runSql(store, sql)).rows) rows++;
    return { rows, error: undefined };
  } catch (error) {
    return { rows, error };
  }
}

describe('the row limit of an answer', () => {
  it('holds where the engine makes many rows of one', async () => {
    expect(await counted(`SELECT arrayJoin(range(${ANSWER_ROWS_MAX})) AS x`)).toEqual({
      rows: ANSWER_ROWS_MAX,
      error: undefined,
    });
    const beyond = await counted(`SELECT arrayJoin(range(${ANSWER_ROWS_MAX + 1})) AS x`);
    expect(beyond.rows).toBeLessThanOrEqual(ANSWER_ROWS_MAX);
    const ofEngine = await counted(`SELECT number FROM numbers(${ANSWER_ROWS_MAX + 1})`);
    for (const { error } of [beyond, ofEngine]) {
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ code: 'ANSWER_TOO_LONG', exitCode: EXIT.failed });
    }
    expect((beyond.error as UserError).explanation).toEqual((ofEngine.error as UserError).explanation);
    expect(await counted('SELECT 7')).toEqual({ rows: 1, error: undefined });
  });
});

describe('what the store refuses', () => {
  it.each([
    ['SELECT no_such_column FROM activity', /^Unknown expression identifier `no_such_column`$/],
    ["SELECT repeat('a', 1000000000)", /^Too many times to repeat \(1000000000\), maximum is: \d+$/],
    ["SELECT toUInt8('x')", /^Cannot parse/],
  ])('%s is told in a sentence, without the statement, as wrong use', async (sql, got) => {
    const { error } = await counted(sql);
    expect(error).toMatchObject({
      code: 'SQL_REFUSED',
      exitCode: EXIT.usage,
      explanation: { got: expect.stringMatching(got), expected: expect.any(String), next: expect.any(String) },
    });
  });

  it('a fault of a saved statement is nobody’s wrong use', async () => {
    await expect(readAnswer(store, 'SELECT no_such_column FROM activity')).rejects.toMatchObject({
      code: 'SQL_REFUSED',
      exitCode: EXIT.failed,
    });
  });

  it('any other failure of the engine is explained too', () => {
    const cause = new StoreError('fatal', 49, 'Code: 49. DB::Exception: Bad order. (LOGICAL_ERROR) (version 26.7.2.1)');
    expect(explainStoreError(cause, 'typed')).toMatchObject({
      code: 'ANSWER_FAILED',
      exitCode: EXIT.failed,
      cause,
      explanation: { got: 'Bad order', expected: expect.any(String), next: expect.any(String) },
    });
  });

  it('what no engine said stays what it is', () => {
    for (const other of [new Error('broken promise'), new StoreError('retriable', 0, 'connect ECONNREFUSED')]) {
      expect(explainStoreError(other)).toBe(other);
    }
  });

  it.each([
    ['Code: 62. DB::Exception: Empty query. (SYNTAX_ERROR) (version 26.7.2.1)', 'Empty query'],
    ['Code: 36. DB::Exception: No (such) thing: In scope SELECT 1. (BAD_ARGUMENTS)', 'No (such) thing'],
    ['a plain sentence', 'a plain sentence'],
  ])('the first sentence of %j is %j', (message, expected) => {
    expect(firstSentence(message)).toBe(expected);
  });
});
