/** The command line: dispatches to one file per command, which is imported only when it is called. */
import { Command, CommanderError } from 'commander';
import { EXIT } from '../core/errors.ts';
import type { DefineCommand } from './context.ts';
import { createContext } from './create-context.ts';
import { reportError } from './report-error.ts';
import { VERSION } from './version.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<DefineCommand>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'a story to look at, in a fresh store',
    load: async () => (await import('./demo.ts')).defineDemo,
  },
  {
    name: 'ingest',
    summary: 'store the records of files',
    load: async () => (await import('./ingest.ts')).defineIngest,
  },
  {
    name: 'consume',
    summary: 'store the records of Kafka topics',
    load: async () => (await import('./consume.ts')).defineConsume,
  },
  {
    name: 'serve',
    summary: 'one daemon that takes records in and answers over HTTP',
    load: async () => (await import('./serve.ts')).defineServe,
  },
  {
    name: 'token',
    summary: 'who may talk to the daemon',
    load: async () => (await import('./token.ts')).defineToken,
  },
  {
    name: 'collect',
    summary: 'store the logs, users and account of an API',
    load: async () => (await import('./collect.ts')).defineCollect,
  },
  { name: 'query', summary: 'ask a saved question', load: async () => (await import('./query.ts')).defineQuery },
  { name: 'sql', summary: 'ask with a SELECT of your own', load: async () => (await import('./sql.ts')).defineSql },
  { name: 'export', summary: 'stream events out', load: async () => (await import('./export.ts')).defineExport },
  {
    name: 'keys',
    summary: 'who owns which key, for which app, since when',
    load: async () => (await import('./keys.ts')).defineKeys,
  },
  { name: 'apps', summary: 'what keys are for', load: async () => (await import('./apps.ts')).defineApps },
  {
    name: 'networks',
    summary: 'names for ranges of addresses',
    load: async () => (await import('./networks.ts')).defineNetworks,
  },
  {
    name: 'detect',
    summary: 'look for what is unexpected',
    load: async () => (await import('./detect.ts')).defineDetect,
  },
  {
    name: 'findings',
    summary: 'what detections found, and what became of it',
    load: async () => (await import('./findings.ts')).defineFindings,
  },
  {
    name: 'alerts',
    summary: 'what was sent of findings, and to where',
    load: async () => (await import('./alerts.ts')).defineAlerts,
  },
  {
    name: 'report',
    summary: 'documents on the use of keys, for a period',
    load: async () => (await import('./report.ts')).defineReport,
  },
  {
    name: 'dead-letters',
    summary: 'see and replay records that could not become events',
    load: async () => (await import('./dead-letters.ts')).defineDeadLetters,
  },
  {
    name: 'migrate',
    summary: 'bring the tables up to date',
    load: async () => (await import('./migrate.ts')).defineMigrate,
  },
  {
    name: 'renormalise',
    summary: 'apply newer normalisers or network data to what is stored',
    load: async () => (await import('./renormalise.ts')).defineRenormalise,
  },
  {
    name: 'rebuild',
    summary: 'make what is derived from events anew, or prove it equal',
    load: async () => (await import('./rebuild.ts')).defineRebuild,
  },
  {
    name: 'retention',
    summary: 'drop what is past its days',
    load: async () => (await import('./retention.ts')).defineRetention,
  },
  {
    name: 'doctor',
    summary: 'check the store, the settings and this machine',
    load: async () => (await import('./doctor.ts')).defineDoctor,
  },
];

/** The licences of the bundled network data ask for it where their answers are shown. */
const CREDIT = `
Networks of addresses: RouteViews, NRO, IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0; see NOTICE.`;

/** @param argv arguments without the program's own name; sets the process's exit code */
export async function main(argv: readonly string[]): Promise<void> {
  const program = baseProgram();
  try {
    const wanted = commandName(argv, program);
    const context = createContext(program);
    for (const { name, summary, load } of COMMANDS) {
      if (name === wanted) (await load())(program, context);
      else program.command(name).description(summary);
    }
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    process.exitCode = reportError(error, process.stderr, argv.includes('--debug'));
  }
}

function baseProgram(): Command {
  return new Command('keytrail')
    .description('Which user key authenticated each API request, from where, and is the record complete?')
    .version(VERSION)
    .option('--config <file>', 'configuration file (default: ./keytrail.yaml when it exists)')
    .option('--data-dir <dir>', 'folder of the embedded store (default: ./.keytrail)')
    .option('--clickhouse-url <url>', 'a ClickHouse server in place of the embedded store')
    .option('--log-level <level>', 'least severe level that is logged')
    .option('--debug', 'stack traces with errors')
    .exitOverride()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText('after', CREDIT)
    .showHelpAfterError('(keytrail --help lists the commands)');
}

/** The first argument that is neither an option nor an option's value. */
function commandName(argv: readonly string[], program: Command): string | undefined {
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (!argument.startsWith('-')) return argument === 'help' ? argv[at + 1] : argument;
    const option = program.options.find(({ long }) => long === argument);
    if (option?.required) at++;
  }
  return undefined;
}
