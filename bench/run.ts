/** `npm run bench`: measures the built program beside its ceilings, and prints a table and one JSON line. */
import { availableParallelism, loadavg } from 'node:os';
import { rounded } from './figures.ts';
import { measureAttribution } from './measures/attribution.ts';
import { measureConsole } from './measures/console.ts';
import { measureDetections } from './measures/detections.ts';
import { measureNetworks } from './measures/networks.ts';
import { measureInserts, measureQuestions } from './measures/questions.ts';
import { measureRate, type Rate } from './measures/rates.ts';
import { measureReports } from './measures/reports.ts';
import { measureServe } from './measures/serve.ts';
import { measureSoak } from './measures/soak.ts';
import { measureStart } from './measures/start.ts';
import { measureSteady } from './measures/steady.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { type Report, tableOf } from './report.ts';
import { Workspace } from './workspace.ts';

async function measure(options: BenchOptions, workspace: Workspace): Promise<Report> {
  const { measures } = options;
  const loadAtStart = rounded(loadavg()[0] ?? 0);
  const start = measures.has('start') ? { start: await measureStart(workspace) } : {};
  const rates: Rate[] = [];
  for (const name of ['kafkajs', 'engine', 'kafka', 'file', 'sink'] as const) {
    if (measures.has(name)) rates.push(await measureRate(workspace, name));
  }
  return {
    machine: { processors: availableParallelism(), node: process.version, loadAtStart },
    rates,
    ...start,
    ...(measures.has('networks') ? { networks: await measureNetworks(workspace) } : {}),
    ...(measures.has('inserts') ? { inserts: await measureInserts(workspace) } : {}),
    ...(measures.has('questions') ? { questions: await measureQuestions(workspace) } : {}),
    // After the questions: what it imports is known from then on.
    ...(measures.has('attribution') ? { attribution: await measureAttribution(workspace) } : {}),
    ...(measures.has('reports') ? { reports: await measureReports(workspace) } : {}),
    ...(measures.has('serve') ? { serve: await measureServe(workspace) } : {}),
    ...(measures.has('console') ? await consoleSpeed(workspace) : {}),
    ...(measures.has('detections') ? { detections: await measureDetections(workspace) } : {}),
    ...(measures.has('steady') ? { steady: await measureSteady(workspace) } : {}),
    ...(measures.has('soak') ? { soak: await measureSoak(workspace) } : {}),
  };
}

async function consoleSpeed(workspace: Workspace): Promise<Pick<Report, 'console'>> {
  const measured = await measureConsole(workspace);
  return measured === undefined ? {} : { console: measured };
}

function optionsOrUsage(): BenchOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n${USAGE}\n`);
    process.exit(2);
  }
}

const options = optionsOrUsage();
const workspace = await Workspace.open(options);
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void workspace.close().finally(() => process.exit(1));
  });
}
try {
  const report = await measure(options, workspace);
  process.stdout.write(`${tableOf(report)}\n\n${JSON.stringify(report)}\n`);
} catch (cause) {
  // What an interrupt takes away from under a measure is no failure of its own.
  if (!interrupted) throw cause;
} finally {
  if (!interrupted) await workspace.close();
}
