/** `keytrail demo`: the bundled examples in a fresh store, and the first questions about them. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { generateGatewayEvents, STORY } from '../../examples/generate.ts';
import type { Answer } from '../ask/answer.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { loadQuestions } from '../ask/loader.ts';
import { type GivenParameters, runQuestion } from '../ask/runner.ts';
import { parseTime, TIME_EXPECTED } from '../ask/time-range.ts';
import { UsageError, UserError } from '../core/errors.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { findFiles } from '../intake/file/find-files.ts';
import { formatOptions } from './answer-output.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { ingestFiles } from './ingest-files.ts';
import { writeSummary } from './intake-summary.ts';

const FOLDER = '.keytrail-demo';
const MARK = 'keytrail-demo.txt';
const SEED = 20261123;
const DAY_MS = 86_400_000;
const PIPE_WIDTH_CHARS = 140;
const ROWS_SHOWN_MAX = 10;

interface DemoFlags {
  readonly end?: string;
}

export function defineDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description(`store the bundled examples in a fresh folder (${FOLDER}, or --data-dir) and ask the first questions`)
    .option('--end <time>', 'when the 90 days of the examples end (default: now)')
    .action(async (flags: DemoFlags) => demo(program, flags, context));
}

async function demo(program: Command, flags: DemoFlags, context: CliContext): Promise<void> {
  const now = context.now();
  const end = flags.end === undefined ? now : parseTime(flags.end, now);
  if (end === undefined) {
    throw new UsageError('TIME_INVALID', '--end is not a time', { got: flags.end ?? '', expected: TIME_EXPECTED });
  }
  const folder = path.resolve(program.opts<{ dataDir?: string }>().dataDir ?? context.env.KEYTRAIL_DATA_DIR ?? FOLDER);
  await emptyDemoFolder(folder);
  program.setOptionValue('dataDir', folder);
  const files = await findFiles([await writeExamples(folder, end), cloudTrailSample()]);
  const opened = await context.open();
  try {
    const work = { config: await context.config(), logger: await context.logger(), opened, context };
    context.stdout.write('keytrail demo: 90 days of an API in front of a gateway, and real CloudTrail records\n\n');
    writeSummary(await ingestFiles({ ...work, files }), 'text', context.stdout);
    await tell(opened, context, end, folder);
  } finally {
    await opened.close();
  }
}

/** Questions in the order in which a person would ask them. */
async function tell(opened: OpenedStore, context: CliContext, end: number, folder: string): Promise<void> {
  const questions = await loadQuestions([fileURLToPath(new URL('queries', PACKAGE_ROOT))]);
  const days = (count: number) => new Date(end - count * DAY_MS).toISOString();
  const until = new Date(end + 1).toISOString();
  const ask = async (title: string, id: string, given: GivenParameters, only?: readonly string[]) => {
    const question = questions.find((one) => one.id === id);
    if (!question) throw new Error(`there is no question ${id}`);
    context.stdout.write(`\n${title}\n`);
    const answer = await runQuestion(opened.store, question, given, { now: new Date(end) });
    const view = projected(answer, only);
    const shown = { ...view, rows: first(view.rows, ROWS_SHOWN_MAX) };
    // In a pipe too it is a person who reads it.
    const options = { width: PIPE_WIDTH_CHARS, ...formatOptions(context, false) };
    await writeAnswer(shown, 'table', context.stdout, options);
  };
  const { key, address, daysBeforeEnd } = STORY.foreign;
  const counts = ['requests', 'failures', 'auth_failures', 'source_ips', 'actions', 'keys', 'first_seen', 'last_seen'];
  const lately = { from: days(30), to: until };
  await ask('Which keys were used in the last 30 days?', 'key-usage', lately, ['account_id', 'key_id', ...counts]);
  await ask('From which addresses?', 'source-ip-usage', lately, ['source_ip', 'source_host', ...counts]);
  await ask(
    `One address is odd. What did ${address} do?`,
    'source-ip-activity',
    { source_ip: address, from: days(daysBeforeEnd + 1), to: until },
    ['event_time', 'key_id', 'principal_name', 'action', 'outcome', 'user_agent'],
  );
  const at = path.relative(process.cwd(), folder) || '.';
  context.stdout.write(
    [
      '',
      'What to type next:',
      `  npx keytrail query --list --data-dir ${at}`,
      `  npx keytrail query key-activity --param key_id=${key} --from ${days(7).slice(0, 10)} --data-dir ${at}`,
      `  npx keytrail query source-ip-usage --format csv --data-dir ${at}`,
      `  npx keytrail sql "SELECT action, count() FROM activity GROUP BY action ORDER BY 2 DESC" --data-dir ${at}`,
      '  npx keytrail ingest your-audit-log.ndjson',
      '',
    ].join('\n'),
  );
}

/** The named columns of an answer, in their order; all of them when none is named. */
function projected(answer: Answer, only: readonly string[] | undefined): Answer {
  if (!only) return answer;
  const places = answer.columns.flatMap(({ name }, at) => (only.includes(name) ? [at] : []));
  return {
    ...answer,
    columns: answer.columns.filter((_, at) => places.includes(at)),
    rows: mapped(answer.rows, (row) => places.map((at) => row[at] ?? null)),
  };
}

async function* mapped<From, To>(items: AsyncIterable<From>, change: (item: From) => To): AsyncIterable<To> {
  for await (const item of items) yield change(item);
}

async function* first<T>(rows: AsyncIterable<T>, count: number): AsyncIterable<T> {
  let left = count;
  for await (const row of rows) {
    if (left-- <= 0) return;
    yield row;
  }
}

/** Only a folder that a demo made is ever removed. */
async function emptyDemoFolder(folder: string): Promise<void> {
  const exists = await stat(folder).catch(() => undefined);
  const marked = await stat(path.join(folder, MARK)).catch(() => undefined);
  if (exists && !marked) {
    throw new UserError('DEMO_FOLDER_TAKEN', `${folder} is there and is no folder of a demo`, {
      expected: 'a folder that does not exist, or one that keytrail demo made',
      next: 'name another with --data-dir; nothing was changed',
    });
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, MARK), 'Made by keytrail demo; the next demo removes it.\n');
}

async function writeExamples(folder: string, end: number): Promise<string> {
  const file = path.join(folder, 'gateway-requests.ndjson');
  const lines = function* () {
    for (const event of generateGatewayEvents({ seed: SEED, end })) yield `${JSON.stringify(event)}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file, { mode: 0o600 }));
  return file;
}

function cloudTrailSample(): string {
  return fileURLToPath(new URL('examples/data/cloudtrail/stratus-detonation-logs.ndjson', PACKAGE_ROOT));
}
