import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadQuestions } from '../../src/ask/loader.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { defineQuery } from '../../src/cli/query.ts';
import { defineSql } from '../../src/cli/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents, NOW, QUERIES } from '../ask/fixture.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';

let store: Store;
let configured: string | undefined;
beforeAll(async () => {
  store = (await temporaryStore()).store;
  await insertEvents(store, [
    eventRow({ key_id: 'ci', source_ip: '203.0.113.7', action: 'read', event_time: '2026-11-23T10:00:00.000Z' }),
    eventRow({ key_id: 'ci', event_id: 'e2', event_time: '2026-11-01T00:00:00.000Z' }),
  ]);
});

interface Run {
  readonly stdout: string;
  readonly opened: number;
  readonly closed: number;
  readonly error: unknown;
}

async function run(args: readonly string[], terminal = false): Promise<Run> {
  const out = Object.assign(new PassThrough(), { isTTY: terminal, columns: 160 });
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  let opened = 0;
  let closed = 0;
  const context = {
    stdout: out as unknown as NodeJS.WriteStream,
    stderr: new PassThrough() as unknown as NodeJS.WriteStream,
    env: {},
    now: () => NOW.getTime(),
    config: async () => ({ queries: configured }),
    open: async () => {
      opened++;
      return { store, close: async () => void closed++ };
    },
  } as unknown as CliContext;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  defineQuery(program, context);
  defineSql(program, context);
  const error = await program.parseAsync([...args], { from: 'user' }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { stdout: Buffer.concat(chunks).toString('utf8'), opened, closed, error };
}

describe('keytrail query', () => {
  it('writes ndjson to a pipe and a table to a terminal', async () => {
    const piped = await run(['query', 'key-usage', '--from', '-24h']);
    expect(JSON.parse(piped.stdout)).toEqual({
      account_id: 'a1',
      key_id: 'ci',
      owner: '',
      app: '',
      requests: 1,
      failures: 0,
      auth_failures: 0,
      source_ips: 1,
      actions: 1,
      first_seen: '2026-11-23T10:00:00.000Z',
      last_seen: '2026-11-23T10:00:00.000Z',
    });
    expect((await run(['query', 'key-usage'], true)).stdout).toMatch(/account_id +key_id +owner +app +requests/);
  });

  it('takes the parameters of the question, and closes what it opened', async () => {
    const asked = await run([
      'query',
      'investigation/key-activity',
      '--param',
      'key_id=ci',
      '--param',
      'account_id=a1',
      '--format',
      'json',
    ]);
    expect(JSON.parse(asked.stdout)).toHaveLength(2);
    expect([asked.opened, asked.closed]).toEqual([1, 1]);
  });

  it('lists the questions, those of a person included, without opening a store', async () => {
    const own = await temporaryDirectory();
    await writeFile(
      path.join(own, 'mine.sql'),
      '/*\ntitle: Mine\nquestion: What is mine?\ncolumns: {a: it}\n*/\nSELECT 1 AS a\n',
    );
    const { stdout, opened } = await run(['query', '--list', '--queries', own, '--format', 'json']);
    const listed = JSON.parse(stdout) as { id: string; question: string; params: string }[];
    expect(listed).toHaveLength((await loadQuestions([QUERIES, own])).length);
    expect(listed.find(({ id }) => id === 'mine')?.question).toBe('What is mine?');
    expect(listed.find(({ id }) => id === 'key-activity')?.params).toBe('key_id [account_id] [from] [to]');
    expect(opened).toBe(0);
    expect(JSON.parse((await run(['query', 'mine', '--queries', own])).stdout)).toEqual({ a: 1 });
    configured = own;
    expect(JSON.parse((await run(['query', 'mine'])).stdout)).toEqual({ a: 1 });
    configured = undefined;
  });

  it.each([
    ['QUESTION_UNKNOWN', ['query', 'no-such']],
    ['PARAMETER_MISSING', ['query', 'key-activity']],
    ['PARAMETER_MISSING', ['query', 'request-lookup']],
    ['PARAMETER_MISSING', ['query', 'request-lookup', '--param', 'id=']],
    ['PARAMETER_INVALID', ['query', 'key-usage', '--from', 'soon']],
    ['PARAMETER_INVALID', ['query', 'key-usage', '--param', 'from']],
    ['PARAMETER_INVALID', ['query', 'key-usage', '--from', '-1d', '--param', 'from=-2d']],
    ['PARAMETER_UNKNOWN', ['query', 'key-usage', '--param', 'now=2020-01-01']],
    ['FORMAT_UNKNOWN', ['query', 'key-usage', '--format', 'xml']],
  ])('%s is wrong use, told before a store is opened', async (code, args) => {
    const { error, opened, stdout } = await run(args);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect([opened, stdout]).toEqual([0, '']);
  });
});

describe('keytrail sql', () => {
  it('answers a SELECT in the format asked for', async () => {
    const { stdout } = await run([
      'sql',
      'SELECT key_id, count() AS n FROM activity GROUP BY key_id',
      '--format',
      'csv',
    ]);
    expect(stdout).toBe('key_id,n\r\nci,2\r\n');
  });

  it('refuses anything else as wrong use, and closes the store', async () => {
    for (const statement of [
      'DROP TABLE ledger',
      'INSERT INTO audit_events (event_id) VALUES (1)',
      'SELCT 1',
      '',
      'SELECT no_such_column FROM activity',
      'SELECT 1; SELECT 2',
      "SELECT file('/etc/passwd')",
      "SELECT 1 INTO OUTFILE '/tmp/x'",
    ]) {
      const { error, closed, stdout } = await run(['sql', statement]);
      expect(error).toMatchObject({ exitCode: 2, explanation: { next: expect.any(String) } });
      expect([closed, stdout]).toEqual([1, '']);
    }
  });
});
