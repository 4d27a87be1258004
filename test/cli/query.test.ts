import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadQuestions } from '../../src/ask/loader.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { defineQuery } from '../../src/cli/query.ts';
import { defineSql } from '../../src/cli/sql.ts';
import { READER_SECONDS_MAX } from '../../src/core/limits.ts';
import type { QueryOptions, Store } from '../../src/store/store.ts';
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
  readonly stderr: string;
  /** Statements that the store was asked, less those that only tell columns. */
  readonly asked: readonly string[];
  readonly opened: number;
  readonly closed: number;
  readonly error: unknown;
}

interface RunOptions {
  /** Where the answer goes in place of what is returned. */
  readonly out?: Writable;
  readonly env?: Readonly<Record<string, string>>;
}

async function run(args: readonly string[], terminal = false, { out, env = {} }: RunOptions = {}): Promise<Run> {
  const stream = () => {
    const chunks: Buffer[] = [];
    const to = Object.assign(new PassThrough(), { isTTY: terminal, columns: 160 });
    to.on('data', (chunk: Buffer) => chunks.push(chunk));
    return { to, text: () => Buffer.concat(chunks).toString('utf8') };
  };
  const [stdout, stderr] = [stream(), stream()];
  const asked: string[] = [];
  const watched: Store = {
    ...store,
    rows: (sql, options) => {
      if (!sql.startsWith('DESCRIBE')) asked.push(sql);
      return store.rows(sql, patient(options));
    },
    stream: (sql, format, options) => {
      asked.push(sql);
      return store.stream(sql, format, options);
    },
  };
  let opened = 0;
  let closed = 0;
  const context = {
    stdout: (out ?? stdout.to) as unknown as NodeJS.WriteStream,
    stderr: stderr.to as unknown as NodeJS.WriteStream,
    env,
    now: () => NOW.getTime(),
    config: async () => ({ queries: configured }),
    open: async () => {
      opened++;
      return { store: watched, close: async () => void closed++ };
    },
  } as unknown as CliContext;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  defineQuery(program, context);
  defineSql(program, context);
  const error = await program.parseAsync([...args], { from: 'user' }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { stdout: stdout.text(), stderr: stderr.text(), asked, opened, closed, error };
}

/** What a busy machine counts slowly is counted all the same: how little time counting may take is not shown here. */
function patient(options: QueryOptions = {}): QueryOptions {
  if (options.settings?.max_execution_time === undefined) return options;
  return { ...options, settings: { ...options.settings, max_execution_time: READER_SECONDS_MAX } };
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
      'investigation/key-timeline',
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
    expect(listed.find(({ id }) => id === 'key-timeline')?.params).toBe('key_id [account_id] [from] [to]');
    expect(opened).toBe(0);
    expect(JSON.parse((await run(['query', 'mine', '--queries', own])).stdout)).toEqual({ a: 1 });
    configured = own;
    expect(JSON.parse((await run(['query', 'mine'])).stdout)).toEqual({ a: 1 });
    configured = undefined;
  });

  it.each([
    ['QUESTION_UNKNOWN', ['query', 'no-such']],
    ['PARAMETER_MISSING', ['query', 'key-timeline']],
    ['PARAMETER_MISSING', ['query', 'request-lookup']],
    ['PARAMETER_MISSING', ['query', 'request-lookup', '--param', 'id=']],
    ['PARAMETER_INVALID', ['query', 'key-usage', '--from', 'soon']],
    ['PARAMETER_INVALID', ['query', 'key-usage', '--param', 'from']],
    ['PARAMETER_INVALID', ['query', 'key-usage', '--from', '-1d', '--param', 'from=-2d']],
    ['PARAMETER_UNKNOWN', ['query', 'key-usage', '--param', 'now=2020-01-01']],
    ['FORMAT_UNKNOWN', ['query', 'key-usage', '--format', 'xml']],
    ['CHART_NONE', ['query', 'key-timeline', '--chart', '--param', 'key_id=ci']],
    ['OPTIONS_CONFLICT', ['query', 'key-usage', '--chart', '--format', 'table']],
    ['OPTIONS_CONFLICT', ['query', 'key-usage', '--chart', '--envelope']],
    ['OPTIONS_CONFLICT', ['query', 'key-usage', '--envelope', '--format', 'ndjson']],
    ['OPTIONS_CONFLICT', ['query', 'key-usage', '--envelope', '--no-footer']],
    ['OPTIONS_CONFLICT', ['query', '--list', '--chart']],
    ['OPTIONS_CONFLICT', ['query', '--envelope']],
  ])('%s is wrong use, told before a store is opened', async (code, args) => {
    const { error, opened, stdout } = await run(args);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect([opened, stdout]).toEqual([0, '']);
  });

  it('shows what readers of an account may see, and of no other', async () => {
    const asked = ['query', 'key-usage', '--format', 'ndjson'];
    expect((await run([...asked, '--account', 'a1'])).stdout).toBe((await run(asked)).stdout);
    expect((await run([...asked, '--account', 'of-somebody-else'])).stdout).toBe('');
    expect((await run(asked)).stdout).not.toBe('');
  });
});

