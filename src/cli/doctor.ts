/** `keytrail doctor`: looks at the store, the settings and this machine, and says what to do. It changes nothing. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import type { Config } from '../config/load.ts';
import { unknownVariables } from '../config/variables.ts';
import { EXIT } from '../core/errors.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { type Finding, warn } from '../doctor/finding.ts';
import { lookAtMachine } from '../doctor/machine.ts';
import { away, lookAtStore } from '../doctor/store.ts';
import type { Settings } from '../store/store.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith, type OpenedStore } from './context.ts';
import { madeAnswer } from './made-answer.ts';
import { packageVersion } from './package-versions.ts';
import { VERSION } from './version.ts';

const COLUMNS = { level: 'text', check: 'text', found: 'text', next: 'text' } as const;

export function defineDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check the store, the settings and this machine; each line is ok, warn or fail, with what to do')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .action(async (flags: { format?: string }) => doctor(flags.format, context));
}

async function doctor(wanted: string | undefined, context: CliContext): Promise<void> {
  const format = answerFormat(wanted, context.stdout);
  const config = await context.config();
  const dataDir = config.clickhouse.url === undefined ? config.dataDir : undefined;
  const findings = [
    ...(await lookAtMachine({
      version: VERSION,
      nodeVersion: process.versions.node,
      nodeRange: nodeRange(),
      packages: {
        '@clickhouse/client': packageVersion('@clickhouse/client'),
        ...(dataDir === undefined ? {} : { chdb: packageVersion('chdb') }),
      },
      unknownVariables: unknownVariables(context.env),
      dataDir,
      diskFreeBytesMin: config.disk.freeBytesMin,
    })),
    ...(await storeFindings(config, dataDir, context)),
  ];
  const rows = findings.map(({ level, check, found, next }) => [level, check, found, next]);
  await writeAnswer(madeAnswer(COLUMNS, rows), format, context.stdout, formatOptions(context, false));
  if (findings.some(({ level }) => level === 'fail')) exitWith(EXIT.failed);
}

async function storeFindings(config: Config, dataDir: string | undefined, context: CliContext): Promise<Finding[]> {
  // To open a store that is not there would make one.
  if (dataDir !== undefined && !existsSync(path.join(dataDir, 'engine'))) {
    return [warn('store', `there is none in ${dataDir} yet`, 'keytrail ingest <file> or keytrail demo makes one')];
  }
  let opened: OpenedStore;
  try {
    opened = await context.open({ skipMigrations: true });
  } catch (error) {
    return [away(dataDir ?? config.clickhouse.url ?? '', error)];
  }
  try {
    return await lookAtStore({
      store: opened.store,
      dataDir,
      storeKeyFile: config.storeKeyFile,
      insertSettings: await insertSettings(config),
      where: whereOf(opened, config),
      now: context.now,
    });
  } finally {
    await opened.close();
  }
}

function whereOf({ embedded }: OpenedStore, config: Config): string {
  if (embedded === undefined) return `server ${config.clickhouse.url ?? ''}, database ${config.clickhouse.database}`;
  const { role, pid, socketPath } = embedded;
  return role === 'owner'
    ? `embedded, opened by this process, socket ${socketPath}`
    : `embedded, attached to process ${pid}, socket ${socketPath}`;
}

async function insertSettings({ clickhouse }: Config): Promise<Settings> {
  if (clickhouse.url === undefined || clickhouse.insertQuorum === 0) return {};
  const { CLUSTER_INSERT_SETTINGS } = await import('../store/clickhouse-store.ts');
  return { ...CLUSTER_INSERT_SETTINGS, insert_quorum: clickhouse.insertQuorum };
}

function nodeRange(): string {
  const text = readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8');
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}
