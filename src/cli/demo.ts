/** `keytrail demo`: the bundled examples in a fresh store, and the first questions about them. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { STORY } from '../../examples/generate.ts';
import type { Answer } from '../ask/answer.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { loadQuestions } from '../ask/loader.ts';
import { type GivenParameters, runQuestion } from '../ask/runner.ts';
import { parseTime, TIME_EXPECTED } from '../ask/time-range.ts';
import { UsageError } from '../core/errors.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { findFiles } from '../intake/file/find-files.ts';
import { importNetworks, importRegistry } from '../registry/import.ts';
import { readNetworksFile, readRegistryFile } from '../registry/read-file.ts';
import { formatOptions } from './answer-output.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { CONSOLE_ACCOUNT_ID, type ExampleFiles, emptyDemoFolder, writeExamples } from './demo-examples.ts';
import { ingestFiles } from './ingest-files.ts';
import { writeSummary } from './intake-summary.ts';
import { importOptions } from './registry-import.ts';

const FOLDER = '.keytrail-demo';
const DAY_MS = 86_400_000;
const PIPE_WIDTH_CHARS = 144;
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
  const examples = await writeExamples(folder, end);
  const files = await findFiles(examples.records);
  const opened = await context.open();
  try {
    const work = { config: await context.config(), logger: await context.logger(), opened, context };
    context.stdout.write(
      'keytrail demo: 90 days of an API behind a gateway, its console, and real CloudTrail records\n\n',
    );
    writeSummary(await ingestFiles({ ...work, files, accountId: CONSOLE_ACCOUNT_ID }), 'text', context.stdout);
    await learn(opened, context, examples);
    await tell(opened, context, end, folder);
  } finally {
    await opened.close();
  }
}

/** Who owns which key, and what the networks are called. */
async function learn(opened: OpenedStore, context: CliContext, files: ExampleFiles): Promise<void> {
  const options = await importOptions(opened, context, false, undefined);
  const keys = await readRegistryFile(files.registry);
  const networks = await readNetworksFile(files.networks);
  await importRegistry(keys.value, keys.placeOf, options);
  await importNetworks(networks.value, networks.placeOf, options);
  const counts = [
    `${new Set(keys.value.keys?.map(({ key_id }) => key_id)).size} keys`,
    `${new Set(keys.value.users?.map(({ email }) => email)).size} owners`,
    `${networks.value.networks.length} networks`,
  ];
  context.stdout.write(`registry       ${counts.join(', ')}\n`);
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
  await ask(
    'Which keys were used in the last 30 days, and whose are they?',
    'key-usage',
    { from: days(30), to: until },
    [...['key_id', 'owner', 'app', 'requests', 'failures', 'auth_failures', 'source_ips', 'last_seen']],
  );
  await ask('From which addresses?', 'source-ip-usage', { from: days(30), to: until }, [
    ...['source_ip', 'network', 'requests', 'failures', 'auth_failures', 'keys', 'first_seen', 'last_seen'],
  ]);
  await ask(
    `One address is odd. What did ${address} do?`,
    'ip-timeline',
    { source_ip: address, from: days(daysBeforeEnd + 1), to: until },
    ['event_time', 'key_id', 'owner', 'app', 'action', 'outcome', 'verdict'],
  );
  await ask(
    'Did the three rules hold that decide whether a request is let in? One request of each verdict:',
    'verdict-examples',
    {},
    [
      ...[
        'verdict',
        'key_id',
        'source_ip',
        'auth_result',
        'rule_keys',
        'rule_account',
        'rule_source_ip',
        'verdict_missing',
      ],
    ],
  );
  const at = path.relative(process.cwd(), folder) || '.';
  context.stdout.write(
    [
      '',
      'What to type next:',
      `  npx keytrail query --list --data-dir ${at}`,
      `  npx keytrail query key-timeline --param key_id=${key} --from ${days(7).slice(0, 10)} --data-dir ${at}`,
      `  npx keytrail query who-used-ip --param source_ip=${address} --data-dir ${at}`,
      `  npx keytrail query activity-over-time --from ${days(14).slice(0, 10)} --chart --data-dir ${at}`,
      `  npx keytrail query source-ip-usage --format csv --data-dir ${at}`,
      `  npx keytrail keys history ${key} --data-dir ${at}`,
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