describe('what stands around an answer', () => {
  it('is said on stderr behind it, and leaves stdout as it is', async () => {
    const said = await run(['query', 'key-usage', '--from', '2026-11-23', '--to', '2026-11-24']);
    const silent = await run(['query', 'key-usage', '--from', '2026-11-23', '--to', '2026-11-24', '--no-footer']);
    expect(said.stdout).toBe(silent.stdout);
    expect(said.stderr).toBe(
      '2026-11-23T00:00Z → 2026-11-24T00:00Z · 0 dead letters · 0 conflicts · data until 2026-11-23T10:00:00Z\n',
    );
    expect(silent.stderr).toBe('');
    expect(silent.asked, 'and asks nothing').toHaveLength(1);
    expect(said.asked).toHaveLength(4);
    expect(said.asked[0], 'before the question, so that it claims nothing newer').toContain('data_until_ms');
  });

  it('is an object with the rows in it on request, and then nothing is said', async () => {
    for (const format of [[], ['--format', 'json']]) {
      const asked = await run(['query', 'key-usage', '--from', '2026-11-23', '--envelope', ...format]);
      expect(JSON.parse(asked.stdout)).toMatchObject({
        question: 'key-usage',
        parameters: { from: '2026-11-23T00:00:00.000Z', to: null, now: NOW.toISOString() },
        range: { from: '2026-11-23T00:00:00.000Z', to: null },
        data_until: '2026-11-23T10:00:00.000Z',
        stored_until: null,
        dead_letters: 0,
        conflicts: 0,
        rows: [{ key_id: 'ci', requests: 1 }],
      });
      expect(asked.stderr).toBe('');
    }
  });

  it('is not asked, and no error, when the reader has gone away', async () => {
    const gone = new Writable({
      write: (_, __, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const { stderr, asked, error, closed } = await run(['query', 'key-usage'], false, { out: gone });
    expect([stderr, error, closed]).toEqual(['', undefined, 1]);
    expect(asked).toHaveLength(2);
  });
});

describe('a chart', () => {
  it('stands in the place of the table, and the footer behind it', async () => {
    const drawn = await run(['query', 'key-usage', '--chart']);
    expect(drawn.stdout).toBe(`requests by key_id\n\nci  ${'█'.repeat(74)} 2\n`);
    expect(drawn.stderr).toContain('all time');
    const line = (await run(['query', 'activity-over-time', '--chart', '--from', '-24h'])).stdout;
    expect(line).toMatch(/^requests by bucket\n\n1 ┤/);
  });

  it('has colours on a terminal that takes them, and nowhere else', async () => {
    const args = ['query', 'key-usage', '--chart'];
    expect((await run(args, true)).stdout).toContain('\u001b[');
    expect((await run(args, true, { env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
    expect((await run(args)).stdout).not.toContain('\u001b');
  });

  it('of a question without one is refused with those that have one', async () => {
    const { error } = await run(['query', 'request-lookup', '--chart', '--param', 'id=x']);
    expect(error).toMatchObject({ explanation: { expected: expect.stringContaining('key-usage') } });
  });
});

describe('the list', () => {
  it('has a heading for each folder on a terminal, and only what has a word where one is given', async () => {
    const { stdout, opened } = await run(['query', '--list', 'source-ip'], true);
    const lines = stdout.replaceAll(/\u001b\[\d+m/g, '').split('\n');
    expect(lines[0]).toBe('attribution');
    expect(lines).toContain('investigation');
    expect(lines[lines.findIndex((line) => line.startsWith('  source-ip-usage ')) + 1]).toContain(
      'From which addresses',
    );
    expect(stdout).not.toContain('ingest-status');
    expect(opened).toBe(0);
    const rows = (await run(['query', '--list', 'source-ip'])).stdout.trimEnd().split('\n');
    expect(rows.map((row) => (JSON.parse(row) as { id: string }).id)).toContain('source-ip-usage');
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
