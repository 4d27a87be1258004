/** `keytrail demo`: the bundled examples in a fresh store, and the first questions about them. */
import path from 'node:path';
import type { Command } from 'commander';
import { STORY } from '../../examples/generate.ts';
import { parseTime, TIME_EXPECTED } from '../ask/time-range.ts';
import { UsageError } from '../core/errors.ts';
import { findFiles } from '../intake/file/find-files.ts';
import { importNetworks, importRegistry } from '../registry/import.ts';
import { readNetworksFile, readRegistryFile } from '../registry/read-file.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { teller } from './demo-answers.ts';
import { CONSOLE_ACCOUNT_ID, type ExampleFiles, emptyDemoFolder, writeExamples } from './demo-examples.ts';
import { tellFindings } from './demo-findings.ts';
import { ingestFiles } from './ingest-files.ts';
import { writeSummary } from './intake-summary.ts';
import { importOptions } from './registry-import.ts';

const FOLDER = '.keytrail-demo';
const DAY_MS = 86_400_000;
const VERDICT_COLUMNS = [
  ...['verdict', 'key_id', 'source_ip', 'auth_result'],
  ...['rule_keys', 'rule_account', 'rule_source_ip', 'verdict_missing'],
];

interface DemoFlags {
  readonly end?: string;
}

export function defineDemo(program: Command, context: CliContext): void {
  const command = program
    .command('demo')
    .description(`store the bundled examples in a fresh folder (${FOLDER}, or --data-dir) and ask the first questions`)
    .option('--end <time>', 'when the 90 days of the examples end (default: now)')
    .action(async (flags: DemoFlags) => {
      const isWatched = context.stdout.isTTY === true && context.stderr.isTTY === true;
      // Whoever reads the story should not have to look for it between lines of the log.
      if (isWatched && program.opts().logLevel === undefined) program.setOptionValue('logLevel', 'warn');
      const folder = await demo(program, flags, context);
      if (isWatched) await showConsole(context);
      else context.stdout.write(`  npx keytrail serve --data-dir ${path.relative(process.cwd(), folder) || '.'}\n\n`);
    });
  command
    .command('redis-cloud')
    .description("collect from a stand-in of Redis Cloud's API for a few seconds, and ask what came of it")
    .action(async () =>
      (await import('./demo-redis-cloud.ts')).demoRedisCloud(await demoFolder(program, context), context),
    );
}

/** Empty, and from now on the store of this program. */
async function demoFolder(program: Command, context: CliContext): Promise<string> {
  const folder = path.resolve(program.opts<{ dataDir?: string }>().dataDir ?? context.env.KEYTRAIL_DATA_DIR ?? FOLDER);
  await emptyDemoFolder(folder);
  program.setOptionValue('dataDir', folder);
  return folder;
}

async function demo(program: Command, flags: DemoFlags, context: CliContext): Promise<string> {
  const now = context.now();
  const end = flags.end === undefined ? now : parseTime(flags.end, now);
  if (end === undefined) {
    throw new UsageError('TIME_INVALID', '--end is not a time', { got: flags.end ?? '', expected: TIME_EXPECTED });
  }
  const folder = await demoFolder(program, context);
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
    return folder;
  } finally {
    await opened.close();
  }
}

/** The same store in a browser, for as long as somebody looks. Any port will do: another daemon may have its own. */
async function showConsole(context: CliContext): Promise<void> {
  context.stdout.write('\nAnd in a browser, until Ctrl-C:\n');
  await (await import('./serve.ts')).serve({ listen: '127.0.0.1:0', detections: true, reports: true }, context);
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
  const days = (count: number) => new Date(end - count * DAY_MS).toISOString();
  const until = new Date(end + 1).toISOString();
  const ask = await teller(opened, context, new Date(end));
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
    VERDICT_COLUMNS,
  );
  await tellFindings(opened.store, context, end);
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
      `  npx keytrail findings list --severity medium --data-dir ${at}`,
      `  npx keytrail report run access-review --format markdown --data-dir ${at}`,
      `  npx keytrail sql "SELECT action, count() FROM activity GROUP BY action ORDER BY 2 DESC" --data-dir ${at}`,
      '  npx keytrail ingest your-audit-log.ndjson',
      '',
    ].join('\n'),
  );
}
