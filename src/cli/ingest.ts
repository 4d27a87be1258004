/** `keytrail ingest`: files, folders, globs or standard input into the store. */
import type { Command } from 'commander';
import { EXIT, UserError } from '../core/errors.ts';
import { findFiles } from '../intake/file/find-files.ts';
import { type CliContext, exitWith } from './context.ts';
import { watchEventLoop } from './event-loop.ts';
import { ingestFiles } from './ingest-files.ts';
import { checkSource, summaryFormat } from './intake-options.ts';
import { writeSummary } from './intake-summary.ts';
import { createProgress } from './progress.ts';

interface IngestFlags {
  readonly source?: string;
  readonly account?: string;
  readonly format?: string;
}

export function defineIngest(program: Command, context: CliContext): void {
  program
    .command('ingest')
    .description('store the records of files: NDJSON, JSON arrays, {"Records":[…]}, {"entries":[…]}, gzip of each')
    .argument('<paths...>', 'files, folders, globs, or - for standard input')
    .option('--source <name>', 'source of the records (default: recognised record by record)')
    .option('--account <id>', 'account of the records, where they do not name it')
    .option('--format <format>', 'summary as text, json or ndjson (default: text on a terminal, else ndjson)')
    .action(async (paths: string[], flags: IngestFlags) => ingest(paths, flags, context));
}

async function ingest(paths: readonly string[], flags: IngestFlags, context: CliContext): Promise<void> {
  checkSource(flags.source, flags.account, false);
  const format = summaryFormat(flags.format, context.stdout);
  const config = await context.config();
  const files = await findFiles(paths);
  const logger = await context.logger();
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => stop.abort(interrupted(signal));
  // Before the store is opened: the tables of a new one take a second, and are better not cut in the middle.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const opened = await context.open();
  const progress = createProgress(context.stderr, context.now);
  const eventLoop = watchEventLoop();
  const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
  try {
    const summary = await ingestFiles({
      files,
      source: flags.source,
      accountId: flags.account,
      config,
      opened,
      logger,
      context,
      signal: stop.signal,
      onProgress: (bytesRead, records) => progress.update(bytesRead, bytesTotal, records),
    }).finally(() => progress.end());
    logger.debug(eventLoop(), 'read and stored');
    writeSummary(summary, format, context.stdout);
    if (stop.signal.aborted) throw stop.signal.reason;
    if (summary.dead_letters > 0) exitWith(EXIT.deadLetters);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await opened.close();
  }
}

function interrupted(signal: string): UserError {
  return new UserError('INTERRUPTED', `stopped by ${signal} before the end`, {
    next: 'run the same command again: what is stored is recognised, and the rest is added',
  });
}
