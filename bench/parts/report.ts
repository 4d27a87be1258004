/**
 * Makes reports of a large store beside the engine, which has a process of its own: so what this process takes is what
 * reports take above the engine.
 */
import { REPORT_FORMATS, type ReportFormat } from '../../schemas/reports.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { builtInQuestions } from '../../src/cli/query.ts';
import { parsePeriod } from '../../src/core/reports/period.ts';
import { builtInReportKinds } from '../../src/report/built-in.ts';
import { type ComposeDeps, composeForOwners, composeReport, type ReportRequest } from '../../src/report/compose.ts';
import { kindNamed, loadReportKinds } from '../../src/report/kinds.ts';
import { renderReport } from '../../src/report/render.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import type { ReportTimes } from '../measures/reports.ts';

const [dataDir = '', kind = '', period = '', formats = '', perOwner = ''] = process.argv.slice(2);
const SAMPLE_MS = 20;

const questions = await loadQuestions([builtInQuestions()]);
const kinds = await loadReportKinds([builtInReportKinds()], questions);
const { store, close } = await openEmbedded({ dataDir, mode: 'child' });
let peakRss = process.memoryUsage.rss();
const sampling = setInterval(() => {
  peakRss = Math.max(peakRss, process.memoryUsage.rss());
}, SAMPLE_MS);
const startedAt = performance.now();
const deps: ComposeDeps = { store, questions, now: () => new Date() };
const request: ReportRequest = {
  ...{ kind: kindNamed(kinds, kind), parameters: {}, scope: {} },
  period: parsePeriod(period, 'UTC'),
};

const totals: ReportTimes = { documents: 0, bytes: 0, failed: 0, ms: 0, peakRssMb: 0 };
for await (const document of perOwner === 'per-owner' ? composeForOwners(deps, request) : one()) {
  totals.documents += 1;
  totals.failed += document.totals.sections_failed;
  for (const format of formats.split(',').filter(isFormat)) {
    for (const { content } of await renderReport(document, format)) totals.bytes += content.length;
  }
}
totals.ms = performance.now() - startedAt;
clearInterval(sampling);
totals.peakRssMb = Math.max(peakRss, process.memoryUsage.rss()) / 1_048_576;
await close();
process.stdout.write(`${JSON.stringify(totals)}\n`);

async function* one() {
  yield await composeReport(deps, request);
}

function isFormat(format: string): format is ReportFormat {
  return (REPORT_FORMATS as readonly string[]).includes(format);
}
