import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { ReportDocument } from '../../schemas/reports.ts';
import { printed } from '../../src/report/format/pdf.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { demoFolder } from './demo-store.ts';

const { dataDir } = demoFolder();
const run = (args: readonly string[], options: Parameters<typeof runKeytrail>[1] = {}) =>
  runKeytrail(['report', ...args, '--data-dir', dataDir()], options);
const PERIOD = ['--period', '2026-W43'];
/** What the program throws: with --debug it says the code. */
const codeIn = (stderr: string) => /^ {2}code: +([A-Z_]+)$/m.exec(stderr)?.[1];

describe('keytrail report run', () => {
  test('writes Markdown to standard output, and nothing else', async () => {
    const { code, stdout, stderr } = await run(['run', 'key-usage', ...PERIOD]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^# Key usage · 2026-W43\n/);
    // A table is as wide in each of its lines: somebody reads it as it is.
    const tables = stdout.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(4);
    for (const table of tables)
      expect(
        new Set(
          table
            .trimEnd()
            .split('\n')
            .map((line) => [...line].length),
        ).size,
      ).toBe(1);
  });

  test('writes each format that is asked for into a folder, and says which files', async () => {
    const out = path.join(await temporaryDirectory(), 'a', 'b');
    const formats = ['html', 'csv', 'json', 'xlsx', 'markdown'].flatMap((format) => ['--format', format]);
    const { code, stdout } = await run(['run', 'key-usage', ...PERIOD, ...formats, '--out', out]);
    expect(code).toBe(0);
    const files = (await readdir(out)).sort();
    expect(
      stdout
        .trim()
        .split('\n')
        .map((file) => path.basename(file))
        .sort(),
    ).toEqual(files);
    expect(files).toEqual(['csv.zip', 'html', 'json', 'md', 'xlsx'].map((end) => `key-usage-2026-W43.${end}`));
    const document = JSON.parse(await readFile(path.join(out, files[2] ?? ''), 'utf8')) as ReportDocument;
    const tables = Object.keys(unzipSync(await readFile(path.join(out, files[0] ?? ''))));
    expect(tables.filter((name) => !/gone|about/.test(name))).toHaveLength(document.sections.length);
  });

  test('writes a document for each owner, with only their keys', async () => {
    const out = await temporaryDirectory();
    const { code } = await run([
      'run',
      'access-review',
      '--period',
      '2026-10',
      '--per-owner',
      '--format',
      'csv',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    const files = await readdir(out);
    expect(files).toContain('access-review-2026-10-dana@northwind.example.csv.zip');
    for (const file of files) {
      const owner = /2026-10-(.*)\.csv\.zip$/.exec(file)?.[1] ?? '';
      const review = strFromU8(unzipSync(await readFile(path.join(out, file)))['01-review.csv'] ?? new Uint8Array());
      const owners = review
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[0]);
      expect([new Set(owners), owners.length > 0]).toEqual([new Set([owner]), true]);
    }
  });

  test('makes the report of a case of findings, of its keys and its days', async () => {
    const listed = await runKeytrail(['findings', 'cases', '--format', 'json', '--data-dir', dataDir()]);
    const [one] = rowsOf(listed).filter(({ keys }) => keys === 'debug-tmp');
    const { code, stdout } = await run(['run', 'incident', '--case', String(one?.id), '--format', 'json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as ReportDocument;
    expect(document.parameters.keys).toEqual(['debug-tmp']);
    expect(document.period.from.slice(0, 10)).toBe(String(one?.first_seen).slice(0, 10));
    expect(document.sections.find(({ id }) => id === 'findings')?.rows.length).toBeGreaterThan(0);
  });

  test('tells of a section that failed, writes the rest, and exits with 1', async () => {
    const folder = await temporaryDirectory();
    const [queries, kinds] = [path.join(folder, 'queries'), path.join(folder, 'kinds')];
    await mkdir(queries);
    await mkdir(kinds);
    const front = '/*\ntitle: Broken\nquestion: Does it fail?\ncolumns: {n: a number}\n*/\n';
    await writeFile(
      path.join(queries, 'broken.sql'),
      `${front}SELECT throwIf(number = 0) AS n FROM numbers(1) ORDER BY n`,
    );
    await writeFile(
      path.join(kinds, 'mine.yaml'),
      `title: Mine
description: Mine.
period: month
summary: keys
sections:
  - {id: keys, title: Keys, question: key-usage, show: table, sentence: "{rows:key}."}
  - {id: bad, title: Bad, question: broken, show: table, sentence: "{rows:row}."}
`,
    );
    const env = { KEYTRAIL_QUERIES: queries, KEYTRAIL_REPORT_KINDS: kinds };
    const { code, stdout, stderr } = await run(['run', 'mine', '--period', '2026-10'], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining('section bad has no answer')]);
    expect(stdout).toContain('orders-service');
    const listed = await run(['kinds', '--format', 'json'], { env });
    expect(rowsOf(listed).map(({ id }) => id)).toContain('mine');
  });

  test('with an empty period ends well, and says where to look', async () => {
    const { code, stdout } = await run(['run', 'key-usage', '--period', '2020-01']);
    expect(code).toBe(0);
    expect(stdout).toContain('keytrail query');
  });

  test.each<readonly [what: string, args: readonly string[], code: number, error: string]>([
    ['a kind that there is not', ['run', 'usage'], 2, 'REPORT_KIND_UNKNOWN'],
    ['a period that there is not', ['run', 'key-usage', '--period', '2026-W60'], 2, 'PERIOD_INVALID'],
    ['a zone that there is not', ['run', 'key-usage', '--zone', 'Mars/Olympus'], 2, 'ZONE_UNKNOWN'],
    ['a format that there is not', ['run', 'key-usage', '--format', 'docx'], 2, 'FORMAT_UNKNOWN'],
    ['several formats without a folder', ['run', 'key-usage', '--format', 'html,csv'], 2, 'OPTIONS_CONFLICT'],
    ['owners without a folder', ['run', 'access-review', '--per-owner'], 2, 'OPTIONS_CONFLICT'],
    ['one owner and all', ['run', 'access-review', '--per-owner', '--owner', 'a', '--out', 'x'], 2, 'OPTIONS_CONFLICT'],
    ['a parameter that the kind has not', ['run', 'hygiene', '--parameter', 'days=3'], 2, 'PARAMETER_UNKNOWN'],
    ['a parameter without a value', ['run', 'hygiene', '--parameter', 'days'], 2, 'PARAMETER_INVALID'],
    ['an incident of nothing', ['run', 'incident'], 2, 'PARAMETER_MISSING'],
    ['a case that there is not', ['run', 'incident', '--case', '00000000'], 1, 'CASE_UNKNOWN'],
  ])('refuses %s', async (_, args, code, error) => {
    const done = await run([...args, '--debug']);
    expect(done.code, done.stderr).toBe(code);
    expect(done.stdout).toBe('');
    expect(codeIn(done.stderr)).toBe(error);
  });

  test('without a Chromium says so, and what to do, and writes nothing', async () => {
    const out = await temporaryDirectory();
    const args = ['run', 'key-usage', ...PERIOD, '--format', 'pdf', '--out', path.join(out, 'pdf')];
    const { code, stderr } = await run(args, { env: { KEYTRAIL_CHROMIUM_FILE: path.join(out, 'none') } });
    expect(code).toBe(1);
    expect(stderr).toContain('Chromium');
    expect(await readdir(out)).toEqual([]);
    await expect(printed('<p>', { path: out })).rejects.toMatchObject({ code: 'CHROMIUM_MISSING' });
    await expect(printed('<p>', { chromium: '/bin/false' })).rejects.toMatchObject({ code: 'PDF_FAILED' });
  });
});

describe('keytrail query --as-of', () => {
  test('answers as if it were asked then', async () => {
    const asked = async (asOf: string) => {
      const args = [
        'query',
        'access-review',
        '--as-of',
        asOf,
        '--format',
        'json',
        '--no-footer',
        '--data-dir',
        dataDir(),
      ];
      return rowsOf(await runKeytrail(args)).map(({ key_id: key }) => key);
    };
    expect(await asked('2026-10-20')).toContain('finn-laptop');
    expect(await asked('2026-10-31')).not.toContain('finn-laptop');
  });
});
