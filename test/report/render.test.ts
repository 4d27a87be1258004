import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { REPORT_FORMATS, type ReportDocument, type ReportFormat } from '../../schemas/reports.ts';
import { REPORT_SECTION_ROWS_MAX, REPORT_SHOWN_ROWS_MAX } from '../../src/core/limits.ts';
import { renderReport } from '../../src/report/render.ts';
import { keyRow, madeDocument, madeSection } from './made-document.ts';

async function rendered(document: ReportDocument, format: ReportFormat): Promise<Buffer> {
  const [file] = await renderReport(document, format);
  if (file === undefined) throw new Error('no file');
  return file.content;
}
const textOf = async (document: ReportDocument, format: ReportFormat) =>
  (await rendered(document, format)).toString('utf8');
async function zipped(document: ReportDocument, format: 'csv' | 'xlsx'): Promise<Record<string, string>> {
  const files = unzipSync(await rendered(document, format));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

const FORMULAS = ['=HYPERLINK("http://evil.example","x")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1'];
const MARKUP = '<img src=x onerror=alert(1)>"\'&</td><script>';
const HEBREW = 'מפתח-ראשי';
const FAMILY = '👩‍👩‍👧‍👦🔑';
const TURNED = 'ci\u202edeploy';
const hostile = [...FORMULAS, MARKUP, HEBREW, FAMILY, TURNED].map((name, at) => keyRow(name, at, name));
const document = madeDocument([madeSection(hostile)], { scope: { account: null, owner: MARKUP } });

describe('names that strangers chose', () => {
  test('are no markup in HTML, and nothing in the file could run or load', async () => {
    const html = await textOf(document, 'html');
    expect(html).not.toMatch(/<(?:img|script|iframe|object|link|base|form)\b/i);
    expect(html).not.toMatch(/<[^>]*\son[a-z]+=|javascript:|@import|url\(/i);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;/td&gt;&lt;script&gt;');
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'`);
  });

  test('are no formulas in CSV', async () => {
    const files = await zipped(document, 'csv');
    const lines = (files['01-keys.csv'] ?? '').split('\r\n').slice(1);
    // As a spreadsheet reads it: without quotes around a field, and the apostrophe makes it text.
    for (const field of lines.map((line) => /^"?(.)/.exec(line)?.[1] ?? '').filter((first) => first !== '')) {
      expect('=+-@\t\r').not.toContain(field);
    }
    expect(files['01-keys.csv']).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
    expect(files['00-about.csv']).toContain('summary');
  });

  test('are text and no formulas in XLSX', async () => {
    const files = await zipped(document, 'xlsx');
    const sheets = Object.entries(files).filter(([name]) => /sheet\d+\.xml$|sharedStrings/.test(name));
    expect(sheets.length).toBeGreaterThanOrEqual(3);
    for (const [name, xml] of sheets) expect(xml, name).not.toMatch(/<f[ >]|<is><t[^>]*>=/);
    const all = sheets.map(([, xml]) => xml).join('');
    expect(all).toContain('&apos;=HYPERLINK'.replace('&apos;', "'"));
    expect(all).not.toMatch(/>\s*[=+@]/);
  });

  test('that are written from right to left are isolated, and marks that turn text are shown', async () => {
    const html = await textOf(document, 'html');
    expect(html).toContain(`<bdi>${HEBREW}</bdi>`);
    expect(html).toContain('ci\\u{202e}deploy');
    const markdown = await textOf(document, 'markdown');
    expect(markdown).toContain(`\u2068${HEBREW}\u2069`);
    for (const format of ['html', 'markdown'] as const) expect(await textOf(document, format)).not.toContain('\u202e');
    for (const files of [await zipped(document, 'csv'), await zipped(document, 'xlsx')]) {
      expect(Object.values(files).join('')).toContain(HEBREW);
    }
  });

  test('keep their emoji', async () => {
    for (const format of ['html', 'markdown'] as const) expect(await textOf(document, format)).toContain(FAMILY);
    for (const files of [await zipped(document, 'csv'), await zipped(document, 'xlsx')]) {
      expect(Object.values(files).join('')).toContain(FAMILY);
    }
    const parsed = JSON.parse(await textOf(document, 'json')) as ReportDocument;
    expect(parsed).toEqual(document);
  });

  test('are no links and no columns in Markdown', async () => {
    const rows = [
      keyRow('a|b'),
      keyRow('[x](http://evil.example)'),
      keyRow('https://evil.example'),
      keyRow('`a` **b**'),
    ];
    const markdown = await textOf(madeDocument([madeSection(rows)]), 'markdown');
    const table = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(table.map((line) => line.replace(/\\\|/g, '').split('|').length)).size).toBe(1);
    expect(markdown).toContain('https\\://evil.example');
    expect(markdown).toContain('\\[x\\](http\\://evil.example)');
  });

  test('are no folders in names of files', async () => {
    const scope = { account: '../../etc', owner: 'a/b\\c\u0000=d' };
    const [file] = await renderReport(madeDocument([madeSection(hostile)], { scope }), 'json');
    expect(file?.name).toMatch(/^[A-Za-z0-9.@_-]+$/);
    expect(file?.name).not.toMatch(/\/|\\/);
  });
});

describe('many rows', () => {
  const many = Array.from({ length: 50_000 }, (_, at) => keyRow(`key-${at}`, at));
  const full = madeDocument([madeSection(many)]);

  test('are cut in HTML and Markdown with a note, and whole in CSV, XLSX and JSON', async () => {
    const html = await textOf(full, 'html');
    expect(html.match(/<tr>/g)).toHaveLength(REPORT_SHOWN_ROWS_MAX + 1);
    expect(html).toMatch(/The first 200 of 50,000 rows; .*hold all of them/);
    expect(html.length).toBeLessThan(200_000);
    expect(await textOf(full, 'markdown')).toMatch(/of 50,000 rows/);
    const csv = (await zipped(full, 'csv'))['01-keys.csv'] ?? '';
    expect(csv.split('\r\n').filter((line) => line !== '')).toHaveLength(50_001);
    const xlsx = Object.entries(await zipped(full, 'xlsx')).find(([name]) => name.endsWith('sheet2.xml'))?.[1] ?? '';
    expect(xlsx.match(/<row /g)).toHaveLength(50_001);
    expect((JSON.parse(await textOf(full, 'json')) as ReportDocument).sections[0]?.rows).toHaveLength(50_000);
  });

  test('that not even the document holds are told of everywhere', async () => {
    const note = `Only the first ${REPORT_SECTION_ROWS_MAX} rows are in this document.`;
    const cut = madeDocument([madeSection(many.slice(0, 10), { rows_total: 200_000, rows_note: note })]);
    expect(await textOf(cut, 'html')).toMatch(/The first 10 of 200,000 rows; .*hold 10\./);
    expect((await zipped(cut, 'csv'))['00-about.csv']).toContain(note);
  });
});

describe('a document', () => {
  test.each(REPORT_FORMATS.filter((format) => format !== 'pdf'))('gives the same %s twice', async (format) => {
    const [one, other] = [await rendered(document, format), await rendered(document, format)];
    if (format !== 'xlsx') expect(other.equals(one)).toBe(true);
    expect(one.length).toBeGreaterThan(100);
  });

  test('shows times in its zone, and writes the zone', async () => {
    const { period } = document;
    const berlin = madeDocument([madeSection([keyRow('ci')])], { period: { ...period, zone: 'Europe/Berlin' } });
    for (const format of ['html', 'markdown'] as const) {
      const text = await textOf(berlin, format);
      expect(text).toContain('2026-11-01 00:30');
      expect(text).toContain('Europe/Berlin');
    }
  });

  test('with a section that failed says so there, in the head, and in the data', async () => {
    const error = { code: 'ANSWER_TOO_SLOW', message: 'the answer took too long' };
    const failed = madeSection([], { id: 'slow', title: 'Slow', columns: [], shown: [], error });
    const totals = { sections: 2, sections_failed: 1, rows: 1 };
    const broken = madeDocument([madeSection([keyRow('ci')]), failed], { totals });
    const html = await textOf(broken, 'html');
    expect(html.match(/ANSWER_TOO_SLOW/g)).toHaveLength(1);
    expect(html).toContain('1 of 2 sections have no answer');
    expect(await textOf(broken, 'markdown')).toContain('ANSWER_TOO_SLOW: the answer took too long');
    expect((await zipped(broken, 'csv'))['00-about.csv']).toContain('ANSWER_TOO_SLOW');
  });

  test('links each figure to the command that gives it again', async () => {
    const figures = madeSection([keyRow('ci', 3)], { shown_as: 'figures', shown: ['requests'] });
    const html = await textOf(madeDocument([figures]), 'html');
    const target = /class="figures"><li><a href="#([^"]+)"/.exec(html)?.[1] ?? '';
    expect(html).toMatch(new RegExp(`id="${target}">Question <b>key-usage</b>: <code>keytrail query key-usage`));
  });
});
