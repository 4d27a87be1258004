import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { RETRY_ATTEMPTS_CAPPED_MAX, RETRY_PAUSE_MS_MAX } from '../../src/core/limits.ts';
import { failureBlock, wholeAnswer } from '../../src/store/answer-stream.ts';
import { hasWords, insertHead, oneStatement, plainType } from '../../src/store/embedded/sql-text.ts';
import { errorOfAnswer, storeErrorOf } from '../../src/store/errors.ts';
import { pauseAfter, withRetry } from '../../src/store/retry.ts';
import { StoreError } from '../../src/store/store.ts';

const failing = (error: unknown, times: number): (() => Promise<string>) => {
  let calls = 0;
  return async () => {
    if (calls++ < times) throw error;
    return `after ${calls - 1}`;
  };
};

test('a store that is away is waited for, however long: a hundred refusals and then the answer', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const pauses: number[] = [];
  const sleep = async (ms: number): Promise<void> => void pauses.push(ms);
  expect(await withRetry(failing(refused, 100), { sleep, random: () => 0.999 })).toBe('after 100');
  expect(pauses.slice(0, 3)).toEqual([100, 200, 400]);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(RETRY_PAUSE_MS_MAX);
});

test.each([159, 164, 241])('code %i is tried a few times and then given up, saying so', async (code) => {
  const error = storeErrorOf(new Error(`Code: ${code}. DB::Exception: too much. (X)`));
  const run = withRetry(failing(error, 1000), { sleep: async () => {} });
  await expect(run).rejects.toMatchObject({
    kind: 'fatal',
    code,
    message: expect.stringContaining(`${RETRY_ATTEMPTS_CAPPED_MAX} attempts`),
  });
});

test('what no waiting heals passes at once, unchanged', async () => {
  for (const error of [
    new StoreError('fatal', 60, 'x'),
    new StoreError('data', 117, 'x'),
    new TypeError('ours'),
    new UserError('X', 'x'),
  ]) {
    await expect(withRetry(failing(error, 1))).rejects.toBe(error);
  }
});

test('an abort ends the waiting', async () => {
  const stop = new AbortController();
  const run = withRetry(failing(new StoreError('retriable', 0, 'x'), 1000), {
    signal: stop.signal,
    onRetry: () => stop.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
});

test('a pause lies between half and all of its bound', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, random) => {
        const pause = pauseAfter(failures, () => random);
        expect(pause).toBeGreaterThanOrEqual(50);
        expect(pause).toBeLessThanOrEqual(RETRY_PAUSE_MS_MAX);
      },
    ),
  );
});

test('answers of a proxy are judged by their status, answers of the store by their code', () => {
  expect(errorOfAnswer(503, 0, '<html>').kind).toBe('retriable');
  expect(errorOfAnswer(401, 0, 'no').kind).toBe('fatal');
  expect(errorOfAnswer(500, 241, 'Code: 241').kind).toBe('retriable');
  expect(errorOfAnswer(500, 9_999, 'Code: 9999').kind).toBe('fatal');
});

test('a failure at the end of a body is found wherever the body is cut into chunks', async () => {
  const rows = Buffer.from('1\t2\n\r\n__exception__\r\nnot the tag\r\n3\t4\n');
  const body = Buffer.concat([rows, failureBlock('0123456789abcdef', 'Code: 395. DB::Exception: late. (X)')]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(body.length), { maxLength: 20 }), async (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), body.length];
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let at = 1; at < edges.length; at++) yield body.subarray(edges[at - 1], edges[at]);
      }
      const seen: Uint8Array[] = [];
      const reading = (async (): Promise<void> => {
        for await (const chunk of wholeAnswer(chunks(), '0123456789abcdef')) seen.push(chunk);
      })();
      await expect(reading).rejects.toMatchObject({ code: 395, message: 'Code: 395. DB::Exception: late. (X)' });
      expect(Buffer.concat(seen).toString()).toBe(rows.toString());
    }),
  );
});

test('the surface of SQL is read as the engine reads it', () => {
  expect(oneStatement("SELECT 'a;b' ;")).toBe("SELECT 'a;b' ");
  expect(oneStatement('SELECT $a$;$a$')).toBe('SELECT $a$;$a$');
  expect(oneStatement('SELECT 1;x')).toBeUndefined();
  expect(hasWords("SELECT 'INTO OUTFILE'", /INTO\s+OUTFILE/)).toBe(false);
  expect(hasWords('SELECT 1 INTO/**/OUTFILE', /INTO\s+OUTFILE/)).toBe(true);
  expect(plainType('Array(LowCardinality(Nullable(FixedString(3))))')).toBe('Array(Nullable(FixedString(3)))');
  expect(insertHead('INSERT INTO `a b`.t (`x`, y) FORMAT RowBinary')).toEqual({
    database: 'a b',
    table: 't',
    columns: ['x', 'y'],
    format: 'RowBinary',
    settings: '',
    data: '',
  });
  expect(insertHead('INSERT INTO t VALUES (1)')).toBeUndefined();
  expect(insertHead('INSERT INTO t SELECT 1')).toBeUndefined();
});
