/** Reports of the demo, as they were agreed on: `UPDATE_GOLDEN=1 npx vitest run test/report/golden.test.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../schemas/reports.ts';
import { renderReport } from '../../src/report/render.ts';
import { DEMO_NOW, demoStore } from './demo-store.ts';
import { report, type Wanted } from './support.ts';

const GOLDEN = join(import.meta.dirname, '../golden/reports');
const updating = process.env.UPDATE_GOLDEN === '1' && process.env.CI === undefined;
const { store } = demoStore();

/** When the demo was stored is when the test runs. */
const steady = (document: ReportDocument): ReportDocument => ({
  ...document,
  coverage: { ...document.coverage, stored_until: '2026-11-01T00:00:00.000Z' },
});

type Format = 'markdown' | 'json' | 'html';
const ALL: readonly Format[] = ['markdown', 'json', 'html'];
const TEXT: readonly Format[] = ['markdown'];

const CASES: readonly (readonly [name: string, kind: string, wanted: Wanted, formats: readonly Format[]])[] = [
  ['key-usage', 'key-usage', { period: '2026-W43' }, ALL],
  [
    'key-usage-of-an-owner',
    'key-usage',
    { period: '2026-10', owner: 'elif@northwind.example', zone: 'Europe/Berlin' },
    ALL,
  ],
  ['access-review', 'access-review', { period: '2026-Q4' }, ALL],
  ['source-ips', 'source-ips', { period: '2026-W44' }, TEXT],
  ['app-usage', 'app-usage', { period: '2026-10' }, TEXT],
  [
    'incident',
    'incident',
    { period: '2026-W43', parameters: { keys: ['debug-tmp'], source_ips: ['203.0.113.77'] } },
    TEXT,
  ],
  ['nothing', 'source-ips', { period: '2025-W01' }, ALL],
];

describe.each(CASES)('%s of the demo', (name, kind, wanted, formats) => {
  it.each(formats)('is the %s that was agreed on', async (format) => {
    const document = steady(await report(store(), DEMO_NOW, kind, wanted));
    const [file] = await renderReport(document, format);
    const text = file?.content.toString('utf8') ?? '';
    const golden = join(GOLDEN, `${name}.${file?.name.split('.').at(-1)}`);
    if (updating) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });
});
