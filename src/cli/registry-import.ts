/** `keys import` and `networks import`: what a file says is held against what is known, and what is new is recorded. */
import type { Command } from 'commander';
import type { Answer } from '../ask/answer.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { toldChange } from '../core/registry/told-change.ts';
import { pauseAt } from '../pipeline/pause-points.ts';
import { type ImportOptions, type ImportResult, importNetworks, importRegistry } from '../registry/import.ts';
import { readNetworksFile, readRegistryFile } from '../registry/read-file.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { madeAnswer } from './made-answer.ts';
import { givenTime } from './range.ts';

export interface ImportFlags {
  readonly dryRun?: boolean;
  readonly validFrom?: string;
  readonly format?: string;
}

/** Beyond these a file that is strange throughout would hide its summary. */
const WARNINGS_SHOWN_MAX = 20;

const CHANGE_COLUMNS = {
  kind: 'text',
  name: 'text',
  valid_from: 'time',
  attribute: 'text',
  before: 'text',
  after: 'text',
  place: 'text',
} as const;
const UNKNOWN = 'unknown';
const SUMMARY_COLUMNS = { changes: 'number', statements: 'number', warnings: 'number', recorded_at: 'time' } as const;

export function defineImport(command: Command, action: (file: string, flags: ImportFlags) => Promise<void>): void {
  command
    .argument('<file>', 'YAML, JSON or CSV; docs/registry.md says what may stand in it')
    .option('--dry-run', 'show what would change, and record nothing')
    .option('--valid-from <time>', 'since when entries hold that do not say so (default: now)')
    .option('--format <format>', 'table, json, ndjson, csv, markdown (default: table on a terminal, else ndjson)')
    .action(action);
}

export async function runImport(
  file: string,
  kind: 'registry' | 'networks',
  flags: ImportFlags,
  context: CliContext,
): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const now = context.now();
  const fromMs = flags.validFrom === undefined ? undefined : givenTime('--valid-from', flags.validFrom, now, now);
  // The file is read before a store is opened: a mistake in it should not cost that second.
  const importFile = await prepared(file, kind);
  const opened = await context.open();
  try {
    const options = await importOptions(opened, context, flags.dryRun === true, fromMs);
    const result = await importFile(options);
    warn(result, context);
    const answer = flags.dryRun === true ? changesOf(result) : summaryOf(result);
    await writeAnswer(answer, format, context.stdout, formatOptions(context, false));
  } finally {
    await opened.close();
  }
}

async function prepared(
  file: string,
  kind: 'registry' | 'networks',
): Promise<(options: ImportOptions) => Promise<ImportResult>> {
  if (kind === 'registry') {
    const read = await readRegistryFile(file);
    return (options) => importRegistry(read.value, read.placeOf, options);
  }
  const read = await readNetworksFile(file);
  return (options) => importNetworks(read.value, read.placeOf, options);
}

export async function importOptions(
  opened: OpenedStore,
  context: CliContext,
  dryRun: boolean,
  fromMs: number | undefined,
): Promise<ImportOptions> {
  const logger = await context.logger();
  const checkpoint = pauseAt(context.env.KEYTRAIL_PAUSE_AT, (point) => logger.fatal({ point }, 'paused'));
  return { store: opened.store, now: context.now, dryRun, fromMs, checkpoint };
}

function warn({ warnings }: ImportResult, { stderr }: CliContext): void {
  for (const { place, got, expected } of warnings.slice(0, WARNINGS_SHOWN_MAX)) {
    stderr.write(`${place}: ${got} was read as ${expected}\n`);
  }
  const more = warnings.length - WARNINGS_SHOWN_MAX;
  if (more > 0) stderr.write(`and ${more} more of these\n`);
}

function changesOf({ changes }: ImportResult): Answer {
  return madeAnswer(
    CHANGE_COLUMNS,
    changes.map((change) => {
      const { kind, name, validFrom, attribute, before, after, place } = toldChange(change);
      return [kind, name, validFrom, attribute, before ?? UNKNOWN, after ?? UNKNOWN, place];
    }),
  );
}

export function summaryOf({ changes, statements, warnings, recordedAt }: ImportResult): Answer {
  const recorded = recordedAt === undefined ? null : new Date(recordedAt).toISOString();
  return madeAnswer(SUMMARY_COLUMNS, [[changes.length, statements, warnings.length, recorded]]);
}
